"""Types of the catalogue: laws, sources, thresholds, rules, advice, the calendar of changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from bixie.kit.messages import Text
from bixie.law.grounds import Condition

__all__ = [
    "CONFIDENCES",
    "LEVELS",
    "Advice",
    "Assess",
    "Catalogue",
    "Change",
    "DeclaredFlag",
    "Law",
    "Limit",
    "Rule",
    "Source",
    "SourceLocation",
    "StepEntry",
    "Threshold",
    "weakest",
]

CONFIDENCES = ("C", "C2", "K", "X")
"""Substance checked against the text; secondary source only; general knowledge; sources conflict.
Strongest first.
"""

LEVELS = ("civil", "administrative", "criminal", "platform", "label", "evidence", "privacy", "repair")
"""In the order in which they are shown."""


def weakest(*confidences: str) -> str:
    """Return the weakest of some marks."""
    return max(confidences, key=CONFIDENCES.index)


class SourceLocation(NamedTuple):
    """File name and line, from 1, of an entry."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Law:
    """A statute, interpretation, rule or standard in one version.

    Parameters
    ----------
    id : str
    name, short : Text
        The full name, and the one in daily use.
    aliases : tuple of str
        Other names that people search for.
    start, end : date or None
        First and last day in force.
    articles : int or None
        How many it has, if known; a rule that cites a higher number is refused.
    location : SourceLocation
    """

    id: str
    name: Text
    short: Text
    aliases: tuple[str, ...]
    start: date | None
    end: date | None
    articles: int | None
    location: SourceLocation


@dataclass(frozen=True, slots=True)
class Source:
    """A source: where a text was read.

    Parameters
    ----------
    id : str
    name : Text
    where : str
    location : SourceLocation
    """

    id: str
    name: Text
    where: str
    location: SourceLocation


class _Dated:
    """An entry with a first and a last day in force."""

    __slots__ = ()
    start: date | None
    end: date | None

    def in_force(self, day: date) -> bool:
        """Return whether it is in force on `day`."""
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


@dataclass(frozen=True, slots=True)
class Threshold(_Dated):
    """Thresholds of an offence in one province, or nationwide, in fen.

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
        Lowest and highest threshold that the sources allow; equal where they agree.
    lowered_if : tuple of str
        Facts under which `lowered_large` and `lowered_huge` apply instead.
    lowered_large, lowered_huge : int or None
    confidence : str
    sources : tuple of str
    note : Text or None
    unverified : bool
        A later change is reported, but its values are not known.
    sums_multiple : bool
        Three acts or more are added up without proof that they are continuous.
    location : SourceLocation
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
    location: SourceLocation


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
    """How a rule is checked against facts.

    Parameters
    ----------
    acts : tuple of Condition
        What an act must meet to count; asked with prepared facts and the act.
    when : Condition
        What all facts together must meet; asked with prepared facts.
    reading : {"possible", "alternative"}
        Status if the rule is met.
    tiers : str or None
        ``"penalty"`` (base or aggravated), ``"fraud"``, ``"attempt"`` or ``"extortion"``.
    limit : Limit or None
    transition : bool
        Where a later version of the rule has come into force, the day of the decision matters.
    effect : str or None
        Flag that is raised if the rule is met.
    step : str or None
        Id of the step that the rule opens for the merchant.
    outcome : mapping
        By tier, or under ``"all"``; yuan and days.
    """

    acts: tuple[Condition, ...]
    when: Condition
    reading: str
    tiers: str | None
    limit: Limit | None
    transition: bool
    effect: str | None
    step: str | None
    outcome: Mapping[str, Any]


class DeclaredFlag(NamedTuple):
    """A flag that a rule declares.

    Parameters
    ----------
    id : str
    when : str
        Name of a condition of `flags`.
    open : tuple of str
        Rules that must be open as well (met, or possibly met).
    """

    id: str
    when: str
    open: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule(_Dated):
    """One provision, or a few that are used together.

    Parameters
    ----------
    id, level : str
    law : Law
    articles : tuple of str
    title : Text or None
        What the provision is called in daily use.
    start, end : date or None
        First and last day on which it applies.
    text : Text
        What the provision says in substance; never its wording.
    confidence : str
    sources : tuple of str
    note, unsettled : Text or None
        A remark, and what is still to be verified.
    see : tuple of str
        Other entries.
    series : str or None
        Versions of one provision: no two are in force on one day.
    binding : bool
        False for a recommended standard.
    assess : Assess or None
        None for what is only looked up.
    flags : tuple of DeclaredFlag
        What this entry says beside the qualifications.
    location : SourceLocation
    """

    id: str
    level: str
    law: Law
    articles: tuple[str, ...]
    title: Text | None
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
    location: SourceLocation


@dataclass(frozen=True, slots=True)
class StepEntry:
    """Something that a merchant can do; assessed rules name the step that they open.

    Parameters
    ----------
    id : str
    kind : str
        ``"evidence"``, ``"platform"``, ``"civil"``, ``"regulator"`` or ``"police"``.
    title, how : Text
        What to do, and how.
    also : tuple of str
        Deadlines shown with the step besides the limits of its rules.
    location : SourceLocation
    """

    id: str
    kind: str
    title: Text
    how: Text
    also: tuple[str, ...]
    location: SourceLocation


@dataclass(frozen=True, slots=True)
class Advice:
    """A widely copied statement that is wrong, and its correction.

    Parameters
    ----------
    id : str
    said, instead : Text
    rules : tuple of str
    location : SourceLocation
    """

    id: str
    said: Text
    instead: Text
    rules: tuple[str, ...]
    location: SourceLocation


@dataclass(frozen=True, slots=True)
class Change:
    """A change of the law, and its effect on open cases.

    Parameters
    ----------
    day : date
    what, open_cases : Text
    rules : tuple of str
    confidence : str
    location : SourceLocation
    """

    day: date
    what: Text
    open_cases: Text
    rules: tuple[str, ...]
    confidence: str
    location: SourceLocation


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The whole catalogue, checked.

    Parameters
    ----------
    as_of : date
        Day of the last revision.
    disclaimer : Text
    laws, sources, rules : mapping
        By id; rules by level, then in the order of the files.
    thresholds : tuple of Threshold
    steps : tuple of StepEntry
        In the order in which they are worth taking.
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
    steps: tuple[StepEntry, ...]
    advice: tuple[Advice, ...]
    calendar: tuple[Change, ...]

    def later_version(self, rule: Rule, day: date | None) -> Rule | None:
        """Return the version of a rule that is in force on `day`, if it begins after `rule` ends."""
        if rule.series is None or rule.end is None or day is None or day <= rule.end:
            return None
        versions = (other for other in self.rules.values() if other.series == rule.series)
        return next((other for other in versions if other is not rule and other.in_force(day)), None)
