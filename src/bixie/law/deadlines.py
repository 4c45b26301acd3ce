"""The time limits that still run on the day of the assessment, each for the act that runs out first."""

from collections.abc import Iterable, Iterator

from bixie.kit.calendar import add_months
from bixie.law.assessment import Deadline, Qualification
from bixie.law.entries import Limit
from bixie.law.limits import last_day
from bixie.law.matter import Matter
from bixie.law.tiers import PROSECUTION_MONTHS, TIERS

__all__ = ["open_deadlines"]

_LOGS = Limit("LAB-9", "act", 6, None)
"""How long a service that makes pictures keeps its logs: they are gone whether or not anything is met."""


def open_deadlines(matter: Matter, qualifications: Iterable[Qualification]) -> tuple[Deadline, ...]:
    """Return, by day, the last day of each limit that still runs."""
    found: dict[str, Deadline] = {}
    for deadline in _running(matter, qualifications):
        earlier = found.get(deadline.id)
        if earlier is None or deadline.until < earlier.until:
            found[deadline.id] = deadline
    return tuple(sorted(found.values(), key=lambda deadline: (deadline.until, deadline.id)))


def _running(matter: Matter, qualifications: Iterable[Qualification]) -> Iterator[Deadline]:
    for qualification in qualifications:
        if not qualification.is_open:
            continue
        how = qualification.rule.assess
        if how is not None and how.limit is not None:
            yield from _of_acts(how.limit, matter, qualification.acts)
        yield from _prosecution(matter, qualification)
    if not matter.is_cleared:
        measures = matter.catalogue.rules.get(_LOGS.id)
        indices = [act.index for act in matter.acts if act.date and measures and measures.in_force(act.date)]
        yield from _of_acts(_LOGS, matter, indices)


def _of_acts(limit: Limit, matter: Matter, indices: Iterable[int]) -> Iterator[Deadline]:
    for index in indices:
        until = last_day(limit, matter, matter.acts[index])
        if until is not None:
            yield Deadline(limit.id, until, index)


def _prosecution(matter: Matter, qualification: Qualification) -> Iterator[Deadline]:
    """Yield the limit of prosecution of a crime: from its last act, by what its tier threatens."""
    days = [(day, index) for index in qualification.acts if (day := matter.acts[index].date)]
    if qualification.thresholds and days:
        day, index = max(days)
        # Three threats within two years weigh as a large amount does, and so do other serious circumstances.
        tier = TIERS.index(qualification.tier) if qualification.tier in TIERS else 1
        months = PROSECUTION_MONTHS[qualification.thresholds[0].offence][tier]
        yield Deadline("CRIM-87", add_months(day, months), index)
