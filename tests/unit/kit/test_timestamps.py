from datetime import UTC, datetime, timedelta, timezone

import pytest

from bixie.kit.timestamps import format_timestamp, parse_timestamp, utc_now

CHINA = timezone(timedelta(hours=8))


def test_a_time_is_formatted_in_utc_to_the_millisecond_whatever_its_zone():
    moment = datetime(2026, 11, 25, 16, 30, 0, 123999, CHINA)
    assert format_timestamp(moment) == "2026-11-25T08:30:00.123Z"


def test_a_formatted_timestamp_is_parsed_back():
    moment = datetime(2026, 11, 25, 8, 30, tzinfo=UTC)
    assert parse_timestamp(format_timestamp(moment)) == moment
    assert parse_timestamp(format_timestamp(moment)).tzinfo is not None


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="2026"):
        format_timestamp(datetime(2026, 11, 25))


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-25T08:30:00Z",
        "2026-11-25T08:30:00.1234Z",
        "2026-11-25T08:30:00.123+00:00",
        "2026-11-25 08:30:00.123Z",
        "2026-13-25T08:30:00.123Z",
        "２026-11-25T08:30:00.123Z",
        "2026-11-25T08:30:00.123Z\n",
    ],
)
def test_another_spelling_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        parse_timestamp(text)


def test_the_clock_has_a_zone():
    assert utc_now().utcoffset() == timedelta(0)
