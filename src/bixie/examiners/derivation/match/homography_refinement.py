"""Refine a homography with all patches at once, from about a pixel to a fraction of one.

Keypoints are each exact to about a pixel and lie only where a picture has corners. A homography fitted to
them is a little skewed and a little off: this looks like another point of view, and fine texture that is a
pixel off does not correlate. The dense flow gives the remaining shift of every patch; over thousands of
patches its noise averages out.
"""

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from bixie.examiners.derivation.match.agreement import Agreement, measure_agreement
from bixie.examiners.derivation.match.warping import Matrix

__all__ = ["refine_homography"]

MIN_PATCHES = 200
"""With fewer patches to fit, the homography stays as it is."""
MAX_PATCHES = 3000
"""Patches in the fit, sampled evenly: enough to average noise out."""
MIN_PATCH_CORRELATION = 0.8
"""Correlation from which the flow of a patch is exact to a fraction of a pixel."""
MAX_SHIFT_TO_KEEP = 0.15
"""Median shift of the fit, grid pixels, up to which the agreement is corrected instead of measured again."""


def refine_homography(
    exhibit: NDArray[np.uint8], known: NDArray[np.uint8], homography: Matrix
) -> tuple[Matrix, Agreement] | None:
    """Move a homography to where the patches agree best, and measure the agreement there.

    Parameters
    ----------
    exhibit, known : ndarray, shape (h, w, 3), uint8 sRGB
    homography : ndarray, shape (3, 3)
        Known pixels to exhibit pixels, exact to a few pixels.

    Returns
    -------
    (ndarray, Agreement) or None
        The refined homography, or the given one where too few patches can be fitted. None when the two
        pictures hardly overlap.

    Notes
    -----
    Least median of squares [1]_ follows half of the patches and needs no inlier threshold, which would have
    to suit sharp pictures as well as regenerated ones.

    References
    ----------
    .. [1] P. Rousseeuw, "Least median of squares regression", JASA 79(388), 1984.
       DOI 10.1080/01621459.1984.10477105.
    """
    agreement = measure_agreement(exhibit, known, homography)
    if agreement is None:
        return None
    fitted = _fit_flow(agreement)
    if fitted is None:
        return homography, agreement
    correction, median_shift = fitted
    refined = np.linalg.inv(agreement.to_grid) @ correction @ agreement.to_grid @ homography
    if median_shift <= MAX_SHIFT_TO_KEEP:
        return refined, replace(agreement, flow=_remaining_flow(agreement.flow, correction))
    again = measure_agreement(exhibit, known, refined)
    return (homography, agreement) if again is None else (refined, again)


def _fit_flow(agreement: Agreement) -> tuple[Matrix, float] | None:
    """Return the homography of the grid that undoes the flow, and its median shift in grid pixels."""
    rows, columns = np.nonzero(agreement.textured & (agreement.correlation > MIN_PATCH_CORRELATION))
    if len(rows) < MIN_PATCHES:
        return None
    sample = np.linspace(0, len(rows) - 1, min(len(rows), MAX_PATCHES)).astype(np.intp)
    rows, columns = rows[sample], columns[sample]
    exhibit_points = np.stack([columns, rows], axis=1).astype(np.float32)
    known_points: NDArray[np.float32] = exhibit_points + agreement.flow[rows, columns]
    matrix, _ = cv2.findHomography(known_points, exhibit_points, cv2.LMEDS)
    if matrix is None:
        return None
    moved = cv2.perspectiveTransform(known_points[None], matrix)[0]
    shift = np.linalg.norm(moved - known_points, axis=1)
    return np.asarray(matrix, np.float64), float(np.median(shift))


def _remaining_flow(flow: NDArray[np.float32], correction: Matrix) -> NDArray[np.float32]:
    """Return the flow that is left after the known picture was moved by `correction`, shape (h, w, 2)."""
    height, width = flow.shape[:2]
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    points = np.stack([x, y], axis=2)
    return np.asarray(cv2.perspectiveTransform(points + flow, correction) - points, np.float32)
