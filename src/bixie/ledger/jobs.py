"""Periodic task of the ledger: checkpoints for new events, and timestamps for the newest checkpoint."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from bixie.access.tenancy import reading_every_tenant, writing
from bixie.access.worker import worker_of
from bixie.jobs.periodic import PeriodicTask, for_each
from bixie.kit.timestamps import utc_now
from bixie.ledger import repository
from bixie.ledger.daily import verify_if_due
from bixie.ledger.errors import NoKeyError
from bixie.ledger.service import checkpoint, stamp
from bixie.ledger.signing import key_file_of
from bixie.ledger.timestamps import Authority
from bixie.ledger.witnesses import repository as witnessed
from bixie.ledger.witnesses.handing_over import tell_witness
from bixie.ledger.witnesses.statements import Witness
from bixie.store.unit_of_work import Store

__all__ = ["periodic_tasks"]


def periodic_tasks(
    store: Store, authority: Authority | None, witnesses: Sequence[Witness] = ()
) -> list[PeriodicTask]:
    """Return the periodic tasks of the ledger.

    Parameters
    ----------
    store : Store
    authority : Authority, optional
        Stamps the newest checkpoint of each tenant.
    witnesses : sequence of Witness
        Each is told in a task of its own: a slow one delays nothing.
    """
    checkpoints = PeriodicTask(
        "ledger.checkpoint", timedelta(minutes=5), lambda: _checkpoint(store, authority)
    )
    return [
        checkpoints,
        # Asked hourly, done daily: a worker that starts at noon does not wait until the next noon.
        PeriodicTask("ledger.verify", timedelta(hours=1), partial(verify_if_due, store, started=utc_now())),
        *(
            PeriodicTask(f"ledger.witness.{number}", timedelta(minutes=1), partial(_tell, store, witness))
            for number, witness in enumerate(witnesses)
        ),
    ]


def _tell(store: Store, witness: Witness) -> None:
    """Tell a witness what is new; the first tenant whose checkpoint it does not take ends the round."""
    with reading_every_tenant(store) as session:
        tenants = witnessed.tenants_to_tell(session, witness.name)
    for tenant in tenants:
        tell_witness(store, worker_of(tenant), witness)


def _checkpoint(store: Store, authority: Authority | None) -> None:
    with reading_every_tenant(store) as session:
        tenants = repository.tenants(session)
        uncovered = repository.tenants_uncovered(session, signing=key_file_of(store.about) is not None)

    keyless: list[NoKeyError] = []

    def one(tenant: str) -> None:
        try:
            with writing(store, worker_of(tenant)) as session:
                checkpoint(session)
        except NoKeyError as error:  # of this tenant alone: a key that came with its store, perhaps
            keyless.append(error)

    for_each(uncovered, one)
    if authority is not None:
        # The first tenant for which the authority does not answer ends the round: the others need not wait.
        for tenant in tenants:
            stamp(store, worker_of(tenant), authority)
    if keyless:
        raise keyless[0]
