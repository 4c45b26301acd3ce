import re
from datetime import UTC, datetime, timedelta

import pytest

from bixie.kit.ids import is_id, new_id

START = datetime(2026, 11, 25, 8, 30, tzinfo=UTC)


def at(moment):
    return lambda: moment


def bits(identity):
    number = 0
    for letter in identity.partition("_")[2]:
        number = number << 5 | "0123456789abcdefghjkmnpqrstvwxyz".index(letter)
    return number


def test_an_id_names_its_kind_and_has_26_letters():
    assert re.fullmatch(r"exhibit_[0-7][0-9a-hjkmnp-tv-z]{25}", new_id("exhibit"))


def test_ids_sort_by_the_time_they_were_made():
    moments = [START + timedelta(milliseconds=step) for step in (0, 1, 2, 1000, 86_400_000, 10**11)]
    made = [new_id("exhibit", at(moment)) for moment in moments]
    assert made == sorted(made)


def test_an_id_is_a_uuid_of_version_7():
    number = bits(new_id("order", at(START), lambda count: b"\xff" * count))
    assert number >> 80 == int(START.timestamp() * 1000)
    assert number >> 76 & 0xF == 7
    assert number >> 62 & 0b11 == 0b10
    assert number & ((1 << 62) - 1) == (1 << 62) - 1
    assert number >> 64 & 0xFFF == 0xFFF
    assert number < 1 << 128


def test_every_random_bit_that_is_asked_for_but_six_tells_ids_apart():
    zero = new_id("order", at(START), bytes)
    others = {
        new_id("order", at(START), lambda count, one=bit: (1 << one).to_bytes(count)) for bit in range(80)
    }
    assert len(others - {zero}) == 74


def test_two_ids_of_the_same_time_differ():
    assert new_id("order", at(START)) != new_id("order", at(START))


@pytest.mark.parametrize("kind", ["", "x", "Exhibit", "ex_hibit", "a" * 17, "ex\n"])
def test_a_kind_that_is_no_word_is_refused(kind):
    with pytest.raises(ValueError, match=r"^" + re.escape(kind)):
        new_id(kind)


@pytest.mark.parametrize("moment", [datetime(1969, 12, 31, tzinfo=UTC)])
def test_a_clock_before_1970_is_refused(moment):
    with pytest.raises(ValueError, match="-"):
        new_id("order", at(moment))


@pytest.mark.parametrize(
    "text", ["", "order", "order_", "key_" + "0" * 26, "order_" + "0" * 25, "order_" + "O" * 26]
)
def test_what_could_be_no_id_of_its_kind_is_told_apart(text):
    assert not is_id("order", text)
    assert is_id("order", new_id("order"))
