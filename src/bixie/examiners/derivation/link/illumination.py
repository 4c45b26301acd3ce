"""The light in which two pictures show one thing: what a slider explains of it, and what it does not."""

import cv2
import numpy as np
from numpy.typing import NDArray

from bixie.examiners.derivation.match.agreement import Scene

__all__ = ["compare_illumination", "quadratic_basis"]

LIGHT_SAMPLES = 3000
MIN_LIT = 30
"""Pixels of the reduced pictures below which nothing is said about light."""
MAX_LIGHT = 2.0
MIN_GROUND = 0.03
"""Share of the overlap outside the core below which there is no background to speak of."""
LIGHT_TOLERANCE = 0.08
"""Log brightness at which a patch starts to count as changed content rather than as light."""


def compare_illumination(scene: Scene, still: NDArray[np.bool_]) -> tuple[float, float, float]:
    """Return the `light_rest`, `ground` and `ground_agrees` of `Evidence`.

    Sliders and filters are functions of a pixel's colour times a smooth field over the frame; both are
    fitted where patches agree. A second photograph has shadows, folds and highlights of its own, which stay,
    and another background, which the light on the goods does not explain.
    """
    height, width = scene.covered.shape
    inside = cv2.resize(still.astype(np.float32), (width, height), interpolation=cv2.INTER_AREA) > 0.5
    ys, xs = np.nonzero(scene.covered)
    step = max(1, len(xs) // LIGHT_SAMPLES)
    ys, xs = ys[::step], xs[::step]
    fitted = inside[ys, xs]
    if fitted.sum() < MIN_LIT:
        return MAX_LIGHT, 0.0, 0.0
    there, here = (
        np.log(cv2.GaussianBlur(image, (0, 0), 1.0)[ys, xs].astype(np.float64) / 128 + 1 / 16)
        for image in (scene.there, scene.here)
    )
    places = quadratic_basis(xs, ys, (height, width))
    rest = _unexplained(places, here, there - here, fitted)[fitted].mean(axis=1)
    rough = float(np.subtract(*np.quantile(rest, [0.8, 0.2])))
    ground = ~fitted & ~scene.shaded[ys, xs]
    if ground.mean() < MIN_GROUND:
        return rough, 0.0, 0.0
    # A plane carried on beyond the goods stays a plane; a quadratic would run away.
    beyond = np.abs(_unexplained(places[:, :3], here, there - here, fitted)[ground]).max(axis=1)
    agrees = float((beyond < LIGHT_TOLERANCE).mean() * ground.mean())
    return rough, float(min(1.0, np.median(beyond))), agrees


def _unexplained(
    places: NDArray[np.float64],
    tones: NDArray[np.float64],
    ratio: NDArray[np.float64],
    where: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """Return what a robust fit made on some of the places leaves at all of them, shape (n, 3).

    One curve a channel (gamma, contrast), the mean of the channels (saturation) and a field over the frame;
    Cauchy weights that the channels share, so that a stain stays a stain.
    """
    mean = tones.mean(axis=1)
    designs = [np.column_stack([places, tones[:, c], tones[:, c] ** 2, mean]) for c in range(3)]
    weight = np.ones(int(where.sum()))
    rest = ratio
    for _ in range(5):
        fitted = [d @ _ridge(d[where], ratio[where, c], weight) for c, d in enumerate(designs)]
        rest = ratio - np.stack(fitted, axis=1)
        weight = 1 / (1 + (np.abs(rest[where]).max(axis=1) / LIGHT_TOLERANCE) ** 2)
    return rest


def _ridge(
    design: NDArray[np.float64], target: NDArray[np.float64], weight: NDArray[np.float64]
) -> NDArray[np.float64]:
    weighted = design * weight[:, None]
    normal = weighted.T @ design + 1e-3 * len(target) * np.eye(design.shape[1])
    return np.asarray(np.linalg.solve(normal, weighted.T @ target))


def quadratic_basis(
    xs: NDArray[np.int_], ys: NDArray[np.int_], shape: tuple[int, int]
) -> NDArray[np.float64]:
    """Return 1, x, y, x², xy, y² of pixel places, x and y brought to -1..1 over a frame of `shape`."""
    x, y = 2 * xs / shape[1] - 1, 2 * ys / shape[0] - 1
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=1)
