"""A clerk's walk in a real browser: on a desk in Chinese, and on a phone in English at the packing table."""

import zipfile

import pytest
from tests.axe import violations
from tests.chromium import DESK, PHONE, running
from tests.integration.cases.evidence import report
from tests.integration.web.browsing import PASSWORD, person
from tests.integration.web.service import picture

from bixie.access.principal import Role

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser():
    with running() as browser:
        yield browser


@pytest.fixture
def open_page(browser, shop):
    """Sign the clerk in; at the end nothing may have been complained about."""
    contexts, troubles = [], []

    def open_it(size, language, login="clerk"):
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, locale=language, timezone_id="Asia/Shanghai"
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: troubles.append(message.text))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(f"http://127.0.0.1:{shop.port}/login?next=/desk")
        page.fill("[name=login]", login)
        page.fill("[name=password]", PASSWORD)
        page.click("main button")
        page.wait_for_url("**/desk")
        return page, f"http://127.0.0.1:{shop.port}"

    yield open_it
    for context in contexts:
        context.close()
    assert troubles == []


def test_two_clerks_in_one_case_see_each_other(open_page, shop):
    case = shop.file()["id"]
    person(shop.store, shop.tenant, "second", Role.CLERK, shop.merchant)
    first, address = open_page(DESK, "zh-CN")
    first.goto(f"{address}/desk/cases/{case}")
    second, _ = open_page(DESK, "zh-CN", "second")
    second.goto(f"{address}/desk/cases/{case}")
    second.get_by_text("clerk 也打开了这一单。").wait_for()
    first.reload()
    first.get_by_text("second 也打开了这一单。").wait_for()


def check(page):
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []


def look_at_papers(page):
    """Follow a case to what can be done on paper, and open a letter."""
    page.click("text=证据包与文书")
    page.get_by_text("民事起诉状（要素式）").wait_for()
    check(page)
    with page.context.expect_page() as opening:
        page.locator("a[href*='platform_letter?lang=zh']").first.click()
    opening.value.get_by_role("heading", name="致平台函").wait_for()
    assert violations(opening.value) == []
    opening.value.close()


def test_a_clerk_challenges_answers_and_exports_at_a_desk(open_page, shop, tmp_path):
    doubtful, plain = shop.file(), shop.file()
    report(shop, shop.blobs, doubtful["exhibits"][0]["id"], "refuted")
    page, address = open_page(DESK, "zh-CN")
    check(page)
    page.fill("[name=q]", doubtful["claim"]["order"])
    page.click(".filters button")
    page.click(".case-link")
    page.get_by_text("内容有改动").first.wait_for()
    page.click("text=请买家另拍一张")
    page.get_by_text("已请买家另拍一张").wait_for()
    assert shop.case(doubtful["id"])["status"] == "awaiting_buyer"
    page.goto(f"{address}/desk/cases/{plain['id']}")
    check(page)
    page.click("summary.answer-no")
    page.click("[name=reason][value=other]")
    page.fill("[action$='/reject'] textarea", "发货时完好")
    page.get_by_text("草稿已保存").wait_for()
    page.reload()
    assert page.locator("[action$='/reject'] textarea").input_value() == "发货时完好"
    check(page)
    page.click("[action$='/reject'] button")
    page.get_by_text("您的答复已发送").wait_for()
    page.goto(f"{address}/desk/cases/{plain['id']}")
    look_at_papers(page)
    page.goto(f"{address}/desk/cases/{plain['id']}/export?platform=taobao_message")
    check(page)
    page.fill("#statement", "杯" * 300)
    assert "600 / 400" in page.locator("#counter").inner_text()
    with page.expect_download() as waiting:
        page.click("#export button.wide")
    waiting.value.save_as(tmp_path / "export.zip")
    with zipfile.ZipFile(tmp_path / "export.zip") as archive:
        assert archive.namelist() == ["1.jpg", "statement.txt"]
        assert archive.read("statement.txt").decode() == "杯" * 200


def test_a_clerk_imports_orders_and_keeps_packing_pictures_with_a_phone(open_page, shop):
    number, case = shop.order(), shop.file()["id"]
    page, address = open_page(PHONE, "en-GB")
    check(page)
    page.goto(f"{address}/desk/cases/{case}")
    for folded in (
        "summary.answer-no",
        "summary.answer-talk",
        "#negotiate > details:nth-of-type(2) > summary",
    ):
        page.click(folded)
    check(page)
    page.goto(f"{address}/orders/import")
    orders = "订单编号,商品名称,数量\nP-1,杯,1\nP-2,茶,many\n".encode()
    page.set_input_files("[name=file]", {"name": "orders.csv", "mimeType": "text/csv", "buffer": orders})
    page.click("text=Preview")
    page.get_by_role("cell", name="数量").wait_for()
    check(page)
    page.click("button[value=import]")
    page.get_by_text("1 new, 0 changed").wait_for()
    page.goto(f"{address}/packing?q={number}")
    check(page)
    photo = {"name": "box.png", "mimeType": "image/png", "buffer": picture((7, 8, 9))}
    page.set_input_files("[accept='image/*']", photo)
    page.get_by_text("on record since").wait_for()
    page.goto(f"{address}/known?role=packing&q={number}")
    page.get_by_text("from clerk").wait_for()
    check(page)
