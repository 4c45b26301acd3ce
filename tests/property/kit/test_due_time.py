"""What holds of every due time, whatever the start, the length, the zone and the pauses."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bixie.kit.calendar import CHINA
from bixie.kit.due_time import Calendar, Length, due_after, resumed

CALENDAR = Calendar.china()
STARTS = st.datetimes(datetime(2024, 12, 20), datetime(2027, 2, 1), timezones=st.just(CHINA))
LENGTHS = st.one_of(
    st.builds(Length, st.integers(1, 400), st.just("hours")),
    st.builds(Length, st.integers(1, 40), st.sampled_from(["days", "workdays"])),
)
WORKDAYS = st.integers(1, 40)
ZONES = st.sampled_from(
    [CHINA, *map(ZoneInfo, ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"))]
)
PAUSES = st.lists(st.tuples(st.floats(0, 0.999), st.timedeltas(timedelta(), timedelta(days=20))), max_size=3)


def last_day(due):
    return (due.at.astimezone(CHINA) - timedelta(days=1)).date()


def paused(due, pauses):
    """Pause a duty after a part of the time that is left, each time for a while."""
    before = due.start
    for part, pause in pauses:
        begin = before + (due.at - before) * part
        before = begin + pause
        due = resumed(due, begin, before, CALENDAR)
    return due


@given(STARTS, LENGTHS, PAUSES)
def test_a_due_time_is_after_its_start_and_a_pause_never_shortens(start, length, pauses):
    due = due_after(start, length, CALENDAR)
    later = paused(due, pauses)
    assert start < due.at <= later.at


@given(STARTS, LENGTHS, PAUSES)
def test_days_end_with_a_working_day(start, length, pauses):
    due = paused(due_after(start, length, CALENDAR), pauses)
    if length.unit != "hours":
        assert CALENDAR.is_working_day(last_day(due))
        assert due.at.astimezone(CHINA).time().isoformat() == "00:00:00"


@given(STARTS, WORKDAYS)
def test_one_more_working_day_is_the_next_working_day(start, amount):
    due, more = (due_after(start, Length(number, "workdays"), CALENDAR) for number in (amount, amount + 1))
    between = [last_day(due) + timedelta(days=number) for number in range(1, (more.at - due.at).days + 1)]
    assert [CALENDAR.is_working_day(day) for day in between] == [False] * (len(between) - 1) + [True]


@given(STARTS, WORKDAYS)
def test_working_days_are_counted_and_every_other_day_is_skipped(start, amount):
    due = due_after(start, Length(amount, "workdays"), CALENDAR)
    first = start.date()
    days = [first + timedelta(days=number) for number in range(1, (last_day(due) - first).days + 1)]
    assert sum(map(CALENDAR.is_working_day, days)) == amount
    assert [one.day for one in due.skipped] == [day for day in days if not CALENDAR.is_working_day(day)]


@given(STARTS, STARTS, LENGTHS)
def test_who_starts_later_is_not_due_earlier(one, other, length):
    first, second = (due_after(start, length, CALENDAR).at for start in sorted((one, other)))
    assert first <= second


@given(STARTS, LENGTHS, st.floats(0, 0.999), *[st.timedeltas(timedelta(), timedelta(days=20))] * 2)
def test_a_longer_pause_is_not_due_earlier(start, length, part, one, other):
    due = due_after(start, length, CALENDAR)
    shorter, longer = (paused(due, [(part, pause)]).at for pause in sorted((one, other)))
    assert shorter <= longer


@given(STARTS, st.integers(1, 40), st.sampled_from(["days", "workdays"]), st.floats(0, 0.999), PAUSES)
def test_as_many_days_are_left_to_count_after_a_pause_as_before(start, amount, unit, part, pauses):
    due = paused(due_after(start, Length(amount, unit), CALENDAR), pauses)
    begin = max([end for _, end in due.pauses], default=due.start)
    begin += (due.at - begin) * part
    end = begin + timedelta(days=3, hours=5)
    later = resumed(due, begin, end, CALENDAR)

    def left(due, moment):
        day, last = moment.astimezone(CHINA).date(), due.moved_from or last_day(due)
        days = [day + timedelta(days=number) for number in range(1, (last - day).days + 1)]
        return sum(unit == "days" or CALENDAR.is_working_day(day) for day in days)

    assert left(later, end) >= min(left(due, begin), amount)


@given(STARTS, st.integers(1, 400), ZONES, PAUSES)
def test_hours_are_exact_whatever_the_clocks_of_the_zone_do(start, amount, zone, pauses):
    due = due_after(start.astimezone(zone), Length(amount, "hours"), CALENDAR)
    assert due.at - start == timedelta(hours=amount)
    later = paused(due, pauses)
    assert later.at - due.at == sum((end - begin for begin, end in later.pauses), timedelta())


@given(STARTS, LENGTHS, ZONES, PAUSES)
def test_the_explanation_names_the_time_and_every_holiday_that_is_skipped(start, length, zone, pauses):
    due = paused(due_after(start, length, CALENDAR), pauses)
    text = due.explain(zone)
    local = due.at.astimezone(zone) - timedelta(microseconds=1)
    assert f"{local.year}年{local.month}月{local.day}日" in text.zh
    assert all(one.name.zh in text.zh and one.name.en in text.en for one in due.skipped if one.name)
    assert all(f"{year} 年放假安排尚未公布" in text.zh for year in due.unpublished)
    assert text.zh.endswith("。")
    assert text.en.endswith(".")
