"""What an assessment comes to, without a word of text: texts are made from it on demand."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from bixie.law.entries import Catalogue, Rule, Threshold

__all__ = ["Assessment", "Deadline", "Flag", "Qualification", "Status"]

Status = Literal["possible", "alternative", "depends", "not_met", "expired"]


@dataclass(frozen=True, slots=True)
class Qualification:
    """What one rule says about the facts: a possible qualification for a person's review, never a finding.

    Parameters
    ----------
    rule : Rule
    status : Status
    tier : str or None
        ``base``, ``aggravated``, ``large``, ``huge``, ``extra`` or ``multiple``; the lightest where several
        are left open.
    questions : tuple of str
        Sorted ids of `messages.toml`.
    acts : tuple of int
        Indices of the acts that count.
    confidence : str
        The weakest mark of what was used.
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
        """Whether it is met, or may be."""
        return self.status not in {"not_met", "expired"}


class Flag(NamedTuple):
    """Something to know beside the qualifications; `rule` is the one that says so."""

    id: str
    rule: str | None


class Deadline(NamedTuple):
    """A time limit that is still open: the last day in time, for the act that runs out first."""

    id: str
    until: date
    act: int


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything that was found.

    Parameters
    ----------
    on : date
    catalogue : Catalogue
    qualifications : tuple of Qualification
        One a rule that is assessed, also where it is not met.
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
