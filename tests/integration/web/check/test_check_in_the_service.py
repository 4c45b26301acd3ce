"""The drop page in the service: for people who are signed in, each with runs of their own."""

import io
import json
import re
import time
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.integration.web.browsing import Browser, person
from tests.integration.web.service import new_tenant
from tests.makers.costly_files import costly_files
from tests.unit.web.check import costly_tasks

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import reading
from bixie.vault.models import Exhibit
from bixie.web.check import examining

EXAMPLES = Path(__file__).resolve().parents[4] / "examples"


class Page:
    """What the page's script does, in the session of a browser."""

    def __init__(self, browser, csrf=None):
        self.browser = browser
        self.csrf = csrf or re.search(r'data-csrf="([^"]+)"', self.html())[1]

    def html(self):
        return self.browser.get("/check").body.decode()

    def call(self, method, path, body=None, **headers):
        sent = {"X_CSRF_Token": self.csrf, "Cookie": self.browser._cookie(), **headers}
        if isinstance(body, dict):
            body, sent["Content_Type"] = json.dumps(body).encode(), "application/json"
        return self.browser.client.call(method, f"/check/runs{path}", body, **sent)

    def begin(self):
        return self.call("POST", "").json()["id"]

    def give(self, run, side, name):
        return self.call("PUT", f"/{run}/{side}?name={name}", (EXAMPLES / name).read_bytes())

    def finish(self, run):
        while (standing := self.call("GET", f"/{run}").json())["state"] in {"waiting", "running"}:
            time.sleep(0.05)
        return standing


@pytest.fixture
def page(browser, admin):
    browser.sign_in()
    return Page(browser)


def test_a_signed_in_person_checks_photos_and_nothing_is_kept(page, store, tenant, admin):
    run = page.begin()
    assert page.give(run, "claim", "claim.jpg").status == 201
    assert page.give(run, "known", "listing.jpg").status == 201
    asked = {"language": "en", "order": {"id": "2026-1", "claim": {"reason": "scratched"}}}
    assert page.call("POST", f"/{run}", asked).status == 202
    assert page.finish(run)["verdict"] == "refuted"
    report = page.call("GET", f"/{run}/report")
    assert report.headers["content-security-policy"] == "frame-ancestors 'self'"
    assert b"Content-Security-Policy" in report.body  # of its own: only its very style and script
    with reading(store, Principal(tenant[0], admin.id, Role.ADMIN)) as session:
        assert session.scalars(select(Exhibit)).all() == []


@pytest.mark.parametrize("location", ["sqlite"], indirect=True)
def test_a_huge_picture_and_a_killed_child_leave_the_page_answering(page, monkeypatch):
    monkeypatch.setattr(examining, "_TASK", f"{costly_tasks.NAME}:end_at_a_mark")
    run = page.begin()
    honest = (EXAMPLES / "honest.jpg").read_bytes()
    for name, data in (
        ("huge.png", costly_files()["png"]),
        ("deadly.jpg", honest + costly_tasks.MARK),
        ("honest.jpg", honest),
    ):
        assert page.call("PUT", f"/{run}/claim?name={name}", data).status == 201
    assert page.call("POST", f"/{run}", {}).status == 202
    assert page.finish(run)["state"] == "done"
    packed = zipfile.ZipFile(io.BytesIO(page.call("GET", f"/{run}/report.zip").body))
    exhibits = json.loads(packed.read("report/report.json"))["exhibits"]
    huge, deadly, other = (one["error"] and one["error"]["code"] for one in exhibits)
    assert huge
    assert (deadly, other) == ("imaging.too_costly", None)
    assert page.begin()


def test_the_page_loads_its_own_script_only_and_is_never_framed(page):
    policy = page.browser.get("/check").headers["content-security-policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


def test_nobody_reaches_it_without_signing_in(browser, admin, tenant):
    answer = browser.get("/check")
    assert (answer.status, answer.headers["location"]) == (303, "/login?next=/check")
    page = Page(browser, csrf="x")
    for method, path in (("POST", ""), ("GET", "/x"), ("PUT", "/x/claim?name=a"), ("GET", "/x/report")):
        answer = page.call(method, path)
        assert (answer.status, answer.code) == (401, "check.signed_out")
    assert page.call("POST", "", Authorization=f"Bearer {tenant[1]}").status == 401  # a key is no person


@pytest.mark.parametrize("headers", [{"X_CSRF_Token": "x"}, {"Origin": "https://evil.example"}])
def test_another_site_cannot_begin_a_run(page, headers):
    answer = page.call("POST", "", **headers)
    assert (answer.status, answer.code) == (403, "web.other_site")


def test_nobody_sees_a_run_of_somebody_else(page, store, tenant, port):
    run = page.begin()
    person(store, tenant[0], "clerk", Role.CLERK)
    other_tenant = new_tenant(store, "别家")[0]
    person(store, other_tenant, "stranger", Role.ADMIN)
    for login, home in (("clerk", tenant[0]), ("stranger", other_tenant)):
        somebody = Browser(port)
        assert somebody.sign_in(login=login, tenant=home).headers["location"] == "/"
        other = Page(somebody)
        assert other.give(run, "claim", "claim.jpg").status == 404
        for method, path in (("GET", ""), ("POST", ""), ("GET", "/report"), ("GET", "/report.zip")):
            answer = other.call(method, f"/{run}{path}", {} if method == "POST" else None)
            assert (answer.status, answer.code) == (404, "check.no_such_run")
        other.call("DELETE", f"/{run}")
    assert page.call("GET", f"/{run}").status == 200


def test_the_start_page_leads_on(browser, port, store):
    assert browser.get("/").headers["location"] == "/setup"
    tenant = new_tenant(store)
    person(store, tenant[0], "admin", Role.ADMIN)
    welcome = browser.get("/").body.decode()
    assert 'href="/login"' in welcome
    assert 'href="/login?next=/check"' in welcome
    browser.sign_in()
    assert 'href="/check"' in browser.get("/").body.decode()
    assert 'href="/admin"' in browser.get("/check").body.decode()
