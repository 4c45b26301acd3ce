"""Small pictures for the page."""

import cv2
import numpy as np
import pytest

from bixie.examiners.files import EXAMINING_LONG_SIDE
from bixie.examiners.results import Comparison
from bixie.examiners.views import HATCH_DARK, HATCH_LIGHT, comparison_view, view, viewing_side


def decoded(one):
    bgr = cv2.imdecode(np.frombuffer(one.jpeg, np.uint8), cv2.IMREAD_COLOR)
    return cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)


def flat(height, width, colour):
    return np.full((height, width, 3), colour, np.uint8)


def test_a_large_picture_is_reduced_and_keeps_its_proportions_and_colours():
    one = view(flat(600, 1200, (200, 30, 40)), 300)
    assert (one.width, one.height) == (300, 150)
    assert decoded(one).shape == (150, 300, 3)
    assert np.abs(decoded(one).mean((0, 1)) - (200, 30, 40)).max() < 4


def test_a_small_picture_is_not_enlarged():
    one = view(flat(20, 10, 128), 1200)
    assert (one.width, one.height) == (10, 20)


def test_where_the_known_picture_does_not_reach_stripes_are_shown():
    covered = np.zeros((64, 64), bool)
    covered[:, :32] = True
    comparison = Comparison(flat(64, 64, 10), flat(64, 64, 10), covered)
    shown = decoded(comparison_view(comparison, 64, own_exhibit=False).registered)
    assert shown[:, :28].max() < 40
    assert shown[:, 36:].min() > min(HATCH_DARK) - 25
    assert shown[:, 36:].max() < max(HATCH_LIGHT) + 25


@pytest.mark.parametrize(("columns", "hatched"), [(32, True), (200, False), (199, False)])
def test_stripes_are_announced_unless_they_are_only_a_seam(columns, hatched):
    covered = np.zeros((64, 200), bool)
    covered[:, :columns] = True
    comparison = Comparison(flat(64, 200, 10), flat(64, 200, 10), covered)
    assert comparison_view(comparison, 200, own_exhibit=False).hatched is hatched


@pytest.mark.parametrize("own", [True, False])
def test_the_exhibits_side_is_kept_only_when_its_preview_shows_another_picture(own):
    comparison = Comparison(flat(8, 8, 0), flat(8, 8, 0), np.ones((8, 8), bool))
    assert (comparison_view(comparison, 8, own_exhibit=own).exhibit is not None) is own


def test_a_claim_of_many_files_gets_smaller_pictures():
    sides = [viewing_side(count) for count in (1, 8, 9, 24, 25, 500)]
    assert sides == sorted(sides, reverse=True)
    assert sides[0] == EXAMINING_LONG_SIDE


def test_how_far_the_known_picture_reaches_is_kept():
    covered = np.zeros((90, 40), bool)
    covered[30:60, 10:30] = True
    comparison = Comparison(flat(90, 40, 10), flat(90, 40, 10), covered)
    reach = comparison_view(comparison, 90, own_exhibit=False).reach
    assert reach == pytest.approx((10 / 40, 30 / 90, 30 / 40, 60 / 90))


def test_a_known_picture_that_reaches_nowhere_leaves_the_whole():
    nowhere = Comparison(flat(8, 8, 0), flat(8, 8, 0), np.zeros((8, 8), bool))
    assert comparison_view(nowhere, 8, own_exhibit=False).reach == (0.0, 0.0, 1.0, 1.0)
