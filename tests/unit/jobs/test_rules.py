"""When a failed job is tried again."""

from datetime import timedelta

import pytest

from bixie.jobs.job_types import JobType, by_name
from bixie.jobs.rules import Retries, backoff

RETRIES = Retries(max_attempts=6, initial_wait=timedelta(seconds=10), max_wait=timedelta(seconds=60))
ALMOST_ONE = 1 - 2**-53


def seconds(failures, jitter, retries=RETRIES):
    wait = backoff(retries, failures, jitter)
    return None if wait is None else wait.total_seconds()


def test_the_wait_doubles_up_to_the_maximum():
    assert [round(seconds(n, ALMOST_ONE), 6) for n in range(1, 6)] == [10, 20, 40, 60, 60]


def test_another_multiplier_grows_faster():
    retries = Retries(initial_wait=timedelta(seconds=5), max_wait=timedelta(hours=1), multiplier=4)
    assert [round(seconds(n, ALMOST_ONE, retries), 6) for n in range(1, 5)] == [5, 20, 80, 320]


def test_jitter_spreads_it_over_the_second_half():
    assert seconds(2, 0) == 10
    assert seconds(2, 0.5) == 15


def test_after_the_last_try_there_is_no_other():
    assert seconds(6, 0) is None
    assert seconds(7, 0) is None
    assert backoff(Retries(max_attempts=1), 1, 0) is None


def test_a_thousand_failures_are_no_number_that_cannot_be_written():
    retries = Retries(max_attempts=10_000, initial_wait=timedelta(days=1), max_wait=timedelta(days=2))
    assert seconds(1000, 0, retries) == 86_400


def test_no_wait_at_all_is_possible():
    assert seconds(3, 0.9, Retries(initial_wait=timedelta(0), max_wait=timedelta(0))) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"max_attempts": 0},
        {"initial_wait": timedelta(-1)},
        {"max_wait": timedelta(seconds=1)},
        {"multiplier": 0.5},
    ],
    ids=str,
)
def test_limits_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ValueError, match="Retries"):
        Retries(**wrong)


def test_two_job_types_of_one_name_are_refused():
    job_type = JobType("exhibit.examine", lambda _: lambda _: None, lambda _: None)
    assert by_name([job_type]) == {job_type.name: job_type}
    with pytest.raises(ValueError, match="same name"):
        by_name([job_type, job_type])
