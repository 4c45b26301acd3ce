"""The report page in a real browser: by hand and by keyboard, on a phone and on paper."""

import json
from dataclasses import replace

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from tests import made_up
from tests.axe import violations
from tests.chromium import CONTRAST, DESK, PHONE
from tests.report_page import ONE, choose, red, stage

from bixie import examine
from bixie.examiners.results import FileError, KnownResult, Verdict
from bixie.kit.messages import Text

LONG_NAME = "screenshots/IMG_20261120_093012_forwarded_twice_and_never_renamed_by_anybody.png"

SEVERAL = made_up.claim(
    replace(made_up.exhibit(), warnings=(made_up.CONTRADICTED,)),
    made_up.honest(),
    made_up.unreadable(),
    made_up.exhibit(LONG_NAME, Verdict.INCONCLUSIVE, (made_up.annotated(),)),
    made_up.exhibit("b.jpg", Verdict.SUSPECT, (made_up.by_weight(7.5),)),
    known=tuple(KnownResult(f"known/{number}.jpg", f"{number:x}" * 64) for number in range(9)),
    warnings=(FileError("examine.same_file_twice", Text(en="One file, twice.", zh="同一个文件给了两次。")),),
)
CLAIMS = {"one": ONE, "several": SEVERAL, "unreadable": made_up.claim(made_up.unreadable())}


def dark_tear(page):
    """Return whether the tear that was painted into the claim photo is seen on the stage."""
    shown = stage(page)
    height, width = shown.shape[:2]
    return shown[round(327 / made_up.HEIGHT * height), round(637 / made_up.WIDTH * width)].mean() < 70


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK, (320, 640)], ids=str)
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("claim", CLAIMS)
def test_the_page_opens_quietly_and_never_scrolls_sideways(open_page, claim, language, size, scheme):
    page = open_page(CLAIMS[claim], size=size, language=language, color_scheme=scheme)
    width, available = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width <= available


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("claim", CLAIMS)
def test_every_word_stands_out_and_axe_finds_nothing(open_page, claim, scheme):
    page = open_page(CLAIMS[claim], size=PHONE if scheme == "light" else DESK, color_scheme=scheme)
    assert page.evaluate(CONTRAST) == []
    assert violations(page) == []


def test_the_result_is_seen_without_scrolling_on_a_phone(open_page):
    page = open_page(size=PHONE)
    box = page.locator("h1").bounding_box()
    assert "画面内容不同" in page.locator("h1").inner_text()
    assert box["y"] + box["height"] < 400


def test_the_language_is_switched_everywhere_at_once(open_page):
    page = open_page(SEVERAL)
    page.get_by_role("button", name="English").click()
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.title() == "Report on claim photos"
    title = "Of 5 files, one is the same photograph as yours, with content changed"
    assert page.locator("h1").inner_text() == title
    shown = page.locator("main").inner_text()
    assert not [mark for mark in "，。的" if mark in shown]
    page.get_by_role("button", name="中文").click()
    assert page.title() == "售后照片检验报告"
    assert page.get_by_role("button", name="中文").get_attribute("aria-pressed") == "true"


def test_the_outline_surrounds_the_changed_place_and_can_be_hidden(open_page):
    page = open_page()
    assert red(page) > 500
    page.get_by_label("显示轮廓").first.uncheck()
    assert red(page) == 0
    assert dark_tear(page)


def test_the_slider_is_moved_by_keyboard(open_page):
    page = open_page()
    choose(page, "slide")
    slider = page.get_by_role("slider").first
    slider.focus()
    page.keyboard.press("End")
    assert slider.input_value() == "100"
    assert not dark_tear(page)
    page.keyboard.press("Home")
    assert dark_tear(page)
    page.keyboard.press("ArrowRight")
    assert slider.input_value() == "1"


def test_the_slider_follows_a_hand_across_the_picture(open_page):
    page = open_page()
    choose(page, "slide")
    box = page.locator(".stage").first.bounding_box()
    y = box["y"] + box["height"] / 4
    page.mouse.move(box["x"] + box["width"] * 0.2, y)
    page.mouse.down()
    assert dark_tear(page)
    page.mouse.move(box["x"] + box["width"] * 0.9, y, steps=4)
    page.mouse.up()
    assert page.get_by_role("slider").first.input_value().startswith("9")
    assert not dark_tear(page)
    page.mouse.move(box["x"] + 5, y)
    assert not dark_tear(page)


def test_the_slider_first_stands_across_the_largest_change(open_page):
    page = open_page()
    choose(page, "slide")
    assert 10 < int(page.get_by_role("slider").first.input_value()) < 30


def test_blinking_shows_the_pictures_by_turns_until_it_is_stopped(open_page):
    page = open_page()
    choose(page, "blink")
    turned = page.locator(".known-up")
    turned.wait_for(state="attached")
    turned.wait_for(state="detached")
    page.get_by_role("button", name="暂停").click()
    before = turned.count()
    page.wait_for_timeout(1600)
    assert turned.count() == before
    page.get_by_role("button", name="切换").click()
    assert turned.count() != before


def test_blinking_shows_the_other_picture_on_the_same_grid(open_page):
    page = open_page(reduced_motion="reduce")
    choose(page, "blink")
    assert dark_tear(page)
    page.get_by_role("button", name="切换").click()
    assert not dark_tear(page)


def test_nothing_moves_by_itself_for_those_who_asked_for_less_motion(open_page):
    page = open_page(reduced_motion="reduce")
    choose(page, "blink")
    page.wait_for_timeout(1600)
    assert page.locator(".known-up").count() == 0
    assert page.get_by_role("button", name="自动交替").is_visible()


def test_leaving_the_blinking_ends_it(open_page):
    page = open_page()
    choose(page, "blink")
    page.locator(".known-up").wait_for(state="attached")
    choose(page, "outline")
    page.wait_for_timeout(1600)
    assert page.locator(".known-up").count() == 0
    assert dark_tear(page)


def test_side_by_side_the_same_place_lies_at_the_same_height(open_page):
    page = open_page()
    choose(page, "side")
    known, claim = (
        page.locator(f".stage .pane.{name} svg").first.bounding_box() for name in ("known", "claim")
    )
    assert known["x"] + known["width"] <= claim["x"]
    assert (known["y"], known["height"]) == (claim["y"], claim["height"])


def test_on_a_phone_wide_pictures_stand_above_each_other(open_page):
    page = open_page(size=PHONE)
    choose(page, "side")
    known, claim = (
        page.locator(f".stage .pane.{name} svg").first.bounding_box() for name in ("known", "claim")
    )
    assert known["y"] + known["height"] <= claim["y"]
    assert known["width"] > 340


def test_everything_is_reached_by_keyboard_alone(open_page):
    page = open_page()
    reached = []
    for _ in range(14):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                "(({dataset, type, tagName}) => dataset.setLang || type || tagName)(document.activeElement)"
            )
        )
    assert reached[:6] == ["A", "zh", "en", "radio", "DIV", "button"]
    assert reached[6:12] == ["button", "button", "checkbox", "A", "A", "SUMMARY"]
    page.locator(".modes input").first.focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("[data-compare]").first.get_attribute("data-mode") == "slide"


def test_what_is_touched_is_large_enough_for_a_finger(open_page):
    page = open_page(size=PHONE)
    for mode in ("slide", "blink"):
        choose(page, mode)
        boxes = [one.bounding_box() for one in page.locator("button, .modes label, input[type=range]").all()]
        assert min(box["height"] for box in boxes if box) >= 36
        controls = page.locator(".modes label, .controls button, .controls input[type=range], .outlines")
        boxes = [box for one in controls.all() if (box := one.bounding_box())]
        assert min(min(box["height"], box["width"]) for box in boxes) >= 44


def test_a_thumbnail_leads_to_its_file(open_page):
    page = open_page(SEVERAL, reduced_motion="reduce")
    page.locator(".contents a", has_text="4 ·").click()
    assert page.url.endswith("#file-4")
    assert page.locator("#file-4").bounding_box()["y"] < 60


def test_on_paper_technical_data_is_open_where_asked_for_and_nothing_asks_to_be_pressed(open_page):
    page = open_page(SEVERAL)
    choose(page, "blink")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details[open]").count() == 0
    page.get_by_label("打印时附上技术数据").check()
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator("details:not([open])").count() == 0
    # What a folded file is called is a line of its own on paper.
    pressed = page.locator("button, input, .languages, summary:not(.folded > summary, .rest > summary)")
    assert [one for one in pressed.all() if one.is_visible()] == []
    for name in ("known", "claim"):
        assert page.locator(f"[data-compare] .stage .pane.{name}").first.is_visible()
    page.emulate_media(media="screen")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("details[open]").count() == 0


def test_without_scripts_words_and_pictures_are_there(open_page):
    page = open_page(SEVERAL, java_script_enabled=False)
    assert page.locator("h1").inner_text().startswith("5 个文件里")
    assert dark_tear(page)
    assert red(page) > 300
    assert page.locator(".closeup").first.is_visible()
    assert [one for one in page.locator(".modes, .controls").all() if one.is_visible()] == []


def test_the_policy_stops_whatever_might_slip_onto_the_page(open_page):
    page = open_page()
    blocked = page.evaluate(
        """() => new Promise((done) => {
          document.addEventListener("securitypolicyviolation", (event) => done(event.effectiveDirective));
          document.body.append(Object.assign(new Image(), {src: "file:///elsewhere.png"}));
        })"""
    )
    assert blocked == "img-src"
    open_page.troubles.clear()


def labelled_file(folder):
    """Write a PNG that carries the AI label, and return its path."""
    label = {"Label": "1", "ContentProducer": "001191110000802100433B10000", "ProduceID": "a-1"}
    empty = dict.fromkeys(("ReservedCode1", "ContentPropagator", "PropagateID", "ReservedCode2"), "")
    text = PngInfo()
    text.add_text("AIGC", json.dumps(label | empty, separators=(",", ":")))
    path = folder / "labelled.png"
    Image.fromarray(made_up.damaged()).save(path, pnginfo=text)
    return path


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=str)
@pytest.mark.parametrize(
    ("language", "title", "mark"),
    [("zh", "文件来历", "“属于”人工智能生成合成内容"), ("en", "Where this file comes from", "AI-generated")],
)
def test_a_labelled_file_says_where_it_comes_from(open_page, tmp_path, language, title, mark, size, scheme):
    result = examine([labelled_file(tmp_path)]).claim
    page = open_page(result, size=size, language=language, color_scheme=scheme)
    panel = page.locator(".panel")
    assert panel.locator("h3").inner_text() == title
    row = panel.locator(".finding.conclusive")
    assert mark in row.locator(".explain").inner_text()
    assert "91110000802100433B" in row.locator(":scope > .table").inner_text()
    assert row.locator(".limits").is_visible()
    code = row.locator("code", has_text="label.aigc.compliant")
    assert not code.is_visible()
    row.locator("summary").click()
    assert code.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(CONTRAST) == []
