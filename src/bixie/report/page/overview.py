"""Order, count and fold the files of a claim: a reader of twenty photos begins with the worst."""

from collections.abc import Iterable
from dataclasses import dataclass

from bixie.examiners.results import ExhibitResult, Verdict

__all__ = ["Count", "counts", "is_quiet", "rank"]

_ORDER = (Verdict.REFUTED, Verdict.SUSPECT, Verdict.UNREADABLE, Verdict.SUPPORTED, Verdict.INCONCLUSIVE)
"""What asks for a decision, for another file, then what speaks for a file, then the usual case."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many files of a claim have a verdict."""

    verdict: Verdict
    files: int


def counts(exhibits: Iterable[ExhibitResult]) -> tuple[Count, ...]:
    """Return how many files have each verdict, the worst first; verdicts without a file are left out."""
    verdicts = [one.verdict for one in exhibits]
    return tuple(Count(one, verdicts.count(one)) for one in _ORDER if one in verdicts)


def is_quiet(exhibit: ExhibitResult) -> bool:
    """Return whether a file needs no place of its own: no verdict, no warning, none of our pictures."""
    return (
        exhibit.verdict is Verdict.INCONCLUSIVE
        and not exhibit.warnings
        and not any(finding.same_shot for finding in exhibit.findings)
    )


def rank(exhibit: ExhibitResult) -> tuple[int, bool]:
    """Return by what files are sorted, the worst first."""
    return _ORDER.index(exhibit.verdict), is_quiet(exhibit)
