"""What the merchant can do now, in order: the steps that the qualifications open, with their last days."""

from collections.abc import Iterable, Mapping, Sequence

from bixie.law.assessment import Deadline, Qualification, Step
from bixie.law.entries import StepEntry
from bixie.law.limits import TimeLimit

__all__ = ["next_steps"]


def next_steps(
    entries: Iterable[StepEntry],
    qualifications: Sequence[Qualification],
    limits: Mapping[str, Sequence[TimeLimit]],
    deadlines: Iterable[Deadline],
) -> tuple[Step, ...]:
    """Return the steps that a qualification opens, or opened before its time limit passed.

    Parameters
    ----------
    entries : iterable of StepEntry
        In the order in which they are worth taking.
    qualifications : sequence of Qualification
    limits : mapping of str to sequence of TimeLimit
        How the time limits of each rule stand.
    deadlines : iterable of Deadline
        Those that a step may name under ``also``.
    """
    until = {deadline.id: deadline for deadline in deadlines}
    found = []
    for entry in entries:
        mine = [one for one in qualifications if one.rule.assess and one.rule.assess.step == entry.id]
        reached = [one for one in mine if one.status != "not_met"]
        if reached:
            also = [until[name] for name in entry.also if name in until]
            running = [TimeLimit(one.id, "running", one.until, None, (one.act,)) for one in also]
            own = [limit for one in reached for limit in limits[one.rule.id]]
            found.append(_step(entry, reached, _merged([*own, *running])))
    return tuple(found)


def _step(entry: StepEntry, reached: Sequence[Qualification], limits: tuple[TimeLimit, ...]) -> Step:
    # A stricter reading beside the usual one opens no step, and keeps none open.
    usual = [
        one for one in reached if one.rule.assess and one.rule.assess.reading != "alternative"
    ] or reached
    opening = [one for one in usual if one.is_open]
    if not opening:
        return Step(entry, "expired", tuple(one.rule for one in usual), (), limits)
    certain = any(one.status != "depends" for one in opening)
    questions = () if certain else _shared_questions(opening)
    rules = tuple(one.rule for one in opening)
    return Step(entry, "possible" if certain else "depends", rules, questions, limits)


def _shared_questions(open_ones: Sequence[Qualification]) -> tuple[str, ...]:
    """Return what all of them wait for, or if there is no such question, what the nearest one waits for."""
    asked = [frozenset(one.questions) for one in open_ones]
    nearest: frozenset[str] = min(asked, key=len)
    return tuple(sorted(frozenset.intersection(*asked) or nearest))


def _merged(limits: Iterable[TimeLimit]) -> tuple[TimeLimit, ...]:
    """Return one limit for each rule and state: the earliest that runs, the latest that has passed."""
    found: dict[tuple[str, str], TimeLimit] = {}
    for limit in limits:
        key = (limit.id, limit.state)
        other = found.get(key)
        if other is not None:
            choose = min if limit.state == "running" else max
            days = [day for day in (limit.until, other.until) if day]
            acts = tuple(sorted({*limit.acts, *other.acts}))
            limit = limit._replace(until=choose(days) if days else None, acts=acts)  # noqa: PLW2901
        found[key] = limit
    return tuple(sorted(found.values(), key=lambda one: (one.until is None, one.until or 0, one.id)))
