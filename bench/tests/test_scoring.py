import numpy as np
import pytest
from bench.scoring import clopper_pearson, overlap, overlap_of_lines


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [
        (0, 300, 0.0, 0.01222),
        (3, 3000, 0.000206, 0.002919),
        (5, 10, 0.18709, 0.81291),
        (10, 10, 0.69150, 1.0),
    ],
)
def test_bounds_agree_with_the_published_tables(count, total, low, high):
    found = clopper_pearson(count, total)
    assert found == pytest.approx((low, high), abs=2e-5)


def test_nothing_measured_bounds_nothing():
    assert clopper_pearson(0, 0) == (0.0, 1.0)


def square(left):
    mask = np.zeros((50, 50), np.uint8)
    mask[10:20, left : left + 10] = 255
    return mask


def test_equal_masks_overlap_fully():
    assert overlap(square(10), square(10)) == 1.0


def test_a_half_shifted_mask_overlaps_by_half():
    assert overlap(square(10), square(15)) == pytest.approx(0.5)


def test_an_inverted_mask_is_not_counted_as_right():
    assert overlap(square(10), 255 - square(10)) == 0.0


def test_a_mask_that_was_not_given_scores_nothing():
    assert overlap(square(10), None) == 0.0
    assert overlap_of_lines(square(10), None) == 0.0


def line(column):
    mask = np.zeros((50, 50), np.uint8)
    mask[5:45, column] = 255
    return mask


def test_a_line_two_pixels_beside_the_truth_is_right():
    assert overlap_of_lines(line(20), line(22)) == 1.0


def test_a_line_three_pixels_beside_the_truth_is_wrong():
    assert overlap_of_lines(line(20), line(23)) == 0.0


def test_a_whole_frame_marked_is_no_line_found():
    assert overlap_of_lines(line(20), np.full((50, 50), 255, np.uint8)) < 0.25
