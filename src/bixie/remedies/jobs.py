"""The jobs that send remedies: nothing is sent inside a transaction, and every attempt has the same key.

A worker that dies between sending and noting the answer leaves a remedy that is sent again, under the same
id and key: the gateway accepts it and does nothing more.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from bixie.access.tenancy import TenantSession, writing
from bixie.access.worker import worker_of
from bixie.cases.remedying import REMEDY, REVERSAL, reversal_failed
from bixie.jobs.job_types import JobContext, JobType
from bixie.kit.timestamps import Clock, utc_now
from bixie.remedies import repository
from bixie.remedies.errors import GatewayError
from bixie.remedies.gateway import RemedyGateway, RemedyOrder
from bixie.remedies.models import Remedy
from bixie.remedies.ordering import OnOrdered, Wanted, order, reverse
from bixie.remedies.rules import RETRIES, Failure
from bixie.remedies.service import fail, note_answer
from bixie.store.unit_of_work import Store

__all__ = ["SLOTS", "job_types"]

SLOTS = 4
"""Orders that a worker sends at the same time, each of another tenant: a gateway that does not answer delays
its own tenant only."""


def job_types(
    store: Store,
    gateway: RemedyGateway,
    on_ordered: OnOrdered = lambda *_: None,
    clock: Clock = utc_now,
) -> list[JobType]:
    """Return the job types that order remedies and take them back.

    Parameters
    ----------
    store : Store
    gateway : RemedyGateway
    on_ordered : callable
    clock : callable
    """

    def to_order(session: TenantSession, context: JobContext) -> RemedyOrder | None:
        return order(session, _wanted(context), on_ordered, clock)

    def to_reverse(session: TenantSession, context: JobContext) -> RemedyOrder | None:
        return reverse(session, _wanted(context), on_ordered, clock)

    sender = _Sender(store, gateway, clock)
    return [sender.job_type(REMEDY, to_order, _ordered), sender.job_type(REVERSAL, to_reverse, _reversal)]


@dataclass(frozen=True, slots=True)
class _Sender:
    store: Store
    gateway: RemedyGateway
    clock: Clock

    def job_type(
        self,
        name: str,
        make: Callable[[TenantSession, JobContext], RemedyOrder | None],
        made: Callable[[TenantSession, JobContext], Remedy | None],
    ) -> JobType:
        """Return the job type that sends what `make` returns; `made` finds its remedy later."""

        def handle(context: JobContext) -> Callable[[TenantSession], None]:
            with self._opening(context) as session:
                wanted = make(session, context)
            if wanted is None:
                return lambda _session: None
            answer = self.gateway.send(wanted, self.clock())
            return lambda session: note_answer(session, wanted.id, answer, self.clock)

        def on_give_up(session: TenantSession, context: JobContext, error: Exception) -> None:
            remedy = made(session, context)
            refused = isinstance(error, GatewayError) and error.final
            failure = Failure.REFUSED if refused else Failure.UNANSWERED
            if remedy is not None and remedy.confirmed_at is None:
                fail(session, remedy.id, failure, self.clock)
            elif remedy is None and name == REVERSAL:  # no order could be made
                wanted = _wanted(context)
                reversal_failed(session, wanted.case_id, wanted.decision_id, failure, self.clock)

        return JobType(name, handle, self._opening, RETRIES, on_give_up=on_give_up, own_slots=SLOTS)

    def _opening(self, context: JobContext) -> AbstractContextManager[TenantSession]:
        return writing(self.store, worker_of(context.tenant))


def _wanted(context: JobContext) -> Wanted:
    return Wanted(context.payload["case"], context.payload["decision"], context.id)


def _ordered(session: TenantSession, context: JobContext) -> Remedy | None:
    return repository.of_decision(session, context.payload["decision"])


def _reversal(session: TenantSession, context: JobContext) -> Remedy | None:
    taken_back = _ordered(session, context)
    return None if taken_back is None else repository.reversal_of(session, taken_back.id)
