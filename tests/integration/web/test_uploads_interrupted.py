"""Uploads while connections break, servers die, others send the same, and time goes by."""

import hashlib
import threading
from datetime import timedelta

import pytest
from tests.integration.object_store import names
from tests.integration.web.service import Client, picture, serving
from tests.integration.web.uploads import (
    PNG,
    VIDEO,
    address,
    broken_off,
    code_of,
    events,
    files,
    head,
    offset,
    sent,
    until,
)

from bixie.assembly.stores import TEMPORARY, files_named
from bixie.assembly.stores import metadata as metadata_of_all
from bixie.imaging.limits import Limits
from bixie.kit.timestamps import utc_now
from bixie.store.backups.restoring import restore
from bixie.store.backups.writing import back_up
from bixie.store.blobs import DiskBlobs
from bixie.store.engine import connect
from bixie.store.errors import StoreError
from bixie.store.object_blobs import ObjectBlobs
from bixie.store.settings import Location
from bixie.store.unit_of_work import Store
from bixie.vault.uploads import part_receiver
from bixie.vault.uploads import parts as upload_parts
from bixie.vault.uploads import service as uploads
from bixie.vault.uploads.jobs import discard_expired
from bixie.web.services import Services


@pytest.fixture
def clock():
    return {"now": utc_now()}


@pytest.fixture
def client(store, blobs, tenant, clock):
    """Whose service lives by the clock."""
    limits = Limits(file_bytes=2_000_000, video_bytes=3_000_000)
    with serving(Services(store, blobs, limits, lambda: clock["now"])) as port:
        yield Client(port, tenant[1])


def test_a_request_that_breaks_off_keeps_what_had_come_and_is_resumed_from_there(ours):
    place = address(ours, len(VIDEO))
    broken_off(ours, place, VIDEO[:900_000], 0, said=len(VIDEO))
    # The server may see the end before the client asks, or after; what was sent has arrived in any case.
    until(lambda: offset(ours, place) == 900_000)
    assert ours.get(place).json()["offset"] == 900_000
    answer = sent(ours, place, VIDEO[900_000:], 900_000)
    exhibit = ours.get(f"/api/v1/exhibits/{answer.headers['bixie-exhibit']}").json()
    assert exhibit["sha256"] == hashlib.sha256(VIDEO).hexdigest()


def test_of_a_long_request_parts_are_safe_before_its_end(ours, monkeypatch):
    monkeypatch.setattr(part_receiver, "PART_BYTES", 300_000)
    place = address(ours, len(VIDEO))
    seen = []

    def pieces():
        for start in range(0, len(VIDEO), 100_000):
            if start == 2_000_000:
                until(lambda: offset(ours, place) >= 1_500_000)
                seen.append(offset(ours, place))
            yield VIDEO[start : start + 100_000]

    answer = sent(ours, place, pieces(), 0)
    assert answer.status == 204
    assert 1_500_000 <= seen[0] <= 2_000_000
    exhibit = ours.get(f"/api/v1/exhibits/{answer.headers['bixie-exhibit']}").json()
    assert exhibit["sha256"] == hashlib.sha256(VIDEO).hexdigest()


def test_an_upload_expires_a_day_after_its_last_byte(client, clock, store, blobs, location):
    place = address(client, len(PNG))
    clock["now"] += timedelta(hours=23)
    sent(client, place, PNG[:50], 0)
    clock["now"] += timedelta(hours=23)
    assert offset(client, place) == 50
    assert discard_expired(store, blobs, clock=lambda: clock["now"]) == 0
    clock["now"] += timedelta(hours=1)
    for answer in (client.get(place), sent(client, place, PNG[50:], 50)):
        assert code_of(answer) == (410, "vault.upload_expired")
    assert head(client, place).status == 410
    assert len(files(location)) == 1
    assert discard_expired(store, blobs, clock=lambda: clock["now"]) == 1
    assert code_of(client.get(place)) == (404, "vault.no_such_upload")
    assert files(location) == []
    assert discard_expired(store, blobs, clock=lambda: clock["now"]) == 0


def test_what_has_expired_is_taken_away_so_many_at_a_time_and_no_exhibit_with_it(client, clock, store, blobs):
    exhibit = sent(client, address(client, len(PNG)), PNG, 0).headers["bixie-exhibit"]
    for _ in range(4):
        sent(client, address(client, len(PNG)), PNG[:9], 0)
    clock["now"] += uploads.KEPT_FOR
    taken = [discard_expired(store, blobs, max_uploads=2, clock=lambda: clock["now"]) for _ in range(4)]
    assert taken == [2, 2, 1, 0]
    assert client.get(f"/api/v1/exhibits/{exhibit}/content").body == PNG


def test_two_that_send_the_last_part_at_the_same_time_make_one_exhibit(ours, location):
    place = address(ours, len(VIDEO))
    sent(ours, place, VIDEO[:1_000_000], 0)
    answers = []

    def send():
        answers.append(sent(ours, place, VIDEO[1_000_000:], 1_000_000))

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status for answer in answers} <= {204, 409}
    done = [answer for answer in answers if answer.status == 204]
    assert len(done) == 1
    assert events(ours).count("exhibit.received") == 1
    assert events(ours).count("exhibit.received_again") == 0
    assert len(files(location)) == 1
    exhibit = ours.get(f"/api/v1/exhibits/{done[0].headers['bixie-exhibit']}").json()
    assert exhibit["sha256"] == hashlib.sha256(VIDEO).hexdigest()


@pytest.mark.parametrize("ask", ["head", "patch"])
@pytest.mark.parametrize("step", ["receive", "check_for_call", "remove"])
def test_a_server_that_dies_on_the_way_into_the_vault_is_gone_on_from_once(
    ours, location, blobs, monkeypatch, step, ask
):
    def dies(*_arguments, **_more):
        raise StoreError("store.files", reason="killed")

    place = address(ours, len(PNG))
    sent(ours, place, PNG[:50], 0)
    with monkeypatch.context() as dying:
        dying.setattr(*((blobs, "remove") if step == "remove" else (uploads, step)), dies)
        assert sent(ours, place, PNG[50:], 50).status == 503
        assert len([name for name in files(location) if name.startswith("passing")]) == 2
    asks = {"head": lambda: head(ours, place), "patch": lambda: sent(ours, place, b"", len(PNG))}
    answers = [asks[ask]() for _ in range(2)]
    assert len({answer.headers["bixie-exhibit"] for answer in answers}) == 1
    assert events(ours).count("exhibit.received") == events(ours).count("exhibit.checked") == 1
    assert events(ours).count("exhibit.received_again") == 0
    assert len(files(location)) == 1


def test_a_part_that_is_kept_without_its_row_is_in_nobodys_way(ours, monkeypatch):
    place = address(ours, len(PNG))
    with monkeypatch.context() as dying:

        def dies(**_):
            raise StoreError("store.busy")

        dying.setattr(uploads, "UploadPart", dies)
        assert sent(ours, place, PNG[:50], 0).status == 503
    assert offset(ours, place) == 0
    assert "bixie-exhibit" in sent(ours, place, PNG, 0).headers


def test_parts_are_in_the_bucket_of_a_store_that_has_one(store, bucket, s3, tenant, tmp_path):
    """So that each request may come to another server."""
    inside, place, reached = s3.inside(bucket.name), None, 0
    for number, end in enumerate((1_000_000, 2_000_000, len(VIDEO))):
        parts = Services(store, ObjectBlobs(bucket, tmp_path / f"server-{number}"), Limits())
        with serving(parts) as port:
            client = Client(port, tenant[1])
            place = place or address(client, len(VIDEO))
            assert offset(client, place) == reached
            answer = sent(client, place, VIDEO[reached:end], reached)
            reached = end
            found = [name.split("/")[2] for name in names(inside)]
            if end < len(VIDEO):
                assert found == ["passing"] * (number + 1)
            else:
                assert found == [tenant[0]]
                exhibit = client.get(f"/api/v1/exhibits/{answer.headers['bixie-exhibit']}").json()
    assert exhibit["sha256"] == hashlib.sha256(VIDEO).hexdigest()


def test_a_backup_holds_nothing_of_open_uploads(ours, store, blobs, tmp_path):
    place = address(ours, len(PNG))
    sent(ours, place, PNG[:50], 0)
    ours.exhibit(picture((9, 9, 9)))
    made = back_up(store, blobs, files_named, tmp_path / "backup", temporary=TEMPORARY)
    assert made.files == 1
    assert made.tables["upload"]["rows"] == made.tables["upload_part"]["rows"] == 0
    location = Location.find(str(tmp_path / "new"), environment={})
    restored = Store(connect(location.url))
    restore(
        restored,
        DiskBlobs(location.folder / "blobs"),
        tmp_path / "backup",
        metadata_of_all(),
        named=files_named,
    )
    restored.close()
    assert "bixie-exhibit" in sent(ours, place, PNG[50:], 50).headers


def test_an_upload_to_which_more_came_since_it_was_seen_expired_goes_on(
    ours, store, blobs, tenant, monkeypatch
):
    place = address(ours, len(PNG))
    sent(ours, place, PNG[:50], 0)
    seen = [(tenant[0], place.rpartition("/")[2])]
    monkeypatch.setattr("bixie.vault.uploads.jobs.expired", lambda *_: seen)
    assert discard_expired(store, blobs) == 0
    assert "bixie-exhibit" in sent(ours, place, PNG[50:], 50).headers


def test_who_is_overtaken_while_the_parts_are_put_together_is_told_of_the_same_exhibit(ours, monkeypatch):
    place, joined, meanwhile = address(ours, len(PNG)), upload_parts.joined, []

    def overtaken(*given):
        monkeypatch.undo()
        meanwhile.append(head(ours, place))
        return joined(*given)

    monkeypatch.setattr(upload_parts, "joined", overtaken)
    answer = sent(ours, place, PNG, 0)
    assert answer.status == 204
    assert [one.headers["bixie-exhibit"] for one in meanwhile] == [answer.headers["bixie-exhibit"]]
    assert events(ours).count("exhibit.received") == 1
