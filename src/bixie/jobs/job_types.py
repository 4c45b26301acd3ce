"""What a domain says about a type of job: how it is done, in whose name, and how often it is tried."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bixie.jobs.models import Job
from bixie.jobs.rules import Retries
from bixie.kit.canonical_json import Json

__all__ = ["Effect", "Handler", "JobContext", "JobType", "OnGiveUp", "OpenSession", "by_name"]


@dataclass(frozen=True, slots=True)
class JobContext:
    """A job as its handler gets it.

    Parameters
    ----------
    id : str
    tenant : str
    payload : None, bool, int, str, list or dict
        As it was enqueued.
    failures : int
        How often it failed before.
    requested_at : datetime
        When it was enqueued, or last retried by a person.
    """

    id: str
    tenant: str
    payload: Json
    failures: int
    requested_at: datetime

    @classmethod
    def of(cls, job: Job) -> "JobContext":
        """Return what the handler of a job gets."""
        return cls(job.id, job.tenant, job.payload, job.failures, job.requested_at)


Effect = Callable[[Any], None]
"""What a job does to the database. It is called with the session of the transaction that also marks the job
done, so it happens exactly once, however often the job is started."""

Handler = Callable[[JobContext], Effect]
"""Does the slow part, outside of any transaction, and returns the effect. It may be called more than once;
what it does outside of the database must allow that."""

OpenSession = Callable[[JobContext], AbstractContextManager[Session]]
"""Opens the transaction of a job for its tenant; committed when the block ends."""

OnGiveUp = Callable[[Any, JobContext, Exception], None]
"""Called with the session of the transaction that gives the job up, the job, and its last error."""


def _do_nothing(_session: Session, _context: JobContext, _error: Exception) -> None:
    pass


@dataclass(frozen=True, slots=True)
class JobType:
    """One type of job.

    Parameters
    ----------
    name : str
        ``examination``: stable, it is kept in the database.
    handle : callable
    open_session : callable
    retries : Retries
    permanent_errors : tuple of exception types
        Errors that another attempt cannot mend: the job is given up at once.
    on_give_up : callable
        What else happens when the job is given up; must not raise.
    own_slots : int, optional
        So many jobs of this type run at the same time in a worker, and at most one of each tenant: jobs that
        wait for others' servers delay neither other types nor other tenants. Without it the type shares the
        worker's ``concurrency``.
    """

    name: str
    handle: Handler
    open_session: OpenSession
    retries: Retries = field(default_factory=Retries)
    permanent_errors: tuple[type[Exception], ...] = ()
    on_give_up: OnGiveUp = _do_nothing
    own_slots: int | None = None


def by_name(job_types: Iterable[JobType]) -> Mapping[str, JobType]:
    """Return the job types by their names.

    Raises
    ------
    ValueError
        If two have the same name: a defect of the caller.
    """
    listed = list(job_types)
    named = {one.name: one for one in listed}
    if len(named) != len(listed):
        raise ValueError("two job types have the same name")
    return named
