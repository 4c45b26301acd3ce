"""The outbox: a job is a row in the transaction of the change that asks for it; both or neither are kept."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bixie.jobs import repository
from bixie.jobs.errors import WorkError
from bixie.jobs.models import Job, State
from bixie.kit.canonical_json import Json
from bixie.kit.ids import new_id
from bixie.kit.sanitise import sanitise
from bixie.kit.timestamps import Clock, utc_now

__all__ = ["enqueue", "retry"]


def enqueue(
    session: Session,
    kind: str,
    payload: Json,
    *,
    tenant: str,
    key: str | None = None,
    due: datetime | None = None,
    clock: Clock = utc_now,
) -> Job:
    """Write a job down, in the caller's transaction.

    Parameters
    ----------
    session : Session
    kind : str
        Name of a `bixie.jobs.job_types.Kind`.
    payload : None, bool, int, str, list or dict
        What the handler needs to know: ids, no personal data.
    tenant : str
        Id of the organisation that it is done for.
    key : str, optional
        The same key of the same kind and tenant is the same job, whatever has become of it.
    due : datetime, optional
        Not before; at once when not given.
    clock : callable

    Returns
    -------
    Job
        The job that was written, or the one that was there.
    """
    if key is not None and (there := repository.by_key(session, tenant, kind, key)) is not None:
        return there
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
        run=1,
        created_at=now,
    )
    try:
        with session.begin_nested():
            session.add(job)
    except IntegrityError:
        # Somebody else wrote it meanwhile, and has committed.
        there = None if key is None else repository.by_key(session, tenant, kind, key)
        if there is None:
            raise
        return there
    return job


def retry(session: Session, job_id: str, *, tenant: str | None = None, clock: Clock = utc_now) -> Job:
    """Have a job that was given up run again, as if it had never failed.

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
    begin_anew(job, clock())
    job.failures, job.error, job.ended_at = 0, None, None
    return job


def begin_anew(job: Job, due: datetime) -> None:
    """Let a job wait for a worker again; whatever an earlier run still does no longer counts."""
    job.state, job.due_at, job.handed_at = str(State.WAITING), due, None
    job.run += 1
