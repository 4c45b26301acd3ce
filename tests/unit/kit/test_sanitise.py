"""Sanitised text of foreign files."""

import pytest

from bixie.kit.sanitise import sanitise_or_none


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("  two \n lines\x00 ", "two lines"),
        ("a\u202eb\u200bc", "abc"),
        ("相机 甲", "相机 甲"),
        ("\x00\x01", None),
        ("", None),
        (7, None),
        (b"bytes", None),
        (None, None),
    ],
)
def test_it_is_one_clean_line_or_nothing(value, line):
    assert sanitise_or_none(value) == line


def test_what_is_too_long_ends_in_an_ellipsis():
    assert sanitise_or_none("x" * 10_000_000, 10) == "x" * 9 + "…"
