"""``/api/v1/people`` and ``/api/v1/audit`` through a real server, and the page behind an invitation."""

import logging
import re

import pytest
from tests.integration.web.browsing import PASSWORD
from tests.integration.web.service import Client, Lines, new_key
from tests.sweeps import by_repr, check_each

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import writing
from bixie.identity.rules import PartyKind
from bixie.identity.service import add_party
from bixie.web.logs import JsonLines, log

PATH, AUDIT = "/api/v1/people", "/api/v1/audit"
NEW = "lamp kettle window"


@pytest.fixture
def shop(store, tenant):
    """A merchant of our tenant."""
    with writing(store, Principal(tenant[0], "program_test", Role.PROGRAM)) as session:
        return add_party(session, PartyKind.MERCHANT, name="分店").id


def add(client, login="li@shop.example", **more):
    answer = client.post(PATH, {"login": login, "role": "clerk"} | more)
    assert answer.status == 201, answer.body
    return answer.json()


def kinds(client, query=""):
    return [one["type"].removeprefix("identity.") for one in client.get(f"{AUDIT}{query}").json()["items"]]


def test_an_invited_person_sets_a_password_signs_in_and_is_disabled(ours, browser):
    person = add(ours, name="李四")
    assert (person["name"], person["password_set_at"], person["second_factor"]) == ("李四", None, False)
    made = ours.post(f"{PATH}/{person['id']}/invitations").json()
    assert browser.sign_in(login="li@shop.example", password=NEW).status == 401
    page = browser.get(made["path"]).body.decode()
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    assert browser.send("/password", token=token, password="short").status == 422
    assert 'role="status"' in browser.send("/password", token=token, password=NEW).body.decode()
    again = browser.send("/password", token=token, password="kettle window lamp")
    assert again.status == 403
    assert 'role="alert"' in again.body.decode()
    assert browser.sign_in(login="li@shop.example", password=NEW).status == 303
    assert (
        ours.call("PATCH", f"{PATH}/{person['id']}", json={"role": "reviewer"}).json()["role"] == "reviewer"
    )
    assert ours.call("DELETE", f"{PATH}/{person['id']}").status == 204
    assert browser.get("/check").status == 303
    (listed,) = ours.get(PATH).json()["items"]
    assert (listed["role"], bool(listed["disabled_at"])) == ("reviewer", True)
    assert ours.post(f"{PATH}/{person['id']}/invitations").code == "identity.person_disabled"
    before = ["person_added", "password_link_made", "sign_in_failed", "password_set", "signed_in"]
    assert kinds(ours, f"?about={person['id']}") == [*before, "role_changed", "person_disabled"]


def test_the_audit_names_who_did_what_to_whom_from_where(ours, browser):
    person = add(ours, name="李四")
    browser.sign_in(login="li@shop.example")
    browser.sign_in(login="nobody@shop.example")
    items = ours.get(AUDIT).json()["items"]
    added, _first_signing_key, failed, stranger = items[-4:]
    assert (added["subject_name"], added["actor_name"]) == ("李四", "test")
    assert (failed["subject_name"], failed["source"]) == ("李四", "127.0.0.1")
    assert failed["data"] == {"count": 1, "reason": "no_password"}
    assert stranger["subject_name"] is None
    first = ours.get(f"{AUDIT}?limit=2").json()
    second = ours.get(f"{AUDIT}?limit=2&cursor={first['next']}").json()
    assert [*first["items"], *second["items"]] == items[:4]
    assert {one["subject"] for one in ours.get(f"{AUDIT}?about={person['id']}").json()["items"]} == {
        person["id"]
    }


def test_the_first_use_of_a_key_is_in_the_audit(ours, store, tenant, port):
    till = Client(port, new_key(store, tenant[0], Role.CLERK))
    till.get("/api/v1/orders")
    till.get("/api/v1/orders")
    used = [one for one in ours.get(AUDIT).json()["items"] if one["type"] == "identity.key_used"]
    assert [one["source"] for one in used] == ["127.0.0.1"] * 2  # ours, and the till's once


def test_a_link_is_told_once_and_never_logged(ours, browser, monkeypatch):
    lines = Lines(JsonLines())
    monkeypatch.setattr(log, "handlers", [lines])
    log.setLevel(logging.INFO)
    person = add(ours)
    made = ours.post(f"{PATH}/{person['id']}/invitations", Idempotency_Key="1").json()
    again = ours.post(f"{PATH}/{person['id']}/invitations", Idempotency_Key="1").json()
    browser.get(made["path"])
    browser.send("/password", token=made["path"].partition("=")[2], password=NEW)
    assert again == made | {"path": None}
    body, _, mac = made["path"].partition("=")[2].partition(".")
    assert not [line for line in lines.lines if body in line or mac in line]
    assert any("/password" in line for line in lines.lines)


REFUSED = [
    ({"login": "a", "role": "buyer"}, 422),
    ({"login": "a", "role": "api_key"}, 422),
    ({"login": "\x00", "role": "clerk"}, 422),
    ({"login": "li@shop.example", "role": "clerk"}, 422),
    ({"login": "a", "role": "clerk", "party": "party_00000000000000000000000000"}, 404),
    ({"login": "a", "role": "clerk", "party": "\x00"}, 404),
    ({"login": "a", "role": "clerk", "password": "x"}, 422),
]


def test_a_person_that_cannot_be_is_refused(ours):
    add(ours)

    def check(case):
        given, status = case
        assert ours.post(PATH, given).status == status

    check_each(by_repr(REFUSED), check)
    assert len(ours.get(PATH).json()["items"]) == 1


def test_only_admins_see_and_change_people_and_the_audit(ours, store, tenant, port):
    person = add(ours)["id"]
    clerk = Client(port, new_key(store, tenant[0], Role.CLERK))
    for answer in (
        clerk.post(PATH, {"login": "x", "role": "admin"}),
        clerk.get(PATH),
        clerk.get(f"{PATH}/{person}"),
        clerk.call("PATCH", f"{PATH}/{person}", json={"role": "admin"}),
        clerk.call("DELETE", f"{PATH}/{person}"),
        clerk.post(f"{PATH}/{person}/invitations"),
        clerk.get(AUDIT),
    ):
        assert (answer.status, answer.code) == (403, "identity.not_allowed")


def test_an_admin_of_a_party_has_its_own_people_and_sees_no_others(ours, theirs, store, tenant, port, shop):
    others = add(ours, "boss@example.com", role="admin")["id"]
    admin = Client(port, new_key(store, tenant[0], Role.ADMIN, shop))
    own = add(admin, party=shop)["id"]
    assert admin.post(PATH, {"login": "x", "role": "clerk"}).status == 403
    assert admin.post(PATH, {"login": "x", "role": "reviewer", "party": shop}).status == 403
    assert [one["id"] for one in admin.get(PATH).json()["items"]] == [own]
    assert "person_added" in kinds(admin)
    assert {one["subject"] for one in admin.get(AUDIT).json()["items"]}.isdisjoint({others, tenant[0]})
    hired = add(ours, "hired@example.com", party=shop)["id"]
    (added,) = admin.get(f"{AUDIT}?about={hired}").json()["items"]
    assert (added["subject_name"], added["actor_name"]) == ("hired@example.com", None)
    (added,) = ours.get(f"{AUDIT}?about={hired}").json()["items"]
    assert added["actor_name"] == "test"
    for client, person in ((admin, others), (theirs, own)):
        for answer in (
            client.get(f"{PATH}/{person}"),
            client.call("PATCH", f"{PATH}/{person}", json={"role": "clerk"}),
            client.call("DELETE", f"{PATH}/{person}"),
            client.post(f"{PATH}/{person}/invitations"),
            client.get(f"{AUDIT}?about={person}"),
        ):
            assert (answer.status, answer.code) == (404, "identity.no_such_person")
    assert theirs.get(f"{PATH}/%00").code == "identity.no_such_person"


def test_a_person_changes_the_own_password_and_needs_the_present_one(browser, admin):
    assert browser.get("/password").headers["location"] == "/login"
    browser.sign_in()
    csrf = re.search(r'name="csrf" value="([^"]+)"', browser.get("/password").body.decode())[1]
    assert browser.send("/password", csrf="x", present=PASSWORD, password=NEW).code == "web.other_site"
    wrong = browser.send("/password", csrf=csrf, present="wrong", password=NEW)
    assert wrong.status == 401
    assert 'role="alert"' in wrong.body.decode()
    assert browser.send("/password", csrf=csrf, present=PASSWORD, password=NEW).status == 200
    assert browser.get("/password").headers["location"] == "/login"  # the session has ended
    assert browser.sign_in().status == 401
    assert browser.sign_in(password=NEW).status == 303
