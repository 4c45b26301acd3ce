"""From the page of the demo into each role, and through administration, in a real browser."""

import os
from pathlib import Path

import pytest
from tests.axe import violations
from tests.chromium import CONTRAST, DESK, PHONE, running

pytestmark = pytest.mark.browser

HOMES = {
    "clerk_food": "/desk",
    "reviewer_2": "/console",
    "policy_editor": "/policies",
    "admin": "/",
}
ADMIN = (
    *("/admin/people", "/keys", "/admin/webhooks", "/admin/jobs", "/admin/audit", "/admin/ledger"),
    *("/admin/errors", "/account", "/policies/builtin-cn-default-1", "/law", "/check", "/docs", "/docs/keys"),
)


def look(page, name):
    """Nothing sticks out, everything can be read and touched."""
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    assert page.evaluate(CONTRAST) == [], name
    assert violations(page) == [], name
    if folder := os.environ.get("BIXIE_PICTURES"):
        file = f"admin-{name.strip('/').replace('/', '-') or 'start'}-{page.viewport_size['width']}.png"
        page.screenshot(path=Path(folder) / file, full_page=True)


@pytest.mark.parametrize(("size", "language", "scheme"), [(DESK, "zh-CN", "light"), (PHONE, "en-GB", "dark")])
def test_a_visitor_steps_into_each_role_and_sees_administration(demo, size, language, scheme):
    troubles = []
    with running() as browser:
        viewport = {"width": size[0], "height": size[1]}
        page = browser.new_context(viewport=viewport, locale=language, color_scheme=scheme).new_page()
        page.on("console", lambda message: troubles.append(message.text))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        address = f"http://127.0.0.1:{demo.port}"
        page.goto(address)
        look(page, "demo")
        for actor, home in HOMES.items():
            page.click(f"form:has([value={actor}]) button")
            page.wait_for_url(f"{address}{home}")
            look(page, f"home-{actor}")
            if actor != "admin":
                page.click(".demo-bar a")
                page.wait_for_url(f"{address}/demo")
        for path in ADMIN:
            page.goto(address + path)
            look(page, path)
        page.goto(f"{address}/keys")
        page.fill("[name=label]", "till")
        page.click("[action='/keys'] button")
        page.locator("pre").wait_for()
        page.reload()
        assert page.locator("pre").count() == 0
        asked = []
        page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
        valid = page.locator("li .risky").count()
        page.click("li .risky")
        assert "till" in asked[0]
        assert page.locator("li .risky").count() == valid
    assert troubles == []
