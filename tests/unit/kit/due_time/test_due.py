"""Due times counted by hand, around the holidays of 2025 and 2026."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from tests.sweeps import check_each

from bixie.kit.calendar import CHINA
from bixie.kit.due_time import Calendar, DueTimeError, Length, due_after, resumed

CALENDAR = Calendar.china()


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def last_day(start, **length):
    """Return the day that ends a length; the due time is its 24:00 in UTC+8."""
    due = due_after(at(start), Length.of(length), CALENDAR).at.astimezone(CHINA)
    assert due.time().isoformat() == "00:00:00"
    return (due.date() - timedelta(days=1)).isoformat()


COUNTED = [
    # Spring Festival 2026: off from Sunday 15 to Monday 23 February, work on Saturdays 14 and 28.
    ("2026-02-13T09:00", {"workdays": 1}, "2026-02-14"),
    ("2026-02-13T09:00", {"workdays": 2}, "2026-02-24"),
    ("2026-02-27T09:00", {"workdays": 1}, "2026-02-28"),
    ("2026-02-17T09:00", {"workdays": 1}, "2026-02-24"),
    ("2026-02-10T09:00", {"days": 7}, "2026-02-24"),
    ("2026-02-07T09:00", {"days": 7}, "2026-02-14"),
    # National Day 2025 with the Mid-Autumn Festival: off from 1 to 8 October, work on Sunday 28, Saturday 11.
    ("2025-09-26T18:00", {"workdays": 1}, "2025-09-28"),
    ("2025-09-30T18:00", {"workdays": 1}, "2025-10-09"),
    ("2025-09-30T18:00", {"workdays": 3}, "2025-10-11"),
    ("2025-09-30T18:00", {"days": 5}, "2025-10-09"),
    ("2025-10-04T18:00", {"days": 7}, "2025-10-11"),
    # National Day 2026.
    ("2026-09-30T10:00", {"workdays": 3}, "2026-10-10"),
    ("2026-09-30T10:00", {"workdays": 4}, "2026-10-12"),
    ("2026-09-18T10:00", {"workdays": 1}, "2026-09-20"),
    # A plain week, a start on a weekend, and one a second before midnight.
    ("2026-11-02T00:00", {"workdays": 5}, "2026-11-09"),
    ("2026-11-07T12:00", {"workdays": 1}, "2026-11-09"),
    ("2026-11-06T23:59:59", {"days": 1}, "2026-11-09"),
    # The leap day of a year that is not published, and the end of the last published year.
    ("2028-02-28T12:00", {"days": 1}, "2028-02-29"),
    ("2028-02-28T12:00", {"workdays": 2}, "2028-03-01"),
    ("2026-12-30T10:00", {"workdays": 3}, "2027-01-04"),
]


def test_days_are_counted_as_by_hand():
    def holds(case):
        start, length, expected = case
        assert last_day(start, **length) == expected

    check_each(((str(case), case) for case in COUNTED), holds)


def test_hours_run_through_holidays_to_the_second():
    due = due_after(at("2026-09-30T10:00:30"), Length(48, "hours"), CALENDAR)
    assert due.at == at("2026-10-02T10:00:30")
    assert due.at.tzinfo is UTC
    assert due.skipped == ()


def test_the_day_of_a_start_is_that_of_china():
    early = datetime(2026, 11, 3, 2, tzinfo=timezone(timedelta(hours=14)))  # 20:00 on 2 November in China
    assert due_after(early, Length(1, "days"), CALENDAR).at == at("2026-11-04T00:00")


def test_every_day_that_is_not_counted_says_why():
    due = due_after(at("2026-09-30T10:00"), Length(4, "workdays"), CALENDAR)
    assert {one.day.day: (one.reason, one.name.en if one.name else None) for one in due.skipped} == {
        **dict.fromkeys(range(1, 8), ("holiday", "National Day")),
        11: ("weekend", None),
    }
    assert due.made_up == (date(2026, 10, 10),)


def test_days_skip_only_what_the_last_of_them_falls_on():
    due = due_after(at("2026-09-25T10:00"), Length(7, "days"), CALENDAR)
    assert [one.day.day for one in due.skipped] == [2, 3, 4, 5, 6, 7]
    assert due.moved_from == date(2026, 10, 2)


@pytest.mark.parametrize(
    ("length", "paused", "resumed_at", "expected"),
    [
        ({"hours": 48}, "2026-11-03T10:00", "2026-11-04T11:30", "2026-11-05T11:30"),
        # Wednesday to Thursday are given back: Tuesday counted, Friday and Monday follow.
        ({"workdays": 3}, "2026-11-04T10:00", "2026-11-05T23:00", "2026-11-10T00:00"),
        ({"days": 3}, "2026-11-04T10:00", "2026-11-05T23:00", "2026-11-10T00:00"),
        # Paused on the last day over the weekend: a whole working day is left.
        ({"workdays": 4}, "2026-11-06T23:00", "2026-11-08T09:00", "2026-11-10T00:00"),
        # On the day of the start, which does not count anyway.
        ({"workdays": 3}, "2026-11-02T11:00", "2026-11-02T12:00", "2026-11-06T00:00"),
    ],
)
def test_a_pause_is_given_back(length, paused, resumed_at, expected):
    due = due_after(at("2026-11-02T10:00"), Length.of(length), CALENDAR)
    assert resumed(due, at(paused), at(resumed_at), CALENDAR).at == at(expected)


def test_two_pauses_on_one_day_give_back_one_day():
    due = due_after(at("2026-11-02T10:00"), Length(2, "workdays"), CALENDAR)
    once = resumed(due, at("2026-11-03T09:00"), at("2026-11-03T10:00"), CALENDAR)
    twice = resumed(once, at("2026-11-03T11:00"), at("2026-11-03T12:00"), CALENDAR)
    assert once.at == twice.at == at("2026-11-06T00:00")
    assert len(twice.pauses) == 2


def test_a_clock_set_back_during_a_pause_shortens_nothing():
    due = due_after(at("2026-11-02T10:00"), Length(48, "hours"), CALENDAR)
    assert resumed(due, at("2026-11-03T10:00"), at("2026-11-03T09:00"), CALENDAR).at == due.at


@pytest.mark.parametrize("unit", ["hours", "days", "workdays"])
def test_what_is_over_before_a_pause_is_over_after_it(unit):
    due = due_after(at("2026-11-02T10:00"), Length(1, unit), CALENDAR)
    end = due.at + timedelta(days=5)
    later = resumed(due, due.at + timedelta(hours=1), end, CALENDAR)
    assert due.at <= later.at < end


@pytest.mark.parametrize("unit", ["hours", "days", "workdays"])
def test_the_end_of_the_calendar_is_an_error_of_ours(unit):
    with pytest.raises(DueTimeError) as caught:
        due_after(at("9999-12-01T10:00"), Length(3650, unit), CALENDAR)
    assert caught.value.code == "due.beyond_calendar"


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="2026-11-02"):
        due_after(datetime(2026, 11, 2), Length(1, "hours"), CALENDAR)
