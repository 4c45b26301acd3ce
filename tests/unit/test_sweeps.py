"""The sweep itself: it names all that fails, and does not pass for want of cases."""

import pytest
from tests.sweeps import check_each


def even(number):
    assert number % 2 == 0


def test_every_failing_case_is_named_and_keeps_its_own_message():
    with pytest.raises(ExceptionGroup, match=r"2 of 4 cases failed: one, three") as failed:
        check_each({"one": 1, "two": 2, "three": 3, "four": 4}.items(), even)
    assert [error.__notes__ for error in failed.value.exceptions] == [["case: one"], ["case: three"]]
    assert all(isinstance(error, AssertionError) for error in failed.value.exceptions)


def test_an_expected_error_that_did_not_come_is_a_failure_too():
    def expects(number):
        with pytest.raises(ZeroDivisionError):
            1 / number

    with pytest.raises(BaseExceptionGroup, match="1 of 2 cases failed: one"):
        check_each([("none", 0), ("one", 1)], expects)


def test_a_sweep_without_cases_fails():
    with pytest.raises(AssertionError, match="no case"):
        check_each([], even)
