"""Money: whole fen out of yuan, and nothing that is no amount."""

from decimal import Decimal

import pytest

from bixie.kit.money import MAX_FEN, MoneyError, decimal_from_fen, fen_from_yuan, yuan_from_fen


@pytest.mark.parametrize(
    ("value", "fen"),
    [
        (0, 0),
        (195, 19500),
        (195.5, 19550),
        (0.1, 10),
        (1e3, 100_000),
        (1e-2, 1),
        ("195.50", 19550),
        ("007", 700),
        ("1.230", 123),
        (Decimal("0.29"), 29),
        (Decimal("1E+3"), 100_000),
    ],
)
def test_yuan_become_whole_fen(value, fen):
    assert fen_from_yuan(value, "acts[0].amount_obtained") == fen


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (True, "money.not_an_amount"),
        (None, "money.not_an_amount"),
        ([1], "money.not_an_amount"),
        ("", "money.not_an_amount"),
        ("1,000", "money.not_an_amount"),
        ("1e3", "money.not_an_amount"),
        (" 1", "money.not_an_amount"),
        ("１９５", "money.not_an_amount"),
        (float("nan"), "money.not_an_amount"),
        (float("inf"), "money.not_an_amount"),
        (-1, "money.negative"),
        ("-0.01", "money.negative"),
        (0.005, "money.fraction_of_a_fen"),
        ("0.001", "money.fraction_of_a_fen"),
        (10**12, "money.absurd"),
        (1e300, "money.not_an_amount"),
        (10**400, "money.absurd"),
    ],
)
def test_what_is_no_amount_is_refused_by_the_name_of_its_key(value, code):
    with pytest.raises(MoneyError) as refused:
        fen_from_yuan(value, "acts[3].amount_obtained")
    assert refused.value.code == code
    assert refused.value.values["field"] == "acts[3].amount_obtained"
    assert "acts[3].amount_obtained" in refused.value.text.zh


def test_the_largest_amount_is_still_one():
    assert fen_from_yuan(MAX_FEN // 100, "amount") == MAX_FEN


@pytest.mark.parametrize(("fen", "text"), [(640_000, "6,400"), (19_550, "195.50"), (5, "0.05"), (0, "0")])
def test_fen_are_read_as_yuan(fen, text):
    assert yuan_from_fen(fen) == text


@pytest.mark.parametrize(
    ("fen", "text"), [(0, "0.00"), (7, "0.07"), (19550, "195.50"), (640_000_000, "6400000.00")]
)
def test_fen_are_written_for_programs_and_read_back(fen, text):
    assert decimal_from_fen(fen) == text
    assert fen_from_yuan(text, "price") == fen
