"""A clock that jumps ahead is waited for; every other clock is trusted."""

from datetime import UTC, datetime, timedelta

import pytest

from bixie.cases.duties.steadiness import Steadiness


class Clocks:
    """A clock that can be set, and one that only runs."""

    def __init__(self):
        self.now, self.seconds = datetime(2026, 11, 2, tzinfo=UTC), 1000.0
        self.steadiness = Steadiness(lambda: self.now, lambda: self.seconds)

    def run(self, **by):
        self.now += timedelta(**by)
        self.seconds += timedelta(**by).total_seconds()
        return self.steadiness.is_trusted()

    def set_by(self, **by):
        self.now += timedelta(**by)
        return self.steadiness.is_trusted()


@pytest.fixture
def clocks():
    return Clocks()


def test_a_clock_that_runs_is_trusted_however_long_nobody_looked(clocks):
    assert clocks.run(seconds=10)
    assert clocks.run(days=3)


@pytest.mark.parametrize("by", [{"seconds": 30}, {"seconds": -30}, {"hours": -5}])
def test_a_correction_and_a_jump_back_are_trusted(clocks, by):
    assert clocks.set_by(**by)


def test_a_jump_ahead_is_waited_for_and_then_taken_as_right(clocks, caplog):
    assert not clocks.set_by(days=1)
    assert "jumped ahead by 1 day" in caplog.text
    assert not clocks.run(minutes=14)
    assert clocks.run(minutes=1)


def test_a_clock_that_is_set_right_again_is_trusted_at_once(clocks):
    assert not clocks.set_by(days=1)
    assert not clocks.run(minutes=3)
    assert clocks.set_by(days=-1)
    assert clocks.run(seconds=10)


def test_every_further_jump_ahead_begins_the_wait_anew(clocks):
    assert not clocks.set_by(days=1)
    assert not clocks.run(minutes=14)
    assert not clocks.set_by(hours=1)
    assert not clocks.run(minutes=14)
    assert clocks.run(minutes=2)
