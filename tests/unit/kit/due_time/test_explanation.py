"""The sentence that says by when something is due and why then."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest

from bixie.kit.calendar import CHINA
from bixie.kit.due_time import Calendar, Length, due_after, moment_in_zone, reader_zone, resumed, zones
from bixie.kit.due_time.zones import zone_name

CALENDAR = Calendar.china()


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def sentence(start, zone=CHINA, pauses=(), **length):
    due = due_after(at(start), Length.of(length), CALENDAR)
    for pause in pauses:
        due = resumed(due, *map(at, pause), CALENDAR)
    return due.explain(zone)


def test_working_days_over_a_holiday():
    text = sentence("2026-09-30T10:00", workdays=3)
    assert text.zh == (
        "2026年10月10日（周六）24:00（北京时间）前：自 9月30日起 3 个工作日，当日不计；"
        "10月1日至7日为国庆节，不计；10月10日为调休上班日，照常计算。"
    )
    assert text.en == (
        "By 24:00 on Saturday, 10 October 2026 (Beijing time): 3 working days, counted from the day after "
        "30 September; 1 to 7 October (National Day) do not count; 10 October is a make-up workday and "
        "counts."
    )


def test_days_whose_last_is_a_day_off():
    text = sentence("2026-09-26T10:00", days=7)
    assert text.zh == (
        "2026年10月8日（周四）24:00（北京时间）前：自 9月26日起 7 天，当日不计；"
        "10月3日至7日为国庆节，不计；最后一天 10月3日休息，顺延到 10月8日。"
    )
    assert "the last day, 3 October, is a day off, so the time runs to 8 October." in text.en


def test_a_year_that_is_not_published_is_said():
    text = sentence("2026-12-30T10:00", workdays=5)
    assert "2027 年放假安排尚未公布，按周末计算" in text.zh
    assert "自 2026年12月30日起" in text.zh
    assert "the days off of 2027 are not published yet" in text.en
    assert "尚未公布" not in sentence("2026-12-30T10:00", workdays=1).zh
    assert "尚未公布" not in sentence("2026-12-30T10:00", days=1).zh
    assert "尚未公布" not in sentence("2026-12-30T10:00", hours=999).zh


def test_hours_say_the_clock_in_the_zone_of_the_reader():
    text = sentence("2026-09-30T10:00", zone=ZoneInfo("Europe/Berlin"), hours=48)
    assert text.zh == "2026年10月2日（周五）04:00（Europe/Berlin，UTC+2）前：自 9月30日 04:00 起 48 小时。"
    assert (
        text.en
        == "By 04:00 on Friday, 2 October 2026 (Europe/Berlin, UTC+2): 48 hours from 04:00 on 30 September."
    )


def test_hours_that_end_at_midnight_show_the_day_that_ends():
    assert sentence("2026-12-31T12:00", hours=12).zh.startswith(
        "2026年12月31日（周四）24:00（北京时间）前：自 12月31日"
    )


def test_days_are_also_said_in_the_time_that_ends_them():
    text = sentence("2026-09-30T10:00", zone=ZoneInfo("America/New_York"), workdays=3)
    assert text.zh.startswith(
        "2026年10月10日（周六）12:00（America/New_York，UTC-4）前，"
        "即北京时间 2026年10月10日（周六）24:00 前："
    )
    assert "which is 24:00 on Saturday, 10 October 2026 in Beijing time" in text.en


def test_many_weekends_are_counted_and_few_are_named():
    assert "10月11日为周末，不计" in sentence("2026-09-30T10:00", workdays=4).zh
    many = sentence("2026-02-12T10:00", workdays=20)
    assert "其间周末共 5 天，不计" in many.zh
    assert "2月14日、2月28日为调休上班日" in many.zh
    assert "14 February and 28 February are make-up workdays" in many.en


def test_pauses_are_said():
    days = sentence("2026-10-09T10:00", pauses=[("2026-10-12T09:00", "2026-10-15T09:00")], workdays=3)
    assert "10月12日至15日暂停计时，不计" in days.zh
    assert "12 to 15 October (paused) do not count" in days.en
    hours = sentence("2026-10-09T10:00", pauses=[("2026-10-10T09:00", "2026-10-11T09:30")], hours=48)
    assert "其间暂停 24 小时 30 分钟，已顺延" in hours.zh
    whole = sentence("2026-10-09T10:00", pauses=[("2026-10-10T09:00", "2026-10-10T11:00")], hours=48)
    assert "其间暂停 2 小时，已顺延" in whole.zh
    short = sentence("2026-10-09T10:00", pauses=[("2026-10-10T09:00", "2026-10-10T09:00")], hours=48)
    assert "其间暂停不到一分钟" in short.zh


@pytest.mark.parametrize(
    ("zone", "zh"),
    [
        (CHINA, "北京时间"),
        (ZoneInfo("Asia/Shanghai"), "北京时间"),
        (ZoneInfo("Asia/Singapore"), "Asia/Singapore，UTC+8"),
        (ZoneInfo("Asia/Kolkata"), "Asia/Kolkata，UTC+5:30"),
        (ZoneInfo("America/St_Johns"), "America/St_Johns，UTC-3:30"),
        (UTC, "UTC"),
        (timezone(timedelta(hours=-3)), "UTC-3"),
    ],
)
def test_a_zone_has_a_name(zone, zh):
    assert zone_name(datetime(2026, 1, 1, tzinfo=zone)).zh == zh


def test_a_moment_is_absolute_and_names_its_zone():
    moment = datetime(2026, 11, 25, 16, 5, tzinfo=UTC)
    assert moment_in_zone(moment, CHINA).zh == "2026年11月26日（周四）00:05（北京时间）"
    assert moment_in_zone(moment, CHINA).en == "00:05 on Thursday, 26 November 2026 (Beijing time)"


@pytest.mark.parametrize("key", [None, "", "Mars/Olympus", "../../etc/passwd", "Asia", "a\0b", "x" * 5000])
def test_a_zone_that_is_not_known_is_read_as_beijing_time(key):
    assert reader_zone(key) is CHINA


def test_a_machine_without_tables_of_zones_reads_beijing_time(monkeypatch):
    def missing(key):
        raise ZoneInfoNotFoundError(key)

    assert reader_zone("Europe/Berlin") == ZoneInfo("Europe/Berlin")
    monkeypatch.setattr(zones, "ZoneInfo", missing)
    assert reader_zone("Europe/Berlin") is CHINA
    assert reader_zone("Asia/Shanghai") is CHINA
