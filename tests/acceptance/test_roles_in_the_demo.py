"""Every role of the demo in a browser: its pages bring one claim from its filing to an appeal."""

import os
import re
from pathlib import Path

import pytest
from tests.acceptance.demo_process import address_of, started
from tests.axe import violations
from tests.chromium import DESK, PHONE

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
PHOTOS = {role: ROOT / "examples" / name for role, name in (("whole", "honest.jpg"), ("damage", "claim.jpg"))}
ORDER = "DEMO-1012"
"""Nothing is claimed about it before."""
TOO_LONG_MS = 60_000


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with started(tmp_path_factory.mktemp("demo") / "data") as process:
        yield address_of(process)


@pytest.fixture
def visit(browser, address):
    """Return a function that steps into a role with a browser of its own."""
    visitors = []

    def step_in(door, size, language):
        visitors.append(Visitor(browser, address, door, size, language))
        return visitors[-1]

    yield step_in
    for visitor in visitors:
        visitor.leave()


class Visitor:
    """Somebody at a browser who has stepped into a role."""

    def __init__(self, browser, address, door, size, language):
        width, height = size
        self._context = browser.new_context(viewport={"width": width, "height": height}, locale=language)
        self.page, self._troubles, self._looked = self._context.new_page(), [], 0
        self._door = door
        self.page.set_default_timeout(TOO_LONG_MS)
        self.page.on("pageerror", lambda error: self._troubles.append(str(error)))
        self.page.on("console", lambda said: said.type == "error" and self._troubles.append(said.text))
        self.page.on("dialog", lambda dialog: dialog.accept())
        self.page.goto(f"{address}/demo")
        self.page.click(f"form:has(input[value='{door}']) button")
        self.page.wait_for_url(re.compile(r"/(c|desk|console)(/|$)"))

    def look(self):
        """Check the page: a machine finds no barrier, nothing sticks out, no script complains."""
        self.page.wait_for_load_state()
        self._looked += 1
        if folder := os.environ.get("BIXIE_PICTURES"):
            name = f"role-{self._door}-{self.page.viewport_size['width']}-{self._looked}.png"
            self.page.screenshot(path=Path(folder) / name, full_page=True)
        assert violations(self.page) == [], self.page.url
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), self.page.url
        assert self._troubles == [], self.page.url

    def press(self, name):
        """Send a form by its button; look at the page that follows."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).locator("visible=true").first.click()
        self.look()

    def leave(self):
        self._context.close()


def file_claim(buyer):
    """Answer one question after the other, and hand in two photos."""
    page, following = buyer.page, buyer.page.get_by_role("button", name="下一步")
    buyer.look()
    page.locator("[name=item]").first.check()
    for choice in (None, "已收到货", "仅退款", "包装/商品破损"):
        if choice:
            page.get_by_label(choice).first.check()
        following.click()
    following.click()
    page.get_by_label("描述一下遇到的问题").fill("打开箱子就有三个压坏了")
    following.click()
    for number, (role, photo) in enumerate(PHOTOS.items()):
        page.locator(f"[data-role={role}]").set_input_files(photo)
        page.get_by_text("已上传").nth(number).wait_for()
    for box in page.locator("[name=agree]").all():
        box.check()
    buyer.press("检查并提交")
    buyer.press("提交申请")
    page.get_by_text("申请已提交").wait_for()


def challenge(clerk):
    """Find the case and ask for another picture; return the case's path."""
    clerk.look()
    clerk.page.locator(".case-link", has_text=ORDER).click()
    clerk.look()
    clerk.press("请买家另拍一张")
    clerk.page.get_by_text("待买家处理").first.wait_for()
    return clerk.page.url.partition("?")[0]


def answer_challenge(buyer):
    buyer.page.reload()
    buyer.page.locator("#answer textarea").fill("水果已经清理了，没法再拍。")
    buyer.press("提交补充")


def reject(clerk, case):
    clerk.page.goto(case)
    clerk.page.locator("summary.answer-no").click()
    form = clerk.page.locator("form[action$='/reject']")
    form.locator("[name=reason][value=no_defect_found]").check()
    form.locator("[type=file]").set_input_files(PHOTOS["whole"])
    form.locator("textarea").fill("照片里没有看到压坏的痕迹。")
    clerk.press("拒绝")


def bring_to_the_platform(buyer):
    buyer.page.reload()
    buyer.press("申请平台介入")
    buyer.page.locator("#answer [type=checkbox][name=complete]").check()
    buyer.page.locator("#answer textarea").fill("三个都压坏了。")
    buyer.press("提交说明")
    buyer.press("查看全部凭证和规则")


def be_heard(clerk, case):
    clerk.page.goto(case)
    clerk.page.locator("summary", has_text="补充凭证或说明").click()
    clerk.page.locator("form[action$='/supplement'] [name=complete]").check()
    clerk.press("提交")
    clerk.press("查阅案卷")


def decide(reviewer):
    """Refuse: a person does it, who has seen the letters before."""
    page = reviewer.page
    reviewer.look()
    page.locator(".queued", has_text=ORDER).locator("a.queued-name").click()
    reviewer.look()
    reviewer.press("Take this case")
    page.locator("[name=kind][value=refuse]").check()
    page.locator("[name=reasons][value=evidence_insufficient]").check()
    reviewer.press("Look at the letters first")
    reviewer.press("Confirm and send")
    reviewer.look()


def appeal(buyer):
    page = buyer.page
    page.goto(page.url.partition("/file")[0].partition("?")[0] + "?lang=en")
    buyer.look()
    page.locator("summary", has_text="Appeal").click()
    page.locator("#appeal select").select_option("facts_wrong")
    page.locator("#appeal textarea").fill("All three are crushed; the second photo shows it.")
    buyer.press("Send the appeal")
    page.get_by_text("Your appeal is with another person").wait_for()


def test_one_claim_goes_through_the_pages_of_every_role(visit):
    buyer = visit(ORDER, PHONE, "zh-CN")
    file_claim(buyer)
    clerk = visit("clerk_food", DESK, "zh-CN")
    case = challenge(clerk)
    answer_challenge(buyer)
    reject(clerk, case)
    bring_to_the_platform(buyer)
    be_heard(clerk, case)
    decide(visit("reviewer_1", DESK, "en-GB"))
    appeal(buyer)
    clerk.page.goto(case)
    clerk.page.get_by_text("申诉中").first.wait_for()
