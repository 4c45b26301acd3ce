"""What every page has: language, assets that browsers keep, refusals as pages, a session for its scripts."""

import re

import pytest

from bixie.identity.tokens import csrf_token

HTML = "text/html,application/xhtml+xml"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_part_is_shown_in_the_language_that_is_asked_for_and_remembered(browser, language):
    lang = {"zh": "zh-CN", "en": "en"}[language]
    page = browser.get(f"/components?lang={language}").body.decode()
    assert f'<html lang="{lang}"' in page
    assert f'<html lang="{lang}"' in browser.get("/components").body.decode()


def test_the_switch_of_language_keeps_what_the_address_asks_for(browser):
    page = browser.get("/components?after=1&lang=zh").body.decode()
    assert 'href="?after=1&amp;lang=en"' in page


def test_a_page_loads_files_of_this_service_only(browser):
    answer = browser.get("/components")
    policy = answer.headers["content-security-policy"]
    assert "'unsafe" not in policy
    assert "default-src 'none'" in policy
    page = answer.body.decode()
    addresses = re.findall(r'(?:src|href)="(/assets/[^"]+)"', page)
    assert len(addresses) == 3
    for address in addresses:
        asset = browser.get(address)
        assert asset.status == 200
        assert "immutable" in asset.headers["cache-control"]
    assert not re.search(r"<style|<script(?![^>]* src=)|style=", page)


def test_an_asset_that_the_browser_has_is_not_sent_again(browser):
    tag = browser.get("/assets/ui/base.css").headers["etag"]
    again = browser.client.get("/assets/ui/base.css", If_None_Match=tag)
    assert (again.status, again.body) == (304, b"")
    assert "immutable" not in again.headers["cache-control"]


@pytest.mark.parametrize(
    "path",
    ["ui/messages.toml", "ui/..%2Fmessages.toml", "ui/nothing.css", "nowhere/base.css"],
)
def test_only_assets_are_sent(browser, path):
    assert browser.get(f"/assets/{path}").status == 404


def test_a_refusal_is_a_page_for_people_and_a_document_for_programs(browser):
    shown = browser.client.get("/nowhere", Accept=HTML, Accept_Language="zh-CN")
    assert shown.status == 404
    assert "这个地址没有内容" in shown.body.decode()
    assert "default-src 'none'; script-src 'self'" in shown.headers["content-security-policy"]
    assert browser.client.get("/nowhere").code == "web.no_such_page"
    assert browser.client.get("/api/v1/nowhere", Accept=HTML).code == "access.no_key"


def test_signing_in_leads_back_to_where_one_was_and_nowhere_else(browser, admin):
    assert browser.get("/login?next=/keys").body.decode().count('value="/keys"') == 1
    assert browser.sign_in(next="/keys?a=1").headers["location"] == "/keys?a=1"
    for elsewhere in ("//evil.example", "/\\evil.example", "https://evil.example", "/a\nb", ""):
        assert browser.sign_in(next=elsewhere).headers["location"] == "/"


def test_scripts_of_our_pages_call_the_api_in_the_session(browser, admin, port):
    assert browser.get("/api/v1/orders").code == "access.no_key"
    browser.sign_in()
    assert browser.get("/api/v1/orders").status == 200
    session = browser.cookies["bixie-session"]
    sent = {"Cookie": f"bixie-session={session}", "Origin": f"http://127.0.0.1:{port}"}
    link = "/api/v1/keys"
    given = {"label": "x", "role": "api_key"}
    assert browser.client.post(link, given, **sent).code == "web.other_site"
    assert browser.client.post(link, given, **sent, X_CSRF_Token="x").code == "web.other_site"
    foreign = {**sent, "Origin": "https://evil.example", "X_CSRF_Token": csrf_token(session)}
    assert browser.client.post(link, given, **foreign).code == "web.other_site"
    assert browser.client.post(link, given, **sent, X_CSRF_Token=csrf_token(session)).status == 201
