"""What the catalogue holds, as types: laws, sources, thresholds, rules, advice, the calendar of changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bixie.kit.messages import Text

__all__ = [
    "CONFIDENCES",
    "Advice",
    "Assess",
    "Change",
    "Condition",
    "Law",
    "Limit",
    "Rule",
    "Source",
    "Threshold",
    "weakest",
]

CONFIDENCES = ("C", "C2", "K", "X")
"""Confirmed in the text; in a secondary source; general knowledge; sources conflict. Weaker to the right."""

Condition = str | tuple[str, tuple["Condition", ...]]
"""A name from `conditions`, or ``("all" | "any" | "not", parts)``."""


def weakest(*confidences: str) -> str:
    """Return the mark that trusts least."""
    return max(confidences, key=CONFIDENCES.index)


@dataclass(frozen=True, slots=True)
class Law:
    """A statute, interpretation, rule or standard in one version.

    Parameters
    ----------
    id : str
    name : Text
    start, end : date or None
        First and last day in force.
    articles : int or None
        How many it has, where that is known: a higher number is a slip.
    """

    id: str
    name: Text
    start: date | None
    end: date | None
    articles: int | None


@dataclass(frozen=True, slots=True)
class Source:
    """Where something was read.

    Parameters
    ----------
    id : str
    name : Text
    where : str
    """

    id: str
    name: Text
    where: str


@dataclass(frozen=True, slots=True)
class Threshold:
    """Lines of an offence in one place, in fen.

    Parameters
    ----------
    id, offence : str
    province : str or None
    group : int or None
        Class inside the province (Guangdong has two).
    telecom : bool
        The nationwide lines for fraud by telecommunication.
    start, end : date or None
    large, huge, extra : (int, int)
        Lowest and highest line that the sources leave open; equal where they agree.
    lowered_if : tuple of str
        Facts under which `lowered_large` and `lowered_huge` take their place.
    lowered_large, lowered_huge : int or None
    confidence : str
    sources : tuple of str
    note : Text or None
    unverified : bool
        A later change is reported, without its values.
    """

    id: str
    offence: str
    province: str | None
    group: int | None
    telecom: bool
    start: date | None
    end: date | None
    large: tuple[int, int]
    huge: tuple[int, int]
    extra: tuple[int, int]
    lowered_if: tuple[str, ...]
    lowered_large: int | None
    lowered_huge: int | None
    confidence: str
    sources: tuple[str, ...]
    note: Text | None
    unverified: bool


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit.

    Parameters
    ----------
    id : str
        Its rule.
    counts_from : {"knowledge", "discovery", "act"}
    months : int
    hard_months : int or None
        From the act, whatever was known.
    """

    id: str
    counts_from: str
    months: int
    hard_months: int | None


@dataclass(frozen=True, slots=True)
class Assess:
    """How facts are held against a rule.

    Parameters
    ----------
    acts : tuple of str
        Names from `conditions` that every act counted must meet.
    when : Condition
        About the matter as a whole.
    reading : {"possible", "alternative"}
        What the rule is called where it is met.
    tiers : str or None
        ``"penalty"`` (base or aggravated), ``"fraud"``, ``"attempt"`` or ``"extortion"``.
    limit : Limit or None
    outcome : mapping
        By tier, or under ``"all"``; yuan and days.
    """

    acts: tuple[str, ...]
    when: Condition
    reading: str
    tiers: str | None
    limit: Limit | None
    outcome: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rule:
    """One provision, or a few that are used together, and what it says.

    Parameters
    ----------
    id, level : str
    law : Law
    articles : tuple of str
    start, end : date or None
        First and last day on which it applies.
    text : Text
    confidence : str
    sources : tuple of str
    note, unsettled : Text or None
        What to know beside it, and what is to be verified.
    see : tuple of str
        Other entries.
    series : str or None
        Versions of one provision: no two are in force on one day.
    binding : bool
        A recommended standard binds nobody by itself.
    assess : Assess or None
        None for what is only looked up.
    file : str
    line : int
    """

    id: str
    level: str
    law: Law
    articles: tuple[str, ...]
    start: date | None
    end: date | None
    text: Text
    confidence: str
    sources: tuple[str, ...]
    note: Text | None = None
    unsettled: Text | None = None
    see: tuple[str, ...] = ()
    series: str | None = None
    binding: bool = True
    assess: Assess | None = None
    file: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)

    def in_force(self, day: date) -> bool:
        """Return whether the rule applies on `day`."""
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


@dataclass(frozen=True, slots=True)
class Advice:
    """What is widely copied, and what holds instead.

    Parameters
    ----------
    id : str
    said, instead : Text
    rules : tuple of str
    """

    id: str
    said: Text
    instead: Text
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A day on which the law changed, and what it means for a case already open.

    Parameters
    ----------
    day : date
    what, open_cases : Text
    rules : tuple of str
    confidence : str
    """

    day: date
    what: Text
    open_cases: Text
    rules: tuple[str, ...]
    confidence: str
