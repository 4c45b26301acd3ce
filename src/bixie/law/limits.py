"""Time limits: whether an act is still in time, until when, and how that stands beside an article."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal, NamedTuple

from bixie.kit.calendar import add_months
from bixie.law.entries import Limit, Threshold
from bixie.law.facts import Act
from bixie.law.prepared_facts import PreparedFacts
from bixie.law.tiers import PROSECUTION_MONTHS, TIERS
from bixie.law.truth import NO, YES, Answer, open_question

__all__ = [
    "PROSECUTION",
    "LimitState",
    "Standing",
    "TimeLimit",
    "in_time",
    "last_day",
    "prosecution_end",
    "standing",
    "time_limits",
]

PROSECUTION = "CRIM-87"
"""The rule with the limits of prosecution."""

LimitState = Literal["running", "passed", "unless_discovered", "from_knowledge", "stopped", "undated"]


class Standing(NamedTuple):
    """How one act stands to a limit.

    Parameters
    ----------
    answer : Answer
        Whether it is in time.
    state : LimitState
        ``running``; ``passed``; ``unless_discovered``, passed unless the police discovered the act in time;
        ``from_knowledge``, passed unless the merchant learned of it later; ``stopped``, discovered in time;
        ``undated``, the day of the act is not known.
    until : date or None
        The last day in time, as far as the facts say.
    latest : date or None
        The last day that is possible at all, for ``from_knowledge``.
    """

    answer: Answer
    state: LimitState
    until: date | None
    latest: date | None = None


class TimeLimit(NamedTuple):
    """A time limit beside an article: all acts that stand alike, by the one whose limit ends first.

    Parameters
    ----------
    id : str
        The rule with the limit.
    state : LimitState
    until, latest : date or None
        As in `Standing`; of acts whose limit has passed, the last day of all.
    acts : tuple of int
    """

    id: str
    state: LimitState
    until: date | None
    latest: date | None
    acts: tuple[int, ...]


def standing(limit: Limit, prepared: PreparedFacts, act: Act) -> Standing:
    """Return how an act stands to a limit on the day of the assessment."""
    if act.date is None:
        return Standing(open_question("act_date"), "undated", None)
    if limit.counts_from == "discovery":
        return _by_discovery(limit, prepared, act, act.date)
    if limit.counts_from == "act":
        return _by_day(add_months(act.date, limit.months), prepared.on)
    hard = add_months(act.date, limit.hard_months) if limit.hard_months else None
    if hard is not None and prepared.on > hard:
        return Standing(NO, "passed", hard)
    # Knowledge cannot precede the act, so counting from the act gives a day that is still in time.
    until = add_months(act.known_date or act.date, limit.months)
    if act.known_date is None and prepared.on > until:
        return Standing(open_question("known_date"), "from_knowledge", until, hard)
    return _by_day(until if hard is None else min(until, hard), prepared.on)


def in_time(limit: Limit, prepared: PreparedFacts, act: Act) -> Answer:
    """Return whether the act can still be brought under the limit on the day of the assessment."""
    return standing(limit, prepared, act).answer


def last_day(limit: Limit, prepared: PreparedFacts, act: Act) -> date | None:
    """Return the last day that may be in time; None if it has passed, or if the limit no longer runs."""
    found = standing(limit, prepared, act)
    if found.state == "from_knowledge":
        return found.latest
    return found.until if found.state == "running" else None


def time_limits(limit: Limit, standings: Iterable[tuple[int, Standing]]) -> tuple[TimeLimit, ...]:
    """Return a limit as it stands beside an article, one for each state in which an act is.

    Parameters
    ----------
    limit : Limit
    standings : iterable of (int, Standing)
        Index of an act and how it stands.
    """
    groups: dict[LimitState, list[tuple[int, Standing]]] = {}
    for index, one in standings:
        groups.setdefault(one.state, []).append((index, one))
    found = []
    for state, members in groups.items():
        choose = min if state == "running" else max
        until = choose((one.until for _, one in members if one.until), default=None)
        latest = max((one.latest for _, one in members if one.latest), default=None)
        found.append(TimeLimit(limit.id, state, until, latest, tuple(index for index, _ in members)))
    return tuple(found)


def prosecution_end(
    prepared: PreparedFacts, acts: Sequence[int], tier: str | None, thresholds: Sequence[Threshold]
) -> tuple[date, int] | None:
    """Return the last day of the prosecution of a crime, by its last act and its tier, and that act.

    Where the time of the tier has passed, a higher tier that the facts leave open gives the day; None if no
    tier does.
    """
    days = [(day, index) for index in acts if (day := prepared.acts[index].date)]
    if not thresholds or not days:
        return None
    day, index = max(days)
    # Three threats within two years, and other serious circumstances, count like a large amount.
    reached = TIERS.index(tier) if tier in TIERS else 1
    for months in PROSECUTION_MONTHS[thresholds[0].offence][reached:]:
        if add_months(day, months) >= prepared.on:
            return add_months(day, months), index
    return None


def _by_day(until: date, on: date) -> Standing:
    return Standing(YES, "running", until) if on <= until else Standing(NO, "passed", until)


def _by_discovery(limit: Limit, prepared: PreparedFacts, act: Act, day: date) -> Standing:
    # The limit runs from the end of the acts where they are one continuous matter.
    start = prepared.last_day or day if prepared.continuous else day
    until = add_months(start, limit.months)
    decision = prepared.facts.decision_date
    if prepared.on <= until:
        found = act.discovered or act.discovered_date or decision
        return Standing(YES, "stopped" if found else "running", until)
    if act.discovered_date is not None:
        in_limit = act.discovered_date <= until
        return Standing(YES, "stopped", until) if in_limit else Standing(NO, "passed", until)
    # A decision shows that the act was discovered, and `discovered` means in time.
    if act.discovered or (decision is not None and decision <= until):
        return Standing(YES, "stopped", until)
    if act.discovered is False:
        return Standing(NO, "passed", until)
    return Standing(open_question("discovered"), "unless_discovered", until)
