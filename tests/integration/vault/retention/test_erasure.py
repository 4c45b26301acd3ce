"""Holds, retention and erasure, on both databases."""

from datetime import timedelta

import pytest
from tests.integration.vault.conftest import NAME, NUMBER, OURS, PNG, THEIRS, THEN, written
from tests.integration.web.service import picture

from bixie.access.tenancy import reading
from bixie.ledger import repository as ledger
from bixie.ledger.rules import event_from_body
from bixie.ledger.service import checkpoint, prove
from bixie.vault.errors import ErasedError, VaultError
from bixie.vault.models import Role as ExhibitRole
from bixie.vault.models import State
from bixie.vault.retention import repository
from bixie.vault.retention.erasure import Reason, discard, erase, erase_expired, expired
from bixie.vault.retention.errors import HeldError, HoldError, RetentionError
from bixie.vault.retention.jobs import periodic_tasks
from bixie.vault.retention.service import MAX_DAYS, MIN_DAYS, hold, release, set_retention
from bixie.vault.service import found, open_for


def state(store, exhibit):
    with reading(store, OURS) as session:
        return found(session, exhibit.id)


def events(store, exhibit):
    with reading(store, OURS) as session:
        return [event_from_body(row.body) for row in ledger.events_about(session, exhibit.id)]


def test_what_is_left_of_an_erased_exhibit_is_its_proof(store, blobs, keep, within):
    exhibit = keep()
    within(checkpoint)
    within(erase, exhibit.id, Reason.REQUEST)
    assert discard(store, OURS, blobs) == 1
    left = state(store, exhibit)
    assert (left.state, left.name, left.sha256, left.sm3) == (State.ERASED, "", exhibit.sha256, exhibit.sm3)
    assert not list(blobs.all())
    with reading(store, OURS) as session:
        received = ledger.events_about(session, exhibit.id)[0]
        assert prove(session, received.sequence).check()[0].subject == exhibit.id
        assert ledger.personal_of(session, received.sequence) == []
        for row in ledger.events_about(session, exhibit.id):
            assert NUMBER not in row.body
            assert NAME not in row.body
    told = [(event.type, event.data.get("reason")) for event in events(store, exhibit)]
    assert ("exhibit.erased", "request") in told
    assert told[-1][0] == "exhibit.discarded"
    with pytest.raises(ErasedError) as refusal:
        open_for(store, OURS, blobs, exhibit.id, "test")
    assert refusal.value.status == 410


def test_erasing_again_changes_nothing(store, blobs, keep, within):
    exhibit = keep()
    assert [one.id for one in within(erase, exhibit.id, Reason.REQUEST)] == [exhibit.id]
    before = len(events(store, exhibit))
    assert within(erase, exhibit.id, Reason.MISTAKE) == []
    assert discard(store, OURS, blobs) == 1
    assert discard(store, OURS, blobs) == 0
    assert len(events(store, exhibit)) == before + 1


def test_reports_about_an_exhibit_go_with_it(store, blobs, keep, within):
    exhibit = keep()
    report = within(written, blobs, [exhibit])
    assert [one.id for one in within(erase, exhibit.id, Reason.REQUEST)] == [exhibit.id, report.id]
    discard(store, OURS, blobs)
    assert not list(blobs.all())


def test_nothing_is_written_about_what_was_erased_meanwhile(store, blobs, keep, within):
    exhibit = keep()
    within(erase, exhibit.id, Reason.REQUEST)
    with pytest.raises(ErasedError):
        within(written, blobs, [exhibit])
    with reading(store, OURS) as session:
        assert repository.reports_on(session, exhibit.id) == []


def test_bytes_that_another_exhibit_has_stay(store, blobs, keep, within):
    exhibit, other = keep(), keep(role=ExhibitRole.LISTING)
    within(erase, exhibit.id, Reason.MISTAKE)
    assert discard(store, OURS, blobs) == 0
    with open_for(store, OURS, blobs, other.id, "test") as file:
        assert file.read() == PNG
    within(erase, other.id, Reason.MISTAKE)
    assert discard(store, OURS, blobs) == 1


def test_the_same_bytes_may_come_again_as_another_exhibit(store, blobs, keep, within):
    for _ in range(3):
        exhibit = keep()
        assert exhibit.state == State.KEPT
        within(erase, exhibit.id, Reason.MISTAKE)
        discard(store, OURS, blobs)
    exhibit = keep()
    with open_for(store, OURS, blobs, exhibit.id, "test") as file:
        assert file.read() == PNG


def test_a_held_exhibit_stays_until_every_hold_is_released(store, keep, within):
    exhibit = keep()
    holds = [
        within(hold, "案号甲乙", exhibit_id=exhibit.id),
        within(hold, "again", order_number=NUMBER),
    ]
    for one in holds:
        with pytest.raises(HeldError) as refusal:
            within(erase, exhibit.id, Reason.REQUEST)
        assert one.id in refusal.value.values["holds"]
        within(release, one.id)
        within(release, one.id)
    assert within(erase, exhibit.id, Reason.REQUEST)
    told = [event for event in events(store, exhibit) if event.type.startswith("exhibit.hold")]
    assert len(told) == 1
    assert "案号甲乙" not in str([event.body() for event in events(store, exhibit)])


def test_a_held_report_keeps_what_it_is_about(store, blobs, keep, within):
    exhibit = keep()
    report = within(written, blobs, [exhibit])
    within(set_retention, ExhibitRole.CLAIM, MIN_DAYS)
    within(hold, "case", exhibit_id=report.id)
    with pytest.raises(HeldError):
        within(erase, exhibit.id, Reason.REQUEST)
    with reading(store, OURS) as session:
        assert expired(session, 10, lambda: THEN + timedelta(days=MIN_DAYS + 1)) == []


def test_words_and_number_of_an_orders_hold_go_when_it_is_released(store, within):
    held = within(hold, "关于张三", order_number=NUMBER)
    within(release, held.id)
    with reading(store, OURS) as session:
        left = repository.hold_by_id(session, held.id)
        assert (left.reason, left.order_number) == (None, None)
        for row in ledger.events_about(session, held.id):
            assert ledger.personal_of(session, row.sequence) == []


def test_a_hold_on_an_order_holds_what_comes_later_and_reports_too(blobs, keep, within):
    held = within(hold, "case", order_number=NUMBER)
    exhibit = keep()
    report = within(written, blobs, [exhibit])
    for one in (exhibit, report):
        with pytest.raises(HeldError):
            within(erase, one.id, Reason.REQUEST)
    within(release, held.id)
    own = within(hold, "case", exhibit_id=exhibit.id)
    with pytest.raises(HeldError):
        within(erase, report.id, Reason.REQUEST)
    within(release, own.id)
    assert within(erase, report.id, Reason.REQUEST)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, "vault.hold_on_what"),
        ({"exhibit_id": "exhibit_x", "order_number": "1"}, "vault.hold_on_what"),
        ({"exhibit_id": "exhibit_x"}, "vault.no_such_exhibit"),
        ({"order_number": "a\nb"}, "vault.bad_order"),
    ],
)
def test_a_hold_that_cannot_be_is_refused(within, given, code):
    with pytest.raises(VaultError) as refusal:
        within(hold, "why", **given)
    assert refusal.value.code == code


def test_a_hold_has_a_reason_and_does_not_come_too_late(keep, within):
    exhibit = keep()
    for reason in ("", "  ", "x" * 501):
        with pytest.raises(HoldError) as refusal:
            within(hold, reason, exhibit_id=exhibit.id)
        assert refusal.value.code == "vault.hold_why"
    within(erase, exhibit.id, Reason.REQUEST)
    with pytest.raises(ErasedError):
        within(hold, "why", exhibit_id=exhibit.id)


def test_another_tenant_neither_erases_nor_holds_nor_releases(store, keep, within):
    exhibit = keep()
    held = within(hold, "why", exhibit_id=exhibit.id)
    for work, given in ((erase, (exhibit.id, Reason.REQUEST)), (release, (held.id,))):
        with pytest.raises(VaultError) as refusal:
            within(work, *given, principal=THEIRS)
        assert refusal.value.status == 404
    with pytest.raises(VaultError):
        within(hold, "why", exhibit_id=exhibit.id, principal=THEIRS)
    assert state(store, exhibit).state == State.KEPT


def test_another_tenants_same_bytes_stay(store, blobs, keep, within):
    exhibit, theirs = keep(), keep(principal=THEIRS)
    within(erase, exhibit.id, Reason.REQUEST)
    discard(store, OURS, blobs)
    with open_for(store, THEIRS, blobs, theirs.id, "test") as file:
        assert file.read() == PNG


def test_nothing_is_too_old_without_a_rule(store, blobs, keep):
    keep()
    assert list(erase_expired(store, OURS, blobs)) == []


def test_what_a_rule_has_kept_for_long_enough_is_erased(store, blobs, keep, within):
    within(set_retention, ExhibitRole.CLAIM, MIN_DAYS)
    days = timedelta(days=MIN_DAYS)
    old, held = keep(number="1"), keep(picture((7, 7, 7)), number="2")
    keep(picture((8, 8, 8)), role=ExhibitRole.LISTING)
    fresh = keep(picture((9, 9, 9)), at=THEN + timedelta(seconds=2))
    within(hold, "case", order_number="2")

    def now():
        return THEN + days + timedelta(seconds=1)

    with reading(store, OURS) as session:
        assert [one.id for one in expired(session, 10, now)] == [old.id]
    assert [one.id for one in erase_expired(store, OURS, blobs, now)] == [old.id]
    assert [state(store, one).state for one in (old, held, fresh)] == [State.ERASED, State.KEPT, State.KEPT]
    assert len(list(blobs.all())) == 3
    within(set_retention, ExhibitRole.CLAIM, None)
    assert list(erase_expired(store, OURS, blobs, lambda: now() + days)) == []


def test_a_clock_that_has_jumped_ahead_erases_nothing_by_itself(store, blobs, keep, within, caplog):
    within(set_retention, ExhibitRole.CLAIM, MIN_DAYS)
    old, now = keep(), THEN
    (task,) = periodic_tasks(store, blobs, lambda: now)
    now = THEN + timedelta(days=MIN_DAYS + 1)
    fresh = keep(picture((7, 7, 7)), at=now)  # what comes in after the jump bears nothing out
    task.do()
    assert state(store, old).state == State.KEPT
    assert [one.name for one in caplog.records if "jumped ahead" in one.getMessage()]
    now += timedelta(days=8)
    task.do()
    assert [state(store, one).state for one in (old, fresh)] == [State.ERASED, State.KEPT]


@pytest.mark.parametrize(
    ("days", "code"),
    [
        (MIN_DAYS - 1, "vault.kept_too_short"),
        (0, "vault.kept_too_short"),
        (MAX_DAYS + 1, "vault.kept_too_long"),
    ],
)
def test_no_rule_erases_what_the_law_has_kept(within, days, code):
    with pytest.raises(RetentionError) as refusal:
        within(set_retention, ExhibitRole.CLAIM, days)
    assert refusal.value.code == code


def test_a_rule_is_on_record_when_it_changes(store, within):
    for days in (MIN_DAYS, MIN_DAYS, MIN_DAYS + 1, None, None):
        within(set_retention, ExhibitRole.CLAIM, days)
    with reading(store, OURS) as session:
        told = [event_from_body(row.body).data for row in ledger.events_about(session, OURS.tenant)]
    assert [one["days"] for one in told] == [MIN_DAYS, MIN_DAYS + 1, None]
