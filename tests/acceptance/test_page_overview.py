"""A report of many files in a real browser: order, filter, folding, language and what a finger can hit."""

from dataclasses import replace

import pytest
from tests import made_up
from tests.chromium import PHONE

from bixie.examiners.results import Verdict
from bixie.report.page.render import render_page

CLAIM = made_up.claim(
    made_up.honest("a.jpg"),
    made_up.exhibit("b.jpg"),
    made_up.honest("c.jpg"),
    made_up.exhibit("d.jpg", Verdict.SUSPECT, (made_up.by_weight(7.5),)),
    made_up.exhibit(
        "e.jpg",
        Verdict.INCONCLUSIVE,
        (replace(made_up.annotated(), code="derivation.known_picture_unchanged"),),
    ),
)
WORDS = (
    "您提供的",
    "图片",
    "照片",
    "文件",
    "拍摄",
    "画面",
    "内容",
    "没有",
    "找到",
    "结论",
    "线索",
    "改动",
    "这张",
    "同一次",
    # A comma that begins a line is the end of a word that broke.
    "图片，",
    "拍摄，",
)
BROKEN_WORDS = """(words) => [...document.querySelectorAll(".title .zh")].flatMap((title) => {
  const text = title.textContent, tops = [];
  const walker = document.createTreeWalker(title, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode()); ) {
    for (let at = 0; at < node.length; at += 1) {
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + 1);
      tops.push(range.getBoundingClientRect().top);
    }
  }
  return words.flatMap((word) => {
    const at = text.indexOf(word);
    return at >= 0 && tops[at] !== tops[at + word.length - 1] ? [`${word} in ${text}`] : [];
  });
})"""


@pytest.fixture
def open_page(browser, tmp_path):
    """Open the claim's page at a phone's width."""
    file = tmp_path / "page.html"
    file.write_text(render_page(CLAIM, language="en", command="bixie examine"), encoding="utf-8")
    contexts = []

    def open_it(query="", **options):
        context = browser.new_context(viewport={"width": PHONE[0], "height": PHONE[1]}, **options)
        contexts.append(context)
        page = context.new_page()
        page.goto(file.as_uri() + query)
        return page

    yield open_it
    for context in contexts:
        context.close()


def language(page):
    return page.evaluate("document.documentElement.dataset.lang")


def test_the_language_is_that_of_the_address_then_of_a_choice_then_of_the_browser(open_page):
    page = open_page(locale="zh-CN")
    assert language(page) == "zh"
    page.get_by_role("button", name="English").click()
    page.reload()
    assert language(page) == "en"
    page.goto(page.url + "?lang=zh")
    assert language(page) == "zh"
    assert language(open_page(locale="fr-FR")) == "en"


def test_a_filter_shows_the_files_of_one_verdict(open_page):
    page = open_page(locale="zh-CN")
    page.get_by_role("button", name="不可采信 1").click()
    assert [one.is_visible() for one in page.locator("article").all()] == [True, False, False, False, False]
    assert page.locator(".contents li:visible").count() == 1
    assert page.get_by_role("button", name="不可采信 1").get_attribute("aria-pressed") == "true"
    page.get_by_role("button", name="全部 5").click()
    assert page.locator("article:visible").count() == 5


def test_a_link_to_a_folded_or_hidden_file_shows_it(open_page):
    page = open_page("#file-3", locale="zh-CN", reduced_motion="reduce")
    assert page.locator("#file-3 .columns").is_visible()
    assert not page.locator("#file-1 .columns").is_visible()
    page.get_by_role("button", name="不可采信 1").click()
    page.evaluate("window.location.hash = '#file-1'")
    page.locator("#file-1 .columns").wait_for()
    page.locator("#file-2 .bar a").click()
    assert page.url.endswith("#overview")


def test_everything_to_press_is_44_pixels_high(open_page):
    page = open_page(locale="zh-CN")
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, summary, .bar a, .print-choice label, .outlines")]
          .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 44)
          .map((one) => one.outerHTML.slice(0, 90))"""
    )
    assert small == []


@pytest.mark.parametrize("width", [320, 390, 1440])
def test_no_title_breaks_inside_a_word(open_page, width):
    page = open_page(locale="zh-CN")
    page.set_viewport_size({"width": width, "height": 844})
    assert page.locator("h1").inner_text().startswith("5 个文件里")
    assert page.evaluate(BROKEN_WORDS, list(WORDS)) == []


def test_without_scripts_no_control_is_shown_that_answers_nothing(open_page):
    page = open_page(locale="zh-CN", java_script_enabled=False)
    assert page.locator("button:visible, input:visible").count() == 0
    assert page.locator(".counts").inner_text().startswith("Refuted 1")
    page.locator("#file-1 summary").first.click()
    assert page.locator("#file-1 .columns").is_visible()
