"""Separate the flow of matched patches into one smooth motion and the residual of each patch.

An editor that regenerates a frame lets all of it drift smoothly. Parallax and second photographs move single
objects.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from bixie.examiners.derivation.match.agreement import MIN_CORRELATION, Agreement
from bixie.examiners.derivation.match.polynomial import quadratic_basis

__all__ = ["Motion", "estimate_motion"]

MAX_RIGID_RESIDUAL = 0.75
"""Grid pixels off the smooth motion up to which a patch has not moved on its own."""
RESIDUAL_SIGMA = 5.0
"""Grid pixels over which residuals are averaged."""
MAX_SAMPLES = 3000
"""Patches in the fit, about."""
MIN_PATCHES = 50
"""With fewer matched patches no smooth motion is fitted."""


@dataclass(frozen=True, slots=True, eq=False)
class Motion:
    """How patches move between two registered pictures, on the agreement's grid.

    Parameters
    ----------
    smooth : ndarray, shape (h, w, 2)
        Smooth motion of all matched patches, (x, y) in grid pixels.
    residual : ndarray, shape (h, w)
        Distance of the flow from `smooth`, grid pixels; averaged over a neighbourhood, because parallax
        moves whole objects and noise moves patches independently.
    rigid : ndarray, shape (h, w), bool
        Where texture agrees and the residual is small.
    """

    smooth: NDArray[np.float64]
    residual: NDArray[np.float64]
    rigid: NDArray[np.bool_]


def estimate_motion(agreement: Agreement) -> Motion:
    """Fit the smooth motion of an agreement's flow and measure the residuals.

    Parameters
    ----------
    agreement : Agreement
    """
    matched = agreement.matched
    smooth = _smooth_motion(agreement.flow, matched)
    residual = _average_residual(agreement.flow - smooth, matched)
    rigid = matched & (residual < MAX_RIGID_RESIDUAL) & (agreement.correlation_rigid > MIN_CORRELATION - 0.1)
    return Motion(smooth, residual, rigid)


def _average_residual(residual: NDArray[np.float64], matched: NDArray[np.bool_]) -> NDArray[np.float64]:
    masked = residual * matched[..., None]
    weight = cv2.GaussianBlur(matched.astype(np.float32), (0, 0), RESIDUAL_SIGMA)
    average = cv2.GaussianBlur(masked.astype(np.float32), (0, 0), RESIDUAL_SIGMA) / (weight[..., None] + 1e-3)
    return np.asarray(np.hypot(average[..., 0], average[..., 1]))


def _smooth_motion(flow: NDArray[np.float32], matched: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Fit a motion that is quadratic in position to the flow of the matched patches.

    Parameters
    ----------
    flow : ndarray, shape (h, w, 2), float32
    matched : ndarray, shape (h, w), bool

    Returns
    -------
    ndarray, shape (h, w, 2)
        (x, y) in grid pixels; zero everywhere with fewer than `MIN_PATCHES`.

    Notes
    -----
    Iteratively reweighted least squares [1]_ with Cauchy weights ``1 / (1 + (r / 0.4)^2)`` of the residual r
    in grid pixels: objects that move on their own are outliers.

    References
    ----------
    .. [1] P. Holland, R. Welsch, "Robust regression using iteratively reweighted least-squares",
       Communications in Statistics 6(9), 1977. DOI 10.1080/03610927708827533.
    """
    ys, xs = np.nonzero(matched)
    if len(xs) < MIN_PATCHES:
        return np.zeros((*matched.shape, 2))
    height, width = matched.shape
    step = max(1, len(xs) // MAX_SAMPLES)
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
