"""Pages of administration: who sees them, people, keys, webhooks, tasks, audit, ledger."""

import re
from base64 import b32decode

import pytest
from sqlalchemy.orm import Session
from tests.integration.web.browsing import PASSWORD, Browser
from tests.integration.web.service import Client

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import EveryTenantSession, writing
from bixie.assembly.foldings import FOLDINGS
from bixie.identity.audit.service import TYPES
from bixie.identity.service import add_person
from bixie.identity.signin.password_links import keep_password
from bixie.identity.signin.passwords import hash_password
from bixie.identity.signin.totp import code_at, step_at
from bixie.jobs import repository as jobs
from bixie.jobs.models import State
from bixie.jobs.service import enqueue, give_up
from bixie.kit.messages import catalogue
from bixie.kit.timestamps import utc_now
from bixie.ledger.daily import last_verification
from bixie.ledger.jobs import job_types

ALL = ("/admin/people", "/keys", "/admin/webhooks", "/admin/audit")
TENANT = ("/admin/jobs", "/admin/ledger", "/admin/errors")


def text(answer):
    return answer.body.decode()


def once(page):
    return re.search(r'name="once" value="([^"]+)"', page)[1]


@pytest.mark.parametrize("path", [*ALL, *TENANT])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_admin_sees_every_page(admin, path, language):
    answer = admin.get(f"{path}?lang={language}")
    assert answer.status == 200
    assert f'href="{path}" aria-current="page"' in text(answer)


def test_the_room_opens_on_people(admin):
    assert admin.get("/admin").headers["location"] == "/admin/people"


@pytest.mark.parametrize("role", ["clerk", "reviewer", "policy_editor"])
def test_others_are_refused_on_a_page(service, role):
    for path in (*ALL, *TENANT):
        if (path, role) == ("/admin/errors", "reviewer"):
            continue
        answer = service.browsers[role].client.get(
            path, Cookie=service.browsers[role]._cookie(), Accept="text/html"
        )
        assert answer.status == 403
        assert "<h1>" in text(answer)


def test_an_admin_of_a_merchant_sees_its_own_only(service):
    boss = service.browsers["boss"]
    assert [boss.get(path).status for path in ALL] == [200] * len(ALL)
    assert [boss.get(path).status for path in TENANT] == [403] * len(TENANT)
    people = text(boss.get("/admin/people"))
    assert service.people["clerk"] in people
    assert service.people["reviewer"] not in people
    assert 'name="party"' not in people


def test_somebody_is_invited_and_the_link_is_shown_once(admin, service):
    fields = {"csrf": admin.csrf(), "login": "Neu@shop.example", "role": "clerk", "party": service.shop}
    answer = admin.send("/admin/people", once="invite-1", **fields)
    assert answer.status == 303
    path = answer.headers["location"]
    page = text(admin.get(path))
    link = re.search(r"<pre[^>]*>(http://[^<]+)</pre>", page)[1]
    assert "<pre" not in text(admin.get(path))
    token = link.partition("token=")[2]
    stranger = Client(service.port)
    assert stranger.get(f"/password?token={token}").status == 200
    again = admin.send("/admin/people", once="invite-1", **fields)
    assert (again.status, again.headers["location"]) == (303, path)
    assert text(admin.get("/admin/people")).count("neu@shop.example") == 1


def test_what_was_typed_stays_where_an_invitation_is_refused(admin):
    fields = {"csrf": admin.csrf(), "role": "clerk", "name": '"><b>'}
    taken = admin.send("/admin/people", login="admin", **fields)
    assert taken.status == 422
    page = text(taken)
    assert 'role="alert"' in page
    assert 'value="&#34;&gt;&lt;b&gt;"' in page
    assert admin.send("/admin/people", login="somebody", **{**fields, "role": "king"}).status == 422


def test_a_role_is_changed_and_a_person_disabled(admin, other_admin):
    path = f"/admin/people/{other_admin.id}"
    assert admin.send(f"{path}/role", csrf=admin.csrf(), role="reviewer").status == 303
    assert "更改岗位" in text(admin.get(f"{path}?lang=zh"))
    assert 'data-ask="' in text(admin.get(path))
    assert admin.send(f"{path}/disable", csrf=admin.csrf()).status == 303
    page = text(admin.get(path))
    assert "已停用" in page
    assert "/disable" not in page


def test_nobody_disables_itself(admin, service):
    answer = admin.send(f"/admin/people/{service.people['admin']}/disable", csrf=admin.csrf())
    assert answer.status in {403, 409}
    assert 'role="alert"' in text(answer)
    assert admin.get("/admin/people").status == 200


def test_a_key_is_made_once_shown_once_and_revoked(admin, service):
    fields = {"csrf": admin.csrf(), "label": "till", "role": "api_key", "once": "key-1"}
    assert admin.send("/keys", **fields).headers["location"] == "/keys"
    page = text(admin.get("/keys"))
    key = re.search(r"<pre[^>]*>(bixie_[\w-]+)</pre>", page)[1]
    assert Client(service.port, key).get("/api/v1/orders").status == 200
    assert key not in text(admin.get("/keys"))
    again = admin.send("/keys", **fields)
    assert again.headers["location"] == "/keys?made=again"
    page = text(admin.get("/keys?made=again"))
    assert page.count("<strong>till</strong>") == 1
    assert "notice warning" in page
    revoke, asked = re.search(r'action="(/keys/key_\w+/revoke)" data-ask="([^"]+)"', page).groups()
    assert "till" in asked
    assert admin.send(revoke, csrf=admin.csrf()).status == 303
    assert Client(service.port, key).get("/api/v1/orders").status == 401


def test_a_webhook_is_added_gets_another_secret_and_is_disabled(admin):
    csrf = admin.csrf()
    assert admin.send("/admin/webhooks", csrf=csrf, url="ftp://x", events="").status == 422
    made = admin.send(
        "/admin/webhooks", csrf=csrf, url="https://shop.example/b", events="case.filed, case.decided"
    )
    assert made.status == 303
    page = text(admin.get("/admin/webhooks"))
    secret = re.search(r"<pre[^>]*>(whsec_[^<]+)</pre>", page)[1]
    assert "case.decided, case.filed" in page
    rotate = re.search(r'action="(/admin/webhooks/webhook_\w+/secret)"', page)[1]
    assert admin.send(rotate, csrf=csrf).status == 303
    page = text(admin.get("/admin/webhooks"))
    assert re.search(r"<pre[^>]*>(whsec_[^<]+)</pre>", page)[1] != secret
    assert admin.send(rotate.replace("/secret", "/disable"), csrf=csrf).status == 303
    assert "/disable" not in text(admin.get("/admin/webhooks"))


def test_a_task_that_was_given_up_is_sent_again(admin, service):
    with service.store.writing(Session) as session:
        ours = enqueue(session, "notice.webhook", {}, tenant=service.tenant, key="a")
        theirs = enqueue(session, "notice.webhook", {}, tenant="tenant_other", key="b")
        for job in (ours, theirs):
            give_up(job, TimeoutError("away"), utc_now)
    page = text(admin.get("/admin/jobs"))
    assert ours.id in page
    assert theirs.id not in page
    csrf = admin.csrf()
    assert admin.send(f"/admin/jobs/{theirs.id}/retry", csrf=csrf).status == 404
    assert admin.send(f"/admin/jobs/{ours.id}/retry", csrf=csrf).status == 303
    assert ours.id not in text(admin.get("/admin/jobs"))
    with service.store.reading(Session) as session:
        assert jobs.by_id(session, ours.id).state == State.WAITING
        assert jobs.by_id(session, theirs.id).state == State.DEAD


def test_the_audit_is_filtered_by_kind_and_by_person(admin, service):
    every = text(admin.get("/admin/audit?lang=en"))
    assert "Person added" in every
    signed_in = text(admin.get("/admin/audit?type=identity.signed_in"))
    rows = re.search(r"<tbody>(.*)</tbody>", signed_in, re.S)[1]
    assert "Signed in" in rows
    assert "Person added" not in rows
    about = text(admin.get(f"/admin/audit?about={service.people['clerk']}"))
    assert "reviewer" not in re.search(r"<tbody>(.*)</tbody>", about, re.S)[1]
    assert admin.get("/admin/audit?about=person_00000000000000000000000000").status == 404


def test_every_event_of_the_audit_has_a_name():
    names = catalogue("bixie.web.admin").sentences
    assert [kind for kind in TYPES if f"event.{kind}" not in names] == []


def test_a_checkpoint_is_made_and_a_verification_asked_for_once(admin, service):
    csrf = admin.csrf()
    assert (
        admin.send("/admin/ledger/checkpoint", csrf=csrf, once="c1")
        .headers["location"]
        .endswith("checkpoint")
    )
    assert "<time" in text(admin.get("/admin/ledger"))
    for _ in range(2):
        assert admin.send("/admin/ledger/verify", csrf=csrf).status == 303
    with service.store.reading(Session) as session:
        asked = [one for one in jobs.counts(session, service.tenant) if one.kind == "ledger.verify"]
    assert sum(one.count for one in asked) in {1, 2}  # two where a minute ended in between
    job_type = job_types(service.store, FOLDINGS)[0]
    job_type.handle(None)(None)
    with service.store.reading(EveryTenantSession) as session:
        assert last_verification(session).fault is None
    assert "The record holds" in text(admin.get("/admin/ledger?lang=en"))


def test_the_start_page_says_how_the_service_is_to_admins_of_the_tenant_only(service):
    page = text(service.browsers["admin"].get("/?lang=en"))
    assert "No worker is running" in page
    assert "There was no backup" in page
    for role in ("clerk", "reviewer", "boss"):
        assert "No worker is running" not in text(service.browsers[role].get("/?lang=en"))
        assert "Nothing is waiting" in text(service.browsers[role].get("/?lang=en"))


def test_the_error_board_says_that_nothing_was_decided_and_takes_days(service):
    page = text(service.browsers["reviewer"].get("/admin/errors?since=2026-01-01&until=x&lang=en"))
    assert page.count("Nothing decided yet") == 2
    assert "No second opinion yet" in page
    assert 'value="2026-01-01"' in page


def test_somebody_turns_the_second_factor_on_and_off(service):
    with writing(service.store, Principal(service.tenant, "program_test", Role.PROGRAM)) as session:
        somebody = add_person(session, "careful", Role.CLERK)
        keep_password(session, somebody, hash_password(PASSWORD), by="setup")
    browser = Browser(service.port)
    assert browser.sign_in(login="careful").status == 303
    csrf = browser.csrf()
    assert browser.send("/account/second-factor", csrf=csrf).status == 303
    page = text(browser.get("/account"))
    secret = b32decode(re.search(r"secret=([A-Z2-7]+)", page)[1])
    assert "secret=" not in text(browser.get("/account"))
    wrong = browser.send("/account/second-factor/confirm", csrf=csrf, code="000000x")
    assert wrong.status == 401
    assert 'name="code"' in text(wrong)
    code = code_at(secret, step_at(utc_now()))
    assert browser.send("/account/second-factor/confirm", csrf=csrf, code=code).status == 303
    recovery = re.search(r"<pre[^>]*>([^<]+)</pre>", text(browser.get("/account")))[1].split()
    assert len(recovery) == 10
    assert "<pre" not in text(browser.get("/account"))
    assert Browser(service.port).sign_in(login="careful").status == 401
    off = {"csrf": csrf, "password": PASSWORD}
    assert browser.send("/account/second-factor/off", **off, code="x").status == 401
    assert browser.send("/account/second-factor/off", **off, code=recovery[0]).status == 303
    assert Browser(service.port).sign_in(login="careful").status == 303
