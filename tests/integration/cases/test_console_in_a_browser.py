"""A reviewer at a real browser: takes a case, compares pictures by keyboard, reads the letters, decides."""

import io
import os
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from tests.axe import violations
from tests.chromium import CONTRAST, DESK, PHONE, running
from tests.integration.cases.evidence import FINDING, keep, report
from tests.integration.web.browsing import PASSWORD, person

from bixie.access.principal import Role
from bixie.store.blobs import DiskBlobs
from bixie.vault.models import Role as ExhibitRole

pytestmark = pytest.mark.browser

SCRIPT = "<script>document.title = 'taken'</script>"
HOMOGRAPHY = [[0.9, 0, 40], [0, 0.9, 30], [0, 0, 1]]


@pytest.fixture(scope="module")
def browser():
    with running() as browser:
        yield browser


def photo(size, crack):
    image = Image.effect_noise(size, 60).convert("RGB")
    if crack:
        ImageDraw.Draw(image).line((300, 200, 700, 500), fill=(20, 20, 20), width=9)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=80)
    return file.getvalue()


@pytest.fixture
def blobs(location):
    return DiskBlobs(location.folder / "blobs")


@pytest.fixture
def case(desk, shop, blobs):
    """A case in which both were heard, with a picture that was linked to the one on record."""
    id_ = desk.escalated(text=SCRIPT)
    order = f"C{desk.orders}"
    known = keep(shop, blobs, ExhibitRole.LISTING, photo((1600, 1200), crack=False), order, f"{SCRIPT}.jpg")
    claim = keep(shop, blobs, data=photo((1600, 1200), crack=True), order=order, name=f"{SCRIPT} 2.jpg")
    finding = FINDING | {
        "strength_bits": 12.0,
        "known": "listing.jpg",
        "regions": [[[300, 200], [700, 200], [700, 500], [300, 500]]],
        "data": {"known_id": known, "homography": HOMOGRAPHY},
    }
    more = {"width": 1600, "height": 1200, "not_applicable": []}
    report(shop, blobs, claim, "refuted", findings=[finding], more=more)
    given = {"exhibits": [{"exhibit": claim, "role": "damage"}]}
    desk.post(desk.platform, f"{id_}/exhibits?side=buyer", given)
    for client, side in ((desk.platform, "?side=buyer"), (desk.merchant, "")):
        desk.post(client, f"{id_}/supplement{side}", {"complete": True})
    desk.served(id_)
    return id_


@pytest.mark.parametrize("location", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("size", "language"), [(DESK, "zh-CN"), (PHONE, "en-GB")])
def test_from_the_queue_to_the_decision(browser, port, store, shop, reviewer, case, size, language):
    somebody = person(store, shop.tenant, "reviewer", Role.REVIEWER)
    assert somebody.id
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale=language)
    page, troubles = context.new_page(), []
    page.on("console", lambda message: troubles.append(message.text))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.goto(f"http://127.0.0.1:{port}/login?next=/console")
    page.fill("[name=login]", "reviewer")
    page.fill("[name=password]", PASSWORD)
    page.click("main form button")
    page.locator(".queued").wait_for()
    check(page, "console-queue")
    page.keyboard.press("n")
    page.wait_for_url(f"**/console/cases/{case}")
    viewer = page.locator(".viewer")
    page.locator(".viewer[data-shown=original]").wait_for()
    check(page, "console-case")
    compare(page, viewer)
    decide(page)
    assert page.title() != "taken"
    assert troubles == []
    assert reviewer.get(f"/api/v1/cases/{case}").json()["decision"]["outcome"]["kind"] == "refund"
    context.close()


def compare(page, viewer):
    """Move both pictures in step, with keys only."""
    planes = page.locator(".viewer-plane")

    def places():
        page.wait_for_timeout(60)
        return [plane.evaluate("one => one.style.transform") for plane in planes.all()]

    whole = places()
    assert whole[0] == whole[1]
    assert "matrix3d" in planes.nth(1).locator("img").evaluate("one => one.style.transform")
    page.keyboard.press("+")
    enlarged = places()
    assert enlarged[0] == enlarged[1] != whole[0]
    page.keyboard.press("v")
    assert page.evaluate("document.activeElement.classList.contains('viewer-stage')")
    page.keyboard.press("ArrowRight")
    moved = places()
    assert moved[0] == moved[1] != enlarged[0]
    for key, mode in (("2", "slide"), ("3", "blink"), ("4", "overlay"), ("1", "side")):
        page.keyboard.press(key)
        assert viewer.get_attribute("data-mode") == mode
    for marks in ("filled", "none", "outline"):
        page.keyboard.press("m")
        assert viewer.get_attribute("data-marks") == marks
    page.keyboard.press("u")
    page.reload()
    assert "calm-blur" in page.locator("body").get_attribute("class")
    page.locator(".viewer.ready").wait_for()
    page.keyboard.press("u")
    page.keyboard.press("?")
    assert page.locator("dialog[open] kbd").count() > 10
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")


def decide(page):
    """Go to the decision by key, look at the letters, confirm."""
    page.keyboard.press("d")
    assert page.evaluate("document.activeElement.value") == "refund"
    page.keyboard.press("Space")
    page.check("[name=reasons][value=partly_shown]")
    assert page.locator("[name=reasons][value=evidence_insufficient]").is_hidden()
    page.fill("[name=amount]", "40")
    page.fill("[name=note]", SCRIPT)
    page.click("[value=preview]")
    page.locator("[value=confirm]").wait_for()
    assert SCRIPT in page.locator(".letter[open]").inner_text()
    check(page, "console-letters")
    page.click("[value=confirm]")
    page.locator("[value=confirm]").wait_for(state="detached")


def check(page, name):
    """Nothing sticks out, everything can be read, axe finds nothing."""
    page.wait_for_load_state()
    if folder := os.environ.get("BIXIE_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}-{page.viewport_size['width']}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(CONTRAST) == []
    assert violations(page) == []
