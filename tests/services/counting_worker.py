"""A worker with jobs that only count: ``python -m tests.services.counting_worker DATA [URL]``."""

import signal
import sys
import time
from collections.abc import Callable
from datetime import timedelta

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import TenantSession, writing
from bixie.assembly.stores import ready_store
from bixie.jobs.job_types import JobContext, JobType
from bixie.jobs.rules import Retries
from bixie.jobs.service import enqueue
from bixie.jobs.worker import Worker
from bixie.ledger.service import NewEvent, append
from bixie.store.settings import Location
from bixie.store.unit_of_work import Store

__all__ = ["COUNTED", "FAILS", "FIRST", "PRINCIPAL", "SECOND", "counting_job_types", "main"]

PRINCIPAL = Principal("tenant_bench", "program_bench", Role.PROGRAM)
FIRST, SECOND, FAILS = "bench.first", "bench.second", "bench.fails"
COUNTED = "bench.counted"
"""Type of the event that is a job's effect."""


def counting_job_types(store: Store) -> list[JobType]:
    """Return the job types: one whose effect asks for another job, that other, and one that always fails.

    The payload of the first two is how many milliseconds they take.
    """

    def opening(_context: JobContext) -> object:
        return writing(store, PRINCIPAL)

    def first(context: JobContext) -> Callable[[TenantSession], None]:
        time.sleep(context.payload / 1000)

        def effect(session: TenantSession) -> None:
            append(session, [NewEvent(COUNTED, context.id)])
            enqueue(session, SECOND, context.payload, tenant=context.tenant, key=context.id)

        return effect

    def second(context: JobContext) -> Callable[[TenantSession], None]:
        time.sleep(context.payload / 1000)
        return lambda session: append(session, [NewEvent(COUNTED, context.id)])

    def fails(_context: JobContext) -> Callable[[TenantSession], None]:
        raise ZeroDivisionError

    soon = Retries(3, initial_wait=timedelta(milliseconds=50), max_wait=timedelta(seconds=1))
    handlers = {FIRST: first, SECOND: second, FAILS: fails}
    return [JobType(name, handler, opening, soon) for name, handler in handlers.items()]


def main(data: str, url: str | None = None) -> int:
    """Work until SIGTERM."""
    store = ready_store(Location.find(data, url, environment={}))
    try:
        worker = Worker(store, counting_job_types(store), concurrency=2)
        signal.signal(signal.SIGTERM, lambda *_: worker.stop())
        print("working", flush=True)
        worker.run()
    finally:
        store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
