"""Tables on a terminal."""

from datetime import UTC, datetime

import pytest

from bixie.cli.table import format_day_time, format_size, format_table


def test_columns_line_up_also_under_chinese_headings():
    table = format_table(["编号", "name"], [["a", "茶具店"], ["long one", "x"]])
    assert table.splitlines() == ["编号      name", "a         茶具店", "long one  x"]


def test_a_time_is_china_s_and_none_is_a_dash():
    assert format_day_time(datetime(2026, 11, 30, 16, 5, tzinfo=UTC)) == "2026-12-01 00:05"
    assert format_day_time(None) == "–"


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "0 B"), (999, "999 B"), (39_608, "39.6 kB"), (12_345_678, "12.3 MB"), (5 * 10**12, "5000.0 GB")],
)
def test_a_size_is_rounded_to_a_unit(count, words):
    assert format_size(count) == words
