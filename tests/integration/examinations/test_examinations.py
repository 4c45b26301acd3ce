"""From an exhibit to a report that is kept, on both databases."""

import io
import json
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import jsonschema
import pytest
from sqlalchemy.orm import Session
from tests.integration.examinations import costly_task

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import reading, reading_every_tenant, writing
from bixie.access.worker import WORKER
from bixie.assembly.jobs import job_types
from bixie.examinations import isolation
from bixie.examinations import repository as examinations
from bixie.examinations.examining import examine
from bixie.examinations.service import fetch
from bixie.imaging.limits import Limits
from bixie.jobs import repository as work
from bixie.jobs.attempts import run_job
from bixie.jobs.job_types import by_name
from bixie.jobs.models import State
from bixie.jobs.service import enqueue
from bixie.jobs.worker import Worker
from bixie.kit.timestamps import format_timestamp, utc_now
from bixie.ledger import repository as ledger
from bixie.ledger.rules import event_from_body
from bixie.ledger.verification import verify
from bixie.orders.schemas import DeliveryIn, ItemIn, OrderIn
from bixie.orders.service import import_orders
from bixie.report.document import schema
from bixie.store.blobs import DiskBlobs, path_of
from bixie.store.errors import StoreError
from bixie.vault import repository as vault
from bixie.vault.checking import check, count_cut_off
from bixie.vault.models import Role as ExhibitRole
from bixie.vault.retention.erasure import Reason, erase
from bixie.vault.service import Upload, keep_bytes, open_for, receive, stage
from bixie.version import __version__

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
OURS = Principal("tenant_ours", "person_clerk", Role.CLERK)
BUYER = Principal("tenant_ours", "person_buyer", Role.BUYER)
NUMBER = "4012345678901234567"
LISTING, CLAIM = ExhibitRole.LISTING, ExhibitRole.CLAIM
NOW = datetime(2026, 11, 25, 8, 30, tzinfo=UTC)


@pytest.fixture
def blobs(location):
    return DiskBlobs(location.folder / "blobs")


@pytest.fixture
def kept(store, blobs):
    """Return a function that keeps a file of the examples."""

    def keep(name, role, principal=OURS, number=NUMBER, clock=utc_now, more=b"", **marks):
        data = (EXAMPLES / name).read_bytes() + more
        upload = Upload(io.BytesIO(data), name, number, role, **marks)
        with stage(blobs, upload, Limits()) as staged, writing(store, principal) as session:
            keep_bytes(blobs, principal.tenant, staged)
            exhibit = receive(session, blobs, staged, clock)
        return check(store, principal, blobs, exhibit.id, Limits())

    return keep


@pytest.fixture
def examined(store, location, blobs):
    """Return a function that does the jobs that wait, and gives the report about an exhibit."""

    def examine(exhibit):
        types = by_name(job_types(store, location))
        for job in waiting(store):
            run_job(store, types, job.id, job.run, clock=lambda: NOW, jitter=lambda: 0.0)
        return report(store, blobs, exhibit)

    return examine


def waiting(store, states=(State.WAITING,)):
    with store.reading(Session) as session:
        return work.page(session, tenant=None, states=states, after=None, limit=100)


def report(store, blobs, exhibit):
    with reading(store, OURS) as session:
        made = examinations.latest(session, exhibit.id)
    with open_for(store, OURS, blobs, made.report_id, "test") as file:
        return json.load(file)


def events(store, exhibit):
    with reading(store, OURS) as session:
        return [event_from_body(row.body) for row in ledger.events_about(session, exhibit.id)]


def finding(document):
    (one,) = (one for one in document["exhibits"][0]["findings"] if one["examiner"] == "derivation")
    return one


def test_a_worker_examines_an_edited_claim_against_the_listing_on_record(store, location, blobs, kept):
    listing, claim = kept("listing.jpg", LISTING), kept("claim.jpg", CLAIM, BUYER)
    worker = Worker(store, job_types(store, location), concurrency=1)
    thread = threading.Thread(target=stop_when_done, args=(store, worker))
    thread.start()
    worker.run()
    thread.join()
    document = report(store, blobs, claim)
    jsonschema.validate(document, schema())
    assert document["claim"]["verdict"] == "refuted"
    assert (document["exhibits"][0]["id"], document["exhibits"][0]["path"]) == (claim.id, "claim.jpg")
    said = finding(document)
    assert (said["code"], said["known"]) == ("derivation.known_picture_edited", "listing.jpg")
    assert said["data"]["known_id"] == listing.id
    assert "listing.jpg" in said["explain"]["en"]
    assert said["data"]["vouched_by"] == "record"
    (entry,) = document["known"]
    received = events(store, listing)[0]
    assert (entry["id"], entry["path"], entry["sha256"]) == (listing.id, "listing.jpg", listing.sha256)
    assert entry["kept"] == {
        "since": received.time, "by": OURS.id, "role": "listing", "event": received.sequence,
        "before_claim": True, "clock_agrees": True, "fixed_camera": False,
    }  # fmt: skip


def test_a_picture_on_record_of_a_fixed_camera_refutes_nothing(store, kept, examined):
    """The event that it was received says so: nobody can take the mark away, or add it later."""
    packing = kept("listing.jpg", ExhibitRole.PACKING, fixed_camera=True)
    assert events(store, packing)[0].data["fixed_camera"] is True
    document = examined(kept("claim.jpg", CLAIM, BUYER))
    jsonschema.validate(document, schema())
    assert document["claim"]["verdict"] == "suspect"
    assert document["known"][0]["kept"]["fixed_camera"] is True
    assert "固定机位" in finding(document)["limits"]["zh"]


def test_a_file_that_ends_its_process_three_times_is_set_aside_and_the_others_are_examined(
    store, location, blobs, kept, monkeypatch
):
    monkeypatch.setattr(isolation, "_TASK", costly_task.NAME)
    costly, claim = kept("claim.jpg", CLAIM, more=costly_task.MARK), kept("honest.jpg", CLAIM)
    types = by_name(job_types(store, location))
    codes = []
    for _ in range(4):
        (job,) = waiting(store)
        codes.append(job.error and job.error["code"])
        run_job(store, types, job.id, job.run, clock=lambda: NOW, jitter=lambda: 0.0)
    assert waiting(store, states=(State.WAITING, State.DEAD)) == []
    assert codes == [None, *["isolation.ended"] * 3]
    errors = [one["error"] and one["error"]["code"] for one in report(store, blobs, claim)["exhibits"]]
    assert errors == ["imaging.too_costly", None]
    with open_for(store, OURS, blobs, costly.id, "test") as file:
        assert costly_task.MARK in file.read()


def test_four_files_that_end_their_process_do_not_take_the_report_from_the_others(
    store, location, kept, monkeypatch
):
    claim = [kept("honest.jpg", CLAIM)]
    claim += [kept("claim.jpg", CLAIM, more=bytes([number])) for number in range(4)]
    blamed = [one.id for one in claim[1:] for _ in range(3)]
    set_aside = []

    def examine_isolated(task, *_):
        if blamed:
            raise isolation.FileCutOffError("isolation.ended", blamed.pop(0))
        set_aside.extend(one.id for one in task.files if one.set_aside)
        raise StoreError("store.full")

    monkeypatch.setattr("bixie.examinations.jobs.examine_isolated", examine_isolated)
    types = by_name(job_types(store, location))
    for _ in range(13):
        (job,) = waiting(store)
        run_job(store, types, job.id, job.run, clock=lambda: NOW, jitter=lambda: 0.0)
    (job,) = waiting(store)
    assert (job.failures, job.error["code"]) == (1, "store.full")
    assert set_aside == [one.id for one in claim[1:]]


def test_a_report_of_the_service_says_when_for_which_order_and_by_whom(kept, examined, monkeypatch):
    monkeypatch.setenv("BIXIE_EXAMINED_BY", "某店售后")
    document = examined(kept("claim.jpg", CLAIM))
    assert datetime.fromisoformat(document["created_at"]).utcoffset() is not None
    assert document["order"] == {"id": NUMBER}
    assert document["examined_by"] == "某店售后"


def stop_when_done(store, worker):
    pause = threading.Event()
    while waiting(store):
        pause.wait(0.1)
    worker.stop()


def test_the_report_is_an_exhibit_and_the_ledger_names_it_with_its_hash(store, kept, examined):
    claim = kept("claim.jpg", CLAIM)
    examined(claim)
    with reading(store, OURS) as session:
        made = examinations.latest(session, claim.id)
        written = vault.by_id(session, made.report_id)
        files = {one.name: one.sha256 for one in vault.files_of(session, made.report_id)}
    assert (written.role, written.media_type, written.order_number) == ("report", "application/json", NUMBER)
    told = events(store, claim)[-1]
    assert (told.type, told.actor) == ("exhibit.examined", WORKER)
    facts = {
        "examination": made.id, "report": written.id, "report_sha256": written.sha256,
        "verdict": made.verdict, "version": __version__, "exhibits": made.exhibits,
        "page_sha256": files.pop("index.html"), "masks": files,
    }  # fmt: skip
    assert told.data.items() >= facts.items()
    assert events(store, claim)[-2].data == {"sha256": claim.sha256, "purpose": "examination"}
    with reading_every_tenant(store) as session:
        verify(session)


def test_a_listing_that_came_after_the_claim_refutes_nothing(kept, examined):
    claim = kept("claim.jpg", CLAIM, BUYER)
    kept("listing.jpg", LISTING)
    document = examined(claim)
    said = finding(document)
    assert (said["code"], said["grade"]) == ("derivation.direction_unknown", "statistical")
    assert said["data"]["vouched_by"] == "nobody"
    assert document["known"][0]["kept"]["before_claim"] is False
    assert document["claim"]["verdict"] != "refuted"


@pytest.mark.parametrize("order", ["A L erase B", "A L B erase", "A B erase L", "P A erase L B"])
def test_a_picture_from_after_an_erased_claim_is_not_from_before_it(store, kept, order):
    """The seller may have made it from the erased file."""
    made = {}
    steps = {
        "P": lambda: kept("honest.jpg", LISTING),
        "A": lambda: kept("claim.jpg", CLAIM, BUYER),
        "L": lambda: kept("listing.jpg", LISTING),
        "B": lambda: kept("claim.jpg", CLAIM, BUYER, more=b"another"),
    }
    for step in order.split():
        if step == "erase":
            with writing(store, OURS) as session:
                erase(session, made["A"].id, Reason.MISTAKE)
        else:
            made[step] = steps[step]()
    with writing(store, OURS) as session:
        task = fetch(session, made["B"].id)
    before = {one.id: one.provenance.before_claim for one in task.known}
    assert before == {made[name].id: name == "P" for name in made.keys() & {"P", "L"}}
    with reading_every_tenant(store) as session:
        verify(session)


def test_a_clock_that_went_back_before_the_claim_moves_nothing(store, kept):
    ahead = datetime.now(UTC) + timedelta(days=365)
    before = kept("listing.jpg", LISTING, clock=lambda: ahead)
    claim = kept("claim.jpg", CLAIM, BUYER)
    after = kept("honest.jpg", LISTING, clock=lambda: datetime(2020, 1, 1, tzinfo=UTC))
    with writing(store, OURS) as session:
        task = fetch(session, claim.id)
    known = {one.id: (one.provenance.before_claim, one.provenance.clock_agrees) for one in task.known}
    assert known == {before.id: (True, False), after.id: (False, False)}
    assert task.order["claimed_at"] == format_timestamp(ahead)


def test_the_claims_own_file_given_back_as_a_listing_is_no_known_picture(kept, examined):
    claim = kept("claim.jpg", CLAIM, BUYER)
    kept("claim.jpg", LISTING)
    assert examined(claim)["known"] == []


def test_a_file_whose_examination_comes_to_an_end_is_blamed_for_no_earlier_one(store, kept, examined):
    files = kept("listing.jpg", LISTING), kept("claim.jpg", CLAIM, BUYER)
    costly = kept("honest.jpg", LISTING)
    with writing(store, OURS) as session:
        for one in (*files, *files, costly, costly, costly):
            count_cut_off(session, one.id)
    examined(files[1])
    with reading(store, OURS) as session:
        counts = [vault.by_id(session, one.id).failed_checks for one in (*files, costly)]
    assert counts == [0, 0, 3]


def test_the_listing_itself_as_a_claim_is_the_known_picture_unchanged(kept, examined):
    kept("listing.jpg", LISTING)
    assert (
        finding(examined(kept("listing.jpg", CLAIM, BUYER)))["code"] == "derivation.known_picture_unchanged"
    )


def test_pictures_of_another_order_or_another_tenant_are_not_known(kept, examined):
    kept("listing.jpg", LISTING, number="another order")
    kept("listing.jpg", LISTING, Principal("tenant_theirs", "person_3", Role.CLERK))
    assert examined(kept("claim.jpg", CLAIM))["known"] == []


def test_an_honest_photo_is_not_refuted_and_the_order_is_told(store, kept, examined):
    delivered = DeliveryIn(delivered_at=datetime(2026, 11, 20, tzinfo=UTC))
    order = OrderIn(number=NUMBER, items=(ItemIn(sku="A1", name="杯子"),), deliveries=(delivered,))
    with writing(store, OURS) as session:
        import_orders(session, [order])
    kept("listing.jpg", LISTING)
    document = examined(kept("honest.jpg", CLAIM, BUYER))
    jsonschema.validate(document, schema())
    assert document["claim"]["verdict"] == "inconclusive"
    assert document["warnings"] == []


def test_an_exhibit_that_is_not_there_ends_the_job_at_once(store, examined, kept):
    with writing(store, OURS) as session:
        job = enqueue(session, "examination", {"exhibit": "exhibit_of_nobody"}, tenant=OURS.tenant)
    examined(kept("claim.jpg", CLAIM))
    (dead,) = waiting(store, (State.DEAD,))
    assert (dead.id, dead.error["code"]) == (job.id, "vault.no_such_exhibit")
    assert "nobody" not in dead.error["en"]


def test_an_order_may_have_more_known_pictures_than_a_process_may_have_open_files(tmp_path):
    program = Path(__file__).with_name("few_open_files.py")
    done = subprocess.run(
        [sys.executable, program, tmp_path / "data", "90", "60"], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout) == {"verdict": "inconclusive", "known": 90, "errors": []}


def test_a_known_picture_whose_file_is_damaged_makes_no_report_that_calls_it_unreadable(
    store, location, blobs, kept
):
    listing, claim = kept("listing.jpg", LISTING), kept("claim.jpg", CLAIM, BUYER)
    place = location.folder / "blobs" / path_of(OURS.tenant, listing.sha256)
    place.chmod(0o600)
    place.write_bytes(b"damaged")
    with writing(store, OURS) as session:
        task = fetch(session, claim.id)
    with pytest.raises(StoreError) as refused:
        examine(task, partial(blobs.open, OURS.tenant), Limits())
    assert refused.value.code == "store.file_damaged"
