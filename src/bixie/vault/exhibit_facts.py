"""What other tables know of exhibits: how far their examination is, and whether their bytes are missing.

A few queries for a whole page, however many exhibits it has.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bixie.access.tenancy import TenantSession
from bixie.jobs import repository as jobs
from bixie.jobs.models import Job
from bixie.jobs.models import State as JobState
from bixie.vault.claims import EXAMINATION
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
    """There is a report."""


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
    return {
        one: ExaminationState.DONE if one in reported else _state(there.get(key)) for one, key in keys.items()
    }


def _state(job: Job | None) -> ExaminationState:
    """Return the state of an examination that has left no report; one without a job is enqueued again."""
    if job is None:
        return ExaminationState.WAITING
    if job.state == JobState.WAITING:
        return ExaminationState.WAITING if job.handed_at is None else ExaminationState.RUNNING
    return ExaminationState.FAILED
