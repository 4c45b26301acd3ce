"""What a domain says about a kind of job: how it is done, in whose name, and how often it is tried."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from bixie.jobs.rules import Retries
from bixie.kit.canonical_json import Json

__all__ = ["Effect", "Handler", "JobContext", "JobType", "Opening", "by_name"]


@dataclass(frozen=True, slots=True)
class JobContext:
    """A job as its handler gets it.

    Parameters
    ----------
    id : str
    tenant : str
    kind : str
    payload : None, bool, int, str, list or dict
        As it was enqueued.
    failures : int
        How often it has failed before.
    """

    id: str
    tenant: str
    kind: str
    payload: Json
    failures: int


Effect = Callable[[Any], None]
"""What a job does to the database: called with the session of the one transaction that also marks the job
done, so that it happens exactly once, however often the job is begun."""

Handler = Callable[[JobContext], Effect]
"""Does the slow part outside of any transaction, where nobody waits for it, and returns the effect. It may be
called more than once; what it does outside of the database must bear that."""

Opening = Callable[[JobContext], AbstractContextManager[Session]]
"""Opens the transaction of a job, in the name of whom it is done; committed when the block ends."""


@dataclass(frozen=True, slots=True)
class JobType:
    """One kind of job.

    Parameters
    ----------
    name : str
        ``exhibit.examine``: stable, it stands in the database.
    handle : callable
    opening : callable
    retries : Retries
    hopeless : tuple of exception types
        Errors that another try cannot mend: the job is given up at once.
    """

    name: str
    handle: Handler
    opening: Opening
    retries: Retries = field(default_factory=Retries)
    hopeless: tuple[type[Exception], ...] = ()


def by_name(kinds: Iterable[JobType]) -> Mapping[str, JobType]:
    """Return the kinds by their names.

    Raises
    ------
    ValueError
        If two have the same: a defect of the caller.
    """
    listed = list(kinds)
    named = {kind.name: kind for kind in listed}
    if len(named) != len(listed):
        raise ValueError("two kinds of job have the same name")
    return named
