"""Rings around changed places: as many as places, off the change, each with its number on it."""

import cv2
import numpy as np
import pytest

from bixie.report.page.box import Box
from bixie.report.page.rings import NUMBER_RADIUS, draw_rings

WHOLE = Box(0, 0, 1200, 900)


def blob(x, y, across=60, down=40):
    angles = np.linspace(0, 2 * np.pi, 14, endpoint=False)
    return tuple((round(x + across * np.cos(a)), round(y + down * np.sin(a))) for a in angles)


SETS = {
    "apart": [blob(200, 200), blob(900, 200), blob(600, 700)],
    "close together": [blob(400, 400), blob(528, 400), blob(662, 420), blob(470, 492), blob(602, 516)],
    "at the edges": [
        ((0, 0), (60, 0), (60, 50), (0, 50)),
        ((1140, 850), (1199, 850), (1199, 899), (1140, 899)),
    ],
    "hairline": [((300, 300), (700, 310), (701, 312), (300, 302))],
    "a point": [((500, 500),)],
    "the whole": [((0, 0), (1199, 0), (1199, 899), (0, 899))],
    "forty": [blob(100 + 140 * (i % 8), 90 + 180 * (i // 8), 30, 30) for i in range(40)],
}


@pytest.fixture(params=SETS, scope="module")
def drawn(request):
    return SETS[request.param], draw_rings(SETS[request.param], WHOLE)


def contour(ring):
    return np.array(ring.points, np.float32).reshape(-1, 1, 2)


def test_there_are_as_many_rings_as_places(drawn):
    places, rings = drawn
    assert len(rings) == len(places)


def test_every_ring_lies_inside_the_picture(drawn):
    for ring in drawn[1]:
        for x, y in ring.points:
            assert 0 <= x <= WHOLE.width
            assert 0 <= y <= WHOLE.height


def test_every_ring_surrounds_its_place(drawn):
    # At the picture's edge the ring runs along the edge, a little inside.
    for place, ring in zip(*drawn, strict=True):
        for x, y in place:
            assert cv2.pointPolygonTest(contour(ring), (float(x), float(y)), True) >= -0.012 * WHOLE.width


def test_every_number_stands_on_its_own_ring(drawn):
    places, rings = drawn
    # A ring all along the picture's edge is only touched: the number stays inside the picture.
    reach = NUMBER_RADIUS if places is SETS["the whole"] else 0.003
    for ring in rings:
        assert abs(cv2.pointPolygonTest(contour(ring), ring.number_at, True)) < reach * WHOLE.width


def test_numbers_lie_inside_the_picture_and_not_on_each_other(drawn):
    _, rings = drawn
    radius = NUMBER_RADIUS * WHOLE.width
    centres = np.array([ring.number_at for ring in rings])
    if len(rings) < 40:  # there is room for all
        assert (centres >= radius - 2).all()
        assert (centres <= np.array([WHOLE.width, WHOLE.height]) - radius + 2).all()
    apart = np.hypot(*(centres[:, None] - centres[None]).transpose(2, 0, 1)) + np.eye(len(rings)) * 1e9
    assert apart.min() >= 2 * radius - 2


def test_a_ring_stands_off_what_it_shows():
    (ring,) = draw_rings(SETS["hairline"], WHOLE)
    distances = [
        cv2.pointPolygonTest(contour(ring), (float(x), 301.0 + 0.02 * x - 6), True) for x in (400, 600)
    ]
    assert min(distances) > 0.006 * WHOLE.width


def test_rings_of_neighbours_do_not_cross():
    places = SETS["close together"]
    drawn = [
        cv2.drawContours(np.zeros((900, 1200), np.uint8), [np.int32(contour(ring))], -1, 1, 2)
        for ring in draw_rings(places, WHOLE)
    ]
    assert sum(drawn).max() == 1


def test_on_a_part_of_a_picture_numbers_stay_on_that_part():
    part = Box(60, 4200, 900, 675)
    (first, second) = draw_rings([blob(90, 4230, 25, 20), blob(900, 4800, 30, 30)], part)
    radius = NUMBER_RADIUS * part.width
    for x, y in (first.number_at, second.number_at):
        assert part.x + radius - 2 <= x <= part.right - radius + 2
        assert part.y + radius - 2 <= y <= part.bottom - radius + 2


def test_nothing_found_nothing_drawn():
    assert draw_rings([], WHOLE) == ()
