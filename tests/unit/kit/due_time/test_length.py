"""A length has one unit and a sensible amount."""

import pytest

from bixie.kit.due_time import DueTimeError, Length


@pytest.mark.parametrize("mapping", [{"hours": 48}, {"days": 7}, {"workdays": 3}, {"hours": 3650}])
def test_a_length_is_written_as_it_was_read(mapping):
    assert Length.of(mapping).as_dict() == mapping


@pytest.mark.parametrize(
    "mapping", [{}, {"hours": 1, "days": 1}, {"weeks": 1}, {"hours": 1, "weeks": 1}, {"Hours": 1}]
)
def test_anything_but_one_known_unit_is_refused(mapping):
    with pytest.raises(DueTimeError) as caught:
        Length.of(mapping)
    assert caught.value.code == "length.no_unit"


@pytest.mark.parametrize("amount", [0, -1, 3651, True, 1.5, "3", None])
def test_an_amount_that_makes_no_sense_is_refused(amount):
    with pytest.raises(DueTimeError) as caught:
        Length.of({"days": amount})
    assert caught.value.code == "length.not_an_amount"


def test_a_unit_given_by_a_program_is_checked_too():
    with pytest.raises(DueTimeError):
        Length(1, "weeks")


def test_a_length_reads_well_in_both_languages():
    assert [Length(amount, "workdays").in_words().en for amount in (1, 3)] == [
        "1 working day",
        "3 working days",
    ]
    assert Length(3, "workdays").in_words().zh == "3 个工作日"
