"""The result of an assessment, as data; `rendering` writes the sentences."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

from bixie.law.entries import Catalogue, Rule, StepEntry, Threshold
from bixie.law.limits import TimeLimit
from bixie.law.prepared_facts import PreparedFacts

__all__ = ["Assessment", "Deadline", "Flag", "Qualification", "Status", "Step"]

Status = Literal["possible", "alternative", "depends", "not_met", "expired"]


@dataclass(frozen=True, slots=True)
class Qualification:
    """The result for one rule: a possible qualification for a person's review, never a finding.

    Parameters
    ----------
    rule : Rule
    status : Status
    tier : str or None
        ``base``, ``aggravated``, ``large``, ``huge``, ``extra`` or ``multiple``; the lightest if several
        are possible.
    questions : tuple of str
        Sorted ids of `messages.toml`.
    acts : tuple of int
        Indices of the acts that count under the rule.
    confidence : str
        The weakest mark among everything used.
    thresholds : tuple of Threshold
    basis : str or None
        Why several acts were added up.
    """

    rule: Rule
    status: Status
    tier: str | None
    questions: tuple[str, ...]
    acts: tuple[int, ...]
    confidence: str
    thresholds: tuple[Threshold, ...] = ()
    basis: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether the rule is met or may be met."""
        return self.status not in {"not_met", "expired"}


class Flag(NamedTuple):
    """A remark beside the qualifications; `rule` declares it, None for a general one."""

    id: str
    rule: str | None


class Deadline(NamedTuple):
    """A time limit that still runs: its last day, for the act whose limit ends first."""

    id: str
    until: date
    act: int


class Step(NamedTuple):
    """Something that the merchant can do now, or could have done.

    Parameters
    ----------
    entry : StepEntry
    status : {"possible", "depends", "expired"}
        ``expired`` if the time limits of all its rules have passed.
    rules : tuple of Rule
        The rules that open the step; if it is expired, those that did.
    questions : tuple of str
        What has to be known first.
    limits : tuple of TimeLimit
    """

    entry: StepEntry
    status: Literal["possible", "depends", "expired"]
    rules: tuple[Rule, ...]
    questions: tuple[str, ...]
    limits: tuple[TimeLimit, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """The whole result.

    Parameters
    ----------
    on : date
    catalogue : Catalogue
    qualifications : tuple of Qualification
        One for each assessed rule, also if it is not met.
    flags : tuple of Flag
    deadlines : tuple of Deadline
        By day.
    prepared : PreparedFacts
        The facts that were assessed; `explanation` says why from them.
    """

    on: date
    catalogue: Catalogue
    qualifications: tuple[Qualification, ...]
    flags: tuple[Flag, ...]
    deadlines: tuple[Deadline, ...]
    prepared: PreparedFacts = field(compare=False, repr=False)

    def of(self, rule: str) -> Qualification:
        """Return the qualification under the rule with the id `rule`.

        Raises
        ------
        KeyError
            If no assessed rule has the id.
        """
        for qualification in self.qualifications:
            if qualification.rule.id == rule:
                return qualification
        raise KeyError(rule)
