"""When something is sent again, and names of events."""

from datetime import timedelta

import pytest

from bixie.jobs.rules import backoff
from bixie.notices.errors import NoticeError
from bixie.notices.rules import RETRIES, checked_event, matches, retry_after


def test_waits_grow_fourfold_up_to_half_a_day_and_end():
    longest = [backoff(RETRIES, attempts, 1.0).total_seconds() for attempts in range(1, RETRIES.max_attempts)]
    assert longest[:6] == [5, 20, 80, 320, 1280, 5120]
    assert longest[7:] == [43200] * (RETRIES.max_attempts - 8)
    assert backoff(RETRIES, RETRIES.max_attempts, 0.5) is None
    assert backoff(RETRIES, 10**9, 0.5) is None


def test_half_of_a_wait_is_jitter():
    assert backoff(RETRIES, 2, 0.0) == timedelta(seconds=10)
    assert backoff(RETRIES, 2, 0.5) == timedelta(seconds=15)
    assert backoff(RETRIES, 2, 1.0) == timedelta(seconds=20)


def test_all_attempts_reach_over_a_weekend_and_the_day_after():
    for jitter, minimum in (
        (0.0, timedelta(days=1.8)),
        (0.5, timedelta(days=2.8)),
        (1.0, timedelta(days=3.7)),
    ):
        total = sum(
            (backoff(RETRIES, attempts, jitter) for attempts in range(1, RETRIES.max_attempts)), timedelta()
        )
        assert total > minimum


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, 0),
        ("120", 120),
        (" 7 ", 7),
        ("999999999", 86400),
        ("-1", 0),
        ("1.5", 0),
        ("Wed, 25 Nov 2026 08:30:00 GMT", 0),
        ("１２", 0),
        ("9" * 5000, 0),
    ],
)
def test_a_receiver_may_ask_for_a_day_at_most(header, seconds):
    assert retry_after(header) == timedelta(seconds=seconds)


def test_an_event_has_a_room_and_what_happened():
    assert checked_event("claim.decided") == "claim.decided"
    for wrong in (
        "",
        "claim",
        "Claim.decided",
        "claim.",
        ".decided",
        "claim decided",
        "a." + "b" * 100,
        "申请.已收",
    ):
        with pytest.raises(NoticeError, match=r"notices\.not_an_event"):
            checked_event(wrong)


def test_a_target_that_names_no_events_wants_all():
    assert matches([], "claim.decided")
    assert matches(["claim.decided"], "claim.decided")
    assert not matches(["claim.made"], "claim.decided")
