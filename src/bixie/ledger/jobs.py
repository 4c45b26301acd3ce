"""Periodic task of the ledger: checkpoints for new events, and timestamps for the newest checkpoint."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from functools import partial

from bixie.access.tenancy import TenantSession, reading_every_tenant, writing
from bixie.access.worker import worker_of
from bixie.jobs.job_types import Effect, JobContext, JobType
from bixie.jobs.periodic import PeriodicTask, for_each
from bixie.jobs.service import enqueue
from bixie.kit.timestamps import Clock, utc_now
from bixie.ledger import repository
from bixie.ledger.daily import verify_if_due, verify_now
from bixie.ledger.errors import LedgerError
from bixie.ledger.service import checkpoint, stamp
from bixie.ledger.signing import key_file_of
from bixie.ledger.timestamps import Authority
from bixie.ledger.verifying_foldings import Folding
from bixie.ledger.witnesses import repository as witnessed
from bixie.ledger.witnesses.handing_over import tell_witness
from bixie.ledger.witnesses.statements import Witness
from bixie.store.unit_of_work import Store

__all__ = ["ask_to_stamp", "ask_to_verify", "job_types", "periodic_tasks"]

_VERIFY = "ledger.verify"
_STAMP = "ledger.stamp"
_AWAY = {"ledger.witness_unreachable", "ledger.authority_unreachable"}


def periodic_tasks(
    store: Store,
    authorities: Sequence[Authority] = (),
    witnesses: Sequence[Witness] = (),
    foldings: Sequence[Folding] = (),
) -> list[PeriodicTask]:
    """Return the periodic tasks of the ledger.

    Parameters
    ----------
    store : Store
    authorities : sequence of Authority
        Each stamps the newest checkpoint of each tenant; what failed is tried again the next time.
    witnesses : sequence of Witness
        Each is told in a task of its own: a slow one delays nothing.
    foldings : sequence of Folding
        Of the rooms above, for the daily check.
    """
    checkpoints = PeriodicTask(
        "ledger.checkpoint", timedelta(minutes=5), lambda: _checkpoint(store, authorities)
    )
    verifying = partial(verify_if_due, store, started=utc_now(), foldings=foldings)
    return [
        checkpoints,
        # Asked hourly, done daily: a worker that starts at noon does not wait until the next noon.
        PeriodicTask("ledger.verify", timedelta(hours=1), verifying),
        *(
            PeriodicTask(f"ledger.witness.{number}", timedelta(minutes=1), partial(_tell, store, witness))
            for number, witness in enumerate(witnesses)
        ),
    ]


def job_types(
    store: Store,
    foldings: Sequence[Folding] = (),
    clock: Clock = utc_now,
    *,
    authorities: Sequence[Authority] = (),
) -> list[JobType]:
    """Return the jobs that do now what is done by schedule otherwise: verify, and stamp.

    Parameters
    ----------
    store : Store
    foldings : sequence of Folding
        Of the rooms above.
    clock : callable
    authorities : sequence of Authority
        Each stamps the checkpoint; where one cannot be reached, the job is tried again.
    """

    def open_session(context: JobContext) -> AbstractContextManager[TenantSession]:
        return writing(store, worker_of(context.tenant))

    def handle(context: JobContext) -> Effect:
        del context
        verify_now(store, clock, foldings)
        return lambda _session: None

    def handle_stamp(context: JobContext) -> Effect:
        with writing(store, worker_of(context.tenant)) as session:
            checkpoint(session, clock)
        steps = (partial(stamp, store, worker_of(context.tenant), one) for one in authorities)
        for_each(tuple(steps), lambda step: step())
        return lambda _session: None

    return [
        JobType(_VERIFY, handle, open_session),
        # An authority may take seconds to answer: it has a slot of its own.
        JobType(_STAMP, handle_stamp, open_session, own_slots=1),
    ]


def ask_to_verify(session: TenantSession, clock: Clock = utc_now) -> None:
    """Have a worker verify the ledger now; within a minute a tenant asks once, however often it clicks."""
    tenant, now = session.principal.tenant, clock()
    enqueue(session, _VERIFY, {}, tenant=tenant, key=f"{now:%Y-%m-%dT%H:%M}", clock=clock)


def ask_to_stamp(session: TenantSession, about: str, clock: Clock = utc_now) -> None:
    """Have a worker make a checkpoint and get it stamped now; once for each thing that it is about."""
    enqueue(session, _STAMP, {}, tenant=session.principal.tenant, key=about, clock=clock)


def _tell(store: Store, witness: Witness) -> None:
    """Tell a witness what is new. A damaged ledger does not stop the others; a witness that is away does."""
    with reading_every_tenant(store) as session:
        tenants = witnessed.tenants_to_tell(session, witness.name)
    for_each(tenants, lambda tenant: tell_witness(store, worker_of(tenant), witness), stops=_is_away)


def _checkpoint(store: Store, authorities: Sequence[Authority]) -> None:
    with reading_every_tenant(store) as session:
        tenants = repository.tenants(session)
        uncovered = repository.tenants_uncovered(session, signing=key_file_of(store.about) is not None)

    def cover(tenant: str) -> None:
        with writing(store, worker_of(tenant)) as session:
            checkpoint(session)

    def stamp_all(authority: Authority) -> None:
        for_each(tenants, lambda tenant: stamp(store, worker_of(tenant), authority), stops=_is_away)

    # Checkpoints are stamped though one of them could not be made; no authority waits for another.
    steps = (partial(for_each, uncovered, cover), *(partial(stamp_all, one) for one in authorities))
    for_each(steps, lambda step: step())


def _is_away(error: Exception) -> bool:
    """Return whether a witness or authority could not be reached: the other tenants need not wait for it."""
    return isinstance(error, LedgerError) and error.code in _AWAY
