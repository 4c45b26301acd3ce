"""``/api/v1/exhibits`` and ``/api/v1/ledger`` through a real server."""

import asyncio
import hashlib
import json
import socket
from base64 import b64encode

import pytest
from tests.integration.web.service import form, picture
from tests.sweeps import by_repr, check_each

from bixie.access.principal import Principal, Role
from bixie.ledger.proofs import Proof
from bixie.ledger.witnesses.reading import read_source
from bixie.vault.api import content_answer
from bixie.web.auth_middleware import call_for

PATH = "/api/v1/exhibits"


def types(client, subject):
    page = client.get(f"/api/v1/ledger/events?subject={subject}").json()
    return [one["type"] for one in page["items"]]


def test_a_picture_is_kept_exactly_and_every_touch_is_on_record(ours):
    data = picture()
    answer = ours.exhibit(data, order="4012345678901234567")
    exhibit = answer.json()
    assert answer.status == 201
    assert [note["code"] for note in exhibit.pop("notes")] == ["vault.order_not_known"]
    assert exhibit["order"] == "4012345678901234567"
    assert (exhibit["state"], exhibit["error"]) == ("kept", None)
    assert exhibit["sha256"] == hashlib.sha256(data).hexdigest()
    assert ours.get(f"{PATH}/{exhibit['id']}").json() == answer.json()
    assert ours.get(f"{PATH}?order=4012345678901234567").json()["items"] == [exhibit]
    content = ours.get(f"{PATH}/{exhibit['id']}/content")
    assert content.body == data
    assert content.headers["content-type"] == "image/png"
    assert content.headers["content-disposition"] == f'attachment; filename="{exhibit["id"]}"'
    digest = b64encode(hashlib.sha256(data).digest()).decode()
    assert content.headers["repr-digest"] == f"sha-256=:{digest}:"
    assert types(ours, exhibit["id"]) == ["exhibit.received", "exhibit.checked", "exhibit.handed_out"]


def test_a_file_is_closed_when_the_client_goes_away_before_the_first_byte(ours, server, tenant, monkeypatch):
    exhibit = ours.exhibit(picture()).json()
    services, opened = server[0], []
    really_open = services.blobs.open

    def opening(*place):
        opened.append(really_open(*place))
        return opened[-1]

    async def gone():
        return {"type": "http.disconnect"}

    async def nobody_reads(_message):
        await asyncio.Event().wait()

    monkeypatch.setattr(services.blobs, "open", opening)
    call = call_for(services, Principal(tenant[0], "program_test", Role.ADMIN), None)
    answer = content_answer(call, exhibit["id"], "download")
    asyncio.run(answer({"type": "http"}, gone, nobody_reads))
    assert [one.closed for one in opened] == [True]


def test_an_order_that_is_known_is_not_remarked_on(ours):
    assert ours.post("/api/v1/orders", {"number": "77"}).status == 201
    assert ours.exhibit(picture(), order="77").json()["notes"] == []
    unknown = ours.exhibit(picture(), order="78").json()
    (note,) = unknown["notes"]
    assert "78" in note["zh"]
    ours.post("/api/v1/orders", {"number": "78"})
    assert ours.get(f"{PATH}/{unknown['id']}").json()["notes"] == []


def test_a_claims_photo_waits_for_its_examination_wherever_it_is_shown(ours):
    content_type, body = form(picture(), "a.png", "image/png", {"order": "1", "role": "claim"})
    exhibit = ours.call("POST", PATH, body, Content_Type=content_type).json()
    assert (exhibit["examination"], exhibit["missing"]) == ("waiting", False)
    assert ours.get(PATH).json()["items"][0]["examination"] == "waiting"


def test_a_file_is_what_its_content_says(ours):
    exhibit = ours.exhibit(picture(kind="JPEG"), name="a.png", kind="image/png").json()
    assert exhibit["media_type"] == "image/jpeg"
    answer = ours.exhibit(b"<html>", name="a.jpg", kind="image/jpeg")
    assert (answer.status, answer.code) == (422, "imaging.unknown_format")


@pytest.mark.parametrize(
    ("file", "code"), [(b"", "imaging.empty_file"), (b"\x89PNG\r\n\x1a\n" + bytes(2_000_000), None)]
)
def test_a_file_that_is_refused_leaves_nothing_behind(ours, store, location, file, code):
    answer = ours.exhibit(file)
    assert answer.status == 422
    assert answer.code == (code or "imaging.too_many_bytes")
    assert ours.get(PATH).json()["items"] == []
    assert not [path for path in (location.folder / "blobs").rglob("*") if path.is_file()]


def test_a_file_that_cannot_be_decoded_is_kept_and_not_handed_out(ours):
    answer = ours.exhibit(picture()[:60])
    assert answer.status == 201
    assert (answer.json()["state"], answer.json()["error"]["zh"] != "") == ("refused", True)
    content = ours.get(f"{PATH}/{answer.json()['id']}/content")
    assert (content.status, content.code) == (409, "vault.not_kept")


# Starlette leaves the file of a form that broke off to the garbage collector, which closes it.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("said", ["more", "less"])
def test_an_upload_that_lies_about_its_size_leaves_nothing_behind(ours, port, location, said):
    content_type, body = form(picture(), "a.png", "image/png", {"order": "1"})
    length = len(body) + 500 if said == "more" else len(body) - 60
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {ours.key}\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {length}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port), timeout=30) as raw:
        raw.sendall(head.encode() + body)
        raw.shutdown(socket.SHUT_WR)
        answers = b""
        while part := raw.recv(65536):
            answers += part
    assert b" 201 " not in answers
    assert b" 500 " not in answers
    assert ours.get(PATH).json()["items"] == []
    assert not [path for path in (location.folder / "blobs").rglob("*") if path.is_file()]


BAD_ORDER_NUMBERS = ["", "a\nb", "x" * 101]


def test_an_order_number_that_cannot_be_is_refused(ours):
    def check(order):
        answer = ours.exhibit(picture(), order=order)
        assert answer.status == 422
        assert answer.code in {"vault.bad_order", "web.invalid"}

    check_each(by_repr(BAD_ORDER_NUMBERS), check)


def test_a_name_is_never_a_path_and_has_nothing_invisible(ours):
    exhibit = ours.exhibit(picture(), name="../../etc/pass\x00wd").json()
    assert "\x00" not in exhibit["name"]


def test_a_form_without_its_parts_names_them(ours):
    answer = ours.upload(PATH, picture())
    assert [one["field"] for one in answer.json()["fields"]] == ["body.order"]
    assert ours.call("POST", PATH, b"nonsense", Content_Type="multipart/form-data; boundary=x").status in {
        400,
        422,
    }
    assert ours.call("POST", PATH, b"x", Content_Type="multipart/form-data").code == "web.bad_request"


def test_an_exhibit_of_another_tenant_is_not_there(ours, theirs):
    exhibit = ours.exhibit(picture()).json()
    for path in (f"{PATH}/{exhibit['id']}", f"{PATH}/{exhibit['id']}/content"):
        answer = theirs.get(path)
        assert (answer.status, answer.code) == (404, "vault.no_such_exhibit")
    assert theirs.get(f"{PATH}?order=1").json()["items"] == []
    assert types(theirs, exhibit["id"]) == []
    assert "exhibit.handed_out" not in types(ours, exhibit["id"])
    assert theirs.exhibit(picture()).json()["id"] != exhibit["id"]


def test_a_proof_is_given_once_a_checkpoint_covers_the_event(ours):
    exhibit = ours.exhibit(picture()).json()
    event = ours.get(f"/api/v1/ledger/events?subject={exhibit['id']}").json()["items"][0]
    path = f"/api/v1/ledger/proofs/{event['sequence']}"
    assert ours.get(path).code == "ledger.not_covered"
    checkpoint = ours.post("/api/v1/ledger/checkpoints")
    assert checkpoint.status == 201
    answer = ours.get(path)
    assert answer.status == 200
    proven, covering = Proof.from_dict(answer.json()).check()
    assert (proven.subject, covering.root) == (exhibit["id"], checkpoint.json()["root"])
    assert answer.json()["event"] == event["body"]


def test_a_receipt_proves_what_was_received_and_is_a_witness(ours, theirs, tmp_path):
    exhibit = ours.exhibit(picture()).json()
    path = f"{PATH}/{exhibit['id']}/receipt"
    assert (ours.get(path).status, ours.get(path).code) == (409, "ledger.not_covered")
    ours.post("/api/v1/ledger/checkpoints")
    receipt = ours.get(path).json()
    proven, covering = Proof.from_dict(receipt["proof"]).check()
    assert (proven.subject, proven.data["sha256"]) == (exhibit["id"], receipt["sha256"])
    (tmp_path / "receipt.json").write_text(json.dumps(receipt))
    (said,) = read_source(str(tmp_path / "receipt.json"))
    assert (said.size, said.head) == (covering.size, covering.head)
    assert theirs.get(path).status == 404


def test_a_checkpoint_over_nothing_new_is_the_last_one(ours):
    first = ours.post("/api/v1/ledger/checkpoints").json()
    assert ours.post("/api/v1/ledger/checkpoints").json() == first


BAD_PROOFS = [
    ("999", 404, "ledger.no_such_event"),
    ("0", 422, "web.invalid"),
    ("x", 422, "web.invalid"),
    ("9" * 30, 422, "web.invalid"),
]


def test_a_proof_of_what_is_not_there_is_refused(ours):
    def check(case):
        sequence, status, code = case
        answer = ours.get(f"/api/v1/ledger/proofs/{sequence}")
        assert (answer.status, answer.code) == (status, code)

    check_each(by_repr(BAD_PROOFS), check)


def test_events_come_in_their_order_and_by_type(ours):
    ours.exhibit(picture())
    first = ours.get("/api/v1/ledger/events?limit=1").json()
    assert first["items"][0]["sequence"] == 1
    assert first["items"][0]["id"] == "1"
    second = ours.get(f"/api/v1/ledger/events?limit=1&cursor={first['next']}").json()
    assert second["items"][0]["sequence"] == 2
    kept = ours.get("/api/v1/ledger/events?type=exhibit.checked").json()["items"]
    assert [one["data"]["state"] for one in kept] == ["kept"]
