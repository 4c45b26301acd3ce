"""Holds, retention and erasure through a real server."""

import pytest
from tests.integration.web.service import Client, new_key, picture

from bixie.access.principal import Role
from bixie.ledger.statements import without_statements
from bixie.vault.retention.service import MIN_DAYS

NOBODYS = "exhibit_00000000000000000000000000"


@pytest.fixture
def exhibit(ours):
    return ours.exhibit(picture()).json()


def erase(client, exhibit, reason="request"):
    return client.call("DELETE", f"/api/v1/exhibits/{exhibit}?reason={reason}")


def test_an_erased_exhibit_is_gone_and_its_proof_is_not(ours, exhibit):
    assert erase(ours, exhibit["id"]).status == 204
    assert erase(ours, exhibit["id"]).status == 204
    left = ours.get(f"/api/v1/exhibits/{exhibit['id']}").json()
    assert (left["state"], left["name"], left["order"]) == ("erased", "", None)
    assert left["sha256"] == exhibit["sha256"]
    answer = ours.get(f"/api/v1/exhibits/{exhibit['id']}/content")
    assert (answer.status, answer.code) == (410, "vault.erased")
    assert ours.get("/api/v1/exhibits?order=1").json()["items"] == []
    (event,) = ours.get("/api/v1/ledger/events?type=exhibit.erased").json()["items"]
    assert without_statements(event["data"]) == {"sha256": exhibit["sha256"], "reason": "request"}
    assert ours.post("/api/v1/ledger/proofs", {"sequence": event["sequence"]}).status == 201


def test_a_hold_comes_before_erasure(ours, exhibit):
    held = ours.post("/api/v1/holds", {"order": "1", "reason": "诉讼"})
    assert held.status == 201
    answer = erase(ours, exhibit["id"])
    assert (answer.status, answer.code) == (409, "vault.held")
    assert held.json()["covers"] == 1
    (listed,) = ours.get("/api/v1/holds?order=1").json()["items"]
    assert listed == {**held.json(), "covers": None}  # counted only when it is made
    assert ours.call("DELETE", f"/api/v1/holds/{held.json()['id']}").status == 204
    (left,) = ours.get("/api/v1/holds").json()["items"]
    assert left["released_at"]
    assert left["reason"] is None
    assert erase(ours, exhibit["id"]).status == 204


def test_the_same_hold_asked_for_again_is_one(ours):
    given = {"order": "1", "reason": "诉讼"}
    first, again = (ours.post("/api/v1/holds", given, Idempotency_Key="hold-1").json() for _ in range(2))
    assert first == again
    assert len(ours.get("/api/v1/holds").json()["items"]) == 1


def test_rules_are_set_by_role(ours):
    assert ours.get("/api/v1/retention").json() == {"items": []}
    for days in (MIN_DAYS, MIN_DAYS + 1):
        assert ours.call("PUT", "/api/v1/retention/claim", json={"days": days}).status == 204
    assert ours.get("/api/v1/retention").json() == {"items": [{"role": "claim", "days": MIN_DAYS + 1}]}
    assert ours.call("PUT", "/api/v1/retention/claim", json={"days": None}).status == 204
    assert ours.get("/api/v1/retention").json() == {"items": []}
    answer = ours.call("PUT", "/api/v1/retention/claim", json={"days": 30})
    assert (answer.status, answer.code) == (422, "vault.kept_too_short")
    assert ours.call("PUT", "/api/v1/retention/king", json={"days": None}).status == 422
    assert ours.call("PUT", "/api/v1/retention/claim", json={}).status == 422


def test_who_may_not_is_refused(ours, exhibit, store, tenant, port):
    held = ours.post("/api/v1/holds", {"exhibit": exhibit["id"], "reason": "x"}).json()["id"]
    for role in (Role.CLERK, Role.API_KEY):
        client = Client(port, new_key(store, tenant[0], role))
        for answer in (
            erase(client, exhibit["id"]),
            client.post("/api/v1/holds", {"order": "1", "reason": "x"}),
            client.call("DELETE", f"/api/v1/holds/{held}"),
            client.call("PUT", "/api/v1/retention/claim", json={"days": None}),
        ):
            assert (answer.status, answer.code) == (403, "access.not_allowed")
        assert client.get("/api/v1/holds").status == 200


def test_another_tenants_are_not_there(ours, theirs, exhibit):
    held = ours.post("/api/v1/holds", {"exhibit": exhibit["id"], "reason": "x"}).json()["id"]
    assert theirs.get("/api/v1/holds").json()["items"] == []
    for identifier in (exhibit["id"], NOBODYS, "x"):
        assert erase(theirs, identifier).code == "vault.no_such_exhibit"
        answer = theirs.post("/api/v1/holds", {"exhibit": identifier, "reason": "x"})
        assert (answer.status, answer.code) == (404, "vault.no_such_exhibit")
    for identifier in (held, "hold_00000000000000000000000000", "x"):
        assert theirs.call("DELETE", f"/api/v1/holds/{identifier}").code == "vault.no_such_hold"
    assert ours.get(f"/api/v1/exhibits/{exhibit['id']}").json()["state"] == "kept"


def test_what_is_said_about_an_erasure_is_a_stable_word(ours, exhibit):
    assert erase(ours, exhibit["id"], "because").status == 422
    assert ours.call("DELETE", f"/api/v1/exhibits/{exhibit['id']}").status == 422


def test_nobody_gives_a_file_as_a_report(ours):
    answer = ours.upload("/api/v1/exhibits", picture(), fields={"order": "1", "role": "report"})
    assert (answer.status, answer.code) == (422, "web.invalid")
