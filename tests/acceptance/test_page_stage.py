"""The comparison stage of the report page in a real browser: the outline, enlarging, high contrast."""

from dataclasses import replace

import pytest
from tests import made_up
from tests.chromium import DESK, PHONE
from tests.report_page import choose, red


def test_the_outline_is_there_after_every_change_of_mode_and_of_size(open_page):
    page = open_page(size=(1200, 800), reduced_motion="reduce")
    box = page.get_by_label("显示轮廓").first

    def check():
        before = red(page)
        box.uncheck()
        box.check()
        painted_anew = red(page)
        assert painted_anew > 300
        assert abs(before - painted_anew) < 0.02 * painted_anew

    for modes in (("slide", "side", "outline"), ("blink", "side")):
        for mode in modes:
            choose(page, mode)
        check()
    choose(page, "outline")
    for width, height in (PHONE, PHONE[::-1], (500, 800), DESK):
        page.set_viewport_size({"width": width, "height": height})
        check()


def test_title_and_outline_are_on_the_first_screen(open_page):
    for size in (PHONE, DESK):
        for language in ("zh", "en"):
            page = open_page(size=size, language=language)
            assert page.locator("h1").is_visible()
            rings = page.locator(".stage .line").all()
            assert max(box["y"] + box["height"] for box in (ring.bounding_box() for ring in rings)) < size[1]


def part_shown(page):
    """Return the view boxes of the stage's panes: what part of the picture each shows."""
    return [
        one.get_attribute("viewBox")
        for one in page.locator("[data-compare]").first.locator(".stage svg").all()
    ]


def test_both_pictures_are_enlarged_and_moved_in_step_by_keyboard(open_page):
    page = open_page(reduced_motion="reduce")
    whole = part_shown(page)
    page.locator(".stage").first.focus()
    y = page.evaluate("scrollY")
    page.keyboard.press("+")
    enlarged = part_shown(page)
    assert enlarged[0] == enlarged[1] == "200 150 800 600"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowDown")
    assert part_shown(page) == ["120 210 800 600"] * 2
    assert page.evaluate("scrollY") == y
    page.keyboard.press("-")
    assert part_shown(page) == whole
    page.get_by_role("button", name="放大").first.click()
    page.get_by_role("button", name="还原").first.click()
    assert part_shown(page) == whole


def eventually(page, condition):
    """Wait for a condition; the page's policy forbids what Playwright waits with."""
    for _ in range(100):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"never: {condition}")


def test_what_is_enlarged_follows_the_hand_and_the_wheel_alone_scrolls_the_page(open_page):
    page = open_page()
    box = page.locator(".stage").first.bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 4
    page.mouse.move(*middle)
    page.mouse.wheel(0, 120)
    eventually(page, "scrollY > 0")
    assert part_shown(page)[0] == "0 0 1200 900"
    page.keyboard.down("Control")
    page.mouse.wheel(0, -100)
    page.keyboard.up("Control")
    page.locator(".plate.zoomed").first.wait_for()
    before = [float(side) for side in part_shown(page)[1].split()]
    page.mouse.down()
    page.mouse.move(middle[0] - 50, middle[1], steps=3)
    page.mouse.up()
    after = [float(side) for side in part_shown(page)[1].split()]
    assert after[0] - before[0] == pytest.approx(50 * before[2] / box["width"], rel=0.05)
    assert part_shown(page)[0] == part_shown(page)[1]


def test_the_small_picture_says_where_the_matched_part_lies_and_moves_what_is_enlarged(open_page):
    exhibit = made_up.exhibit(findings=(made_up.edited(regions=(made_up.HOLE,)),))
    comparison = replace(exhibit.comparisons[0], reach=(0.0, 0.6, 0.4, 0.9))
    page = open_page(made_up.claim(replace(exhibit, comparisons=(comparison,))))
    cropped = part_shown(page)
    assert cropped == ["0 520.8 499.2 308.4"] * 2
    small = page.locator(".overview").first.bounding_box()
    assert small["width"] == pytest.approx(80)
    inside = page.locator(".overview .bounds").first.bounding_box()
    assert inside["height"] == pytest.approx(0.34 * small["height"], rel=0.1)
    page.locator("[data-zoom=in]").first.click()
    page.mouse.click(small["x"] + 2, small["y"] + small["height"] - 2)
    x, y, width, height = (float(side) for side in part_shown(page)[1].split())
    assert (x, width) == (0, pytest.approx(499.2 / 1.5))
    assert y + height == pytest.approx(520.8 + 308.4)


def test_a_close_up_leads_to_its_place_in_the_large_picture(open_page):
    page = open_page(reduced_motion="reduce")
    page.locator(".closeup").first.click()
    x, y, width, height = (float(side) for side in part_shown(page)[0].split())
    for point in made_up.HOLE:
        assert x <= point[0] <= x + width
        assert y <= point[1] <= y + height
    assert width < made_up.WIDTH / 2
    assert page.evaluate("document.activeElement.className") == "stage"


def test_where_the_system_chooses_the_colours_what_they_mean_is_still_seen(open_page):
    page = open_page(forced_colors="active")
    assert red(page) > 300
    colour = "(element, [part, name]) => getComputedStyle(element, part)[name]"
    line = page.locator(".line").first.evaluate(colour, [None, "stroke"])
    assert page.locator(".swatch.changed").evaluate(colour, [None, "borderTopColor"]) == line
    canvas = page.locator("body").evaluate(colour, [None, "backgroundColor"])
    assert page.locator(".hero .verdict").evaluate(colour, ["::before", "backgroundColor"]) != canvas
    chosen, other = (
        page.locator(f".modes input{state} + span").first.evaluate(colour, [None, "backgroundColor"])
        for state in (":checked", ":not(:checked)")
    )
    assert chosen != other
