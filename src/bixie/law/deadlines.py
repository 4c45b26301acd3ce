"""The time limits that still run on the day of the assessment, each for the act that runs out first."""

from collections.abc import Iterable, Iterator

from bixie.kit.clock import add_months
from bixie.law.assessment import Deadline, Qualification
from bixie.law.entries import Limit
from bixie.law.limits import last_day
from bixie.law.matter import Matter

__all__ = ["open_deadlines"]

_LOGS = Limit("LAB-9", "act", 6, None)
"""How long a service that makes pictures keeps its logs: they are gone whether or not anything is met."""
_PROSECUTION_MONTHS = {"large": 60, "multiple": 60, "huge": 180, "extra": 240}
"""刑法 art. 87."""


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
        if qualification.tier in _PROSECUTION_MONTHS and qualification.acts:
            days = [(day, index) for index in qualification.acts if (day := matter.acts[index].date)]
            if days:
                day, index = max(days)
                yield Deadline("CRIM-87", add_months(day, _PROSECUTION_MONTHS[qualification.tier]), index)
    if not matter.is_cleared:
        measures = matter.catalogue.rules.get(_LOGS.id)
        indices = [act.index for act in matter.acts if act.date and measures and measures.in_force(act.date)]
        yield from _of_acts(_LOGS, matter, indices)


def _of_acts(limit: Limit, matter: Matter, indices: Iterable[int]) -> Iterator[Deadline]:
    for index in indices:
        until = last_day(limit, matter, matter.acts[index])
        if until is not None:
            yield Deadline(limit.id, until, index)
