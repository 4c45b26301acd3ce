"""A frame that an editor drew anew: everything is about where it was, and nothing exactly there.

Where each thing moved by itself, no homography holds: what keypoints agree on is one thing of many, and
looks slanted. But forms and shadows stay, up to the rim, and the frame lies upon the frame; a hand that takes
a second photograph brings its camera back to neither.
"""

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from bixie.examine.derivation.dense import AGREES, Agreement, measure_agreement, pixel_scaling
from bixie.examine.derivation.evidence import FEWEST_SHADED, frames_apart, rim_of
from bixie.examine.derivation.matching import Placement, mirror_matrix
from bixie.examine.derivation.template import is_template_alone

__all__ = ["MOST_APART", "REDRAWN_BITS", "as_redrawn"]

MOST_APART = 0.06
"""Share of its sides by which keypoints may set the known frame's corners off the exhibit's (RMS)."""
LEAST_SCENE, LEAST_RIM = 0.5, 0.6
"""Shares of the forms and shadows, over the frame and along its rim, that agree where a frame was redrawn."""
REDRAWN_BITS = 3.0
"""What such a frame says, in bits. ``python -m bench.calibration.redrawing`` counts what the levels let
through and what they find."""


def as_redrawn(
    exhibit: NDArray[np.uint8],
    known: NDArray[np.uint8],
    placement: Placement,
    most_apart: float = MOST_APART,
) -> tuple[Placement, Agreement] | None:
    """Lay the known frame upon the exhibit's, and return that if the exhibit is the same frame drawn anew.

    Parameters
    ----------
    exhibit, known : ndarray, shape (h, w, 3), uint8 sRGB
    placement : Placement
        As keypoints propose it.
    most_apart : float
        `MOST_APART`, or what is tried in its place.

    Returns
    -------
    (Placement, Agreement) or None
        None where keypoints put the frame elsewhere, or what they do not see disagrees.
    """
    framed = _frame_upon_frame(placement, known.shape[:2], exhibit.shape[:2], most_apart)
    agreement = None if framed is None else measure_agreement(exhibit, known, framed.homography)
    if framed is None or agreement is None or is_template_alone(agreement):
        return None
    scene, rim = _scene_shares(agreement)
    return (framed, agreement) if scene >= LEAST_SCENE and rim >= LEAST_RIM else None


def _frame_upon_frame(
    placement: Placement, known_shape: tuple[int, int], exhibit_shape: tuple[int, int], most_apart: float
) -> Placement | None:
    if frames_apart(placement.homography, known_shape, exhibit_shape) > most_apart:
        return None
    matrix = pixel_scaling(np.array(exhibit_shape[::-1]) / known_shape[::-1])
    if placement.mirrored:
        matrix = matrix @ mirror_matrix(known_shape[1])
    return replace(placement, homography=matrix)


def _scene_shares(agreement: Agreement) -> tuple[float, float]:
    """Return the shares of the forms and shadows that agree, over the frame and along its rim, 0..1.

    What an app draws is left out: it is the same around any photo.
    """
    scene = agreement.scene
    height, width = scene.covered.shape
    drawn = cv2.resize(agreement.drawn.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST) > 0
    taken = scene.shaded & ~drawn
    return _share(agreement, taken), _share(agreement, taken & rim_of(scene.covered))


def _share(agreement: Agreement, where: NDArray[np.bool_]) -> float:
    agrees = agreement.scene.correlation > AGREES
    return float((agrees & where).sum() / max(FEWEST_SHADED, int(where.sum())))
