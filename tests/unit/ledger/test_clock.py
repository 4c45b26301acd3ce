"""When a clock counts as having gone back."""

from datetime import timedelta

import pytest

from bixie.ledger.clock import TOLERANCE, ClockSteps, time_back

AT = "2026-11-25T08:30:00.500Z"


@pytest.mark.parametrize(
    ("time", "seconds"),
    [
        (AT, 0),
        ("2026-11-25T08:30:09.000Z", 0),
        ("2026-11-25T08:29:59.500Z", 0),
        ("2026-11-25T08:29:59.499Z", 1.001),
        ("2025-11-25T08:30:00.500Z", 365 * 86_400),
        ("a malformed time", 0),
        ("0", 0),
    ],
)
def test_servers_kept_by_ntp_tell_nothing(time, seconds):
    assert time_back(AT, time).total_seconds() == seconds
    assert timedelta(seconds=1) == TOLERANCE


def test_steps_are_counted_with_the_first_place_and_the_largest():
    found, before = ClockSteps(), None
    for sequence, minute in enumerate((30, 20, 25, 5, 40), start=1):
        time = f"2026-11-25T08:{minute:02}:00.000Z"
        found.follow("tenant_a", sequence, before, time)
        before = time
    assert (found.steps, found.first, found.largest) == (2, ("tenant_a", 2), timedelta(minutes=20))
