"""Signing in and out, and the page of keys, as a browser sends them."""

import re
from urllib.parse import urlencode

from tests.integration.web.browsing import FORM, PASSWORD, person
from tests.integration.web.service import Client, new_tenant
from tests.sweeps import by_repr, check_each

from bixie.access.principal import Role


def test_an_admin_signs_in_makes_a_key_and_revokes_it(browser, admin, port):
    answer = browser.sign_in()
    assert (answer.status, answer.headers["location"]) == (303, "/")
    for line in answer.cookies:
        assert "HttpOnly" in line
        assert "SameSite=strict" in line
    made = browser.send("/keys", csrf=browser.csrf(), label="店铺系统", role="api_key")
    assert (made.status, made.headers["location"]) == (303, "/keys")
    page = browser.get("/keys").body.decode()
    key = re.search(r"bixie_[\w-]+", page).group()
    assert "店铺系统" in page
    assert Client(port, key).get("/api/v1/orders").status == 200
    revoke = re.search(r'action="(/keys/key_\w+/revoke)"', page[page.index("店铺系统") :])[1]
    assert browser.send(revoke, csrf=browser.csrf()).status == 303
    assert Client(port, key).get("/api/v1/orders").status == 401
    assert key not in browser.get("/keys").body.decode()


def test_nobody_sees_keys_before_signing_in_or_after_signing_out(browser, admin):
    assert browser.get("/keys").headers["location"] == "/login?next=%2Fkeys"
    browser.sign_in()
    session = browser.cookies["bixie-session"]
    assert browser.send("/logout", csrf=browser.csrf()).headers["location"] == "/login"
    browser.cookies["bixie-session"] = session
    assert browser.get("/keys").status == 303


def test_a_form_of_another_site_is_refused(browser, admin):
    assert browser.sign_in(origin="https://evil.example").code == "web.other_site"
    browser.sign_in()
    csrf = browser.csrf()
    wanted = {"label": "x", "role": "admin"}
    for answer in (
        browser.send("/keys", origin="https://evil.example", csrf=csrf, **wanted),
        browser.send("/keys", csrf="x", **wanted),
        browser.send("/keys/key_00000000000000000000000000/revoke", csrf="x"),
        browser.send("/logout", csrf="x"),
        browser.client.call(
            "POST", "/login", b"login=a&password=b", Content_Type=FORM, Sec_Fetch_Site="cross-site"
        ),
    ):
        assert (answer.status, answer.code) == (403, "web.other_site")
    assert browser.csrf() == csrf


WRONG_LOGINS = [{"password": "wrong"}, {"login": "nobody"}, {"tenant": "tenant_x"}]


def test_what_does_not_open_is_not_told_apart_and_not_repeated(browser, admin):
    def check(changed):
        answer = browser.sign_in(**changed)
        page = answer.body.decode()
        assert answer.status == 401
        assert 'role="alert"' in page
        assert PASSWORD not in page
        assert "bixie-session" not in browser.cookies

    check_each(by_repr(WRONG_LOGINS), check)


def test_attempts_are_slowed_down(browser, admin):
    answers = [browser.sign_in(password="wrong").status for _ in range(12)]
    assert 429 in answers


def test_a_clerk_is_told_that_keys_are_not_theirs(browser, admin, store, tenant):
    person(store, tenant[0], "clerk", Role.CLERK)
    browser.sign_in(login="clerk")
    assert browser.get("/keys").code == "web.not_your_page"
    answer = browser.send("/keys", csrf=browser.csrf(), label="x", role="admin")
    assert (answer.status, answer.code) == (403, "web.not_your_page")


def test_with_several_tenants_the_page_asks_for_which(browser, admin, store, tenant):
    assert 'name="tenant"' not in browser.get("/login").body.decode()
    new_tenant(store, "别家")
    assert 'name="tenant"' in browser.get("/login").body.decode()
    assert browser.sign_in().status == 401
    assert browser.sign_in(tenant=tenant[0]).status == 303


def test_away_from_this_machine_cookies_travel_by_tls_only(browser, admin):
    body = urlencode({"login": "admin", "password": PASSWORD}).encode()
    answer = browser.client.call("POST", "/login", body, Content_Type=FORM, Host="shop.example")
    assert answer.status == 303
    assert all(line.startswith("__Host-") and "Secure" in line for line in answer.cookies)


def test_what_was_typed_does_not_become_part_of_a_page(browser, admin):
    assert "<script>" not in browser.sign_in(login='"><script>', password="x").body.decode()
    browser.sign_in()
    browser.send("/keys", csrf=browser.csrf(), label="<script>", role="clerk")
    page = browser.get("/keys").body.decode()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
