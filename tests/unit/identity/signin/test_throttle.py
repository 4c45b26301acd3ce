"""An attacker waits, a victim does not."""

from datetime import UTC, datetime, timedelta

import pytest

from bixie.identity.signin.throttle import FORGOTTEN_AFTER, Bucket, buckets_for, source_of, wait

NOW = datetime(2026, 11, 25, 8, 30, tzinfo=UTC)
PEPPER = b"p" * 32
ATTACKED = 50


def seconds(failures, free=5, ago=0):
    return wait(Bucket(failures, NOW - timedelta(seconds=ago)), free, NOW).total_seconds()


def test_the_free_attempts_cost_no_wait_then_it_doubles_up_to_a_quarter_of_an_hour():
    assert [seconds(failures) for failures in range(5)] == [0] * 5
    assert [seconds(failures) for failures in range(5, 12)] == [1, 2, 4, 8, 16, 32, 64]
    assert seconds(15) == seconds(1_000_000) == 900


def test_the_wait_passes_and_after_a_day_all_is_forgotten():
    assert seconds(9, ago=10) == 6
    assert seconds(9, ago=16) == 0
    gone = int(FORGOTTEN_AFTER.total_seconds())
    assert wait(Bucket(1000, NOW - timedelta(seconds=gone + 1)), 0, NOW) == timedelta()


def test_strangers_failures_never_make_another_source_wait():
    mine = buckets_for("victim", "192.0.2.1", None, PEPPER)
    known = {mine.account: Bucket(10_000_000, NOW)}
    assert mine.wait(known, NOW) == timedelta()


def test_under_attack_a_new_source_has_one_free_attempt():
    mine = buckets_for("victim", "192.0.2.1", None, PEPPER)
    pair = mine.counted[0]
    assert mine.wait({pair: Bucket(4, NOW)}, NOW) == timedelta()
    attacked = {mine.account: Bucket(ATTACKED, NOW)}
    assert mine.wait({**attacked, pair: Bucket(1, NOW)}, NOW) > timedelta()
    almost = {mine.account: Bucket(ATTACKED - 1, NOW)}
    assert mine.wait({**almost, pair: Bucket(1, NOW)}, NOW) == timedelta()


def test_one_source_that_tries_many_accounts_waits():
    mine = buckets_for("anybody", "192.0.2.1", None, PEPPER)
    other = buckets_for("somebody", "192.0.2.1", None, PEPPER)
    assert mine.counted[1] == other.counted[1]
    assert mine.counted[0] != other.counted[0]
    assert mine.wait({mine.counted[1]: Bucket(50, NOW)}, NOW) > timedelta()


def test_a_known_device_is_counted_on_its_own():
    device = buckets_for("victim", "192.0.2.1", "device_1", PEPPER)
    stranger = buckets_for("victim", "192.0.2.1", None, PEPPER)
    known = {name: Bucket(1000, NOW) for name in (*stranger.counted, stranger.account, stranger.code)}
    assert device.wait(known, NOW) == timedelta()
    assert device.wait_for_code(known, NOW) == timedelta()
    assert stranger.wait_for_code(known, NOW) > timedelta()
    assert device.wait({device.counted[0]: Bucket(11, NOW)}, NOW) > timedelta()
    assert set(device.counted).isdisjoint(stranger.counted)


def test_counts_do_not_give_away_whose_they_are():
    mine = buckets_for("victim", "192.0.2.1", None, PEPPER)
    assert mine != buckets_for("victim", "192.0.2.1", None, b"q" * 32)
    assert not any("victim" in name or "192" in name for name in mine.counted)


def test_parts_of_names_cannot_be_shifted_into_each_other():
    assert (
        buckets_for("a\nb", "c", None, PEPPER).counted[0] != buckets_for("a", "b\nc", None, PEPPER).counted[0]
    )


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("192.0.2.7", "192.0.2.7/32"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7/32"),
        ("unix", "unix"),
        ("x" * 5000, "x" * 100),
    ],
)
def test_a_network_of_one_customer_is_one_source(address, source):
    assert source_of(address) == source
