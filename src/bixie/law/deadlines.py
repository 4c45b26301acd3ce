"""The time limits that still run on the day of the assessment, each for the act whose limit ends first."""

from collections.abc import Iterable, Iterator

from bixie.kit.calendar import add_months
from bixie.law.assessment import Deadline, Qualification
from bixie.law.entries import Limit
from bixie.law.limits import last_day
from bixie.law.prepared_facts import PreparedFacts
from bixie.law.tiers import PROSECUTION_MONTHS, TIERS

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
        yield from _prosecution(prepared, qualification)
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


def _prosecution(prepared: PreparedFacts, qualification: Qualification) -> Iterator[Deadline]:
    """Yield the limit of prosecution of a crime, by its last act and its tier."""
    days = [(day, index) for index in qualification.acts if (day := prepared.acts[index].date)]
    if qualification.thresholds and days:
        day, index = max(days)
        # Three threats within two years, and other serious circumstances, count like a large amount.
        tier = TIERS.index(qualification.tier) if qualification.tier in TIERS else 1
        months = PROSECUTION_MONTHS[qualification.thresholds[0].offence][tier]
        yield Deadline("CRIM-87", add_months(day, months), index)
