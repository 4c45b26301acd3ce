"""Moments as Bixie writes them: UTC, milliseconds, one spelling. A clock is passed in, never looked up."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

__all__ = ["Clock", "format_timestamp", "parse_timestamp", "utc_now"]

Clock = Callable[[], datetime]
"""Answers with the present moment, with its zone."""

_WRITTEN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)


def utc_now() -> datetime:
    """Return the present moment in UTC: the clock of everything that is not a test."""
    return datetime.now(UTC)


def format_timestamp(moment: datetime) -> str:
    """Return a moment as ``2026-11-25T08:30:00.123Z``; what is finer than a millisecond is cut off.

    Raises
    ------
    ValueError
        For a time without a zone: nobody may guess which moment it was.
    """
    if moment.tzinfo is None:
        raise ValueError(moment.isoformat())
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_timestamp(text: str) -> datetime:
    """Return the moment that `format_timestamp` wrote.

    Raises
    ------
    ValueError
        For any other spelling, also of the same moment.
    """
    if not _WRITTEN.fullmatch(text):
        raise ValueError(text)
    return datetime.fromisoformat(text)
