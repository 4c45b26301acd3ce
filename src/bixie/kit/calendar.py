"""Days as Chinese law counts them: the calendar of UTC+8, whatever zone a time was written in."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta, timezone

__all__ = ["CHINA", "add_months", "day_in_china", "today_in_china"]

CHINA = timezone(timedelta(hours=8), "UTC+8")


def today_in_china() -> date:
    """Return today's day in UTC+8."""
    return datetime.now(UTC).astimezone(CHINA).date()


def day_in_china(text: str) -> date:
    """Return the day of a date or of a time with its zone.

    Parameters
    ----------
    text : str
        ``2025-12-31``, which is a day in UTC+8, or a time of ISO 8601 such as ``2025-12-31T16:00:00Z``.

    Raises
    ------
    ValueError
        For anything else, also a time without a zone: nobody may guess which day it was.
    """
    if len(text) == 10:
        return date.fromisoformat(text)
    moment = datetime.fromisoformat(text)
    if "T" not in text.upper() or moment.tzinfo is None:
        raise ValueError(text)
    try:
        return moment.astimezone(CHINA).date()
    except OverflowError as error:
        raise ValueError(text) from error


def add_months(day: date, months: int) -> date:
    """Return the same day of a later month, or its last day where it has no such day.

    Raises
    ------
    ValueError
        Past the year 9999.
    """
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if year > date.max.year:
        raise ValueError(str(year))
    length = 28 if day.day <= 28 else monthrange(year, month + 1)[1]  # every month has 28 days
    return date(year, month + 1, min(day.day, length))
