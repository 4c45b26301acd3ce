import cv2
import numpy as np
from tests.makers.scenes import compressed, photograph, warped

from bixie.examiners.derivation.match import homography_refinement
from bixie.examiners.derivation.match.agreement import measure_agreement
from bixie.examiners.derivation.match.homography_refinement import refine_homography

LISTING = photograph("listing.jpg")
SLANTED = np.array([[0.94, 0.05, 12.0], [-0.04, 0.97, 20.0], [2e-5, -3e-5, 1.0]])


def delivered(matrix, rgb=LISTING):
    height, width = rgb.shape[:2]
    return compressed(warped(rgb, matrix, (width, height)), 80)


def corners_apart(first, second):
    height, width = LISTING.shape[:2]
    corners = np.array([[[0, 0], [width, 0], [width, height], [0, height]]], np.float64)
    return np.abs(cv2.perspectiveTransform(corners, first) - cv2.perspectiveTransform(corners, second)).max()


def test_a_homography_off_by_pixels_is_refined_to_a_fraction_of_one():
    near = np.array([[1.004, 0.002, 1.5], [-0.003, 0.997, -2.0], [3e-6, -2e-6, 1.0]]) @ SLANTED
    assert corners_apart(near, SLANTED) > 3
    refined, agreement = refine_homography(delivered(SLANTED), LISTING, near)
    assert corners_apart(refined, SLANTED) < 0.4
    assert np.median(np.abs(agreement.flow[agreement.matched])) < 0.15


def test_a_small_correction_updates_the_flow_without_measuring_again(monkeypatch):
    enlarged = np.array([[1.3, 0, -90.0], [0, 1.3, -90.0], [0, 0, 1.0]])
    exhibit = delivered(enlarged)
    near = enlarged @ np.array([[1, 0, 0.4], [0, 1, -0.4], [2e-6, 0, 1.0]])
    monkeypatch.setattr(homography_refinement, "MAX_SHIFT_TO_KEEP", np.inf)
    refined, agreement = refine_homography(exhibit, LISTING, near)
    assert corners_apart(refined, near) > 0.4
    as_it_came, anew = (measure_agreement(exhibit, LISTING, matrix) for matrix in (near, refined))
    matched = agreement.matched & anew.matched
    apart, before = (np.abs(other.flow - anew.flow)[matched] for other in (agreement, as_it_came))
    assert np.median(apart) < np.median(before) / 3


def test_an_object_that_moved_on_its_own_does_not_bias_the_homography():
    height = len(LISTING)
    moved = LISTING.copy()
    moved[: height // 3] = np.roll(LISTING, 5, axis=1)[: height // 3]
    refined, _ = refine_homography(compressed(moved, 80), LISTING, np.eye(3))
    assert corners_apart(refined, np.eye(3)) < 0.5


def test_without_correlated_patches_the_homography_stays_as_it_is():
    noise = np.random.default_rng(3).integers(0, 256, LISTING.shape, dtype=np.uint8)
    refined, _ = refine_homography(noise, LISTING, SLANTED)
    assert refined is SLANTED


def test_pictures_that_hardly_overlap_are_not_refined():
    aside = np.array([[1, 0, LISTING.shape[1] - 5.0], [0, 1, 0], [0, 0, 1]])
    assert refine_homography(LISTING, LISTING, aside) is None
