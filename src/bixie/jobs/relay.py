"""From the outbox to the workers: what is due is taken once, what has got lost on the way comes back."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import timedelta

from sqlalchemy.orm import Session

from bixie.jobs import repository
from bixie.jobs.errors import WorkError
from bixie.jobs.executor import MAX_CRASHES, run_id
from bixie.jobs.models import Job, State
from bixie.jobs.running import give_up, told
from bixie.jobs.service import begin_anew
from bixie.kit.timestamps import Clock
from bixie.store.unit_of_work import Store

__all__ = ["KEPT_FOR", "prune", "requeue_lost", "take"]

Unfinished = Callable[[Iterable[str]], Mapping[str, bool]]
"""`bixie.jobs.executor.JobExecutor.unfinished`."""

Forget = Callable[[Iterable[str]], None]
"""`bixie.jobs.executor.JobExecutor.forget`."""

KEPT_FOR = timedelta(days=30)
"""So long it can be looked up that a job was done; what it did is on record elsewhere."""

_SETTLED = timedelta(seconds=10)
"""A job taken less long ago may still be on its way to DBOS."""

_AT_ONCE = 200


def take(store: Store, kinds: Collection[str], most: int, clock: Clock) -> list[tuple[str, int]]:
    """Take jobs that are due for this worker.

    Parameters
    ----------
    store : Store
    kinds : collection of str
        Names of those that this worker can do.
    most : int
    clock : callable

    Returns
    -------
    list of (str, int)
        Ids, and numbers of the runs to begin.
    """
    now = clock()
    # SQLite has one writer at a time: nobody takes its lock to find that there is nothing to do.
    with store.reading(Session) as session:
        if not repository.anything_due(session, kinds, now):
            return []
    with store.writing(Session) as session:
        jobs = repository.due(session, kinds, now, most)
        repository.claim(session, jobs, now)
        return [(job.id, job.run) for job in jobs]


def requeue_lost(store: Store, unfinished: Unfinished, clock: Clock) -> None:
    """Have jobs wait again that a worker took and nobody carries any more; give up those that kill workers.

    A worker dies between taking a job and telling DBOS; DBOS's own tables are lost, or older than the
    store's; a run ends while the database cannot be written to.
    """
    after = ""
    while True:
        with store.reading(Session) as session:
            jobs = repository.handed_before(session, clock() - _SETTLED, after, _AT_ONCE)
        if not jobs:
            return
        after = jobs[-1].id
        known = unfinished([run_id(job.id, job.run) for job in jobs])
        for job in jobs:
            goes_on = known.get(run_id(job.id, job.run))
            if not goes_on:
                with store.writing(Session) as session:
                    _settle(session, job, clock, crashed=goes_on is False)


def prune(store: Store, forget: Forget, clock: Clock) -> None:
    """Delete jobs that were done long ago, with what carried them; those that were given up stay."""
    before = clock() - KEPT_FOR
    while True:
        with store.reading(Session) as session:
            jobs = repository.done_before(session, before, _AT_ONCE)
        if not jobs:
            return
        # A job is deleted last: as long as it is there, its runs can be named.
        forget([run_id(job.id, run) for job in jobs for run in range(1, job.run + 1)])
        with store.writing(Session) as session:
            repository.delete_all(session, jobs)


def _settle(session: Session, seen: Job, clock: Clock, *, crashed: bool) -> None:
    job = repository.locked(session, seen.id)
    if job is None or job.state != State.WAITING or job.run != seen.run:
        return  # it has got on by itself meanwhile
    if crashed:
        give_up(job, told(WorkError("work.crashed", times=MAX_CRASHES)), clock)
    else:
        begin_anew(job, clock())
