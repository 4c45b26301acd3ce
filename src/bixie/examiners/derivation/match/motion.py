"""How patches that agree lie off the place where the placement puts them: together, or each on its own.

An editor lets the whole frame drift smoothly; parallax and second photographs move single things.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from bixie.examiners.derivation.link.illumination import quadratic_basis
from bixie.examiners.derivation.match.agreement import MIN_CORRELATION, Agreement

__all__ = ["Motion", "estimate_motion"]

RIGID_TOLERANCE = 0.75
"""Grid pixels off the smooth motion within which a patch has not moved on its own."""
SLIDE_SIGMA = 5.0
DRIFT_SAMPLES = 3000


@dataclass(frozen=True, slots=True, eq=False)
class Motion:
    """What moves between two registered pictures, on the agreement's grid.

    Parameters
    ----------
    smooth : ndarray, shape (h, w, 2)
        The one smooth motion of all patches that agree, grid pixels.
    slide : ndarray, shape (h, w)
        How far each patch lies off it, grid pixels; averaged over a neighbourhood, since parallax moves
        whole objects and noise moves every patch for itself.
    still : ndarray, shape (h, w), bool
        Where texture agrees without sliding.
    """

    smooth: NDArray[np.float64]
    slide: NDArray[np.float64]
    still: NDArray[np.bool_]


def estimate_motion(agreement: Agreement) -> Motion:
    """Tell what moves together from what moves on its own."""
    matched = agreement.matched
    smooth = _smooth_motion(agreement.flow, matched)
    slide = _slide(agreement.flow - smooth, matched)
    still = matched & (slide < RIGID_TOLERANCE) & (agreement.correlation_rigid > MIN_CORRELATION - 0.1)
    return Motion(smooth, slide, still)


def _slide(rest: NDArray[np.float64], matched: NDArray[np.bool_]) -> NDArray[np.float64]:
    off = rest * matched[..., None]
    weight = cv2.GaussianBlur(matched.astype(np.float32), (0, 0), SLIDE_SIGMA)
    average = cv2.GaussianBlur(off.astype(np.float32), (0, 0), SLIDE_SIGMA) / (weight[..., None] + 1e-3)
    return np.asarray(np.hypot(average[..., 0], average[..., 1]))


def _smooth_motion(flow: NDArray[np.float32], matched: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Fit one smooth (quadratic) motion to the flow of all patches that agree.

    Parameters
    ----------
    flow : ndarray, shape (h, w, 2), float32
    matched : ndarray, shape (h, w), bool

    Returns
    -------
    ndarray, shape (h, w, 2)
        Zero where fewer than 50 patches agree. Fitted by iteratively re-weighted least squares with Cauchy
        weights: what slides on its own is an outlier.
    """
    ys, xs = np.nonzero(matched)
    if len(xs) < 50:
        return np.zeros((*matched.shape, 2))
    height, width = matched.shape
    step = max(1, len(xs) // DRIFT_SAMPLES)
    design = quadratic_basis(xs[::step], ys[::step], (height, width))
    target = flow[ys[::step], xs[::step]].astype(np.float64)
    weight = np.ones(len(target))
    coefficients = np.zeros((6, 2))
    for _ in range(6):
        fitted = np.linalg.lstsq(design * weight[:, None], target * weight[:, None], rcond=None)[0]
        coefficients = np.asarray(fitted, np.float64)
        residual = np.hypot(*(target - design @ coefficients).T)
        weight = 1 / np.sqrt(1 + (residual / 0.4) ** 2)
    grid_y, grid_x = np.mgrid[0:height, 0:width]
    return (quadratic_basis(grid_x.ravel(), grid_y.ravel(), (height, width)) @ coefficients).reshape(
        height, width, 2
    )
