"""Which part of a picture the stage shows."""

import pytest

from bixie.report.page.box import Box
from bixie.report.page.frame import SLIMMEST, WIDEST, stage_frame, visible_part

SCREENSHOT = Box(0, 0, 1080, 9000)
MATCHED = Box(60, 4200, 900, 675)


def test_of_a_long_screenshot_the_matched_part_is_shown_with_a_margin():
    part = visible_part(SCREENSHOT, MATCHED, [Box(300, 4400, 50, 20)])
    assert part.common(MATCHED) == MATCHED
    assert part.height < 1.2 * MATCHED.height


def test_what_was_found_beyond_the_matched_part_is_shown_too():
    beyond = Box(100, 5000, 200, 100)
    assert visible_part(SCREENSHOT, MATCHED, [beyond]).common(beyond) == beyond


def test_a_match_of_nearly_everything_crops_nothing():
    picture = Box(0, 0, 1200, 900)
    assert visible_part(picture, Box(0, 50, 1200, 800), []) == picture


def test_the_part_never_reaches_beyond_the_picture():
    part = visible_part(SCREENSHOT, Box(0, 0, 1080, 700), [])
    assert part.common(SCREENSHOT) == part


@pytest.mark.parametrize("part", [SCREENSHOT, Box(0, 0, 9000, 400), MATCHED], ids=str)
def test_the_frame_holds_the_part_in_proportions_that_a_stage_can_have(part):
    frame = stage_frame(part)
    assert frame.common(part) == part
    assert SLIMMEST - 1e-9 <= frame.width / frame.height <= WIDEST + 1e-9


def test_a_frame_of_ordinary_proportions_is_the_part_itself():
    assert stage_frame(MATCHED) == MATCHED
