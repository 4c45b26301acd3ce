"""The drop page in a real browser: a clerk puts photos in and reads the answer, on a phone and on a desk."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.axe import violations
from tests.chromium import CONTRAST, DESK, PHONE

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where the program keeps its temporary files."""
    return tmp_path_factory.mktemp("temporary")


@pytest.fixture(scope="module")
def address(folder):
    command = [sys.executable, "-m", "bixie", "open", "--no-browser"]
    settings = {**os.environ, "TMPDIR": str(folder)}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=settings)
    yield process.stdout.readline().removeprefix("ready ").strip()
    process.terminate()
    process.communicate()


@pytest.fixture
def open_page(browser, address):
    contexts, troubles = [], []

    def open_it(size=DESK, language="zh-CN", scheme="light", path=""):
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale=language,
            color_scheme=scheme,
            permissions=["clipboard-read", "clipboard-write"],
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: troubles.append(message.text))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("request", lambda request: _own(request.url, address) or troubles.append(request.url))
        page.goto(address + path)
        return page

    open_it.troubles = troubles
    yield open_it
    for context in contexts:
        context.close()
    assert troubles == []


def _own(url, address):
    return url.startswith((address.rsplit("/", 1)[0], "data:", "blob:"))


def look(page, name):
    """Nothing sticks out, everything can be read, everything can be touched."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(CONTRAST) == []
    assert violations(page) == []
    for target in page.locator(
        "button:visible, .button:visible, nav a:visible, summary:visible, .about input:visible"
    ).all():
        assert target.bounding_box()["height"] >= 44
    if folder := os.environ.get("BIXIE_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}-{page.viewport_size['width']}.png")


def put(page, side, *files, folder=False):
    page.locator(f"[data-side={side}] input").nth(int(folder)).set_input_files(files)


def copy_message(page):
    """Copy the text for the buyer; return it."""
    page.click("#copy")
    page.wait_for_selector("#message:not([hidden])")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("#message").inner_text()
    return copied


def begin_anew(page, name):
    """Press the button for another claim; on a phone it stands under another one."""
    if page.locator("#show-more").is_visible():
        page.click("#show-more")
        look(page, name)
    page.click("#new")


@pytest.mark.parametrize("size", [PHONE, DESK])
@pytest.mark.parametrize(("language", "scheme"), [("zh-CN", "light"), ("en-GB", "dark")])
def test_a_clerk_puts_photos_in_and_reads_the_answer(open_page, size, language, scheme):
    page = open_page(size, language, scheme)
    chinese = language == "zh-CN"
    assert page.locator("html").get_attribute("lang") == ("zh-CN" if chinese else "en")
    look(page, f"check-{scheme}")
    assert page.locator("#go").is_disabled()
    put(page, "claim", EXAMPLES / "claim.jpg", EXAMPLES / "honest.jpg")
    assert ("不做对照" if chinese else "nothing is compared") in page.locator("#advice").inner_text()
    put(page, "known", EXAMPLES / "listing.jpg")
    assert page.locator("#advice").is_hidden()
    page.click(".order summary")
    look(page, f"check-files-{scheme}")
    page.click("#go")
    page.wait_for_selector("#busy:not([hidden])")
    look(page, f"check-busy-{scheme}")
    page.wait_for_selector("#answer:not([hidden])", timeout=60_000)
    report = page.frame_locator("#report")
    report.locator(".verdict.refuted").first.wait_for()
    assert report.locator("html").get_attribute("data-lang") == ("zh" if chinese else "en")
    assert report.locator(".top").is_hidden()
    outline = report.locator(".thumbnail-ring").first.bounding_box()
    assert outline["y"] + outline["height"] < size[1]
    copied = copy_message(page)
    assert ("补充几张照片" if chinese else "a few more photos") in copied
    look(page, f"check-report-{scheme}")
    page.click(f".languages [hreflang={'en' if chinese else 'zh-CN'}]")
    other = "en" if chinese else "zh"
    report.locator(f"html[data-lang={other}]").wait_for()
    assert page.locator("#message").inner_text() != copied
    page.click(f".languages [hreflang={'zh-CN' if chinese else 'en'}]")
    report.locator(f"html[data-lang={'zh' if chinese else 'en'}]").wait_for()
    assert page.locator("#message").inner_text() == copied
    with page.expect_download() as saved:
        page.click("#save")
    assert saved.value.suggested_filename.endswith(".html")
    begin_anew(page, f"check-more-{scheme}")
    assert page.locator("#ask").is_visible()
    assert page.locator(".files li").count() == 0


def test_the_same_file_on_both_sides_is_said_and_reported_as_a_copy(open_page):
    page = open_page()
    for side in ("claim", "known"):
        put(page, side, EXAMPLES / "listing.jpg")
    put(page, "known", EXAMPLES / "facts.json")
    assert "listing.jpg 两边都放了" in page.locator("#advice").inner_text()
    assert "facts.json 看起来不是图片或视频" in page.locator("#advice").inner_text()
    page.click("#go")
    page.wait_for_selector("#answer:not([hidden])", timeout=60_000)
    assert "没有改动" in page.frame_locator("#report").locator("h1").inner_text()


def test_a_page_closed_in_the_middle_leaves_no_files(open_page, folder):
    page = open_page()
    put(page, "claim", *[EXAMPLES / "claim.jpg", EXAMPLES / "honest.jpg"])
    # Before its first file goes out, the page may not know yet which run is its own.
    with page.expect_request(lambda request: "/check/runs/" in request.url):
        page.click("#go")
    (runs,) = (one for one in folder.glob("bixie-check-*") if one.is_dir())
    held = set(runs.iterdir())
    page.close()
    for _ in range(200):
        if not held & set(runs.iterdir()):
            break
        time.sleep(0.1)
    assert not held & set(runs.iterdir())


def test_a_folder_with_a_broken_picture_is_taken_whole(open_page, tmp_path):
    folder = tmp_path / "打包 照片"
    folder.mkdir()
    (folder / "listing.jpg").write_bytes((EXAMPLES / "listing.jpg").read_bytes())
    (folder / "broken.jpg").write_bytes(b"\xff\xd8broken")
    (folder / ".hidden").write_bytes(b"x")
    page = open_page()
    put(page, "known", folder, folder=True)
    put(page, "claim", EXAMPLES / "claim.jpg")
    assert page.locator("[data-side=known] .files li").count() == 2
    page.click("#go")
    page.wait_for_selector("#answer:not([hidden])", timeout=60_000)
    page.frame_locator("#report").locator(".known-list").get_by_text("broken.jpg", exact=True).wait_for()


def test_a_file_that_is_refused_is_named_and_the_rest_is_examined(open_page, tmp_path):
    empty = tmp_path / "<b>空的.jpg"
    empty.write_bytes(b"")
    page = open_page()
    put(page, "claim", empty, EXAMPLES / "honest.jpg")
    page.click("#go")
    page.wait_for_selector("#answer:not([hidden])", timeout=60_000)
    assert "<b>空的.jpg" in page.locator("#trouble").inner_text()
    assert page.locator("#report").is_visible()
    look(page, "check-refused")
    # The browser itself notes an answer with the status of an error.
    assert "status of 4" in open_page.troubles.pop()


def test_two_hundred_files_are_listed_at_once_and_a_removed_one_is_gone(open_page, tmp_path):
    files = []
    for number in range(200):
        files.append(tmp_path / f"{number}.jpg")
        files[-1].write_bytes((EXAMPLES / "honest.jpg").read_bytes()[:3000])
    page = open_page()
    put(page, "claim", *files)
    assert page.locator("[data-side=claim] .files li").count() == 200
    page.locator("[data-side=claim] .remove").first.click()
    assert page.locator("[data-side=claim] .files li").count() == 199


def test_another_language_loses_nothing_and_is_kept(open_page):
    page = open_page(language="en-GB")
    put(page, "claim", EXAMPLES / "claim.jpg")
    page.click(".order summary")
    page.fill("#order-id", "2026-1")
    page.click("nav a[lang='zh-CN']")
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    assert page.locator("#go").inner_text() == "开始检验"
    assert page.locator("[data-side=claim] .files li").count() == 1
    assert page.locator("#order-id").input_value() == "2026-1"
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(page.url.split("?")[0])
    assert page.locator("html").get_attribute("lang") == "zh-CN"
