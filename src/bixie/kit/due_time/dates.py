"""Days and moments as people write them, in Chinese and English."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import groupby

from bixie.kit.messages import Text

__all__ = ["day_in_words", "days_in_words", "moment_in_words"]

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAY = timedelta(days=1)


def moment_in_words(moment: datetime) -> Text:
    """Return a moment to the minute with its day of the week; midnight is 24:00 of the day that ends.

    Examples
    --------
    >>> moment_in_words(datetime(2026, 10, 11)).en
    '24:00 on Saturday, 10 October 2026'
    """
    day, clock = moment.date(), f"{moment:%H:%M}"
    if clock == "00:00":
        day, clock = day - _DAY, "24:00"
    weekday = day.weekday()
    return Text(
        en=f"{clock} on {_WEEKDAYS[weekday]}, {day.day} {_MONTHS[day.month - 1]} {day.year}",
        zh=f"{day.year}年{day.month}月{day.day}日（周{'一二三四五六日'[weekday]}）{clock}",
    )


def day_in_words(day: date, year: int) -> Text:
    """Return a day, with its year unless that is `year`."""
    return days_in_words([day], year)


def days_in_words(days: Sequence[date], year: int) -> Text:
    """Return a row of days, those that follow each other as a span, with years other than `year`.

    Parameters
    ----------
    days : sequence of date
        One or more, in order.
    year : int
        The year that the reader knows.

    Examples
    --------
    >>> days_in_words([date(2026, 10, day) for day in (1, 2, 3, 10)], 2026).zh
    '10月1日至3日、10月10日'
    """
    runs = groupby(enumerate(days), lambda one: one[1] - one[0] * _DAY)
    spans = [_span([day for _, day in run], year) for _, run in runs]
    *earlier, last = (span.en for span in spans)
    return Text(
        en=" and ".join([", ".join(earlier)] * bool(earlier) + [last]),
        zh="、".join(span.zh for span in spans),
    )


def _span(days: Sequence[date], year: int) -> Text:
    first, last = days[0], days[-1]
    if first == last:
        return Text(en=_english(first, year), zh=_chinese(first, year))
    same_month = (first.year, first.month) == (last.year, last.month)
    english = (
        str(first.day) if same_month else _english(first, year if first.year == last.year else last.year)
    )
    chinese = f"{last.day}日" if same_month else _chinese(last, first.year)
    between = "to" if len(days) > 2 else "and"
    return Text(
        en=f"{english} {between} {_english(last, year)}",
        zh=_chinese(first, year) + ("至" if len(days) > 2 else "、") + chinese,
    )


def _english(day: date, year: int) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]}" + (f" {day.year}" if day.year != year else "")


def _chinese(day: date, year: int) -> str:
    return (f"{day.year}年" if day.year != year else "") + f"{day.month}月{day.day}日"
