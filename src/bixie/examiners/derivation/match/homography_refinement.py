"""Settle a placement: keypoints bring it near, all patches together bring it to a fraction of a pixel.

Keypoints are placed to about a pixel, each for itself, and lie where a picture has corners. A frame that they
place is a little skewed and a little off: that looks like another point of view, and fine texture a pixel off
does not agree. What remains to be moved is known for every patch, and over thousands noise averages out.
"""

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from bixie.examiners.derivation.match.agreement import Agreement, measure_agreement
from bixie.examiners.derivation.match.keypoint_matching import Matrix

__all__ = ["refine_homography"]

MIN_PATCHES = 200
MAX_PATCHES = 3000
"""Patches that the fit looks at: evenly taken, as many as a homography needs to average noise out."""
ALIKE = 0.8
"""Correlation from which a patch says where it lies to a fraction of a pixel."""
MOVED = 0.15
"""Grid pixels by which the fit moves half of the patches, from which agreement is measured anew."""


def refine_homography(
    exhibit: NDArray[np.uint8], known: NDArray[np.uint8], homography: Matrix
) -> tuple[Matrix, Agreement] | None:
    """Move a placement to where the patches agree best, and say how well they agree there.

    Parameters
    ----------
    exhibit, known : ndarray, shape (h, w, 3), uint8 sRGB
    homography : ndarray, shape (3, 3)
        Known pixels to exhibit pixels.

    Returns
    -------
    (ndarray, Agreement) or None
        None when the two hardly overlap. The homography as it came, where the patches say nothing better.
    """
    agreement = measure_agreement(exhibit, known, homography)
    if agreement is None:
        return None
    fitted = _fitted(agreement)
    if fitted is None:
        return homography, agreement
    moved, median = fitted
    settled = np.linalg.inv(agreement.to_grid) @ moved @ agreement.to_grid @ homography
    if median <= MOVED:
        return settled, replace(agreement, flow=_moved_along(agreement.flow, moved))
    again = measure_agreement(exhibit, known, settled)
    return (homography, agreement) if again is None else (settled, again)


def _fitted(agreement: Agreement) -> tuple[Matrix, float] | None:
    """Return the homography of the grid that the flow asks for, and by how much it moves half of the patches.

    The least median of squares takes what half of the patches follow, and needs no tolerance that fits both
    sharp pictures and those that an editor redrew.
    """
    rows, columns = np.nonzero(agreement.textured & (agreement.correlation > ALIKE))
    if len(rows) < MIN_PATCHES:
        return None
    taken = np.linspace(0, len(rows) - 1, min(len(rows), MAX_PATCHES)).astype(np.intp)
    rows, columns = rows[taken], columns[taken]
    there = np.stack([columns, rows], axis=1).astype(np.float32)
    here: NDArray[np.float32] = there + agreement.flow[rows, columns]
    matrix, _ = cv2.findHomography(here, there, cv2.LMEDS)
    if matrix is None:
        return None
    by = np.linalg.norm(cv2.perspectiveTransform(here[None], matrix)[0] - here, axis=1)
    return np.asarray(matrix, np.float64), float(np.median(by))


def _moved_along(flow: NDArray[np.float32], moved: Matrix) -> NDArray[np.float32]:
    """Return the flow that is left once the known picture stands where the fit puts it, shape (h, w, 2).

    What the flow met at one place of the known picture is now where the fit moves that place.
    """
    height, width = flow.shape[:2]
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    there = np.stack([x, y], axis=2)
    return np.asarray(cv2.perspectiveTransform(there + flow, moved) - there, np.float32)
