"""What goes with what: reports, their files, and the exhibits they describe or show; on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session
from tests.integration.vault.conftest import OURS, PNG, THEN, written
from tests.integration.web.service import picture

from bixie.access.tenancy import reading
from bixie.assembly.stores import files_named
from bixie.jobs import repository as jobs
from bixie.jobs.models import State as JobState
from bixie.store.blobs import DiskBlobs
from bixie.vault.documents import read_document
from bixie.vault.errors import ErasedError
from bixie.vault.models import Role, State
from bixie.vault.retention.erasure import Reason, discard, erase, expired
from bixie.vault.retention.errors import HeldError
from bixie.vault.retention.service import MIN_DAYS, hold, set_retention
from bixie.vault.service import found

FILES = {"index.html": b"<p>", "masks/0-0.png": b"mask"}
LATER = THEN + timedelta(days=MIN_DAYS + 1)


@pytest.fixture
def claim(keep):
    """Two files of one claim."""
    return [keep(PNG), keep(picture(colour="blue"))]


@pytest.fixture
def listing(keep):
    return keep(picture(colour="green"), role=Role.LISTING)


def state(store, exhibit):
    with reading(store, OURS) as session:
        return found(session, exhibit.id).state


def keys(store):
    with store.reading(Session) as session:
        return {
            one.key for one in jobs.page(session, tenant=None, states=[JobState.WAITING], after=None, limit=9)
        }


def test_page_and_masks_go_with_the_report(store, blobs: DiskBlobs, claim, within):
    report = within(written, blobs, claim, files=FILES)
    assert len(set(blobs.all())) == 5
    with store.engine.connect() as connection:
        assert files_named(connection) == set(blobs.all())
    within(erase, report.id, Reason.MISTAKE)
    with store.engine.connect() as connection:
        assert len(files_named(connection)) == 2
    discard(store, OURS, blobs)
    assert {sha256 for _, sha256 in blobs.all()} == {one.sha256 for one in claim}
    with pytest.raises(ErasedError):
        read_document(store, OURS, blobs, report.id, "test", name="index.html")


def test_a_mask_that_another_report_has_too_stays(store, blobs, claim, within):
    first = within(written, blobs, claim[:1], files=FILES)
    second = within(written, blobs, claim[1:], files=FILES)
    within(erase, first.id, Reason.MISTAKE)
    discard(store, OURS, blobs)
    kept = read_document(store, OURS, blobs, second.id, "test", name="masks/0-0.png")
    assert (kept.data, kept.media_type) == (b"mask", "image/png")


def test_erasing_one_file_of_a_claim_erases_the_report_and_asks_for_one_about_the_rest(
    store, blobs, claim, within
):
    first, second = claim
    report = within(written, blobs, claim, files=FILES)
    before = keys(store)
    assert [one.id for one in within(erase, first.id, Reason.REQUEST)] == [first.id, report.id]
    assert state(store, second) == State.KEPT
    assert keys(store) - before == {f"{first.id} without {first.id}"}


def test_erasing_a_picture_that_a_report_shows_erases_the_report(store, blobs, claim, listing, within):
    report = within(written, blobs, claim, [listing], files=FILES)
    before = keys(store)
    assert [one.id for one in within(erase, listing.id, Reason.MISTAKE)] == [listing.id, report.id]
    assert keys(store) - before == {f"{claim[0].id} without {listing.id}"}


def test_what_still_has_a_report_is_not_examined_again(store, blobs, claim, within):
    within(written, blobs, claim[:1])
    within(written, blobs, claim)
    before = keys(store)
    within(erase, claim[1].id, Reason.REQUEST)
    assert keys(store) == before


def test_a_rule_whose_period_is_over_asks_for_no_examination(store, blobs, claim, within):
    within(written, blobs, claim)
    before = keys(store)
    within(erase, claim[0].id, Reason.RETENTION)
    assert keys(store) == before


def test_a_hold_on_one_file_of_a_report_keeps_the_others(store, blobs, claim, listing, within):
    within(written, blobs, claim, [listing])
    within(set_retention, Role.CLAIM, MIN_DAYS)
    within(set_retention, Role.LISTING, MIN_DAYS)
    within(hold, "case", exhibit_id=claim[1].id)
    for one in (claim[0], listing):
        with pytest.raises(HeldError):
            within(erase, one.id, Reason.REQUEST)
    with reading(store, OURS) as session:
        assert expired(session, 10, lambda: LATER) == []


def test_a_hold_on_a_picture_that_a_report_shows_keeps_only_the_picture(store, blobs, claim, listing, within):
    within(written, blobs, claim, [listing])
    within(set_retention, Role.CLAIM, MIN_DAYS)
    within(hold, "case", exhibit_id=listing.id)
    with reading(store, OURS) as session:
        assert {one.id for one in expired(session, 10, lambda: LATER)} == {one.id for one in claim}
    assert within(erase, claim[0].id, Reason.REQUEST)


def test_a_hold_on_another_report_keeps_nothing_here(store, blobs, claim, within):
    first, second = claim
    within(written, blobs, [first])
    held = within(written, blobs, [second])
    within(set_retention, Role.CLAIM, MIN_DAYS)
    within(hold, "case", exhibit_id=held.id)
    with reading(store, OURS) as session:
        assert [one.id for one in expired(session, 10, lambda: LATER)] == [first.id]
