"""Days as Chinese law counts them: days of UTC+8, whatever the zone of a time."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta, timezone

__all__ = ["CHINA", "add_months", "day_in_china", "today_in_china"]

CHINA = timezone(timedelta(hours=8), "UTC+8")


def today_in_china() -> date:
    """Return today's date in UTC+8."""
    return datetime.now(UTC).astimezone(CHINA).date()


def day_in_china(text: str) -> date:
    """Return the day in UTC+8 of a date or of a time with its zone.

    Parameters
    ----------
    text : str
        A date, ``2025-12-31``, which is taken as it is, or an ISO 8601 time such as ``2025-12-31T16:00:00Z``.

    Raises
    ------
    ValueError
        For anything else, including a time without a zone: its day is unknown.
    """
    if len(text) == 10:
        return date.fromisoformat(text)
    time = datetime.fromisoformat(text)
    if "T" not in text.upper() or time.tzinfo is None:
        raise ValueError(text)
    try:
        return time.astimezone(CHINA).date()
    except OverflowError as error:
        raise ValueError(text) from error


def add_months(day: date, months: int) -> date:
    """Return the same day of the month `months` later, or that month's last day if it has no such day.

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
