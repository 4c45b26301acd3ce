"""The days off of every published year are whole, and data that contradict themselves are refused."""

from collections import Counter
from datetime import date, timedelta

import pytest

from bixie.kit.due_time import Calendar, DueTimeError

CALENDAR = Calendar.china()
FESTIVALS = ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")
STATUTORY_DAYS = 13
"""Days off by the State Council's regulation of 2024-11-10 (国务院令第795号), in force from 2025."""


@pytest.mark.parametrize("year", sorted(CALENDAR.years))
def test_a_year_is_complete(year):
    published = CALENDAR.years[year]
    names = Counter(
        part for name in {name.zh for name in published.off.values()} for part in name.split("、")
    )
    assert names == Counter(FESTIVALS)
    # A holiday on a weekend is given back, a bridge day is made up for: what is left is what the law grants.
    assert sum(day.weekday() < 5 for day in published.off) - len(published.workdays) == STATUTORY_DAYS
    assert published.notice.startswith(f"国办发明电〔{published.published.year}〕")
    assert published.published < min(published.off)


def test_both_years_are_there():
    assert sorted(CALENDAR.years) == [2025, 2026]
    assert not CALENDAR.is_published(2027)


@pytest.mark.parametrize(
    ("day", "working"),
    [
        ("2026-02-14", True),
        ("2026-02-15", False),
        ("2026-02-23", False),
        ("2026-02-24", True),
        ("2026-10-10", True),
        ("2026-10-11", False),
        ("2025-10-08", False),
        ("2025-10-09", True),
        ("2027-01-01", True),
        ("2027-01-02", False),
    ],
)
def test_a_day_is_a_working_day_or_not(day, working):
    assert CALENDAR.is_working_day(date.fromisoformat(day)) is working


def test_no_holiday_is_cut_off_by_a_weekend():
    # The notices count weekend days into a holiday: "共 8 天" is one row of days.
    for published in CALENDAR.years.values():
        for day, name in published.off.items():
            following = day + timedelta(days=1)
            if published.off.get(following) != name:
                assert CALENDAR.is_working_day(following), f"{name.zh} goes on after {day}"


def file_with(*holidays, year="2026", more=""):
    entries = "".join(
        f"      - {{name: {{zh: 节, en: day}}, from: {first}, to: {last}, workdays: [{workdays}]}}\n"
        for first, last, workdays in holidays
    )
    return (
        f"years:\n  - year: {year}\n    notice: 国办发明电〔2025〕7号\n    published: 2025-11-04\n"
        f"    holidays:\n{entries}{more}"
    )


NEW_YEAR = ("2026-01-01", "2026-01-03", "2026-01-04")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("years: [", "holidays.not_yaml"),
        ("years: !!python/object:os.system {}", "holidays.not_yaml"),
        ("years:\n  - year: 2026-13-45\n", "holidays.not_yaml"),
        (file_with(NEW_YEAR, year="next"), "holidays.not_as_described"),
        ("[]", "holidays.not_as_described"),
        (file_with(NEW_YEAR, more="    sundays: []\n"), "holidays.not_as_described"),
        (file_with(("yesterday", "2026-01-03", "")), "holidays.not_as_described"),
        (file_with(NEW_YEAR) + file_with(NEW_YEAR).removeprefix("years:\n"), "holidays.year_twice"),
        (file_with(("2026-01-03", "2026-01-01", "")), "holidays.not_a_span"),
        (file_with(("2026-01-01", "2026-11-03", "")), "holidays.not_a_span"),
        (file_with(("2025-01-01", "2025-01-03", "")), "holidays.other_year"),
        (file_with(("2026-01-01", "2026-01-03", "2027-01-09")), "holidays.other_year"),
        (file_with(NEW_YEAR, ("2026-01-03", "2026-01-04", "")), "holidays.day_twice"),
        (file_with(("2026-01-01", "2026-01-02", "2026-01-10, 2026-01-10")), "holidays.day_twice"),
        (file_with(("2026-01-01", "2026-01-03", "2026-01-03")), "holidays.off_and_workday"),
        (file_with(("2026-01-01", "2026-01-03", "2026-01-07")), "holidays.not_a_weekend"),
    ],
)
def test_data_that_contradict_themselves_are_refused(text, code):
    with pytest.raises(DueTimeError) as caught:
        Calendar.parse(text, "days.yaml")
    assert caught.value.code == code
    assert caught.value.values["file"] == "days.yaml"


def test_new_year_may_reach_into_december():
    calendar = Calendar.parse(file_with(("2025-12-31", "2026-01-01", "2025-12-28")), "days.yaml")
    assert not calendar.is_working_day(date(2025, 12, 31))
    assert calendar.is_working_day(date(2025, 12, 28))
