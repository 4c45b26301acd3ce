"""The time limits that still run on the day of the assessment, each for the act whose limit ends first."""

from collections.abc import Iterable, Iterator

from bixie.law.assessment import Deadline, Qualification
from bixie.law.entries import Limit
from bixie.law.limits import PROSECUTION, last_day, prosecution_end
from bixie.law.prepared_facts import PreparedFacts

__all__ = ["open_deadlines"]

_LOGS = Limit("LAB-9", "act", 6, None)
"""How long a service that generates pictures keeps its logs; independent of any qualification."""


def open_deadlines(prepared: PreparedFacts, qualifications: Iterable[Qualification]) -> tuple[Deadline, ...]:
    """Return the limits that still run, sorted by their last day."""
    found: dict[str, Deadline] = {}
    for deadline in _running(prepared, qualifications):
        earlier = found.get(deadline.id)
        if earlier is None or deadline.until < earlier.until:
            found[deadline.id] = deadline
    return tuple(sorted(found.values(), key=lambda deadline: (deadline.until, deadline.id)))


def _running(prepared: PreparedFacts, qualifications: Iterable[Qualification]) -> Iterator[Deadline]:
    for qualification in qualifications:
        if not qualification.is_open:
            continue
        how = qualification.rule.assess
        if how is not None and how.limit is not None:
            yield from _of_acts(how.limit, prepared, qualification.acts)
        end = prosecution_end(prepared, qualification.acts, qualification.tier, qualification.thresholds)
        if end is not None:
            yield Deadline(PROSECUTION, *end)
    if not prepared.is_cleared:
        measures = prepared.catalogue.rules.get(_LOGS.id)
        indices = [
            act.index for act in prepared.acts if act.date and measures and measures.in_force(act.date)
        ]
        yield from _of_acts(_LOGS, prepared, indices)


def _of_acts(limit: Limit, prepared: PreparedFacts, indices: Iterable[int]) -> Iterator[Deadline]:
    for index in indices:
        until = last_day(limit, prepared, prepared.acts[index])
        if until is not None:
            yield Deadline(limit.id, until, index)
