"""A buyer's whole way in a real browser: a phone in Chinese, and a desk in English."""

import io
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect
from tests.axe import violations
from tests.chromium import CONTRAST, DESK, PHONE, running
from tests.integration.cases.test_links import claim_link

pytestmark = pytest.mark.browser

_EXPECTED = ("net::ERR_", "status of 422")
"""The browser notes a connection that the test breaks, and a form that the service sends back."""


@pytest.fixture(scope="module")
def browser():
    with running() as browser:
        yield browser


@pytest.fixture
def open_link(browser, port):
    """Open a window at a link; at the end nothing may have been complained about."""
    contexts, troubles = [], []

    def open_it(path, size, language, scheme):
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, locale=language, color_scheme=scheme
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("console", lambda message: troubles.append(message.text))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(f"http://127.0.0.1:{port}{path}")
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert [one for one in troubles if not any(word in one for word in _EXPECTED)] == []


def check(page, name):
    """Look at a page: nothing sticks out, everything can be read, everything can be touched."""
    page.wait_for_load_state()
    if folder := os.environ.get("BIXIE_PICTURES"):
        page.screenshot(path=Path(folder) / f"buyer-{name}-{page.viewport_size['width']}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(CONTRAST) == []
    assert violations(page) == []
    wanted = "button:visible, select:visible, textarea:visible, .choice:visible"
    for touched in page.locator(wanted).all():
        assert touched.bounding_box()["height"] >= 44


def photo(seed, side=900):
    """Return a picture that takes more than one part to upload."""
    data = io.BytesIO()
    noise = np.random.default_rng(seed).integers(0, 255, (side, side, 3), dtype=np.uint8)
    Image.fromarray(noise).save(data, "PNG")
    return {"name": f"杯子{seed}.png", "mimeType": "image/png", "buffer": data.getvalue()}


def break_once(page):
    """Break the connection of the second part of an upload."""
    seen = []

    def handle(route):
        if route.request.method == "PATCH":
            seen.append(route.request.headers["upload-offset"])
            if len(seen) == 2:
                route.abort("connectionreset")
                return
        route.continue_()

    page.route("**/api/v1/uploads/*", handle)
    return seen


def step(client, case, action, body):
    answer = client.post(f"/api/v1/cases/{case}/{action}", json=body)
    assert answer.status in (200, 201), answer.body


def fill_in(page):
    """Answer one question after the other, and hand in two pictures over a connection that breaks."""
    following = page.get_by_role("button", name="下一步")
    following.click()
    assert "至少选择一件" in page.locator("[data-step-error]").inner_text()
    page.get_by_label("杯 ¥100").check()
    following.click()
    page.get_by_label("已收到货", exact=True).check()
    following.click()
    check(page, "service")
    page.get_by_label("仅退款").check()
    following.click()
    page.get_by_label("包装/商品破损").check()
    following.click()
    following.click()
    page.get_by_label("描述一下遇到的问题").fill("杯口有一道裂纹")
    following.click()
    check(page, "pictures")
    tried = break_once(page)
    page.locator('[data-role="whole"]').set_input_files([photo(1)])
    page.get_by_text("已上传", exact=True).first.wait_for()
    assert tried[1] == tried[2] == str(1 << 20), "the part that broke is sent again, and none before it"
    page.locator('[data-role="damage"]').set_input_files([photo(2, 200)])
    page.get_by_text("已上传", exact=True).nth(1).wait_for()
    page.get_by_label("我同意将本次售后").check()


def answer_question(page, merchant, case):
    """Learn at once that something is asked, without losing what is typed, and answer."""
    page.get_by_label("留言").fill("还没发出去的话")
    asks = {"form": "ask_evidence", "asks": ["another_angle", "code_on_paper"], "code_word": "青山12"}
    step(merchant, case, "negotiate", asks)
    page.get_by_role("link", name="点击查看").click()
    page.get_by_role("heading", name="请补充一点材料").wait_for()
    # A script puts it back, after the heading shows.
    expect(page.get_by_label("留言")).to_have_value("还没发出去的话")
    check(page, "asked")
    page.locator('#answer [data-role="angle"]').set_input_files([photo(3, 100)])
    page.get_by_text("已上传", exact=True).wait_for()
    page.locator("#answer textarea").fill("纸不在手边")
    page.get_by_role("button", name="提交补充").click()
    page.get_by_text("已收到，谢谢您的补充").wait_for()


def test_a_claim_from_the_phone_to_the_accepted_offer(open_link, platform, merchant, shop):
    page = open_link(claim_link(platform, buyer=shop.buyer)["path"], PHONE, "zh-CN", "light")
    fill_in(page)
    page.get_by_role("button", name="检查并提交").click()
    page.get_by_text("2 个文件").wait_for()
    check(page, "summary")
    page.get_by_role("button", name="提交申请").dblclick()
    page.get_by_text("申请已提交").wait_for()
    check(page, "filed")

    (listed,) = platform.get("/api/v1/cases").json()["items"]
    case = listed["id"]
    answer_question(page, merchant, case)
    offer = {"form": "propose", "outcome": {"kind": "refund", "amount": {"minor": 8000, "currency": "CNY"}}}
    step(merchant, case, "negotiate", offer)
    page.reload()
    check(page, "offer")
    page.get_by_role("button", name="同意", exact=True).click()
    page.get_by_text("您已同意，接下来按方案执行").wait_for()
    check(page, "accepted")


def choose_large_video(page):
    """Choose a video of 300 MB, as far as the page can tell."""
    large = {"name": "long.mp4", "mimeType": "video/mp4"}
    page.locator('[data-role="damage"]').evaluate(
        """(input, file) => {
          const video = new File([], file.name, { type: file.mimeType });
          Object.defineProperty(video, "size", { value: 300e6 });
          Object.defineProperty(input, "files", { value: [video], configurable: true });
          input.dispatchEvent(new Event("change"));
        }""",
        large,
    )


def appeal(page):
    """Read the decision and appeal it."""
    page.reload()
    page.locator("summary", has_text="Appeal").click()
    check(page, "decision")
    page.get_by_label("Why do you not agree?").select_option("facts_wrong")
    page.locator("#appeal button.wide").click()
    page.get_by_text("Your appeal is with another person").wait_for()


def test_a_claim_from_the_desk_to_an_appeal(open_link, platform, merchant, reviewer, shop):
    page = open_link(claim_link(platform, buyer=shop.buyer)["path"], DESK, "en-GB", "dark")
    page.locator(".to-phone summary").click()
    assert page.locator("img.qr").bounding_box()["width"] > 200
    page.get_by_label("杯 ¥100").check()
    page.get_by_label("Yes, they have arrived").check()
    page.get_by_label("refund only").check()
    page.get_by_label("damaged: broken").check()
    choose_large_video(page)
    page.get_by_text("larger than 200 MB").first.wait_for()
    check(page, "claim")
    page.get_by_role("button", name="Look it over").click()
    assert "Please agree that the shop may see this claim" in page.get_by_role("alert").first.inner_text()
    page.get_by_label("I agree that the shop").check()
    page.get_by_role("button", name="Look it over").click()
    page.get_by_role("button", name="Send the claim").click()
    page.get_by_text("Your claim is filed").wait_for()

    (listed,) = platform.get("/api/v1/cases").json()["items"]
    case = listed["id"]
    step(merchant, case, "reject", {"reason": "no_defect_found", "text": "照片里没有看到裂纹"})
    page.reload()
    check(page, "rejected")
    page.locator("#escalate button").click()
    page.get_by_text("The platform has stepped in").wait_for()
    page.get_by_label("I have nothing more to add").check()
    page.get_by_label("Your words").fill("The crack was there when I opened the box.")
    page.locator("#answer button.wide").click()
    page.get_by_text("it has been added").wait_for()
    step(merchant, case, "supplement", {"complete": True})
    page.get_by_role("button", name="See all evidence and rules").click()
    check(page, "file")
    page.get_by_role("link", name="Back").click()
    step(merchant, case, "file", {})
    assert reviewer.post(f"/api/v1/cases/{case}/review/claim", json={}).status == 200
    step(reviewer, case, "decide", {"outcome": {"kind": "refuse"}, "reasons": ["evidence_insufficient"]})
    appeal(page)
