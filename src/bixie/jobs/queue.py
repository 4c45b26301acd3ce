"""The table of jobs as a worker uses it: claim what is due, requeue what is lost, delete what is old."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy.orm import Session

from bixie.jobs import repository
from bixie.jobs.attempts import give_up_run
from bixie.jobs.errors import WorkError
from bixie.jobs.job_types import JobContext, JobType
from bixie.jobs.models import Job, State
from bixie.jobs.service import requeue
from bixie.kit.timestamps import Clock
from bixie.store.unit_of_work import Store

__all__ = [
    "KEPT_FOR",
    "MAX_CRASHES",
    "Run",
    "claim_due",
    "claim_due_fairly",
    "delete_done",
    "requeue_lost",
    "run_id",
]

KEPT_FOR = timedelta(days=30)
"""Jobs that are done are kept so long, to be looked up; what they did is on record elsewhere."""

MAX_CRASHES = 20
"""So many workers may die while they have a job before the job is taken for the reason."""

_MIN_AGE = timedelta(seconds=10)
"""A job that was claimed less long ago may not have been started yet."""

_BATCH = 100


class Run(NamedTuple):
    """One run of a job."""

    job_id: str
    number: int
    tenant: str

    @classmethod
    def of(cls, job: Job) -> "Run":
        """Return the current run of a job."""
        return cls(job.id, job.run, job.tenant)

    @property
    def id(self) -> str:
        """By which the engine knows the run."""
        return run_id(self.job_id, self.number)


def run_id(job_id: str, number: int) -> str:
    """Return the id of a run of a job; the engine starts each id once."""
    return f"{job_id}.{number}"


def claim_due(store: Store, kinds: Collection[str], limit: int, clock: Clock) -> list[Run]:
    """Claim jobs that are due, those that wait longest first.

    Parameters
    ----------
    store : Store
    kinds : collection of str
        Names of job types.
    limit : int
    clock : callable
    """
    now = clock()
    # SQLite has one writer at a time: its lock is not taken only to find that there is nothing to do.
    with store.reading(Session) as session:
        if not repository.anything_due(session, kinds, now):
            return []
    with store.writing(Session) as session:
        return _claimed(session, repository.due(session, kinds, now, limit), clock)


def claim_due_fairly(
    store: Store,
    kinds: Collection[str],
    limit: int,
    clock: Clock,
    *,
    served: Sequence[str],
    busy: Collection[str],
) -> list[Run]:
    """Claim at most one due job of each tenant, first of tenants that were not served for longest.

    Parameters
    ----------
    store : Store
    kinds : collection of str
        Names of job types.
    limit : int
    clock : callable
    served : sequence of str
        Tenants in the order in which they were last served.
    busy : collection of str
        Tenants of which nothing is claimed now.
    """
    now, turn = clock(), {tenant: number for number, tenant in enumerate(served)}
    with store.reading(Session) as session:
        waiting = repository.tenants_with_due(session, kinds, now)
    tenants = sorted((one for one in waiting if one not in busy), key=lambda one: turn.get(one, -1))[:limit]
    if not tenants:
        return []
    with store.writing(Session) as session:
        due = [job for one in tenants for job in repository.due(session, kinds, now, 1, tenant=one)]
        return _claimed(session, due, clock)


def requeue_lost(
    store: Store,
    job_types: Mapping[str, JobType],
    alive: Callable[[Iterable[str]], Mapping[str, bool]],
    clock: Clock,
) -> None:
    """Requeue jobs whose worker died or lost them; give up those that end their workers again and again.

    A worker may die before it starts a job that it claimed, or in the middle of it. The tables of the engine
    may be lost, or older than the store after a restore. An attempt may end while the database is away.

    Parameters
    ----------
    store : Store
    job_types : mapping of str to JobType
        A job of another type is requeued, however often its workers died.
    alive : callable
        Answers for ids of runs with True while a run goes on, and with False when its worker died in the
        middle of it; leaves out runs that nobody has.
    clock : callable
    """
    after = ""
    while True:
        with store.reading(Session) as session:
            jobs = repository.claimed(session, after, _BATCH)
        if not jobs:
            return
        after = jobs[-1].id
        known = alive(Run.of(job).id for job in jobs)
        for job in jobs:
            goes_on = known.get(Run.of(job).id)
            if goes_on is False:
                _requeue_crashed(store, job_types.get(job.kind), job, clock)
            elif goes_on is None and job.handed_at is not None and job.handed_at < clock() - _MIN_AGE:
                _requeue(store, job, clock)


def delete_done(store: Store, forget: Callable[[Iterable[str]], None], clock: Clock) -> None:
    """Delete jobs that were done long ago; those that were given up stay.

    Parameters
    ----------
    store : Store
    forget : callable
        Deletes what the engine knows of runs.
    clock : callable
    """
    before = clock() - KEPT_FOR
    while True:
        with store.reading(Session) as session:
            jobs = repository.done_before(session, before, _BATCH)
        if not jobs:
            return
        # The jobs are deleted last: without them their runs could not be named any more.
        forget(run_id(job.id, number) for job in jobs for number in range(1, job.run + 1))
        with store.writing(Session) as session:
            repository.delete_all(session, jobs)


def _claimed(session: Session, jobs: Sequence[Job], clock: Clock) -> list[Run]:
    repository.claim(session, jobs, clock())
    return [Run.of(job) for job in jobs]


def _requeue_crashed(store: Store, job_type: JobType | None, seen: Job, clock: Clock) -> None:
    if job_type is None or seen.crashes + 1 < MAX_CRASHES:
        _requeue(store, seen, clock, crashed=1)
        return
    error = WorkError("work.crashed", times=MAX_CRASHES)
    give_up_run(job_type, JobContext.of(seen), seen.run, error, clock, failed=0)


def _requeue(store: Store, seen: Job, clock: Clock, *, crashed: int = 0) -> None:
    with store.writing(Session) as session:
        job = repository.locked(session, seen.id)
        # Unless it got on by itself meanwhile.
        if job is not None and job.state == State.WAITING and job.run == seen.run:
            requeue(job, clock())
            job.crashes += crashed
