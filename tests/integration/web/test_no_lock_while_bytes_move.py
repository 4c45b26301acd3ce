"""While a file arrives and while it is looked at, others write: on SQLite there is only one who can."""

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
