import cv2
import numpy as np
from training.calibration.pairs import Pair
from training.calibration.redrawing import laid_upon

RGB = cv2.GaussianBlur(np.random.default_rng(4).integers(0, 256, (480, 640, 3), dtype=np.uint8), (0, 0), 3)


def pair_under(matrix, size=(640, 480)):
    return Pair("name", "kind", cv2.warpPerspective(RGB, matrix, size), RGB, None)


def test_two_photographs_are_cut_to_what_both_show():
    matrix = np.array([[1.2, 0, -90.0], [0, 1.2, -60.0], [0, 0, 1]])
    laid = laid_upon(pair_under(matrix), matrix)
    assert laid is not None
    same_size = cv2.resize(laid.known, laid.exhibit.shape[1::-1])
    assert np.abs(same_size.astype(int) - laid.exhibit).mean() < 4


def test_what_hardly_overlaps_or_lies_upside_down_is_left_out():
    aside, turned = np.array([[1, 0, 600.0], [0, 1, 0], [0, 0, 1]]), np.diag([-1.0, -1.0, 1.0])
    turned[:2, 2] = 639, 479
    assert laid_upon(pair_under(aside), aside) is None
    assert laid_upon(pair_under(turned), turned) is None
