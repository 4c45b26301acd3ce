"""Where the page looks closely."""

from bixie.report.page.closeup import ASPECT, MAX_CLOSEUPS, MIN_SIDE, closeups

WIDTH, HEIGHT = 1200, 900


def square(x, y, side=40):
    return ((x, y), (x + side, y), (x + side, y + side), (x, y + side))


def boxes(*regions):
    return [box for box, _ in closeups(regions, WIDTH, HEIGHT)]


def test_a_close_up_holds_its_region_and_some_surroundings():
    (box,) = boxes(square(500, 400, 100))
    assert box.x < 500
    assert box.y < 400
    assert box.x + box.width > 600
    assert box.y + box.height > 500
    assert abs(box.width / box.height - ASPECT) < 1e-9


def test_a_hairline_is_shown_with_enough_around_it():
    (box,) = boxes(((600, 100), (601, 100), (601, 110)))
    assert box.width >= MIN_SIDE * HEIGHT


def test_a_close_up_at_the_edge_stays_inside_the_picture():
    for region in (square(0, 0), square(WIDTH - 40, HEIGHT - 40)):
        (box,) = boxes(region)
        assert box.x >= 0
        assert box.y >= 0
        assert box.x + box.width <= WIDTH
        assert box.y + box.height <= HEIGHT


def test_neighbours_share_one_close_up():
    ((_, members),) = closeups((square(500, 400), square(560, 420)), WIDTH, HEIGHT)
    assert sorted(members) == [0, 1]


def test_three_in_a_row_end_in_one_close_up():
    assert len(boxes(square(370, 400), square(620, 400), square(460, 400, 120))) == 1


def test_the_largest_comes_first_and_the_number_is_bounded():
    regions = [square(20 + 300 * (i % 4), 30 + 300 * (i // 4), 10 + 5 * i) for i in range(7)]
    shown = closeups(regions, WIDTH, HEIGHT)
    assert [members for _, members in shown] == [(6,), (5,), (4,), (3,)]
    assert len(shown) == MAX_CLOSEUPS


def test_a_change_of_nearly_the_whole_picture_needs_no_close_up():
    assert boxes(((10, 10), (1190, 10), (1190, 890), (10, 890))) == []


def test_no_region_no_close_up():
    assert closeups((), WIDTH, HEIGHT) == ()
    assert closeups(((),), WIDTH, HEIGHT) == ()
