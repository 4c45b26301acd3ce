"""What other tables know of exhibits: how far their examination is, and whether their bytes are missing.

A few queries for a whole page, however many exhibits it has.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from bixie.access.tenancy import TenantSession
from bixie.jobs import repository as jobs
from bixie.jobs.models import Job
from bixie.jobs.models import State as JobState
from bixie.vault.claims import EXAMINATION, key_without
from bixie.vault.models import Exhibit, Role, State
from bixie.vault.reconciliation import repository

__all__ = ["ExaminationState", "ExhibitFacts", "facts_of"]


class ExaminationState(StrEnum):
    """How far the examination of a claim's file is."""

    WAITING = "waiting"
    """For its check, for a worker, or for another attempt."""
    RUNNING = "running"
    FAILED = "failed"
    """Given up; `bixie work list --dead` says why."""
    DONE = "done"
    """There is a report, or there was one that was erased for its own sake."""


@dataclass(frozen=True, slots=True)
class ExhibitFacts:
    """What other tables know of an exhibit.

    Parameters
    ----------
    examination : ExaminationState or None
        None for what is not examined: other roles, refused and erased files.
    is_missing : bool
        Whether reconciliation found that its bytes are not there.
    """

    examination: ExaminationState | None
    is_missing: bool


def facts_of(session: TenantSession, exhibits: Sequence[Exhibit]) -> dict[str, ExhibitFacts]:
    """Return what is known of exhibits, by id."""
    missing = repository.missing(session, [one.sha256 for one in exhibits]) if exhibits else set()
    examinations = _examinations(session, exhibits)
    return {
        one.id: ExhibitFacts(examinations.get(one.id), one.sha256 in missing and one.state != State.ERASED)
        for one in exhibits
    }


def _examinations(session: TenantSession, exhibits: Sequence[Exhibit]) -> dict[str, ExaminationState]:
    states = {State.QUARANTINED, State.KEPT}
    claims = [one for one in exhibits if one.role == Role.CLAIM and one.state in states]
    if not claims:
        return {}
    reported = repository.reported(session, [one.id for one in claims])
    keys = {one.id: one.arrived_with or one.id for one in claims}
    there = jobs.by_keys(session, session.principal.tenant, EXAMINATION, set(keys.values()))
    found = {one: _state(there.get(key)) for one, key in keys.items()}
    found |= dict.fromkeys(reported, ExaminationState.DONE)
    again = {one: keys[one] for one, is_there in reported.items() if not is_there}
    return found | (_examined_again(session, again) if again else {})


def _examined_again(session: TenantSession, keys: Mapping[str, str]) -> dict[str, ExaminationState]:
    """Return the states of those that are examined again because something their report showed was erased.

    Parameters
    ----------
    session : TenantSession
    keys : dict of str to str
        By exhibit without a report, the first that arrived with it.
    """
    beside = repository.erased_beside(session, keys.keys())
    wanted = {one: [key_without(keys[one], erased) for erased in some] for one, some in beside.items()}
    there = jobs.by_keys(session, session.principal.tenant, EXAMINATION, set(chain(*wanted.values())))
    found = {}
    for one, some in wanted.items():
        requested = [there[key] for key in some if key in there]
        newest = max(requested, key=lambda job: job.requested_at, default=None)
        if newest is not None and newest.state != JobState.DONE:  # else the report itself was erased
            found[one] = _state(newest)
    return found


def _state(job: Job | None) -> ExaminationState:
    """Return the state of an examination that has left no report; one without a job is enqueued again."""
    if job is None:
        return ExaminationState.WAITING
    if job.state == JobState.WAITING:
        return ExaminationState.WAITING if job.handed_at is None else ExaminationState.RUNNING
    return ExaminationState.FAILED
