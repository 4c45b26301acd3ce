"""Count a length from a start: by the clock, or in days of UTC+8 with China's days off."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal

from bixie.kit.calendar import CHINA
from bixie.kit.due_time.errors import DueTimeError
from bixie.kit.due_time.explanation import explain
from bixie.kit.due_time.holidays import Calendar
from bixie.kit.due_time.length import Length
from bixie.kit.messages import Text

__all__ = ["Due", "Skipped", "due_after", "resumed"]

_DAY = timedelta(days=1)
Reason = Literal["holiday", "weekend", "paused"]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A day that was not counted.

    Parameters
    ----------
    day : date
        In UTC+8.
    reason : str
        ``holiday``, ``weekend`` or ``paused``.
    name : Text or None
        Name of the holiday.
    """

    day: date
    reason: Reason
    name: Text | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """By when something is due, and how that was counted.

    Parameters
    ----------
    start : datetime
        UTC.
    length : Length
    at : datetime
        UTC. For days and working days the end of a day of UTC+8, which is the first moment of the next.
    skipped : tuple of Skipped
        Days that were not counted, in order. Counting hours skips no day.
    moved_from : date or None
        The last of the counted days where it was a day off, so that the next working day took its place.
    made_up : tuple of date
        Weekend days that were counted because people work on them.
    unpublished : tuple of int
        Years whose days off were not known yet; their weekends were days off.
    pauses : tuple of (datetime, datetime)
        From when until when the duty was paused, UTC.
    """

    start: datetime
    length: Length
    at: datetime
    skipped: tuple[Skipped, ...] = ()
    moved_from: date | None = None
    made_up: tuple[date, ...] = ()
    unpublished: tuple[int, ...] = ()
    pauses: tuple[tuple[datetime, datetime], ...] = ()

    def explain(self, zone: tzinfo) -> Text:
        """Return one sentence for a person: the time in `zone`, how it was counted, what was not, and why."""
        return explain(self, zone)


def due_after(start: datetime, length: Length, calendar: Calendar) -> Due:
    """Return when a length that begins at `start` is over.

    Parameters
    ----------
    start : datetime
        With its zone.
    length : Length
        Hours run by the clock. Days and working days are counted from the day after the start's day and end
        with the last of them, at 24:00 (UTC+8). If the last of the days is a day off, the next working day is
        the last (articles 201 and 203 of the Civil Code).
    calendar : Calendar

    Raises
    ------
    DueTimeError
        ``due.beyond_calendar`` after the year 9998.
    ValueError
        For a time without a zone.
    """
    return _count(Due(_in_utc(start), length, _in_utc(start)), calendar)


def resumed(due: Due, paused_at: datetime, resumed_at: datetime, calendar: Calendar) -> Due:
    """Return a due time after one more pause.

    Hours are longer by the pause, exactly. Days on which the duty was paused, if only for a moment, do not
    count as days or working days; as many are left to count after the last of them as were before the first.
    What was over when the pause began is over when it ends.

    Parameters
    ----------
    due : Due
    paused_at, resumed_at : datetime
        With their zone. A clock that was set back in between makes the second the earlier one: this counts as
        a pause without length.
    calendar : Calendar
        That with which `due` was counted; with a newer one the time is counted anew.

    Raises
    ------
    DueTimeError
        ``due.beyond_calendar`` after the year 9998.
    ValueError
        For a time without a zone.
    """
    begin = _in_utc(paused_at)
    return _count(replace(due, pauses=(*due.pauses, (begin, max(begin, _in_utc(resumed_at))))), calendar)


def _count(due: Due, calendar: Calendar) -> Due:
    try:
        if due.length.unit == "hours":
            paused = sum((end - begin for begin, end in due.pauses), timedelta())
            return replace(due, at=due.start + timedelta(hours=due.length.amount) + paused)
        return _counted_days(due, calendar)
    except OverflowError as error:
        raise DueTimeError("due.beyond_calendar") from error


def _counted_days(due: Due, calendar: Calendar) -> Due:
    """Count days until enough of them count, and one that ends the length is a working day."""
    workdays = due.length.unit == "workdays"
    paused = [(_day_of(begin), _day_of(end)) for begin, end in due.pauses]
    first = day = _day_of(due.start)
    left = due.length.amount
    skipped: list[Skipped] = []
    made_up: list[date] = []
    moved_from: date | None = None
    while left:
        day += _DAY
        working = calendar.is_working_day(day)
        if any(begin <= day <= end for begin, end in paused):
            skipped.append(Skipped(day, "paused") if working else _day_off(day, calendar))
        elif working or (not workdays and left > 1):
            left -= 1
            made_up += [day] if day in calendar.workdays and (workdays or not left) else []
        else:
            skipped.append(_day_off(day, calendar))
            moved_from = moved_from or (None if workdays else day)
    at = datetime.combine(day + _DAY, time(), CHINA).astimezone(UTC)
    asked_first = first + _DAY if workdays else moved_from or day  # days ask about the last day only
    years = range(asked_first.year, day.year + 1)
    return replace(
        due,
        at=at,
        skipped=tuple(skipped),
        moved_from=moved_from,
        made_up=tuple(made_up),
        unpublished=tuple(year for year in years if not calendar.is_published(year)),
    )


def _day_off(day: date, calendar: Calendar) -> Skipped:
    name = calendar.holiday(day)
    return Skipped(day, "holiday" if name else "weekend", name)


def _day_of(moment: datetime) -> date:
    return moment.astimezone(CHINA).date()


def _in_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(moment.isoformat())
    return moment.astimezone(UTC)
