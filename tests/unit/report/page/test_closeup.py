"""Where the page looks closely."""

import pytest

from bixie.report.page.box import Box
from bixie.report.page.closeup import ASPECT, MAX_CLOSEUPS, MIN_SIDE, closeups

PART = Box(0, 0, 1200, 900)


def square(x, y, side=40):
    return Box(x, y, side, side)


def boxes(*places, part=PART):
    return [one.box for one in closeups(places, part)]


def numbers(*places):
    return [one.numbers for one in closeups(places, PART)]


def test_a_close_up_holds_its_place_and_some_surroundings():
    (box,) = boxes(square(500, 400, 100))
    assert box.x < 500
    assert box.y < 400
    assert box.right > 600
    assert box.bottom > 500
    assert abs(box.width / box.height - ASPECT) < 1e-9


def test_a_hairline_is_shown_with_enough_around_it():
    (box,) = boxes(Box(600, 100, 2, 11))
    assert box.width >= MIN_SIDE * PART.height


@pytest.mark.parametrize("part", [PART, Box(300, 200, 700, 500)], ids=str)
def test_a_close_up_at_the_edge_stays_inside_the_part(part):
    for place in (square(part.x, part.y), square(part.right - 40, part.bottom - 40)):
        (box,) = boxes(place, part=part)
        assert box.common(part).area == pytest.approx(box.area)


def test_every_place_gets_its_own_and_bears_its_number():
    assert numbers(square(100, 100, 60), square(800, 100, 50), square(100, 700)) == [(1,), (2,), (3,)]


def test_a_neighbour_that_is_seen_well_shares_the_close_up():
    assert numbers(square(500, 400, 60), square(570, 420, 50)) == [(1, 2)]


def test_a_hairline_beside_a_large_change_gets_its_own_and_is_named_on_both():
    assert numbers(square(300, 200, 300), Box(610, 300, 30, 4)) == [(1, 2), (2,)]


def test_five_places_over_the_picture_do_not_end_in_one_close_up():
    places = [square(350 + 110 * i, 300 + 60 * (i % 2), 70 - 5 * i) for i in range(5)]
    assert len(numbers(*places)) >= 3


def test_the_number_of_close_ups_is_bounded():
    places = [square(20 + 300 * (i % 4), 30 + 300 * (i // 4), 50 - 5 * i) for i in range(7)]
    assert numbers(*places) == [(1,), (2,), (3,), (4,)]
    assert len(numbers(*places)) == MAX_CLOSEUPS


def test_a_change_of_nearly_the_whole_picture_needs_no_close_up():
    assert boxes(Box(10, 10, 1180, 880)) == []


def test_no_place_no_close_up():
    assert closeups((), PART) == ()
