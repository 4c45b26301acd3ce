import cv2
import numpy as np
import pytest
from tests.makers.scenes import compressed, photograph, warped

from bixie.examiners.derivation.match.features import extract_features, mirrored_descriptors
from bixie.examiners.derivation.match.keypoint_matching import mirrored_features, propose_placements

LISTING = photograph("listing.jpg")
HEIGHT, WIDTH = LISTING.shape[:2]


def placements(exhibit):
    known = extract_features(LISTING)
    return propose_placements(extract_features(exhibit), known, mirrored_features(known))


def corner_error(found, truth):
    corners = np.array([[[0, 0], [WIDTH, 0], [WIDTH, HEIGHT], [0, HEIGHT]]], np.float64)
    apart = cv2.perspectiveTransform(corners, found)[0] - cv2.perspectiveTransform(corners, truth)[0]
    return float(np.abs(apart).max())


def turned(degrees, scale):
    matrix = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), degrees, scale)
    return np.vstack([matrix, [0, 0, 1]])


@pytest.mark.parametrize("degrees", [-30, 0, 17, 90, 180])
@pytest.mark.parametrize("scale", [0.5, 1.0])
def test_a_turned_and_scaled_copy_is_placed_to_a_pixel(degrees, scale):
    truth = turned(degrees, scale)
    best = placements(compressed(warped(LISTING, truth, (WIDTH, HEIGHT)), 60))[0]
    assert corner_error(best.homography, truth) < 2.0
    assert not best.mirrored


def test_a_mirrored_copy_is_placed_and_said_to_be_mirrored():
    best = placements(compressed(np.ascontiguousarray(LISTING[:, ::-1]), 60))[0]
    assert best.mirrored
    assert corner_error(best.homography, np.array([[-1, 0, WIDTH - 1], [0, 1, 0], [0, 0, 1.0]])) < 2.0


def test_a_picture_seen_at_a_slant_is_placed():
    corners = np.float32([[0, 0], [WIDTH, 0], [WIDTH, HEIGHT], [0, HEIGHT]])
    slanted = np.float32([[20, 10], [WIDTH - 40, 30], [WIDTH - 5, HEIGHT - 25], [8, HEIGHT - 60]])
    truth = cv2.getPerspectiveTransform(corners, slanted)
    best = placements(compressed(warped(LISTING, truth, (WIDTH, HEIGHT)), 70))[0]
    assert corner_error(best.homography, truth) < 4.0


def test_inliers_lie_where_the_homography_says():
    best = placements(LISTING)[0]
    predicted = cv2.perspectiveTransform(best.inliers[None, :, 2:].astype(np.float64), best.homography)[0]
    assert np.abs(predicted - best.inliers[:, :2]).max() < 0.006 * max(WIDTH, HEIGHT) + 1e-3


def test_a_flat_picture_has_no_features_and_no_placement():
    flat = np.full((300, 300, 3), 200, np.uint8)
    assert len(extract_features(flat)) == 0
    assert placements(flat) == []


def test_mirrored_descriptors_are_those_of_the_mirrored_picture():
    direct = extract_features(np.ascontiguousarray(LISTING[:, ::-1]))
    plain = extract_features(LISTING)
    similarity = mirrored_descriptors(plain.descriptors) @ direct.descriptors.T
    nearest = similarity.argmax(axis=1)
    off = np.abs(WIDTH - 1 - plain.points[:, 0] - direct.points[nearest, 0])
    assert np.mean(off < 2) > 0.8


def test_features_stay_within_the_picture_at_any_size():
    for size in ((64, 48), (1280, 960), (31, 400)):
        rgb = cv2.resize(LISTING, size, interpolation=cv2.INTER_AREA)
        points = extract_features(rgb).points
        assert ((points >= -1) & (points <= np.array(size))).all()
