"""Evidence in and out, on both databases."""

import io
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from PIL import Image
from sqlalchemy.orm import Session

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import reading, reading_every_tenant, writing
from bixie.imaging.errors import ImagingError
from bixie.imaging.limits import Limits
from bixie.jobs import repository as work
from bixie.jobs.models import State as JobState
from bixie.ledger import repository as ledger
from bixie.ledger.rules import event_from_body
from bixie.ledger.verification import verify
from bixie.store.blobs import DiskBlobs
from bixie.store.errors import StoreError
from bixie.vault import checking, repository
from bixie.vault.checking import check
from bixie.vault.errors import VaultError
from bixie.vault.models import Role as ExhibitRole
from bixie.vault.service import (
    MAX_ORDER_NUMBER,
    Upload,
    keep_bytes,
    open_for,
    receive,
    stage,
)

OURS = Principal("tenant_ours", "person_1", Role.CLERK)
THEIRS = Principal("tenant_theirs", "person_2", Role.CLERK)
NUMBER = "4012345678901234567"
LIMITS = Limits()


def clock():
    return datetime(2026, 11, 25, 8, 30, 0, 123456, UTC)


def picture(form="PNG", colour="red", size=(40, 30)):
    data = io.BytesIO()
    Image.new("RGB", size, colour).save(data, form)
    return data.getvalue()


PNG = picture()


def upload(data=PNG, number=NUMBER, name="打包.png", role=ExhibitRole.PACKING):
    return Upload(io.BytesIO(data), name, number, role)


@pytest.fixture
def blobs(location):
    return DiskBlobs(location.folder / "blobs")


def received(store, blobs, given, principal=OURS, limits=LIMITS):
    with stage(blobs, given, limits) as staged, writing(store, principal) as session:
        keep_bytes(blobs, principal.tenant, staged)
        return receive(session, blobs, staged, clock)


def checked(store, blobs, exhibit, principal=OURS, limits=LIMITS):
    return check(store, principal, blobs, exhibit.id, limits, clock=clock)


def kept(store, blobs, given=None):
    return checked(store, blobs, received(store, blobs, given or upload()))


def custody(store, exhibit, principal=OURS):
    with reading(store, principal) as session:
        return [event_from_body(row.body) for row in ledger.events_about(session, exhibit.id)]


def bytes_of(store, blobs, exhibit, principal=OURS):
    with open_for(store, principal, blobs, exhibit.id, "test", clock=clock) as file:
        return file.read()


def files(blobs):
    return sorted(path for path in blobs._folder.rglob("*") if path.is_file())


def test_a_file_is_kept_exactly_with_both_hashes_and_everything_on_record(store, blobs):
    exhibit = kept(store, blobs)
    assert (exhibit.state, exhibit.media_type, exhibit.bytes) == ("kept", "image/png", len(PNG))
    assert (exhibit.order_number, exhibit.name) == (NUMBER, "打包.png")
    assert bytes_of(store, blobs, exhibit) == PNG
    events = custody(store, exhibit)
    assert [event.type for event in events] == ["exhibit.received", "exhibit.checked", "exhibit.handed_out"]
    assert {event.actor for event in events} == {"person_1"}
    facts = {
        "sha256": exhibit.sha256, "sm3": exhibit.sm3, "bytes": len(PNG), "media_type": "image/png",
        "role": "packing",
    }  # fmt: skip
    assert events[0].data.items() >= facts.items()
    assert events[2].data == {"sha256": exhibit.sha256, "purpose": "test"}


def test_order_number_and_name_stand_beside_the_ledger_and_can_be_erased(store, blobs):
    exhibit = kept(store, blobs)
    (first, *_) = custody(store, exhibit)
    assert NUMBER not in first.body()
    assert set(first.personal) == {"order_number", "name"}
    with reading_every_tenant(store) as session:
        assert verify(session).events == 2


def test_every_read_is_on_record(store, blobs):
    exhibit = kept(store, blobs)
    for _ in range(3):
        bytes_of(store, blobs, exhibit)
    assert [event.type for event in custody(store, exhibit)].count("exhibit.handed_out") == 3


def test_what_nobody_has_looked_into_is_in_quarantine(store, blobs):
    exhibit = received(store, blobs, upload())
    assert exhibit.state == "quarantined"
    with pytest.raises(VaultError) as refusal:
        bytes_of(store, blobs, exhibit)
    assert refusal.value.code == "vault.not_kept"
    assert len(custody(store, exhibit)) == 1


BOMB = picture(size=(3000, 1))
BROKEN = PNG[:40]


@pytest.mark.parametrize(
    ("data", "limits", "code"),
    [(BOMB, Limits(side=2000), "imaging.side_too_long"), (BROKEN, LIMITS, "imaging.broken")],
)
def test_a_file_that_cannot_be_examined_stays_in_quarantine_with_the_reason(store, blobs, data, limits, code):
    exhibit = checked(store, blobs, received(store, blobs, upload(data)), limits=limits)
    assert exhibit.state == "refused"
    assert exhibit.refusal["code"] == code
    assert exhibit.refusal["zh"]
    assert custody(store, exhibit)[-1].data["reason"] == code
    with pytest.raises(VaultError):
        bytes_of(store, blobs, exhibit)
    with blobs.open("tenant_ours", exhibit.sha256) as file:
        assert file.read() == data


def test_a_picture_that_ends_too_early_is_evidence_all_the_same(store, blobs):
    data = picture("JPEG", size=(400, 300))
    exhibit = kept(store, blobs, upload(data[: len(data) - 200], name="a.jpg"))
    assert exhibit.state == "kept"


def test_checking_twice_tells_once(store, blobs):
    exhibit = kept(store, blobs)
    assert checked(store, blobs, exhibit).state == "kept"
    assert len(custody(store, exhibit)) == 2


def test_two_checks_at_the_same_time_tell_one_result(store, blobs, monkeypatch):
    exhibit = received(store, blobs, upload())
    both, refusal = threading.Barrier(2), checking._refusal

    def look(*arguments):
        both.wait(60)
        return refusal(*arguments)

    monkeypatch.setattr(checking, "_refusal", look)
    with ThreadPoolExecutor(2) as threads:
        states = list(threads.map(lambda _: checked(store, blobs, exhibit).state, range(2)))
    assert states == ["kept", "kept"]
    assert [event.type for event in custody(store, exhibit)] == ["exhibit.received", "exhibit.checked"]


@pytest.mark.parametrize(
    ("data", "limits", "code"),
    [
        (b"", LIMITS, "imaging.empty_file"),
        (b"#!/bin/sh\n" * 100, LIMITS, "imaging.unknown_format"),
        (b"PK\x03\x04" + PNG, LIMITS, "imaging.unknown_format"),
        (PNG + bytes(5000), Limits(file_bytes=4999), "imaging.too_many_bytes"),
    ],
)
def test_what_is_refused_at_the_door_leaves_nothing(store, blobs, data, limits, code):
    with pytest.raises(ImagingError) as refusal:
        received(store, blobs, upload(data), limits=limits)
    assert refusal.value.code == code
    assert not blobs._folder.exists() or files(blobs) == []
    with reading_every_tenant(store) as session:
        assert verify(session).events == 0


def test_a_video_is_told_by_its_content_and_has_its_own_limit(store, blobs):
    data = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(6000)
    limits = Limits(file_bytes=5000, video_bytes=7000)
    exhibit = received(store, blobs, upload(data, name="packing.jpg"), limits=limits)
    assert exhibit.media_type == "video/mp4"
    assert checked(store, blobs, exhibit, limits=limits).state == "kept"


@pytest.mark.parametrize("number", ["", "4" * (MAX_ORDER_NUMBER + 1), "40\n12", "40\x0012", "40\u202e12"])
def test_an_order_number_that_is_none_is_refused(store, blobs, number):
    with pytest.raises(VaultError) as refusal:
        received(store, blobs, upload(number=number))
    assert refusal.value.code == "vault.bad_order"


def test_a_name_is_shown_cleaned_and_never_used_as_a_path(store, blobs):
    exhibit = received(store, blobs, upload(name="../../\u202egnp.exe\n" + "x" * 1000))
    assert "\n" not in exhibit.name
    assert "\u202e" not in exhibit.name
    assert len(exhibit.name) <= 160
    assert len(files(blobs)) == 1


def test_the_same_bytes_for_the_same_order_are_one_exhibit(store, blobs):
    first = kept(store, blobs)
    again = received(store, blobs, upload(name="other.png"))
    assert (again.id, again.state, again.name) == (first.id, "kept", "打包.png")
    assert custody(store, first)[-1].type == "exhibit.received_again"
    other = received(store, blobs, upload(number="another"))
    assert other.id != first.id
    assert len(files(blobs)) == 1


def test_the_same_bytes_given_at_the_same_time_are_one_exhibit(store, blobs):
    made, failures = [], []

    def give():
        try:
            made.append(received(store, blobs, upload()).id)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=give) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(made) == 4
    assert len(set(made)) == 1
    with reading_every_tenant(store) as session:
        assert verify(session).events == 4


def test_another_tenants_exhibit_is_not_there(store, blobs):
    exhibit = kept(store, blobs)
    with pytest.raises(VaultError) as refusal:
        bytes_of(store, blobs, exhibit, THEIRS)
    assert refusal.value.code == "vault.no_such_exhibit"
    with reading(store, THEIRS) as session:
        assert repository.by_content(session, "", NUMBER, ExhibitRole.PACKING, exhibit.sha256) is None
    mine = received(store, blobs, upload(), THEIRS)
    assert mine.id != exhibit.id
    assert len(files(blobs)) == 2


def test_a_file_that_has_rotted_is_never_handed_out(store, blobs):
    exhibit = kept(store, blobs)
    (place,) = files(blobs)
    place.chmod(0o600)
    place.write_bytes(PNG + b".")
    with pytest.raises(StoreError) as refusal:
        bytes_of(store, blobs, exhibit)
    assert refusal.value.code == "store.file_damaged"


def test_a_transaction_that_fails_leaves_no_row_that_lacks_its_file_and_no_file_in_the_way(store, blobs):
    def fail():
        with stage(blobs, upload(), LIMITS) as staged, writing(store, OURS) as session:
            keep_bytes(blobs, OURS.tenant, staged)
            receive(session, blobs, staged, clock)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    exhibit = kept(store, blobs)
    assert bytes_of(store, blobs, exhibit) == PNG
    assert len(files(blobs)) == 1


def jobs_of(store):
    with store.reading(Session) as session:
        return work.page(session, tenant=None, states=tuple(JobState), after=None, limit=100)


def test_the_same_bytes_may_be_a_listing_and_a_claim(store, blobs):
    listing = kept(store, blobs, upload(role=ExhibitRole.LISTING))
    claim = kept(store, blobs, upload(role=ExhibitRole.CLAIM))
    assert claim.id != listing.id
    assert kept(store, blobs, upload(role=ExhibitRole.CLAIM)).id == claim.id


def test_a_claims_file_that_was_kept_is_to_be_examined_once_and_no_other(store, blobs):
    def examinations():
        return [one for one in jobs_of(store) if one.kind == "examination"]

    for role in (ExhibitRole.LISTING, ExhibitRole.PACKING):
        kept(store, blobs, upload(role=role))
    assert examinations() == []
    broken = kept(store, blobs, upload(PNG[:60], role=ExhibitRole.CLAIM))
    assert (broken.state, examinations()) == ("refused", [])
    for _ in range(2):
        claim = kept(store, blobs, upload(role=ExhibitRole.CLAIM))
    (job,) = examinations()
    assert (job.kind, job.tenant, job.payload) == ("examination", OURS.tenant, {"exhibit": claim.id})


def test_packing_evidence_asks_for_a_stamp_the_moment_it_is_received_once(store, blobs):
    kept(store, blobs, upload(role=ExhibitRole.LISTING))
    for _ in range(2):
        packing = kept(store, blobs, upload(role=ExhibitRole.PACKING))
    (job,) = jobs_of(store)
    assert (job.kind, job.tenant, job.key) == ("ledger.stamp", OURS.tenant, packing.id)


def test_only_what_was_kept_for_the_order_in_these_roles_is_found(store, blobs):
    listing = kept(store, blobs, upload(role=ExhibitRole.LISTING))
    packing = kept(store, blobs, upload(picture(colour="blue")))
    kept(store, blobs, upload(role=ExhibitRole.CLAIM))
    kept(store, blobs, upload(number="another", role=ExhibitRole.LISTING))
    received(store, blobs, upload(picture(colour="green"), role=ExhibitRole.LISTING))
    roles = [ExhibitRole.LISTING, ExhibitRole.PACKING]
    with reading(store, OURS) as session:
        found = repository.kept_for(session, "", NUMBER, roles, 10)
    assert {one.id for one in found} == {listing.id, packing.id}
    with reading(store, THEIRS) as session:
        assert repository.kept_for(session, "", NUMBER, roles, 10) == []
