"""The result of an assessment, as data; `rendering` writes the sentences."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from bixie.law.entries import Catalogue, Rule, Threshold

__all__ = ["Assessment", "Deadline", "Flag", "Qualification", "Status"]

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
    """

    on: date
    catalogue: Catalogue
    qualifications: tuple[Qualification, ...]
    flags: tuple[Flag, ...]
    deadlines: tuple[Deadline, ...]

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
