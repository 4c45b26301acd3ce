"""Find a frame that an editor redrew: everything is roughly where it was, and nothing exactly there.

Where each object moved by itself, no homography holds: the one that keypoints agree on follows a single
object and looks skewed. But large shapes and shadows stay in place up to the rim, and the known frame lies
upright on the exhibit's frame, on the part of it that was kept, or on a page that it was set into. A second
photograph from a hand-held camera returns to none of these.

``python -m training.calibration.redrawing`` counts what the levels below find and what they let through.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from bixie.examiners.derivation.link.evidence import (
    MIN_SCENE_PIXELS,
    frame_corner_error,
    overlap_shares,
    rim_mask,
)
from bixie.examiners.derivation.link.template import matches_template_only
from bixie.examiners.derivation.match.agreement import MIN_CORRELATION, Agreement, measure_agreement
from bixie.examiners.derivation.match.keypoint_matching import Placement
from bixie.examiners.derivation.match.warping import mirror_matrix, resize_matrix

__all__ = ["REDRAWN_BITS", "find_redrawn_frame"]

MAX_CORNER_ERROR = 0.06
"""RMS distance, as a share of the sides, between the known frame's corners where keypoints put them and where
the upright frame puts them."""
MAX_CONTINUES = 0.2
"""Share of the known frame's outline beyond which the exhibit may go on without a visible edge
(`Agreement.continues`)."""
MIN_OVERLAP = 0.8
"""Share of one frame that the other shows: a crop lies within its source, a page holds all of it."""
MIN_SCALE = 0.02
"""Exhibit pixels for one known pixel below which the frame was turned, not reduced."""
REDRAWN_BITS = 2.1
"""Bits of such a link: what ``python -m training.calibration.redrawing`` prints at its end, rounded down."""


@dataclass(frozen=True, slots=True)
class _Levels:
    """Shares of the large shapes and shadows, over the frame and along its rim, from which it was redrawn."""

    scene: float
    rim: float


FULL_FRAME = _Levels(scene=0.5, rim=0.6)
PART_OF_FRAME = _Levels(scene=0.8, rim=0.8)
"""Higher where the frames do not coincide, because a camera could have taken that view too."""


def find_redrawn_frame(
    exhibit: NDArray[np.uint8], known: NDArray[np.uint8], placement: Placement
) -> tuple[Placement, Agreement] | None:
    """Lay the known frame upright on the exhibit; return it if the exhibit is that frame, redrawn.

    Parameters
    ----------
    exhibit, known : ndarray, shape (h, w, 3), uint8 sRGB
    placement : Placement
        As keypoints propose it; only its corners are used.

    Returns
    -------
    (Placement, Agreement) or None
        None where keypoints put the frame elsewhere, or where large shapes and shadows disagree.
    """
    for framed, levels in _upright_placements(placement, known.shape[:2], exhibit.shape[:2]):
        agreement = measure_agreement(exhibit, known, framed.homography)
        if agreement is None:
            continue
        shares = overlap_shares(framed.homography, agreement, known.shape[:2], exhibit.shape[:2])
        if max(shares) >= MIN_OVERLAP and _holds(agreement, levels):
            return framed, agreement
    return None


def _upright_placements(
    placement: Placement, known_shape: tuple[int, int], exhibit_shape: tuple[int, int]
) -> Iterator[tuple[Placement, _Levels]]:
    """Yield the known frame on the exhibit's, and at its nearest upright place, each if near `placement`."""
    if frame_corner_error(placement.homography, known_shape, exhibit_shape) <= MAX_CORNER_ERROR:
        matrix = resize_matrix(np.array(exhibit_shape[::-1]) / known_shape[::-1])
        if placement.mirrored:
            matrix = matrix @ mirror_matrix(known_shape[1])
        yield replace(placement, homography=matrix), FULL_FRAME
    upright = _nearest_upright(placement.homography, known_shape)
    if upright is None:
        return
    if (
        frame_corner_error(np.linalg.inv(upright) @ placement.homography, known_shape, known_shape)
        <= MAX_CORNER_ERROR
    ):
        yield replace(placement, homography=upright), PART_OF_FRAME


def _nearest_upright(homography: NDArray[np.float64], shape: tuple[int, int]) -> NDArray[np.float64] | None:
    """Return the nearest matrix that only scales, mirrors and shifts; None for a turned frame."""
    height, width = shape
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)
    moved = cv2.perspectiveTransform(corners[None], homography)[0]
    centre = corners.mean(axis=0)
    scale = ((corners - centre) * moved).sum(axis=0) / ((corners - centre) ** 2).sum(axis=0)
    if np.abs(scale).min() < MIN_SCALE:
        return None
    matrix = np.diag([*scale, 1.0])
    matrix[:2, 2] = moved.mean(axis=0) - scale * centre
    return matrix


def _holds(agreement: Agreement, levels: _Levels) -> bool:
    if agreement.continues > MAX_CONTINUES or matches_template_only(agreement):
        return False
    scene, rim = _scene_shares(agreement)
    return scene >= levels.scene and rim >= levels.rim


def _scene_shares(agreement: Agreement) -> tuple[float, float]:
    """Return the shares of large shapes and shadows that agree, over the frame and along its rim, 0..1.

    Screen content is left out: an app draws the same around any photo.
    """
    scene = agreement.scene
    height, width = scene.covered.shape
    size = (width, height)
    drawn = cv2.resize(agreement.screen_content.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0
    taken = scene.shaded & ~drawn
    return _share(agreement, taken), _share(agreement, taken & rim_mask(scene.covered))


def _share(agreement: Agreement, where: NDArray[np.bool_]) -> float:
    agrees = agreement.scene.correlation > MIN_CORRELATION
    return float((agrees & where).sum() / max(MIN_SCENE_PIXELS, int(where.sum())))
