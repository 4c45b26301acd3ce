"""Register the known picture to the exhibit pixel by pixel and match its light to the exhibit's.

This removes what an editor does to the whole frame (a smooth drift, another exposure, a vignette) with few,
smooth parameters, so that what remains was done to a place.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from bixie.examiners.derivation.match.agreement import Agreement
from bixie.examiners.derivation.match.motion import Motion
from bixie.examiners.derivation.match.polynomial import quadratic_basis
from bixie.examiners.derivation.match.warping import (
    Matrix,
    downscale_for_warp,
    local_scale,
    match_sharpness,
    resize_matrix,
)

__all__ = ["Aligned", "align"]

DRIFT_SIGMA = 14.0
"""Grid pixels over which drift is averaged: less than a face, more than the width of a crack."""
MIN_DRIFT_LIMIT, DRIFT_LIMIT_FACTOR = 3.0, 4.0
"""Limit of a patch's drift: grid pixels, and multiples of the frame's median, whichever is more; beyond it a
match is chance."""
_BLUR_STEP = 4
MAX_LIGHT_SAMPLES = 8000
LIGHT_ITERATIONS = 4
RESIDUAL_SCALE = 10.0
"""Scale of the Cauchy weights, grey levels: beyond it a sample counts as changed content, not as light."""


@dataclass(frozen=True, slots=True, eq=False)
class Aligned:
    """The exhibit and the known picture on one grid.

    Parameters
    ----------
    exhibit, known : ndarray, shape (h, w, 3), uint8 sRGB
        The covered part of the exhibit, and the known picture registered to it in the exhibit's light; the
        sharper of the two is blurred to match the other.
    registered : ndarray, shape (h, w, 3), uint8 sRGB
        The known picture registered, in its own light, to be shown.
    covered : ndarray, shape (h, w), bool
        Where the known picture reaches.
    origin : (int, int)
        Column and row of the part's corner in the exhibit.
    """

    exhibit: NDArray[np.uint8]
    known: NDArray[np.uint8]
    registered: NDArray[np.uint8]
    covered: NDArray[np.bool_]
    origin: tuple[int, int]


def align(
    exhibit: NDArray[np.uint8],
    known: NDArray[np.uint8],
    homography: Matrix,
    agreement: Agreement,
    motion: Motion,
    *,
    trusted: NDArray[np.bool_],
) -> Aligned:
    """Register the known picture to the exhibit and match its light.

    Parameters
    ----------
    exhibit, known : ndarray, shape (h, w, 3), uint8 sRGB
    homography : ndarray, shape (3, 3)
        Known pixels to exhibit pixels.
    agreement : Agreement
        Measured under `homography`; its flow holds the drift.
    motion : Motion
        Of this agreement.
    trusted : ndarray, shape of the agreement's grid, bool
        Where both pictures show the same thing, so that light can be fitted.
    """
    left, top, width, height = _covered_box(agreement, exhibit.shape[:2])
    part = exhibit[top : top + height, left : left + width]
    to_part = np.array([[1, 0, -left], [0, 1, -top], [0, 0, 1.0]])
    drift = _drift(agreement, motion, (height, width))
    registered, covered = _register(known, to_part @ homography, drift)
    trusted_on_part = (
        cv2.resize(trusted.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST) > 0
    )
    soft_part, soft_known = match_sharpness(part, registered, 1.0, local_scale(homography, known.shape[:2]))
    lit = _match_light(soft_part, soft_known, covered & trusted_on_part)
    return Aligned(soft_part, lit, registered, covered, (left, top))


def _covered_box(agreement: Agreement, shape: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return left, top, width and height of the exhibit's part that the grid shows."""
    height, width = agreement.covered.shape
    from_grid = np.linalg.inv(agreement.to_grid)
    low = (from_grid @ [-0.5, -0.5, 1])[:2] + 0.5
    high = (from_grid @ [width - 0.5, height - 0.5, 1])[:2] + 0.5
    left, top = (max(0, round(v)) for v in low)
    right, bottom = min(shape[1], round(high[0])), min(shape[0], round(high[1]))
    return left, top, right - left, bottom - top


def _drift(agreement: Agreement, motion: Motion, shape: tuple[int, int]) -> NDArray[np.float32]:
    """Return the smooth motion that the homography leaves, in exhibit pixels, shape (h, w, 2)."""
    residual = agreement.flow - motion.smooth
    length = np.hypot(residual[..., 0], residual[..., 1])
    median = float(np.median(length[agreement.matched])) if agreement.matched.any() else 0.0
    near = agreement.matched & (length < max(MIN_DRIFT_LIMIT, DRIFT_LIMIT_FACTOR * median))
    weight = _averaged(near.astype(np.float32))
    local = _averaged(residual * near[..., None].astype(np.float32))
    grid_drift = motion.smooth + local / (weight[..., None] + 0.05)
    scale = agreement.to_grid[0, 0], agreement.to_grid[1, 1]
    drift = cv2.resize(grid_drift.astype(np.float32), (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(drift / np.array(scale), np.float32)


def _averaged(grid: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return the average over `DRIFT_SIGMA`, computed on every fourth grid point to save time."""
    height, width = grid.shape[:2]
    size = (max(1, width // _BLUR_STEP), max(1, height // _BLUR_STEP))
    small = cv2.resize(grid.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    blurred = cv2.GaussianBlur(small, (0, 0), DRIFT_SIGMA / _BLUR_STEP)
    return np.asarray(cv2.resize(blurred, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)


def _register(
    known: NDArray[np.uint8], matrix: Matrix, drift: NDArray[np.float32]
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    height, width = drift.shape[:2]
    source, factors = downscale_for_warp(known, matrix)
    inverse = np.linalg.inv(matrix @ np.linalg.inv(resize_matrix(factors)))
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    x, y = x + drift[..., 0], y + drift[..., 1]
    rows = [a * x + b * y + c for a, b, c in inverse.tolist()]  # plain numbers: the maps stay float32
    map_x, map_y = rows[0] / rows[2], rows[1] / rows[2]
    registered = cv2.remap(source, map_x, map_y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    covered = (map_x >= 0) & (map_y >= 0) & (map_x <= source.shape[1] - 1) & (map_y <= source.shape[0] - 1)
    return registered, covered


def _match_light(
    exhibit: NDArray[np.uint8], known: NDArray[np.uint8], trusted: NDArray[np.bool_]
) -> NDArray[np.uint8]:
    """Give the known picture the exhibit's light: one colour curve for the frame times a smooth field.

    Iteratively reweighted least squares with Cauchy weights, so that a stain stays an outlier.
    """
    ys, xs = np.nonzero(trusted)
    if len(xs) < 200:
        return known
    step = max(1, len(xs) // MAX_LIGHT_SAMPLES)
    xs, ys = xs[::step], ys[::step]
    blurred_exhibit, blurred_known = (cv2.GaussianBlur(i, (0, 0), 1.2) for i in (exhibit, known))
    target = blurred_exhibit[ys, xs].astype(np.float64)
    design = _colour_terms(blurred_known[ys, xs])
    position = quadratic_basis(xs, ys, exhibit.shape[:2])
    field = np.zeros((6, 3))
    colour = np.zeros((design.shape[1], 3))
    weight = np.ones(len(xs))
    for _ in range(LIGHT_ITERATIONS):
        gain = np.exp(position @ field)
        colour = _ridge(design, target / gain, weight)
        predicted = np.clip(design @ colour, 2, 255)
        ratio = np.log((target + 4) / (predicted + 4))
        field = _ridge_towards_zero(position, ratio, weight * (predicted.mean(axis=1) > 12))
        residual = np.abs(target - predicted * np.exp(position @ field)).max(axis=1)
        weight = 1 / (1 + (residual / RESIDUAL_SCALE) ** 2)
    return _apply_light(known, colour, field)


def _colour_terms(rgb: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return 1, the channels and their squares, shape (n, 7): white balance, contrast, saturation, gamma."""
    unit = rgb.reshape(-1, 3).astype(np.float64) / 255
    return np.hstack([np.ones((len(unit), 1)), unit, unit**2])


def _ridge(
    design: NDArray[np.float64], target: NDArray[np.float64], weight: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Solve weighted ridge regression towards the identity, so that a grey scene bends no colour."""
    identity = np.zeros((design.shape[1], 3))
    identity[1:4] = 255 * np.eye(3)
    weighted = design * weight[:, None]
    normal = weighted.T @ design + 1e-3 * weight.sum() * np.eye(design.shape[1])
    return identity + np.linalg.solve(normal, weighted.T @ (target - design @ identity))


def _ridge_towards_zero(
    design: NDArray[np.float64], target: NDArray[np.float64], weight: NDArray[np.float64]
) -> NDArray[np.float64]:
    weighted = design * weight[:, None]
    normal = weighted.T @ design + 1e-2 * (weight.sum() + 1) * np.eye(design.shape[1])
    return np.asarray(np.linalg.solve(normal, weighted.T @ target))


def _apply_light(
    known: NDArray[np.uint8], colour: NDArray[np.float64], field: NDArray[np.float64]
) -> NDArray[np.uint8]:
    height, width = known.shape[:2]
    unit = known.astype(np.float32) / 255
    linear = cv2.transform(unit, np.vstack([colour[1:4], colour[:1]]).T.astype(np.float32))
    linear += cv2.transform(unit * unit, colour[4:7].T.astype(np.float32))
    small = (max(2, width // 8), max(2, height // 8))
    ys, xs = np.mgrid[0 : small[1], 0 : small[0]]
    gain = np.exp(quadratic_basis(xs.ravel(), ys.ravel(), (small[1], small[0])) @ field)
    fine = cv2.resize(gain.reshape(small[1], small[0], 3).astype(np.float32), (width, height))
    linear *= fine
    return np.asarray(np.clip(linear, 0, 255, out=linear), np.uint8)
