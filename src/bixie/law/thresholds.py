"""Looks up thresholds: which amounts are large, huge and especially huge in a province on a day."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from bixie.law.entries import Catalogue, Threshold
from bixie.law.facts import Facts

__all__ = ["ThresholdIndex", "fraud_thresholds"]


@dataclass(frozen=True, eq=False)
class ThresholdIndex:
    """The thresholds of a catalogue by place.

    Parameters
    ----------
    thresholds : tuple of Threshold
    by_province : dict
        Ordinary fraud; None is the national band.
    """

    thresholds: tuple[Threshold, ...]
    by_province: dict[str | None, list[Threshold]]

    @staticmethod
    def of(catalogue: Catalogue) -> "ThresholdIndex":
        """Return the index of `catalogue`, built once."""
        return _index(catalogue.thresholds)

    @property
    def national(self) -> list[Threshold]:
        """The nationwide band; empty if the catalogue has none."""
        return self.by_province.get(None, [])

    def telecom(self, day: date | None) -> Threshold | None:
        """Return the nationwide thresholds of telecom fraud on `day`; None means those in force today."""
        return next((line for line in self.thresholds if line.telecom and _applies(line, day)), None)


@lru_cache(maxsize=8)
def _index(thresholds: tuple[Threshold, ...]) -> ThresholdIndex:
    places: dict[str | None, list[Threshold]] = defaultdict(list)
    for line in thresholds:
        if line.offence == "fraud" and not line.telecom:
            places[line.province].append(line)
    return ThresholdIndex(thresholds, dict(places))


def fraud_thresholds(index: ThresholdIndex, facts: Facts, day: date | None) -> tuple[list[Threshold], str]:
    """Return the thresholds of ordinary fraud that may apply, and the question that would narrow them down.

    Parameters
    ----------
    index : ThresholdIndex
    facts : Facts
        Province and class.
    day : date or None
        Of the last act.
    """
    if facts.province is None:
        return _in_force(index.national, day, "place")
    found = [
        line
        for line in index.by_province.get(facts.province, ())
        if facts.guangdong_class in {None, line.group}
    ]
    if not found:
        return _in_force(index.national, day, "provincial_line")
    return _in_force(found, day, "place" if len(found) > 1 else "provincial_line")


def _in_force(lines: list[Threshold], day: date | None, question: str) -> tuple[list[Threshold], str]:
    """Keep the thresholds in force on the day; older acts are measured by the first, as a question."""
    found = [line for line in lines if _applies(line, day)]
    return (found, question) if found else (lines[:1], "older_line")


def _applies(line: Threshold, day: date | None) -> bool:
    return line.end is None if day is None else line.in_force(day)
