"""A frame that an editor drew anew lies upon the frame it was drawn from, each thing about where it was."""

import cv2
import numpy as np
from tests.makers.scenes import compressed, photograph, redrawn, warped

from bixie.examiners.derivation.link.linking import Relation, link_pair
from bixie.examiners.derivation.link.redrawing import find_redrawn_frame
from bixie.examiners.derivation.match.features import extract_features
from bixie.examiners.derivation.match.keypoint_matching import Placement
from bixie.examiners.protocol import Known
from bixie.imaging.decode import Picture

LISTING = photograph("listing.jpg")
HEIGHT, WIDTH = LISTING.shape[:2]


def placed(matrix=None, mirrored=False):
    """Return what keypoints might say: about frame upon frame, a little off and skewed."""
    near = np.array([[1.02, 0.01, 3.0], [-0.01, 0.99, -4.0], [1e-5, 1e-5, 1.0]])
    return Placement(near if matrix is None else matrix, mirrored, np.zeros((30, 4), np.float32), 40.0)


def test_a_redrawn_frame_is_found_although_each_part_of_it_moved():
    exhibit = redrawn(LISTING)
    found = find_redrawn_frame(exhibit, LISTING, placed())
    assert found is not None
    corner = cv2.perspectiveTransform(np.array([[[WIDTH - 0.5, HEIGHT - 0.5]]]), found[0].homography)[0, 0]
    assert np.allclose(corner + 0.5, exhibit.shape[1::-1])


def test_a_mirrored_redrawn_frame_is_found():
    exhibit = redrawn(LISTING[:, ::-1])
    mirror = np.array([[-1.0, 0, WIDTH - 1], [0, 1, 0], [0, 0, 1]])
    assert find_redrawn_frame(exhibit, LISTING, placed(mirror, mirrored=True)) is not None
    assert find_redrawn_frame(exhibit, LISTING, placed()) is None


def test_a_redrawn_frame_that_was_cropped_afterwards_is_found():
    exhibit = redrawn(LISTING)
    left, top = 90, 60
    cut = exhibit[top:-40, left:-10]
    moved = np.array([[1.0, 0, -left], [0, 1, -top], [0, 0, 1]])
    found = find_redrawn_frame(cut, LISTING, placed(moved @ placed().homography))
    assert found is not None
    assert np.abs(found[0].homography[0, 2] + left) < 15
    assert found[0].homography[0, 1] == 0


def test_a_redrawn_frame_that_was_set_into_a_page_is_found():
    exhibit = redrawn(LISTING)
    page = np.full((exhibit.shape[0] + 300, exhibit.shape[1] + 80, 3), 246, np.uint8)
    page[210:-90, 40:-40] = exhibit
    moved = np.array([[1.0, 0, 40], [0, 1, 210], [0, 0, 1]])
    assert find_redrawn_frame(page, LISTING, placed(moved @ placed().homography)) is not None


def test_where_the_ground_goes_on_beyond_the_frame_somebody_took_another_photograph():
    height, width = HEIGHT // 5, WIDTH // 5
    inner = np.ascontiguousarray(LISTING[height:-height, width:-width])
    moved = np.array([[1.0, 0, width], [0, 1, height], [0, 0, 1]])
    assert find_redrawn_frame(compressed(LISTING, 85), inner, placed(moved @ placed().homography)) is None


def test_half_a_frame_that_fills_half_of_another_is_neither_a_cut_nor_a_page():
    half = WIDTH // 2
    exhibit = np.full_like(LISTING, 20)
    exhibit[:, :half] = LISTING[:, half : 2 * half]
    moved = np.array([[1.0, 0, -half], [0, 1, 0], [0, 0, 1]])
    assert find_redrawn_frame(compressed(exhibit, 85), LISTING, placed(moved)) is None


def test_a_frame_that_lies_on_its_side_is_not_upright():
    turned = np.array([[0.0, -1.0, HEIGHT - 1], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    side = np.ascontiguousarray(np.rot90(redrawn(LISTING), -1))
    assert find_redrawn_frame(side, LISTING, placed(turned)) is None


def test_where_keypoints_put_the_frame_elsewhere_it_was_not_redrawn_in_its_place():
    assert find_redrawn_frame(redrawn(LISTING), LISTING, placed(np.diag([0.8, 0.8, 1.0]))) is None


def test_another_photograph_of_the_goods_is_no_redrawn_frame():
    honest = cv2.resize(photograph("honest.jpg"), (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    assert find_redrawn_frame(honest, LISTING, placed()) is None


def test_the_goods_in_their_place_before_another_background_are_no_redrawn_frame():
    other = cv2.resize(photograph("honest.jpg"), (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    other[HEIGHT // 6 : -HEIGHT // 6, WIDTH // 6 : -WIDTH // 6] = LISTING[
        HEIGHT // 6 : -HEIGHT // 6, WIDTH // 6 : -WIDTH // 6
    ]
    assert find_redrawn_frame(compressed(other, 85), LISTING, placed()) is None


def test_flat_frames_say_nothing():
    plain = np.full_like(LISTING, 200)
    assert find_redrawn_frame(plain, plain, placed()) is None


def test_a_redrawn_frame_is_linked_and_never_conclusively():
    exhibit = redrawn(LISTING)
    known = Known("known.jpg", "0" * 64, Picture(LISTING, WIDTH, HEIGHT, ()))
    found = link_pair(exhibit, extract_features(exhibit), known)
    assert found is not None
    assert (found.relation, found.redrawn) == (Relation.LIKELY_SAME_PHOTOGRAPH, True)


def test_a_skewed_view_is_no_redrawn_frame():
    slant = np.array([[0.8, 0.1, 30.0], [-0.05, 0.85, 40.0], [-1e-4, 5e-5, 1.0]])
    assert find_redrawn_frame(warped(LISTING, slant, (WIDTH, HEIGHT)), LISTING, placed(slant)) is None
