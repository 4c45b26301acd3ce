"""Say in one sentence by when something is due and how that was counted."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta, tzinfo
from itertools import groupby
from typing import TYPE_CHECKING

from bixie.kit.calendar import CHINA
from bixie.kit.due_time.dates import day_in_words, days_in_words, moment_in_words
from bixie.kit.due_time.zones import zone_name
from bixie.kit.messages import Text, catalogue

if TYPE_CHECKING:
    from bixie.kit.due_time.due import Due, Skipped

__all__ = ["explain"]

_MAX_WEEKEND_DAYS = 4
"""Weekends with more days than this are only counted: their dates would hide the holidays."""
_DAY = timedelta(days=1)


def explain(due: "Due", zone: tzinfo) -> Text:
    """Return one sentence: the time in `zone` with the zone's name, how it was counted, what was not and why.

    Notes
    -----
    A time at midnight is written as 24:00 of the day that ends. Seconds are cut off.
    """
    local = due.at.astimezone(zone)
    year = (local - timedelta(microseconds=1)).year
    parts = [_counted(due, zone, year), *_skipped(due, year), *_added(due, year)]
    key = "explain"
    if due.length.unit != "hours" and local.utcoffset() != CHINA.utcoffset(None):
        key = "explain.other_zone"  # days end at midnight in China, which is some hour of the day elsewhere
    return _words(
        key,
        time=moment_in_words(local),
        zone=zone_name(local),
        time_in_china=moment_in_words(due.at.astimezone(CHINA)),
        how=_joined(parts),
    )


def _words(key: str, **values: object) -> Text:
    return catalogue("bixie.kit.due_time").text(key, **values)


def _joined(parts: Sequence[Text]) -> Text:
    return Text(en="; ".join(part.en for part in parts), zh="；".join(part.zh for part in parts))


def _counted(due: "Due", zone: tzinfo, year: int) -> Text:
    if due.length.unit != "hours":
        start = day_in_words(due.start.astimezone(CHINA).date(), year)
        return _words("explain.days", start=start, length=due.length.in_words())
    local = due.start.astimezone(zone)
    start, clock = day_in_words(local.date(), year), f"{local:%H:%M}"
    return _words("explain.hours", start=start, clock=clock, length=due.length.in_words())


def _skipped(due: "Due", year: int) -> Iterator[Text]:
    """Yield what was not counted: holidays and pauses as they come, all weekends together."""
    weekends = [one.day for one in due.skipped if one.reason == "weekend"]
    if len(weekends) > _MAX_WEEKEND_DAYS:
        yield _words("explain.weekends", count=len(weekends))
    elif weekends:
        yield _not_counted("explain.weekend", weekends, year)
    for first, days in _runs(due.skipped):
        if first.reason == "holiday":
            yield _not_counted("explain.holiday", days, year, name=first.name)
        elif first.reason == "paused":
            yield _not_counted("explain.paused", days, year)


def _runs(skipped: Sequence["Skipped"]) -> Iterator[tuple["Skipped", list[date]]]:
    """Yield the days that follow each other for one reason, with the first of them."""
    numbered = enumerate(skipped)
    for _, run in groupby(numbered, lambda one: (one[1].reason, one[1].name, one[1].day - one[0] * _DAY)):
        days = [one for _, one in run]
        yield days[0], [one.day for one in days]


def _not_counted(key: str, days: Sequence[date], year: int, **values: object) -> Text:
    number = "one" if len(days) == 1 else "many"
    return _words(f"{key}.{number}", days=days_in_words(days, year), **values)


def _added(due: "Due", year: int) -> Iterator[Text]:
    """Yield what made the time end on another day than plain counting would have it."""
    if due.moved_from:
        last = (due.at - timedelta(microseconds=1)).astimezone(CHINA).date()
        yield _words("explain.moved", day=day_in_words(due.moved_from, year), last=day_in_words(last, year))
    if due.made_up:
        yield _not_counted("explain.made_up", due.made_up, year)
    for unpublished in due.unpublished:
        yield _words("explain.unpublished", year=unpublished)
    if due.length.unit == "hours" and due.pauses:
        yield _words("explain.hours_paused", duration=_duration(due.pauses))


def _duration(pauses: Sequence[tuple[datetime, datetime]]) -> Text:
    minutes = sum((end - begin for begin, end in pauses), timedelta()) // timedelta(minutes=1)
    hours, rest = divmod(minutes, 60)
    if not minutes:
        return _words("duration.short")
    return _words("duration.hours" if not rest else "duration.minutes", hours=hours, minutes=rest)
