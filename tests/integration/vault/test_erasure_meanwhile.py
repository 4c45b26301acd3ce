"""Erasing while others receive, hold, hand out and change rules, on both databases."""

import threading
from datetime import timedelta

import pytest
from tests.integration.vault.conftest import NUMBER, OURS, PNG, THEN
from tests.integration.web.service import picture

from bixie.access.tenancy import reading
from bixie.store.errors import StoreError
from bixie.vault import repository
from bixie.vault.errors import ErasedError, ErasingError
from bixie.vault.models import Role as ExhibitRole
from bixie.vault.models import State
from bixie.vault.retention import erasure
from bixie.vault.retention.erasure import Reason, discard, erase, erase_expired
from bixie.vault.retention.service import MIN_DAYS, hold, set_retention
from bixie.vault.service import open_for


def long_after():
    return THEN + timedelta(days=MIN_DAYS + 1)


@pytest.fixture
def after_finding(monkeypatch):
    """Return a function that has something done once, right after expired exhibits were found."""
    real, waiting = erasure.expired, []

    def expired(session, limit, clock):
        found = real(session, limit, clock)
        while waiting:
            thread = threading.Thread(target=waiting.pop(), args=(found,))
            thread.start()
            thread.join()
        return found

    monkeypatch.setattr(erasure, "expired", expired)
    return waiting.append


def test_bytes_erased_just_before_their_row_are_asked_for_again(store, blobs, keep, within, monkeypatch):
    first = keep()
    within(erase, first.id, Reason.MISTAKE)
    kept = blobs.keep

    def keep_and_lose(space, received):
        kept(space, received)
        discard(store, OURS, blobs)

    monkeypatch.setattr(blobs, "keep", keep_and_lose)
    with pytest.raises(ErasingError) as refusal:
        keep()
    assert refusal.value.status == 503
    monkeypatch.undo()
    assert keep().state == State.KEPT


def test_erasing_and_receiving_at_the_same_time_lose_nothing(store, blobs, keep, within):
    """Whoever was told that a file is kept gets its bytes, whatever is erased meanwhile."""
    troubles = []

    def erase_all():
        try:
            for _ in range(8):
                with reading(store, OURS) as session:
                    there = [one.id for one in repository.page(session, None, 100, NUMBER)]
                for one in there[:1]:
                    within(erase, one, Reason.MISTAKE)
                discard(store, OURS, blobs)
        except Exception as error:
            troubles.append(error)

    thread = threading.Thread(target=erase_all)
    thread.start()
    kept = []
    for number in range(8):
        try:
            kept.append(keep(number=f"other-{number}"))
            keep()
        except ErasingError:
            continue
    thread.join()
    assert troubles == []
    for exhibit in kept:
        with open_for(store, OURS, blobs, exhibit.id, "test") as file:
            assert file.read() == PNG


@pytest.mark.parametrize("location", ["postgresql"], indirect=True)
def test_nothing_is_handed_out_once_erasing_was_committed(store, blobs, keep, within, monkeypatch):
    exhibit, opened, plain = keep(), [], blobs.open

    def erased_meanwhile(space, sha256):
        opened.append(plain(space, sha256))
        within(erase, exhibit.id, Reason.REQUEST)
        return opened[-1]

    monkeypatch.setattr(blobs, "open", erased_meanwhile)
    with pytest.raises(ErasedError):
        open_for(store, OURS, blobs, exhibit.id, "test")
    assert [file.closed for file in opened] == [True]


def test_one_file_that_cannot_be_removed_holds_up_no_other(store, blobs, keep, within, monkeypatch):
    first, *others = [keep(picture((number, 0, 0))) for number in range(3)]
    for one in (first, *others):
        within(erase, one.id, Reason.REQUEST)
    remove = blobs.remove

    def refuse(space, sha256):
        if sha256 == first.sha256:
            raise StoreError("store.files", reason="busy")
        remove(space, sha256)

    monkeypatch.setattr(blobs, "remove", refuse)
    with pytest.raises(StoreError):
        discard(store, OURS, blobs)
    assert [sha256 for _, sha256 in blobs.all()] == [first.sha256]
    monkeypatch.undo()
    assert discard(store, OURS, blobs) == 1


def test_a_hold_put_meanwhile_holds_and_does_not_end_the_round(store, blobs, keep, within, after_finding):
    for number in range(3):
        keep(picture((number, 0, 0)), number=str(number))
    within(set_retention, ExhibitRole.CLAIM, MIN_DAYS)
    after_finding(lambda found: within(hold, "case", exhibit_id=found[0].id))
    assert len(list(erase_expired(store, OURS, blobs, long_after))) == 2


def test_a_rule_taken_away_meanwhile_erases_nothing_more(store, blobs, keep, within, after_finding):
    keep()
    within(set_retention, ExhibitRole.CLAIM, MIN_DAYS)
    after_finding(lambda _: within(set_retention, ExhibitRole.CLAIM, None))
    assert list(erase_expired(store, OURS, blobs, long_after)) == []
