"""One run of a job: its effect and the mark that it is done in one transaction, a failure in another."""

import traceback
from collections.abc import Callable, Mapping
from pathlib import Path

from sqlalchemy.orm import Session

from bixie.jobs import repository
from bixie.jobs.errors import WorkError
from bixie.jobs.job_types import JobContext, JobType
from bixie.jobs.models import Job, State
from bixie.jobs.rules import pause
from bixie.jobs.service import begin_anew
from bixie.kit.errors import BixieError
from bixie.kit.messages import catalogue
from bixie.kit.timestamps import Clock
from bixie.store.unit_of_work import Store

__all__ = ["Chance", "foreseen", "give_up", "run_job", "told"]

Chance = Callable[[], float]
"""Answers with a number from 0 to below 1."""

_HIDDEN = "…"


def run_job(
    store: Store, kinds: Mapping[str, JobType], job_id: str, run: int, *, clock: Clock, chance: Chance
) -> None:
    """Do a job, unless it has been done, or begun anew, meanwhile.

    Parameters
    ----------
    store : Store
    kinds : mapping of str to JobType
        A job of another kind is left alone.
    job_id : str
    run : int
        Which run this is.
    clock, chance : callable

    Raises
    ------
    StoreError
        When not even the failure can be written down. The job is not lost: `bixie.jobs.relay` finds it.
    """
    with store.reading(Session) as session:
        job = repository.by_id(session, job_id)
    if job is None or not _counts(job, run) or job.kind not in kinds:
        return
    kind = kinds[job.kind]
    given = JobContext(job.id, job.tenant, job.kind, job.payload, job.failures)
    try:
        _do(kind, given, run, clock)
    except Exception as error:  # whatever a handler does, its job has an end that a person can see
        with store.writing(Session) as session:
            _fail(session, kind, given, run, error, clock=clock, chance=chance)


def _do(kind: JobType, given: JobContext, run: int, clock: Clock) -> None:
    effect = kind.handle(given)
    with kind.opening(given) as session:
        job = repository.locked(session, given.id)
        # Checked again under the lock: a run that was taken for dead may have come this far as well.
        if job is None or not _counts(job, run):
            return
        effect(session)
        job.state, job.ended_at, job.error = str(State.DONE), clock(), None


def _fail(
    session: Session,
    kind: JobType,
    given: JobContext,
    run: int,
    error: Exception,
    *,
    clock: Clock,
    chance: Chance,
) -> None:
    job = repository.locked(session, given.id)
    if job is None or not _counts(job, run):
        return
    job.failures += 1
    wait = None if isinstance(error, kind.hopeless) else pause(kind.retries, job.failures, chance())
    if wait is None:
        give_up(job, told(error), clock)
        return
    begin_anew(job, clock() + wait)
    job.error = told(error)


def give_up(job: Job, error: dict[str, str], clock: Clock) -> None:
    """Make a job a dead letter."""
    job.state, job.error, job.ended_at, job.handed_at = str(State.DEAD), error, clock(), None


def told(error: Exception) -> dict[str, str]:
    """Return code and sentences of an error without what it says of this one case, which may be personal.

    Parameters
    ----------
    error : Exception
        Of a typed one the sentence is kept with its words left open; of another the type and the place.
    """
    if not isinstance(error, BixieError):
        return foreseen(error).to_dict()
    # A number may say how large something was; everything else, lists of names too, is left open.
    values = {name: one if isinstance(one, int | float) else _HIDDEN for name, one in error.values.items()}
    text = catalogue(error.package).text(error.code, **values)
    return {"code": error.code, **text.to_dict()}


def foreseen(error: Exception) -> BixieError:
    """Return a typed error as it is; of another the type and the place."""
    if isinstance(error, BixieError):
        return error
    return WorkError("work.unforeseen", type=type(error).__name__, place=_place(error))


def _place(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"


def _counts(job: Job, run: int) -> bool:
    return job.state == State.WAITING and job.run == run
