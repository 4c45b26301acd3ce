"""The days off and the make-up workdays that a government publishes for each year, read from data."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bixie.kit.due_time.errors import DueTimeError
from bixie.kit.messages import Text
from bixie.kit.validation import dotted

__all__ = ["Calendar", "Published"]

_DAY = timedelta(days=1)
_MAX_HOLIDAY = 15
"""Upper limit of the days of one holiday: a longer one is a typing error."""
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Published:
    """What was published for one year.

    Parameters
    ----------
    year : int
    notice : str
        Number of the notice, such as 国办发明电〔2025〕7号.
    published : date
    off : mapping of date to Text
        Days off with the name of their holiday, weekend days among them.
    workdays : mapping of date to Text
        Weekend days on which people work, with the name of the holiday that they make up for.
    """

    year: int
    notice: str
    published: date
    off: Mapping[date, Text]
    workdays: Mapping[date, Text]


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working days and days off; in a year that is not published yet, weekends are the days off.

    Parameters
    ----------
    years : mapping of int to Published
    off, workdays : mapping of date to Text
        Those of all years.
    """

    years: Mapping[int, Published]
    off: Mapping[date, Text]
    workdays: Mapping[date, Text]

    @staticmethod
    def china() -> "Calendar":
        """Return the calendar of mainland China that Bixie comes with, read once.

        Raises
        ------
        DueTimeError
            As `parse` does.
        """
        return _china()

    @classmethod
    def parse(cls, text: str, file: str) -> "Calendar":
        """Return the calendar of a YAML text in the form of ``holidays_cn.yaml``.

        Raises
        ------
        DueTimeError
            ``holidays.not_yaml``, ``holidays.not_as_described``, ``holidays.year_twice``,
            ``holidays.not_a_span``, ``holidays.other_year``, ``holidays.day_twice``,
            ``holidays.off_and_workday`` or ``holidays.not_a_weekend``; ``values`` has ``file`` and what is
            wrong.
        """
        years: dict[int, Published] = {}
        for one in _read(text, file).years:
            if one.year in years:
                raise DueTimeError("holidays.year_twice", file=file, year=one.year)
            years[one.year] = _published(one, file)
        off = _joined([one.off for one in years.values()], file)
        workdays = _joined([one.workdays for one in years.values()], file)
        for day in workdays:
            if day in off:
                raise DueTimeError("holidays.off_and_workday", file=file, day=day)
            if day.weekday() < _SATURDAY:
                raise DueTimeError("holidays.not_a_weekend", file=file, day=day)
        return cls(years, off, workdays)

    def is_working_day(self, day: date) -> bool:
        """Return whether people work on a day."""
        return day in self.workdays or (day not in self.off and day.weekday() < _SATURDAY)

    def holiday(self, day: date) -> Text | None:
        """Return the holiday that makes a day a day off, or None for a weekend or a working day."""
        return self.off.get(day)

    def is_published(self, year: int) -> bool:
        """Return whether the days off of a year are known."""
        return year in self.years


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class _Name(_Model):
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class _Holiday(_Model):
    name: _Name
    first: date = Field(alias="from")
    last: date = Field(alias="to")
    workdays: tuple[date, ...] = Field(strict=False)


class _Year(_Model):
    year: int = Field(ge=2000, le=2200)
    notice: str = Field(min_length=1)
    published: date
    holidays: tuple[_Holiday, ...] = Field(min_length=1, strict=False)


class _File(_Model):
    years: tuple[_Year, ...] = Field(min_length=1, strict=False)


@cache
def _china() -> Calendar:
    name = "holidays_cn.yaml"
    text = resources.files("bixie.kit.due_time").joinpath(name).read_text(encoding="utf-8")
    return Calendar.parse(text, name)


def _read(text: str, file: str) -> _File:
    try:
        document: Any = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise DueTimeError("holidays.not_yaml", file=file, reason=" ".join(str(error).split())) from error
    try:
        return _File.model_validate(document)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        at = dotted(first["loc"]) or "."
        raise DueTimeError("holidays.not_as_described", file=file, at=at, reason=first["msg"]) from error


def _published(year: _Year, file: str) -> Published:
    off: list[tuple[date, Text]] = []
    workdays: list[tuple[date, Text]] = []
    for holiday in year.holidays:
        name = Text(en=holiday.name.en, zh=holiday.name.zh)
        off += [(day, name) for day in _days(holiday, file)]
        workdays += [(day, name) for day in holiday.workdays]
    for day, _ in (*off, *workdays):
        # New Year's Day may bring days off and workdays at the end of the year before.
        if day.year != year.year and (day.year, day.month) != (year.year - 1, 12):
            raise DueTimeError("holidays.other_year", file=file, day=day, year=year.year)
    return Published(year.year, year.notice, year.published, _once(off, file), _once(workdays, file))


def _days(holiday: _Holiday, file: str) -> Iterator[date]:
    count = (holiday.last - holiday.first).days + 1
    if not 1 <= count <= _MAX_HOLIDAY:
        raise DueTimeError("holidays.not_a_span", file=file, first=holiday.first, last=holiday.last)
    return (holiday.first + number * _DAY for number in range(count))


def _once(days: list[tuple[date, Text]], file: str) -> dict[date, Text]:
    found: dict[date, Text] = {}
    for day, name in days:
        if day in found:
            raise DueTimeError("holidays.day_twice", file=file, day=day)
        found[day] = name
    return found


def _joined(years: list[Mapping[date, Text]], file: str) -> dict[date, Text]:
    return _once([entry for year in years for entry in year.items()], file)
