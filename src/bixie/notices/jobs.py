"""The jobs of sending: one type for each channel that is configured.

Nothing is sent inside a transaction. When a worker dies between sending and its transaction, the receiver
gets the delivery twice, under the same id.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager

from bixie.access.tenancy import TenantSession, reading, writing
from bixie.access.worker import worker_of
from bixie.jobs.job_types import JobContext, JobType
from bixie.kit.timestamps import Clock, utc_now
from bixie.notices.deliveries import mark_given_up, mark_sent, outgoing
from bixie.notices.errors import SendingError
from bixie.notices.rules import MAX_AGE, RETRIES, job_name
from bixie.notices.sending import Channels, send
from bixie.store.unit_of_work import Store

__all__ = ["SLOTS", "job_types"]

SLOTS = 4
"""Deliveries that a worker sends at the same time by one channel, each of another tenant. A receiver that
does not answer occupies one of them for 15 s (a mail server 30 s) and delays its own tenant only."""


def job_types(store: Store, channels: Channels, clock: Clock = utc_now) -> list[JobType]:
    """Return a job type for each configured channel; deliveries by others wait for a worker that has it.

    Parameters
    ----------
    store : Store
    channels : Channels
    clock : callable
    """

    def open_session(context: JobContext) -> AbstractContextManager[TenantSession]:
        return writing(store, worker_of(context.tenant))

    def handle(context: JobContext) -> Callable[[TenantSession], None]:
        id_, attempts = context.payload["delivery"], context.failures + 1
        if clock() - context.requested_at > MAX_AGE:
            raise SendingError("notices.too_old", final=True)
        with reading(store, worker_of(context.tenant)) as session:
            prepared = outgoing(session, id_, clock())
        send(prepared, channels, clock())
        return lambda session: mark_sent(session, id_, attempts, clock)

    def on_give_up(session: TenantSession, context: JobContext, error: Exception) -> None:
        mark_given_up(session, context.payload["delivery"], context.failures + 1, error, clock)

    return [
        JobType(
            job_name(channel),
            handle,
            open_session,
            RETRIES,
            on_give_up=on_give_up,
            own_slots=SLOTS,
        )
        for channel in channels.configured
    ]
