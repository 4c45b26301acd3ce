"""When a failed job is tried again."""

from datetime import timedelta

import pytest

from bixie.jobs.job_types import JobType, by_name
from bixie.jobs.rules import Retries, pause

RETRIES = Retries(most=6, first=timedelta(seconds=10), longest=timedelta(seconds=60))
ALMOST_ONE = 1 - 2**-53


def seconds(failures, chance, retries=RETRIES):
    wait = pause(retries, failures, chance)
    return None if wait is None else wait.total_seconds()


def test_the_wait_doubles_up_to_the_longest():
    assert [round(seconds(n, ALMOST_ONE), 6) for n in range(1, 6)] == [10, 20, 40, 60, 60]


def test_chance_spreads_it_over_the_second_half():
    assert seconds(2, 0) == 10
    assert seconds(2, 0.5) == 15


def test_after_the_last_try_there_is_no_other():
    assert seconds(6, 0) is None
    assert seconds(7, 0) is None
    assert pause(Retries(most=1), 1, 0) is None


def test_a_thousand_failures_are_no_number_that_cannot_be_written():
    assert (
        seconds(1000, 0, Retries(most=10_000, first=timedelta(days=1), longest=timedelta(days=2))) == 86_400
    )


def test_no_wait_at_all_is_possible():
    assert seconds(3, 0.9, Retries(first=timedelta(0), longest=timedelta(0))) == 0


@pytest.mark.parametrize(
    "wrong", [{"most": 0}, {"first": timedelta(-1)}, {"longest": timedelta(seconds=1)}], ids=str
)
def test_limits_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ValueError, match="Retries"):
        Retries(**wrong)


def test_two_kinds_of_one_name_are_refused():
    kind = JobType("exhibit.examine", lambda _: lambda _: None, lambda _: None)
    assert by_name([kind]) == {kind.name: kind}
    with pytest.raises(ValueError, match="same name"):
        by_name([kind, kind])
