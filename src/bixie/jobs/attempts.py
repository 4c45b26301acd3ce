"""One attempt at a job: its effect and the mark "done" in one transaction, a failure in another."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from sqlalchemy.orm import Session

from bixie.jobs import repository
from bixie.jobs.errors import AttemptError, redacted_error
from bixie.jobs.job_types import JobContext, JobType
from bixie.jobs.models import Job, State
from bixie.jobs.rules import backoff
from bixie.jobs.service import give_up, requeue
from bixie.kit.timestamps import Clock
from bixie.store.unit_of_work import Store

__all__ = ["Jitter", "give_up_run", "run_job"]

Jitter = Callable[[], float]
"""Returns a random number from 0 to 1."""


def run_job(
    store: Store, job_types: Mapping[str, JobType], job_id: str, run: int, *, clock: Clock, jitter: Jitter
) -> None:
    """Do a job, unless it was done or requeued meanwhile.

    Parameters
    ----------
    store : Store
    job_types : mapping of str to JobType
        A job of another type is left alone.
    job_id : str
    run : int
        Number of the run.
    clock, jitter : callable

    Raises
    ------
    StoreError
        When not even the failure can be written. `bixie.jobs.queue.requeue_lost` finds the job later.
    """
    with store.reading(Session) as session:
        job = repository.by_id(session, job_id)
    if job is None or not _is_current(job, run) or job.kind not in job_types:
        return
    job_type, context = job_types[job.kind], JobContext.of(job)
    try:
        _attempt(job_type, context, run, clock)
    except Exception as error:  # whatever a handler does, a person can see how its job ended
        counts = not isinstance(error, AttemptError) or error.counts
        wait = _wait_after(job_type, context.failures + counts, error, jitter())
        if wait is None:
            give_up_run(job_type, context, run, error, clock)
            return
        with store.writing(Session) as session:
            current = _locked(session, job_id, run)
            if current is not None:
                requeue(current, clock() + wait)
                current.failures, current.error = current.failures + counts, redacted_error(error)


def give_up_run(
    job_type: JobType, context: JobContext, run: int, error: Exception, clock: Clock, *, failed: int = 1
) -> None:
    """Make a job a dead letter, unless it was done or requeued meanwhile.

    Parameters
    ----------
    job_type : JobType
    context : JobContext
    run : int
    error : Exception
        Why.
    clock : callable
    failed : int
        Added to the job's failures: 0 when the attempt did not fail by itself.
    """
    with job_type.open_session(context) as session:
        job = _locked(session, context.id, run)
        if job is not None:
            job.failures += failed
            give_up(job, error, clock)
            job_type.on_give_up(session, context, error)


def _attempt(job_type: JobType, context: JobContext, run: int, clock: Clock) -> None:
    effect = job_type.handle(context)
    with job_type.open_session(context) as session:
        # Checked again under the lock: another worker may have done it, if this one was taken for dead.
        job = _locked(session, context.id, run)
        if job is not None:
            effect(session)
            job.state, job.ended_at, job.error = str(State.DONE), clock(), None


def _wait_after(job_type: JobType, failures: int, error: Exception, jitter: float) -> timedelta | None:
    """Return how long to wait after a failure, None when the job is to be given up."""
    if isinstance(error, job_type.permanent_errors):
        return None
    wait = backoff(job_type.retries, failures, jitter)
    if wait is None or not isinstance(error, AttemptError):
        return wait
    return None if error.final else max(wait, error.retry_after)


def _locked(session: Session, job_id: str, run: int) -> Job | None:
    job = repository.locked(session, job_id)
    return job if job is not None and _is_current(job, run) else None


def _is_current(job: Job, run: int) -> bool:
    return job.state == State.WAITING and job.run == run
