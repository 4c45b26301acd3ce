"""From the set-up link to a revoked key in a real browser, on a phone and on a desk, light and dark."""

import os
from pathlib import Path

import pytest
from tests.axe import violations
from tests.chromium import CONTRAST, DESK, PHONE, running
from tests.integration.web.service import Client

from bixie.identity.signin.setup import open_setup

pytestmark = pytest.mark.browser

PASSWORD = "correct horse battery staple"


@pytest.fixture(scope="module")
def browser():
    with running() as browser:
        yield browser


@pytest.fixture
def open_pages(browser, port):
    """Open a window at the service; at the end nothing may have been complained about."""
    contexts, troubles = [], []

    def open_it(size, language, scheme):
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, locale=language, color_scheme=scheme
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: troubles.append(message.text))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        return page, f"http://127.0.0.1:{port}"

    yield open_it
    for context in contexts:
        context.close()
    assert troubles == []


def check(page, name):
    """Look at a page: nothing sticks out, everything can be read, everything can be touched."""
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(CONTRAST) == []
    assert violations(page) == []
    for button in page.locator("button:visible, input:not([type=hidden], [type=file]):visible, select").all():
        assert button.bounding_box()["height"] >= 44
    if folder := os.environ.get("BIXIE_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}-{page.viewport_size['width']}.png", full_page=True)


@pytest.mark.parametrize(
    ("size", "language", "scheme"),
    [(PHONE, "zh-CN", "light"), (DESK, "en-GB", "dark")],
)
def test_from_the_link_to_a_revoked_key(open_pages, store, port, size, language, scheme):
    page, address = open_pages(size, language, scheme)
    page.goto(f"{address}/setup?token={open_setup(store)}")
    check(page, "setup")
    page.fill("[name=name]", "店铺")
    page.fill("[name=login]", "admin")
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_url(f"{address}/")
    check(page, "today")
    page.goto(f"{address}/check")
    check(page, "check-service")
    page.goto(f"{address}/keys")
    page.on("dialog", lambda dialog: dialog.accept())
    page.fill("[name=label]", "till")
    page.click("[action='/keys'] button")
    page.wait_for_url("**/keys")
    key = page.locator("pre").inner_text()
    check(page, "keys")
    assert Client(port, key).get("/api/v1/orders").status == 200
    page.click("li button")
    page.wait_for_url("**/keys")
    page.locator("li button").wait_for(state="detached")
    assert Client(port, key).get("/api/v1/orders").status == 401
    page.click("[action='/logout'] button")
    page.wait_for_url("**/login")
    page.goto(f"{address}/keys")
    assert page.url == f"{address}/login?next=%2Fkeys"
    page.fill("[name=login]", "admin")
    page.fill("[name=password]", PASSWORD)
    check(page, "login")
