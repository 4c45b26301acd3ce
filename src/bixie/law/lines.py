"""Which amounts count as large, huge and especially huge, where and when."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from bixie.law.entries import Catalogue, Threshold
from bixie.law.facts import Facts

__all__ = ["LineBook", "ordinary_lines"]


@dataclass(frozen=True, eq=False)
class LineBook:
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
    def of(catalogue: Catalogue) -> "LineBook":
        """Return the book of `catalogue`, made once."""
        return _book(catalogue.thresholds)

    @property
    def national(self) -> list[Threshold]:
        """The nationwide band; empty where the catalogue has none."""
        return self.by_province.get(None, [])

    def telecom(self, day: date | None) -> Threshold | None:
        """Return the nationwide lines of fraud by telecommunication on `day` (None: today's)."""
        return next((line for line in self.thresholds if line.telecom and _applies(line, day)), None)


@lru_cache(maxsize=8)
def _book(thresholds: tuple[Threshold, ...]) -> LineBook:
    places: dict[str | None, list[Threshold]] = defaultdict(list)
    for line in thresholds:
        if line.offence == "fraud" and not line.telecom:
            places[line.province].append(line)
    return LineBook(thresholds, dict(places))


def ordinary_lines(book: LineBook, facts: Facts, day: date | None) -> tuple[list[Threshold], str]:
    """Return the lines that may apply to ordinary fraud, and the question that would settle them.

    Parameters
    ----------
    book : LineBook
    facts : Facts
        Province and class.
    day : date or None
        Of the last act.
    """
    if facts.province is None:
        return _in_force(book.national, day, "place")
    found = [
        line
        for line in book.by_province.get(facts.province, ())
        if facts.guangdong_class in {None, line.group}
    ]
    if not found:
        return _in_force(book.national, day, "provincial_line")
    return _in_force(found, day, "place" if len(found) > 1 else "provincial_line")


def _in_force(lines: list[Threshold], day: date | None, question: str) -> tuple[list[Threshold], str]:
    """Keep the lines of the day; acts older than every line are measured by the first, as a question."""
    found = [line for line in lines if _applies(line, day)]
    return (found, question) if found else (lines[:1], "older_line")


def _applies(line: Threshold, day: date | None) -> bool:
    return line.end is None if day is None else line.in_force(day)
