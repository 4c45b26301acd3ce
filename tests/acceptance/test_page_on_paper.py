"""The report page on paper: two sheets for a case of two photos, technical data where it is asked for."""

import re
from datetime import datetime

import pytest
from tests import made_up
from tests.chromium import DESK

from bixie.examiners.results import Verdict
from bixie.kit.calendar import CHINA
from bixie.report.page.render import render_page
from bixie.report.record import Record

RECORD = Record(datetime(2026, 11, 30, 20, 15, tzinfo=CHINA), "4012345678901234567", "某店售后")
TWO = made_up.claim(made_up.exhibit(), made_up.honest())
A4_PIXELS = (297 - 27) * 96 / 25.4
"""Height of a sheet of A4 without its margins, in CSS pixels."""


@pytest.fixture
def open_page(browser, tmp_path):
    contexts = []

    def open_it(claim, **options):
        file = tmp_path / "page.html"
        file.write_text(render_page(claim, RECORD, command="bixie examine"), encoding="utf-8")
        context = browser.new_context(viewport={"width": DESK[0], "height": DESK[1]}, **options)
        contexts.append(context)
        page = context.new_page()
        page.goto(file.as_uri())
        return page

    yield open_it
    for context in contexts:
        context.close()


def sheets(page):
    """Return how many sheets of A4 the page is printed on."""
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4", print_background=True)))


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_a_case_of_two_photos_is_two_sheets_and_technical_data_come_on_request(open_page, locale):
    page = open_page(TWO, locale=locale)
    assert sheets(page) == 2
    page.locator("[data-appendix]").check()
    assert sheets(page) > 2


def test_without_scripts_it_is_two_sheets_too(open_page):
    assert sheets(open_page(TWO, java_script_enabled=False)) == 2


def test_paper_has_the_record_the_pictures_and_the_hashes_and_no_technical_data(open_page):
    page = open_page(TWO, locale="zh-CN")
    page.locator("#file-1 summary").first.click()  # what was opened on the screen stays off the paper
    page.emulate_media(media="print")
    shown = page.locator("body").inner_text()
    assert "2026-11-30 20:15 (+08:00)" in shown
    assert all(one.sha256 in shown for one in TWO.exhibits)
    assert TWO.known[0].sha256 in shown
    assert "derivation.known_picture_edited" not in shown
    assert "bixie examine" not in shown
    for name in ("known", "claim"):
        assert page.locator(f"#file-1 .stage .pane.{name}").is_visible()


def test_paper_holds_every_file_whatever_the_screen_was_filtered_to(open_page):
    page = open_page(TWO, locale="zh-CN")
    page.locator("[data-filter]", has_text="没有定论").click()
    assert not page.locator("#file-1").is_visible()
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#file-1").is_visible()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert not page.locator("#file-1").is_visible()


@pytest.mark.parametrize("size", [(1200, 900), (900, 1200), (400, 3000)])
def test_no_picture_is_higher_than_half_a_sheet(open_page, size):
    exhibit = made_up.exhibit(verdict=Verdict.REFUTED, width=size[0], height=size[1])
    page = open_page(made_up.claim(exhibit), locale="zh-CN")
    page.set_viewport_size({"width": 688, "height": 900})
    page.emulate_media(media="print")
    stage = page.locator(".stage").bounding_box()
    assert stage["height"] < A4_PIXELS / 2
