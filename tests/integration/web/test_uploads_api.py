"""``/api/v1/uploads`` through a real server: files in pieces, and everything that can happen in between."""

import hashlib
from base64 import b64encode
from itertools import product

import pytest
from tests.integration.web.service import Client, new_key
from tests.integration.web.uploads import (
    PART,
    PATH,
    PNG,
    VERSION,
    VIDEO,
    address,
    begun,
    code_of,
    events,
    files,
    head,
    metadata,
    offset,
    sent,
)
from tests.sweeps import by_repr, check_each

from bixie.access.principal import Role
from bixie.vault.uploads import service as uploads


def test_a_file_in_pieces_becomes_an_exhibit_with_its_exact_bytes(ours, location):
    answer = begun(ours, len(VIDEO), order="4012345678901234567", filename="打包.mp4", role="listing")
    assert answer.status == 201
    assert answer.headers["tus-resumable"] == "1.0.0"
    assert answer.headers["upload-expires"].endswith(" GMT")
    place = answer.headers["location"]
    assert answer.json() == ours.get(place).json()
    reached = 0
    for size in (1, 2, 70_000, 1_000_000, len(VIDEO)):
        piece = VIDEO[reached : reached + size]
        answer = sent(ours, place, piece, reached)
        assert (answer.status, answer.body) == (204, b"")
        reached += len(piece)
        assert answer.headers["upload-offset"] == str(reached)
    exhibit = ours.get(f"/api/v1/exhibits/{answer.headers['bixie-exhibit']}").json()
    assert (exhibit["state"], exhibit["order"], exhibit["name"]) == (
        "kept",
        "4012345678901234567",
        "打包.mp4",
    )
    assert exhibit["sha256"] == hashlib.sha256(VIDEO).hexdigest()
    assert ours.get(f"/api/v1/exhibits/{exhibit['id']}/content").body == VIDEO
    told = ours.get(place).json()
    assert (told["offset"], told["exhibit"], told["error"]) == (len(VIDEO), exhibit["id"], None)
    assert head(ours, place).headers["bixie-exhibit"] == exhibit["id"]
    assert [name.split("/")[0].split("_")[0] for name in files(location)] == ["tenant"]
    assert events(ours).count("exhibit.received") == 1


def test_head_says_what_the_client_said_and_that_nobody_may_store_it(ours):
    place = address(ours, 500, order="7", filename="a.png", colour="red")
    answer = head(ours, place)
    assert (answer.status, answer.body) == (200, b"")
    assert answer.headers["upload-length"] == "500"
    assert answer.headers["upload-metadata"] == metadata(order="7", filename="a.png", colour="red")
    assert answer.headers["cache-control"] == "no-store"
    assert "bixie-exhibit" not in answer.headers


def test_a_wrong_offset_is_refused_with_the_right_one(ours):
    place = address(ours, len(PNG))
    sent(ours, place, PNG[:10], 0)
    for wrong in (0, 9, 11):
        answer = sent(ours, place, PNG[wrong : wrong + 3], wrong)
        assert code_of(answer) == (409, "vault.wrong_offset")
        assert "10" in answer.json()["en"]
    assert offset(ours, place) == 10


def test_another_version_of_the_protocol_is_refused_and_ours_named(ours):
    def check(case):
        method, version = case
        place = PATH if method == "POST" else address(ours, 5)
        headers = {"Tus_Resumable": version} if version else {}
        answer = ours.call(method, place, Upload_Offset="0", Upload_Length="5", **headers)
        assert answer.status == 412
        assert answer.headers["tus-version"] == answer.headers["tus-resumable"] == "1.0.0"
        if method != "HEAD":
            assert answer.code == "vault.wrong_tus_version"

    check_each(by_repr(product(["POST", "HEAD", "PATCH", "DELETE"], [None, "0.2.2", "1.0.1"])), check)


def test_refusals_of_the_gate_name_the_version_as_well(nobody):
    answer = nobody.call("POST", PATH, **VERSION)
    assert code_of(answer) == (401, "access.no_key")
    assert answer.headers["tus-resumable"] == "1.0.0"
    assert "tus-resumable" not in nobody.get("/api/v1/exhibits").headers


def test_the_service_says_what_it_speaks(ours):
    answer = ours.call("OPTIONS", PATH)
    assert answer.status == 204
    assert answer.headers["tus-version"] == "1.0.0"
    assert answer.headers["tus-max-size"] == "3000000"
    assert answer.headers["tus-extension"] == "creation,expiration,termination,checksum"
    assert answer.headers["tus-checksum-algorithm"] == "sha1,sha256"


def test_a_file_above_the_largest_limit_is_refused_before_a_byte_is_sent(ours):
    assert begun(ours, 3_000_000).status == 201
    for length in (3_000_001, 10**18 - 1):
        assert code_of(begun(ours, length)) == (413, "vault.upload_too_large")


def test_a_picture_above_its_own_limit_is_refused_at_the_end(ours, location):
    data = PNG + bytes(2_000_000)
    place = address(ours, len(data))
    assert code_of(sent(ours, place, data, 0)) == (422, "vault.upload_refused")
    assert ours.get(place).json()["error"]["code"] == "imaging.too_many_bytes"
    assert files(location) == []


def test_what_is_no_picture_is_refused_at_the_end_with_the_reason_and_nothing_is_kept(ours, location):
    data = b"<html>" * 1000
    place = address(ours, len(data))
    sent(ours, place, data[:999], 0)
    for again in (data[999:], b""):
        answer = sent(ours, place, again, 999 if again else len(data))
        assert code_of(answer) == (422, "vault.upload_refused")
    told = ours.get(place).json()
    assert (told["exhibit"], told["error"]["code"]) == (None, "imaging.unknown_format")
    assert told["error"]["zh"] in answer.json()["zh"]
    assert offset(ours, place) == len(data)
    assert files(location) == []
    assert ours.get("/api/v1/exhibits").json()["items"] == []
    assert events(ours).count("exhibit.received") == 0


def test_a_file_that_cannot_be_decoded_is_an_exhibit_that_is_not_handed_out(ours):
    data = PNG[:60]
    answer = sent(ours, address(ours, len(data)), data, 0)
    assert answer.status == 204
    assert ours.get(f"/api/v1/exhibits/{answer.headers['bixie-exhibit']}").json()["state"] == "refused"


UPLOADS = [
    ({"Upload_Length": "0"}, 422, "imaging.empty_file"),
    ({"Upload_Length": None}, 400, "vault.bad_upload_header"),
    ({"Upload_Length": "-1"}, 400, "vault.bad_upload_header"),
    ({"Upload_Length": "9" * 30}, 400, "vault.bad_upload_header"),
    ({"Upload_Length": "5 "}, 201, None),
    ({"Upload_Metadata": None}, 400, "vault.bad_upload_metadata"),
    ({"Upload_Metadata": "filename YQ=="}, 400, "vault.bad_upload_metadata"),
    ({"Upload_Metadata": metadata(order="1", role="report")}, 400, "vault.bad_upload_metadata"),
    ({"Upload_Metadata": metadata(order="1", role="x")}, 400, "vault.bad_upload_metadata"),
    ({"Upload_Metadata": metadata(order="")}, 422, "vault.bad_order"),
    ({"Upload_Metadata": "order"}, 422, "vault.bad_order"),
    ({"Upload_Metadata": metadata(order="a\nb")}, 422, "vault.bad_order"),
    ({"Upload_Metadata": metadata(order="1\x00")}, 422, "vault.bad_order"),
    ({"Upload_Metadata": "order MQ"}, 400, "vault.bad_upload_header"),
    ({"Upload_Metadata": "order /w=="}, 400, "vault.bad_upload_header"),
    ({"Upload_Metadata": "order MQ==,order MQ=="}, 400, "vault.bad_upload_header"),
    ({"Upload_Metadata": "order MQ==,"}, 400, "vault.bad_upload_header"),
    ({"Upload_Metadata": "order MQ==, filename YQ=="}, 201, None),
    ({"Upload_Metadata": metadata(order="1", more="x" * 4096)}, 400, "vault.bad_upload_header"),
    ({"Upload_Metadata": b"order MQ==,\xe9 MQ=="}, 400, "vault.bad_upload_header"),
]


def test_what_cannot_be_begun_is_refused(ours):
    def check(case):
        headers, status, code = case
        sends = VERSION | {"Upload_Length": "5", "Upload_Metadata": metadata(order="1")} | headers
        answer = ours.call(
            "POST", PATH, **{name: value for name, value in sends.items() if value is not None}
        )
        assert answer.status == status
        assert code is None or answer.code == code

    check_each(by_repr(UPLOADS), check)


BAD_PARTS = [
    ({"Upload_Offset": "x"}, 400, "vault.bad_upload_header"),
    ({"Content_Type": "application/octet-stream"}, 415, "vault.wrong_part_type"),
    ({"Upload_Checksum": "md5 AAAA"}, 400, "vault.bad_upload_header"),
    ({"Upload_Checksum": "sha1"}, 400, "vault.bad_upload_header"),
    ({"Upload_Checksum": "sha1 AAAA"}, 400, "vault.bad_upload_header"),
]


def test_what_cannot_be_a_part_is_refused(ours):
    def check(case):
        headers, status, code = case
        place = address(ours, len(PNG))
        assert code_of(sent(ours, place, PNG, 0, **headers)) == (status, code)
        assert offset(ours, place) == 0

    check_each(by_repr(BAD_PARTS), check)


def test_more_than_was_said_is_refused_whether_it_says_so_or_not(ours, location):
    place = address(ours, 60)
    assert code_of(sent(ours, place, PNG[:61], 0)) == (413, "vault.beyond_length")
    assert code_of(sent(ours, place, iter([PNG[:40], PNG[40:61]]), 0)) == (413, "vault.beyond_length")
    assert offset(ours, place) == 0
    assert files(location) == []
    assert sent(ours, place, PNG[:60], 0).status == 204
    assert code_of(sent(ours, place, b"x", 60)) == (413, "vault.beyond_length")


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_bytes_are_held_against_their_checksum(ours, location, algorithm):
    def of(data):
        return f"{algorithm} {b64encode(hashlib.new(algorithm, data).digest()).decode()}"

    place = address(ours, len(PNG))
    answer = sent(ours, place, PNG[:50], 0, Upload_Checksum=of(PNG[:49]))
    assert code_of(answer) == (460, "vault.checksum_mismatch")
    assert offset(ours, place) == 0
    assert files(location) == []
    assert sent(ours, place, PNG[:50], 0, Upload_Checksum=of(PNG[:50])).status == 204
    assert "bixie-exhibit" in sent(ours, place, PNG[50:], 50, Upload_Checksum=of(PNG[50:])).headers


def test_an_upload_that_is_ended_is_gone_with_its_parts(ours, location):
    place = address(ours, len(PNG))
    sent(ours, place, PNG[:50], 0)
    assert len(files(location)) == 1
    assert ours.call("DELETE", place, **VERSION).status == 204
    assert files(location) == []
    for answer in (ours.get(place), sent(ours, place, PNG[50:], 50), ours.call("DELETE", place, **VERSION)):
        assert code_of(answer) == (404, "vault.no_such_upload")
    assert head(ours, place).status == 404


def test_ending_a_finished_upload_leaves_its_exhibit(ours):
    place = address(ours, len(PNG))
    exhibit = sent(ours, place, PNG, 0).headers["bixie-exhibit"]
    assert ours.call("DELETE", place, **VERSION).status == 204
    assert ours.get(f"/api/v1/exhibits/{exhibit}/content").body == PNG


def test_the_upload_of_another_tenant_is_not_there(ours, theirs):
    place = address(ours, len(PNG))
    calls = (
        lambda: theirs.get(place),
        lambda: sent(theirs, place, PNG, 0),
        lambda: theirs.call("DELETE", place, **VERSION),
        lambda: sent(theirs, f"{PATH}/nonsense%00", PNG, 0),
        lambda: theirs.call("DELETE", f"{PATH}/nonsense%00", **VERSION),
    )
    for call in calls:
        assert code_of(call()) == (404, "vault.no_such_upload")
    assert head(theirs, place).status == 404
    assert sent(ours, place, PNG, 0).status == 204


def test_who_may_not_write_may_look_at_most(ours, store, tenant, port):
    place = address(ours, len(PNG))
    reviewer = Client(port, new_key(store, tenant[0], Role.REVIEWER))
    assert reviewer.get(place).status == 200
    for answer in (
        begun(reviewer, 5),
        sent(reviewer, place, PNG, 0),
        reviewer.call("DELETE", place, **VERSION),
    ):
        assert code_of(answer) == (403, "access.not_allowed")
    assert head(reviewer, place).status == 403


def test_only_so_many_uploads_are_open_at_a_time(ours, monkeypatch):
    monkeypatch.setattr(uploads, "MAX_OPEN", 2)
    first = address(ours, len(PNG))
    address(ours, len(PNG))
    assert code_of(begun(ours, 5)) == (409, "vault.too_many_uploads")
    sent(ours, first, PNG, 0)
    assert begun(ours, 5).status == 201


def test_an_upload_has_only_so_many_parts(ours, monkeypatch):
    monkeypatch.setattr(uploads, "MAX_PARTS", 2)
    place = address(ours, len(PNG))
    for start in (0, 1):
        assert sent(ours, place, PNG[start : start + 1], start).status == 204
    assert code_of(sent(ours, place, PNG[2:], 2)) == (422, "vault.too_many_parts")
    assert offset(ours, place) == 2


def test_the_same_create_again_is_the_same_upload(ours):
    again = VERSION | {"Idempotency_Key": "once-1"}
    first = begun(ours, len(PNG), headers=again)
    sent(ours, first.headers["location"], PNG[:9], 0)
    second = begun(ours, len(PNG), headers=again)
    assert (second.status, second.body) == (201, first.body)
    assert second.headers["location"] == first.headers["location"]
    assert code_of(begun(ours, 5, headers=again)) == (409, "access.reused_idempotency_key")


def test_a_client_that_can_only_post_says_what_it_means(ours):
    place = address(ours, len(PNG))
    answer = ours.call("POST", place, PNG, Upload_Offset="0", X_HTTP_Method_Override="PATCH", **PART)
    assert (answer.status, answer.headers["upload-offset"]) == (204, str(len(PNG)))


def test_an_order_that_is_not_known_is_named_at_the_beginning_and_at_the_end(ours):
    upload = begun(ours, len(PNG)).json()
    assert [note["code"] for note in upload["notes"]] == ["vault.order_not_known"]
    path = f"/api/v1/uploads/{upload['id']}"
    assert ours.get(path).json()["notes"] == upload["notes"]
    ours.post("/api/v1/orders", {"number": "1"})
    assert ours.get(path).json()["notes"] == []
