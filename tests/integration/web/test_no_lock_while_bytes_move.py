"""While a file arrives, is stored, looked at or fetched, others write: on SQLite only one can at a time."""

import json

import pytest
from tests.integration.web.service import form, new_key, picture
from tests.integration.web.uploads import PNG, address, sent

from bixie.vault import checking, service


def exhibit(client):
    return client.exhibit(picture(), Idempotency_Key="one")


def upload(client):
    return sent(client, address(client, len(PNG)), PNG, 0)


def order(client):
    content_type, body = form(picture(), "a.png", "image/png", {"order": json.dumps({"number": "1"})})
    body = body.replace(b'name="file"', b'name="listing"')
    path = "/api/v1/orders/with-files"
    return client.call("POST", path, body, Content_Type=content_type, Idempotency_Key="one")


@pytest.mark.parametrize("door", [exhibit, upload, order])
@pytest.mark.parametrize(("where", "name"), [(service, "_chunks"), (checking, "_refusal")])
def test_others_write_meanwhile(ours, store, tenant, monkeypatch, door, where, name):
    slow, written = getattr(where, name), []

    def meanwhile(*given):
        written.append(new_key(store, tenant[0]))
        return slow(*given)

    monkeypatch.setattr(where, name, meanwhile)
    answer = door(ours)
    assert answer.status in {201, 204}, answer.body
    assert len(written) == 1


class SlowBlobs:
    """Files as in a slow bucket: while one is stored or fetched, somebody else writes."""

    def __init__(self, blobs, meanwhile):
        self._blobs, self._meanwhile = blobs, meanwhile

    def __getattr__(self, name):
        return getattr(self._blobs, name)

    def keep(self, space, received):
        self._meanwhile("keep")
        self._blobs.keep(space, received)

    def open(self, space, sha256):
        self._meanwhile("open")
        return self._blobs.open(space, sha256)


@pytest.fixture
def slow(server, store, tenant, blobs, monkeypatch):
    """What was done with files while somebody else wrote."""
    done = []

    def meanwhile(what):
        new_key(store, tenant[0])
        done.append(what)

    # A write that waits for a lock which the request holds would wait for good.
    monkeypatch.setattr("bixie.store.engine._BUSY_SECONDS", 1)
    return SlowBlobs(blobs, meanwhile), done


@pytest.mark.parametrize("door", [exhibit, upload, order])
def test_others_write_while_a_bucket_stores_a_file(ours, server, slow, door):
    server[0].blobs, done = slow
    answer = door(ours)
    assert answer.status in {201, 204}, answer.body
    assert done.count("keep") == (2 if door is upload else 1)  # of an upload in parts also its part


def test_others_write_while_a_bucket_hands_out_a_file(ours, server, slow):
    kept = exhibit(ours).json()
    server[0].blobs, done = slow
    answer = ours.get(f"/api/v1/exhibits/{kept['id']}/content")
    assert (answer.status, answer.body) == (200, picture())
    assert done == ["open"]
    events = ours.get(f"/api/v1/ledger/events?subject={kept['id']}").json()["items"]
    assert [one["type"] for one in events][-1] == "exhibit.handed_out"


def test_a_file_that_a_bucket_cannot_hand_out_was_not_handed_out(ours, blobs, tenant):
    kept = exhibit(ours).json()
    blobs.remove(tenant[0], kept["sha256"])
    assert ours.get(f"/api/v1/exhibits/{kept['id']}/content").code == "store.file_missing"
    events = ours.get(f"/api/v1/ledger/events?subject={kept['id']}").json()["items"]
    assert "exhibit.handed_out" not in [one["type"] for one in events]


def test_a_repeated_request_stores_nothing_again(ours, server, slow):
    first = exhibit(ours)
    server[0].blobs, done = slow
    assert exhibit(ours).body == first.body
    assert done == []
