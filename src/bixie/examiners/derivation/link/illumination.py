"""Compare the light in which two pictures show one thing: what tone curves explain, and what they do not."""

import cv2
import numpy as np
from numpy.typing import NDArray

from bixie.examiners.derivation.match.agreement import Scene
from bixie.examiners.derivation.match.polynomial import quadratic_basis

__all__ = ["compare_illumination"]

MAX_SAMPLES = 3000
"""Pixels of the reduced pictures in the fit, about."""
MIN_FIT_SAMPLES = 30
"""Pixels of the reduced pictures below which nothing is said about light."""
UNKNOWN_RESIDUAL = 2.0
"""Log brightness ratio that is returned then: as different as light gets."""
MIN_GROUND_SHARE = 0.03
"""Share of the overlap outside the core below which there is no background to compare."""
LOG_RATIO_SCALE = 0.08
"""Scale of the Cauchy weights, log brightness: beyond it a sample counts as changed content, not as light."""


def compare_illumination(scene: Scene, rigid: NDArray[np.bool_]) -> tuple[float, float, float]:
    """Return the `light_rest`, `ground` and `ground_agrees` of `Evidence`.

    Sliders and filters are functions of a pixel's colour times a smooth field over the frame; both are fitted
    where patches agree. A second photograph has its own shadows, folds and highlights, which remain, and
    another background, which the light on the goods does not explain.

    Parameters
    ----------
    scene : Scene
    rigid : ndarray, shape (h, w), bool
        Where patches of the core agree without moving, on the agreement's grid.
    """
    height, width = scene.covered.shape
    inside = cv2.resize(rigid.astype(np.float32), (width, height), interpolation=cv2.INTER_AREA) > 0.5
    ys, xs = np.nonzero(scene.covered)
    step = max(1, len(xs) // MAX_SAMPLES)
    ys, xs = ys[::step], xs[::step]
    fitted = inside[ys, xs]
    if fitted.sum() < MIN_FIT_SAMPLES:
        return UNKNOWN_RESIDUAL, 0.0, 0.0
    exhibit, known = (
        np.log(cv2.GaussianBlur(image, (0, 0), 1.0)[ys, xs].astype(np.float64) / 128 + 1 / 16)
        for image in (scene.exhibit, scene.known)
    )
    positions = quadratic_basis(xs, ys, (height, width))
    residual = _residual(positions, known, exhibit - known, fitted)[fitted].mean(axis=1)
    spread = float(np.subtract(*np.quantile(residual, [0.8, 0.2])))
    ground = ~fitted & ~scene.shaded[ys, xs]
    if ground.mean() < MIN_GROUND_SHARE:
        return spread, 0.0, 0.0
    # Outside the goods the fit extrapolates: a plane stays bounded there, a quadratic runs away.
    error = np.abs(_residual(positions[:, :3], known, exhibit - known, fitted)[ground]).max(axis=1)
    agrees = float((error < LOG_RATIO_SCALE).mean() * ground.mean())
    return spread, float(min(1.0, np.median(error))), agrees


def _residual(
    positions: NDArray[np.float64],
    tones: NDArray[np.float64],
    log_ratio: NDArray[np.float64],
    where: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """Return what a robust fit on the samples of `where` leaves at all samples, shape (n, 3).

    The model has a curve for each channel (gamma, contrast), the mean of the channels (saturation) and a
    field over the frame. Iteratively reweighted least squares; the channels share their Cauchy weights, so
    that a stain stays an outlier.

    Parameters
    ----------
    positions : ndarray, shape (n, k)
        Basis functions of position.
    tones, log_ratio : ndarray, shape (n, 3)
        Log brightness of the known picture, and that of the exhibit minus it.
    where : ndarray, shape (n,), bool
        Samples to fit.
    """
    mean = tones.mean(axis=1)
    designs = [np.column_stack([positions, tones[:, c], tones[:, c] ** 2, mean]) for c in range(3)]
    weight = np.ones(int(where.sum()))
    residual = log_ratio
    for _ in range(5):
        fitted = [d @ _ridge(d[where], log_ratio[where, c], weight) for c, d in enumerate(designs)]
        residual = log_ratio - np.stack(fitted, axis=1)
        weight = 1 / (1 + (np.abs(residual[where]).max(axis=1) / LOG_RATIO_SCALE) ** 2)
    return residual


def _ridge(
    design: NDArray[np.float64], target: NDArray[np.float64], weight: NDArray[np.float64]
) -> NDArray[np.float64]:
    weighted = design * weight[:, None]
    normal = weighted.T @ design + 1e-3 * len(target) * np.eye(design.shape[1])
    return np.asarray(np.linalg.solve(normal, weighted.T @ target))
