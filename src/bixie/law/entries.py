"""What the catalogue holds, as types: laws, sources, thresholds, rules, advice, the calendar of changes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from bixie.kit.messages import Text
from bixie.law.truth import Answer

__all__ = [
    "CONFIDENCES",
    "LEVELS",
    "ActTest",
    "Advice",
    "Assess",
    "Catalogue",
    "Change",
    "DeclaredFlag",
    "Law",
    "Limit",
    "MatterTest",
    "Rule",
    "Source",
    "SourceLocation",
    "Threshold",
    "weakest",
]

CONFIDENCES = ("C", "C2", "K", "X")
"""Confirmed in the text; in a secondary source; general knowledge; sources conflict. Weaker to the right."""

ActTest = Callable[[Any, Any], Answer]
"""Takes the matter and one of its acts; see `conditions`."""

MatterTest = Callable[[Any], Answer]


LEVELS = ("civil", "administrative", "criminal", "platform", "label", "evidence", "privacy", "repair")
"""In the order in which people look for them."""


def weakest(*confidences: str) -> str:
    """Return the mark that trusts least."""
    return max(confidences, key=CONFIDENCES.index)


class SourceLocation(NamedTuple):
    """Where an entry stands: file name and line, from 1."""

    file: str
    line: int


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
    place : SourceLocation
    """

    id: str
    name: Text
    start: date | None
    end: date | None
    articles: int | None
    place: SourceLocation


@dataclass(frozen=True, slots=True)
class Source:
    """Where something was read.

    Parameters
    ----------
    id : str
    name : Text
    where : str
    place : SourceLocation
    """

    id: str
    name: Text
    where: str
    place: SourceLocation


class _Dated:
    """What applies from one day to another, both included."""

    __slots__ = ()
    start: date | None
    end: date | None

    def in_force(self, day: date) -> bool:
        """Return whether it applies to what happened on `day`."""
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


@dataclass(frozen=True, slots=True)
class Threshold(_Dated):
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
    sums_multiple : bool
        Three acts or more are one matter here, without a ruling that they are continuous.
    place : SourceLocation
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
    sums_multiple: bool
    place: SourceLocation


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
    acts : tuple of ActTest
        What every act counted must meet.
    when : MatterTest
        About the matter as a whole.
    reading : {"possible", "alternative"}
        What the rule is called where it is met.
    tiers : str or None
        ``"penalty"`` (base or aggravated), ``"fraud"``, ``"attempt"`` or ``"extortion"``.
    limit : Limit or None
    transition : bool
        Where a later version of the rule has come into force, the day of the decision matters.
    effect : str or None
        Flag that is raised where the rule is met.
    outcome : mapping
        By tier, or under ``"all"``; yuan and days.
    """

    acts: tuple[ActTest, ...]
    when: MatterTest
    reading: str
    tiers: str | None
    limit: Limit | None
    transition: bool
    effect: str | None
    outcome: Mapping[str, Any]


class DeclaredFlag(NamedTuple):
    """A flag that an entry declares.

    Parameters
    ----------
    id : str
    when : str
        Name of a condition of `flags`.
    open : tuple of str
        Rules that must be met, or may be, as well.
    """

    id: str
    when: str
    open: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule(_Dated):
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
    flags : tuple of DeclaredFlag
        What this entry says beside the qualifications.
    place : SourceLocation
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
    note: Text | None
    unsettled: Text | None
    see: tuple[str, ...]
    series: str | None
    binding: bool
    assess: Assess | None
    flags: tuple[DeclaredFlag, ...]
    place: SourceLocation


@dataclass(frozen=True, slots=True)
class Advice:
    """What is widely copied, and what holds instead.

    Parameters
    ----------
    id : str
    said, instead : Text
    rules : tuple of str
    place : SourceLocation
    """

    id: str
    said: Text
    instead: Text
    rules: tuple[str, ...]
    place: SourceLocation


@dataclass(frozen=True, slots=True)
class Change:
    """A day on which the law changed, and what it means for a case already open.

    Parameters
    ----------
    day : date
    what, open_cases : Text
    rules : tuple of str
    confidence : str
    place : SourceLocation
    """

    day: date
    what: Text
    open_cases: Text
    rules: tuple[str, ...]
    confidence: str
    place: SourceLocation


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything that the files of the catalogue say, checked.

    Parameters
    ----------
    as_of : date
        The day up to which it was brought.
    disclaimer : Text
    laws, sources, rules : mapping
        By id; rules by level, then in the order of the files.
    thresholds : tuple of Threshold
    advice : tuple of Advice
    calendar : tuple of Change
        In the order of their days.
    """

    as_of: date
    disclaimer: Text
    laws: Mapping[str, Law]
    sources: Mapping[str, Source]
    rules: Mapping[str, Rule]
    thresholds: tuple[Threshold, ...]
    advice: tuple[Advice, ...]
    calendar: tuple[Change, ...]

    def later_version(self, rule: Rule, day: date | None) -> Rule | None:
        """Return the version of a rule that is in force on `day`, if it begins after `rule` ends."""
        if rule.series is None or rule.end is None or day is None or day <= rule.end:
            return None
        versions = (other for other in self.rules.values() if other.series == rule.series)
        return next((other for other in versions if other is not rule and other.in_force(day)), None)
