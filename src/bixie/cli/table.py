"""Tables that a person reads on a terminal: columns line up, Chinese characters counting as two."""

import unicodedata
from collections.abc import Sequence
from datetime import datetime

from bixie.kit.calendar import CHINA

__all__ = ["format_day_time", "format_size", "format_table"]

_GAP = "  "
_THOUSAND = 1_000
_UNITS = ("kB", "MB", "GB")


def format_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table of text, one row a line, without a line break at its end.

    Parameters
    ----------
    headings : sequence of str
    rows : sequence of sequences of str
        Each as long as `headings`.
    """
    lines = [headings, *rows]
    widths = [max(_width(line[column]) for line in lines) for column in range(len(headings))]
    return "\n".join(
        _GAP.join(
            cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True)
        ).rstrip()
        for line in lines
    )


def format_day_time(moment: datetime | None) -> str:
    """Return a time to the minute, in UTC+8, or a dash."""
    return "–" if moment is None else moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


def format_size(count: int) -> str:
    """Return a number of bytes, rounded to a unit: ``39.6 kB``."""
    if count < _THOUSAND:
        return f"{count} B"
    size, units = count / _THOUSAND, list(_UNITS)
    while size >= _THOUSAND and len(units) > 1:
        size /= _THOUSAND
        units.pop(0)
    return f"{size:.1f} {units[0]}"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
