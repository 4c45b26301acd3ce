"""The queries about jobs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from bixie.jobs.models import Job, State, TaskCount, WorkerSeen

__all__ = [
    "JobCount",
    "anything_due",
    "by_id",
    "by_key",
    "by_keys",
    "claim",
    "claimed",
    "counts",
    "delete_all",
    "done_before",
    "due",
    "locked",
    "page",
    "task_count",
    "task_counts",
    "tenants_with_due",
    "workers_seen",
]


@dataclass(frozen=True, slots=True)
class JobCount:
    """How many jobs of a type are in a state.

    Parameters
    ----------
    kind, state : str
    count : int
    due_since : datetime
        When the first of them was due.
    """

    kind: str
    state: str
    count: int
    due_since: datetime


def by_id(session: Session, job_id: str) -> Job | None:
    """Return a job."""
    return session.scalars(select(Job).where(Job.id == job_id)).one_or_none()


def by_key(session: Session, tenant: str, kind: str, key: str) -> Job | None:
    """Return the job of a tenant and type that has this key."""
    return session.scalars(
        select(Job).where(Job.tenant == tenant, Job.kind == kind, Job.key == key)
    ).one_or_none()


def by_keys(session: Session, tenant: str, kind: str, keys: Collection[str]) -> dict[str, Job]:
    """Return the jobs of a tenant and type that have these keys, by key."""
    wanted = select(Job).where(Job.tenant == tenant, Job.kind == kind, Job.key.in_(keys))
    return {job.key: job for job in session.scalars(wanted) if job.key is not None}


def counts(session: Session, tenant: str | None = None) -> list[JobCount]:
    """Return how many jobs of each type wait, and how many were given up; of a tenant if one is named."""
    wanted = select(Job.kind, Job.state, func.count(), func.min(Job.due_at)).where(
        Job.state.in_([State.WAITING, State.DEAD])
    )
    if tenant is not None:
        wanted = wanted.where(Job.tenant == tenant)
    rows = session.execute(wanted.group_by(Job.kind, Job.state).order_by(Job.kind, Job.state))
    return [JobCount(*row) for row in rows]


def workers_seen(session: Session) -> Sequence[WorkerSeen]:
    """Return the workers that were ever seen, the last one of each slot."""
    return session.scalars(select(WorkerSeen)).all()


def task_count(session: Session, name: str) -> TaskCount | None:
    """Return what a periodic task or a command has counted last."""
    return session.get(TaskCount, name)


def task_counts(session: Session) -> Sequence[TaskCount]:
    """Return what periodic tasks have counted."""
    return session.scalars(select(TaskCount).order_by(TaskCount.name)).all()


def locked(session: Session, job_id: str, *, skip_locked: bool = False) -> Job | None:
    """Return a job as it is now, locked until the transaction ends.

    Parameters
    ----------
    session : Session
    job_id : str
    skip_locked : bool
        Return None for a job that another transaction has locked, instead of waiting for its end.
    """
    wanted = select(Job).where(Job.id == job_id).with_for_update(skip_locked=skip_locked)
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def anything_due(session: Session, kinds: Collection[str], now: datetime) -> bool:
    """Return whether `due` would find something."""
    wanted = select(Job.id).where(*_due(kinds, now)).limit(1)
    return session.scalars(wanted).one_or_none() is not None


def tenants_with_due(session: Session, kinds: Collection[str], now: datetime) -> Sequence[str]:
    """Return tenants for which `due` would find something, those that wait longest first."""
    wanted = select(Job.tenant).where(*_due(kinds, now)).group_by(Job.tenant)
    return session.scalars(wanted.order_by(func.min(Job.due_at), Job.tenant)).all()


def due(
    session: Session, kinds: Collection[str], now: datetime, limit: int, *, tenant: str | None = None
) -> Sequence[Job]:
    """Return jobs that are due and not claimed, those that wait longest first; of any tenant, or of one.

    The rows are locked where the database can do that; rows that another worker has locked are skipped.
    """
    wanted = select(Job).where(*_due(kinds, now))
    if tenant is not None:
        wanted = wanted.where(Job.tenant == tenant)
    return session.scalars(
        wanted.order_by(Job.due_at, Job.id).limit(limit).with_for_update(skip_locked=True)
    ).all()


def claim(session: Session, jobs: Sequence[Job], now: datetime) -> None:
    """Note that a worker has these jobs."""
    session.execute(
        update(Job)
        .where(Job.id.in_([job.id for job in jobs]))
        .values(handed_at=now)
        .execution_options(synchronize_session=False)
    )


def claimed(session: Session, after: str, limit: int) -> Sequence[Job]:
    """Return jobs that a worker has claimed and that have not ended, by id."""
    return session.scalars(
        select(Job)
        .where(Job.state == State.WAITING, Job.handed_at.is_not(None), Job.id > after)
        .order_by(Job.id)
        .limit(limit)
    ).all()


def done_before(session: Session, moment: datetime, limit: int) -> Sequence[Job]:
    """Return jobs that were done before a moment."""
    return session.scalars(
        select(Job).where(Job.state == State.DONE, Job.ended_at < moment).order_by(Job.id).limit(limit)
    ).all()


def delete_all(session: Session, jobs: Sequence[Job]) -> None:
    """Delete jobs."""
    session.execute(
        delete(Job).where(Job.id.in_([job.id for job in jobs])).execution_options(synchronize_session=False)
    )


def page(
    session: Session, *, tenant: str | None, states: Collection[State], after: str | None, limit: int
) -> Sequence[Job]:
    """Return jobs in some states by id, those after one of them; of every tenant where none is named."""
    wanted = select(Job).where(Job.state.in_(states)).order_by(Job.id).limit(limit)
    if tenant is not None:
        wanted = wanted.where(Job.tenant == tenant)
    return session.scalars(wanted if after is None else wanted.where(Job.id > after)).all()


def _due(kinds: Collection[str], now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (Job.state == State.WAITING, Job.due_at <= now, Job.handed_at.is_(None), Job.kind.in_(kinds))
