"""Days in UTC+8 and months that end where the calendar ends."""

from datetime import date, datetime

import pytest

from bixie.kit.calendar import CHINA, add_months, day_in_china, today_in_china


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025-12-31", date(2025, 12, 31)),
        ("2025-12-31T15:59:59Z", date(2025, 12, 31)),
        ("2025-12-31T16:00:00Z", date(2026, 1, 1)),
        ("2025-12-31T23:59:00+08:00", date(2025, 12, 31)),
        ("2026-01-01T00:30:00+09:00", date(2025, 12, 31)),
    ],
)
def test_a_time_has_its_day_in_china(text, day):
    assert day_in_china(text) == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2025-02-30",
        "2025-1-1",
        "20250101",
        "2025-12-31T10:00:00",
        "2025-12-31 10:00",
        "9999-12-31T23:59:59Z",
        "yesterday",
    ],
)
def test_what_is_no_day_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - callers name the key themselves
        day_in_china(text)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2025, 8, 31), 6, date(2026, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 5, 10), 0, date(2026, 5, 10)),
    ],
)
def test_months_are_added_by_the_calendar(day, months, later):
    assert add_months(day, months) == later


def test_no_month_lies_after_the_last_year():
    with pytest.raises(ValueError, match="10000"):
        add_months(date(9999, 12, 1), 1)


def test_today_is_a_day_of_utc_8():
    before = datetime.now(CHINA).date()
    assert before <= today_in_china() <= datetime.now(CHINA).date()
