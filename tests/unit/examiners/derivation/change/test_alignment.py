import cv2
import numpy as np
from tests.makers.scenes import parted, photograph, stained, warped

from bixie.examiners.derivation.change.alignment import align
from bixie.examiners.derivation.link.evidence import core_outline, trusted_mask
from bixie.examiners.derivation.match.agreement import measure_agreement
from bixie.examiners.derivation.match.motion import estimate_motion

LISTING = photograph("listing.jpg")
HEIGHT, WIDTH = LISTING.shape[:2]


def aligned(exhibit, homography):
    agreement = measure_agreement(exhibit, LISTING, homography)
    motion = estimate_motion(agreement)
    trusted = trusted_mask(agreement, core_outline(motion.rigid), rim_disagrees=False)
    return align(exhibit, LISTING, homography, agreement, motion, trusted=trusted)


def difference(result, where=None):
    apart = np.abs(result.exhibit.astype(int) - result.known.astype(int)).max(axis=2)
    inside = result.covered if where is None else result.covered & where
    return float(np.median(apart[inside]))


def test_the_known_picture_takes_the_exhibits_light():
    x = np.linspace(0.6, 1.3, WIDTH)[None, :, None]
    lit = np.clip(255 * (LISTING / 255.0) ** 0.8 * x * [1.0, 0.9, 0.8], 0, 255).astype(np.uint8)
    assert difference(aligned(lit, np.eye(3))) <= 6
    assert np.median(np.abs(lit.astype(int) - LISTING)) > 10


def test_a_stain_is_not_taken_for_light():
    exhibit, blot = stained(LISTING)
    result = aligned(exhibit, np.eye(3))
    assert difference(result, blot) > 4 * max(2.0, difference(result, ~blot))


def test_a_slow_drift_of_the_drawing_is_followed():
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    drifted = cv2.remap(
        LISTING, x + 2.5 * np.sin(y / HEIGHT * 3).astype(np.float32), y + 1.5, cv2.INTER_CUBIC, borderMode=1
    )
    result = aligned(drifted, np.eye(3))
    assert difference(result) <= 5


def test_parts_that_each_moved_far_are_followed():
    result = aligned(parted(LISTING, 9.0), np.eye(3))
    assert difference(result) <= 6
    apart = np.abs(result.exhibit.astype(int) - LISTING).max(axis=2)
    assert np.median(apart) > 12


def test_the_part_is_where_the_known_picture_lies_in_the_exhibit():
    canvas = np.full((HEIGHT + 200, WIDTH + 120, 3), 240, np.uint8)
    canvas[150 : 150 + HEIGHT, 70 : 70 + WIDTH] = LISTING
    result = aligned(canvas, np.array([[1, 0, 70], [0, 1, 150], [0, 0, 1.0]]))
    left, top = result.origin
    assert abs(left - 70) <= 1
    assert abs(top - 150) <= 1
    assert result.covered.mean() > 0.97


def test_a_reduced_exhibit_is_aligned_without_aliasing():
    small = np.diag([0.4, 0.4, 1.0])
    exhibit = cv2.resize(LISTING, None, fx=0.4, fy=0.4, interpolation=cv2.INTER_AREA)
    shift = np.array([[1, 0, -0.3], [0, 1, -0.3], [0, 0, 1]])
    assert difference(aligned(exhibit, shift @ small)) <= 5
    assert warped(LISTING, small, exhibit.shape[1::-1]).shape == exhibit.shape
