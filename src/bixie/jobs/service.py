"""Enqueue, retry, requeue and give up: what happens to the row of a job, in the caller's transaction.

A job is written in the transaction of the change that asks for it, so both are kept or neither is.
"""

from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bixie.jobs import repository
from bixie.jobs.errors import WorkError, redacted_error
from bixie.jobs.models import Job, State
from bixie.kit.canonical_json import Json
from bixie.kit.ids import new_id
from bixie.kit.sanitise import sanitise
from bixie.kit.timestamps import Clock, utc_now

__all__ = ["cancel", "enqueue", "give_up", "postpone", "requeue", "retry"]


def enqueue(
    session: Session,
    kind: str,
    payload: Json,
    *,
    tenant: str,
    key: str | None = None,
    due: datetime | None = None,
    is_new: bool = False,
    clock: Clock = utc_now,
) -> Job:
    """Write a job, in the caller's transaction.

    Parameters
    ----------
    session : Session
    kind : str
        Name of a `bixie.jobs.job_types.JobType`.
    payload : None, bool, int, str, list or dict
        What the handler needs to know: ids, no personal data.
    tenant : str
        Id of the organisation that it is done for.
    key : str, optional
        The same key of the same type and tenant is the same job, whatever its state.
    due : datetime, optional
        Not before; at once when not given.
    is_new : bool
        The key was made in this transaction, so it is not looked for.
    clock : callable

    Returns
    -------
    Job
        The new job, or the existing one with that key.
    """
    known = None if key is None or is_new else repository.by_key(session, tenant, kind, key)
    if known is not None:
        return known
    now = clock()
    job = Job(
        id=new_id("job", clock),
        tenant=tenant,
        kind=kind,
        key=key,
        payload=payload,
        state=str(State.WAITING),
        due_at=due or now,
        failures=0,
        crashes=0,
        run=1,
        requested_at=now,
        created_at=now,
    )
    if is_new:
        session.add(job)
        return job
    return _added(session, job)


def _added(session: Session, job: Job) -> Job:
    try:
        with session.begin_nested():
            session.add(job)
    except IntegrityError:
        # Another transaction wrote it meanwhile, and has committed.
        existing = None if job.key is None else repository.by_key(session, job.tenant, job.kind, job.key)
        if existing is None:
            raise
        return existing
    return job


def postpone(
    session: Session, kind: str, key: str, due: datetime, *, tenant: str, at_most: timedelta
) -> bool:
    """Make a job that no worker has begun due later, because more has come in for it to do.

    Parameters
    ----------
    session : Session
    kind, key : str
    due : datetime
    tenant : str
    at_most : timedelta
        A job is due so long after it was enqueued at the latest.

    Returns
    -------
    bool
        Whether the job will see what this transaction writes. One that was begun or has failed is left alone,
        and one that another transaction has locked.
    """
    job = repository.by_key(session, tenant, kind, key)
    # Never wait for the row: the caller may have locked the ledger, and the end of an attempt locks the job
    # first and the ledger second.
    locked = None if job is None else repository.locked(session, job.id, skip_locked=True)
    if locked is None or locked.state != State.WAITING or locked.run > 1 or locked.handed_at is not None:
        return False
    locked.due_at = max(locked.due_at, min(due, locked.requested_at + at_most))
    return True


def retry(session: Session, job_id: str, *, tenant: str | None = None, clock: Clock = utc_now) -> Job:
    """Run a job again that was given up, as if it had never failed.

    Parameters
    ----------
    session : Session
    job_id : str
    tenant : str, optional
        Only a job of this tenant; of any when not given.
    clock : callable

    Raises
    ------
    WorkError
        ``work.no_such_job`` or ``work.not_dead``.
    """
    job = repository.locked(session, job_id)
    if job is None or tenant not in {None, job.tenant}:
        raise WorkError("work.no_such_job", job=sanitise(job_id))
    if job.state != State.DEAD:
        raise WorkError("work.not_dead", job=job.id)
    requeue(job, clock())
    job.requested_at = job.due_at
    job.failures, job.crashes, job.error, job.ended_at = 0, 0, None, None
    return job


def cancel(
    session: Session, kind: str, key: str, reason: Exception, *, tenant: str, clock: Clock = utc_now
) -> None:
    """Give up the job with this key, unless it is done; an attempt under way has no effect any more."""
    job = repository.by_key(session, tenant, kind, key)
    locked = None if job is None else repository.locked(session, job.id)
    if locked is not None and locked.state == State.WAITING:
        give_up(locked, reason, clock)


def requeue(job: Job, due: datetime) -> None:
    """Let a job wait for a worker again; whatever an earlier run still does is ignored."""
    job.state, job.due_at, job.handed_at = str(State.WAITING), due, None
    job.run += 1


def give_up(job: Job, error: Exception, clock: Clock) -> None:
    """Make a job a dead letter."""
    job.state, job.error = str(State.DEAD), redacted_error(error)
    job.ended_at, job.handed_at = clock(), None
