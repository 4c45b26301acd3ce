"""A frame that an editor drew anew: everything is about where it was, and nothing exactly there.

Where each thing moved by itself, no homography holds: what keypoints agree on is one thing of many, and
looks slanted. But forms and shadows stay, up to the rim, and the frame lies upright upon the frame, or upon
the part of it that was kept or set into a page; a hand that takes a second photograph brings its camera back
to neither.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from bixie.examiners.derivation.link.evidence import MIN_SHADED, frame_corner_error, overlap_shares, rim_mask
from bixie.examiners.derivation.link.template import matches_template_only
from bixie.examiners.derivation.match.agreement import (
    MIN_CORRELATION,
    Agreement,
    measure_agreement,
    resize_matrix,
)
from bixie.examiners.derivation.match.keypoint_matching import Placement, mirror_matrix

__all__ = ["REDRAWN_BITS", "find_redrawn_frame"]

MAX_APART = 0.06
"""Share of its sides by which keypoints may set the known frame's corners off where they are laid (RMS)."""
MAX_CONTINUES = 0.2
"""Share of the known frame's outline beyond which the exhibit may go on without a step."""
MIN_WITHIN = 0.8
"""Share of one frame that the other shows: what was cut lies within its source, a page holds all of it."""
MIN_SCALE = 0.02
"""Exhibit pixels for one known pixel, below which a frame is turned rather than reduced."""
REDRAWN_BITS = 2.1
"""What such a frame says, in bits.

What ``python -m training.calibration.redrawing`` prints at its end, rounded down: it counts what the levels
find and let through, second photographs laid upon each other included.
"""


@dataclass(frozen=True, slots=True)
class _Levels:
    """Shares of the forms and shadows, over the frame and along its rim, that agree where it was redrawn."""

    scene: float
    rim: float


WHOLE = _Levels(scene=0.5, rim=0.6)
PART = _Levels(scene=0.8, rim=0.8)
"""Where frames do not coincide, less speaks for an editor, and more is asked of the picture."""


def find_redrawn_frame(
    exhibit: NDArray[np.uint8], known: NDArray[np.uint8], placement: Placement
) -> tuple[Placement, Agreement] | None:
    """Lay the known frame upright upon the exhibit; return that if the exhibit is the same frame drawn anew.

    Parameters
    ----------
    exhibit, known : ndarray, shape (h, w, 3), uint8 sRGB
    placement : Placement
        As keypoints propose it.

    Returns
    -------
    (Placement, Agreement) or None
        None where keypoints put the frame elsewhere, or what they do not see disagrees.
    """
    for framed, levels in _laid(placement, known.shape[:2], exhibit.shape[:2]):
        agreement = measure_agreement(exhibit, known, framed.homography)
        if agreement is None:
            continue
        shares = overlap_shares(framed.homography, agreement, known.shape[:2], exhibit.shape[:2])
        if max(shares) >= MIN_WITHIN and _holds(agreement, levels):
            return framed, agreement
    return None


def _laid(
    placement: Placement, known_shape: tuple[int, int], exhibit_shape: tuple[int, int]
) -> Iterator[tuple[Placement, _Levels]]:
    """Yield the known frame upon the exhibit's, and upright, each where keypoints put it near there."""
    if frame_corner_error(placement.homography, known_shape, exhibit_shape) <= MAX_APART:
        matrix = resize_matrix(np.array(exhibit_shape[::-1]) / known_shape[::-1])
        if placement.mirrored:
            matrix = matrix @ mirror_matrix(known_shape[1])
        yield replace(placement, homography=matrix), WHOLE
    upright = _upright(placement.homography, known_shape)
    if upright is None:
        return
    if (
        frame_corner_error(np.linalg.inv(upright) @ placement.homography, known_shape, known_shape)
        <= MAX_APART
    ):
        yield replace(placement, homography=upright), PART


def _upright(homography: NDArray[np.float64], shape: tuple[int, int]) -> NDArray[np.float64] | None:
    """Return the nearest placement that only scales the sides, mirrors and moves; None of a turned frame."""
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
    """Return the shares of the forms and shadows that agree, over the frame and along its rim, 0..1.

    What an app draws is left out: it is the same around any photo.
    """
    scene = agreement.scene
    height, width = scene.covered.shape
    drawn = cv2.resize(agreement.drawn.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST) > 0
    taken = scene.shaded & ~drawn
    return _share(agreement, taken), _share(agreement, taken & rim_mask(scene.covered))


def _share(agreement: Agreement, where: NDArray[np.bool_]) -> float:
    agrees = agreement.scene.correlation > MIN_CORRELATION
    return float((agrees & where).sum() / max(MIN_SHADED, int(where.sum())))
