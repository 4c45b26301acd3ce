"""Format and parse timestamps: UTC, milliseconds, one spelling. Callers pass the clock in."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

__all__ = [
    "Clock",
    "format_optional",
    "format_timestamp",
    "local_now",
    "local_time",
    "parse_timestamp",
    "utc_now",
]

Clock = Callable[[], datetime]
"""Returns the current time, with its zone."""

_FORMAT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)


def utc_now() -> datetime:
    """Return the current time in UTC: the clock outside of tests."""
    return datetime.now(UTC)


def local_now() -> datetime:
    """Return the current time in the zone of this machine: what a person here reads off a clock."""
    return datetime.now(UTC).astimezone()


def format_timestamp(time: datetime) -> str:
    """Return a time as ``2026-11-25T08:30:00.123Z``; microseconds are cut off.

    Raises
    ------
    ValueError
        For a time without a zone.
    """
    if time.tzinfo is None:
        raise ValueError(time.isoformat())
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def format_optional(time: datetime | None) -> str | None:
    """Return a time as `format_timestamp` does, or None."""
    return None if time is None else format_timestamp(time)


def local_time(time: datetime) -> str:
    """Return a time for a person at this machine, with its zone: ``2026-11-25 16:30:00+08:00``."""
    return time.astimezone().isoformat(sep=" ", timespec="seconds")


def parse_timestamp(text: str) -> datetime:
    """Return the time that `format_timestamp` wrote.

    Raises
    ------
    ValueError
        For any other spelling, even of the same time.
    """
    if not _FORMAT.fullmatch(text):
        raise ValueError(text)
    return datetime.fromisoformat(text)
