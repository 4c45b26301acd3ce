"""What the painters of marks share: colours, sizes and places, paths of a hand, and laying a layer on."""

from itertools import pairwise
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = [
    "MIN_DIFFERENCE", "Cover", "Generator", "Image", "Mark", "Points", "any_colour", "blended",
    "corner_of", "fixed", "inked", "pixelated", "rounded", "segments", "shadowed", "size_and_place",
    "smeared", "softened", "trembling", "turned", "window_around",
]  # fmt: skip

MIN_DIFFERENCE = 8
"""Grey levels by which a pixel must differ to belong to a mark, as in `bench.attacks.annotation`."""

Image = NDArray[np.float32]
Cover = NDArray[np.float32]
Points = NDArray[np.float64]
Generator = np.random.Generator

_PURE = np.array(
    [[255, 0, 0], [255, 230, 0], [0, 200, 0], [0, 90, 255], [255, 255, 255], [0, 0, 0], [255, 0, 200],
     [0, 220, 230], [255, 120, 0], [150, 0, 220]], np.float32)  # fmt: skip
_MUTED = np.array(
    [[60, 60, 62], [110, 72, 44], [112, 112, 50], [222, 205, 170], [28, 40, 84], [160, 70, 36],
     [240, 200, 205], [130, 130, 130], [70, 110, 108], [140, 105, 130], [200, 198, 190], [36, 58, 40]],
    np.float32)  # fmt: skip


class Mark(NamedTuple):
    """What one window of a picture became."""

    window: tuple[slice, slice]
    pixels: Image
    cover: Cover


def any_colour(window: Image, rng: Generator) -> Image:
    """Choose a pure, a muted or a random colour, or one near the window's own, yet not the same as its mean.

    Returns
    -------
    ndarray, shape (3,), float32, 0..255
    """
    kind = rng.random()
    if kind < 0.38:
        colour = _PURE[rng.integers(len(_PURE))] + rng.normal(0, rng.choice([0, 12]), 3)
    elif kind < 0.68:
        colour = _MUTED[rng.integers(len(_MUTED))] + rng.normal(0, 12, 3)
    elif kind < 0.86:
        colour = window[rng.integers(window.shape[0]), rng.integers(window.shape[1])] + rng.normal(0, 20, 3)
    else:
        colour = rng.uniform(0, 255, 3)
    mean = window[::4, ::4].mean((0, 1))
    if np.abs(colour - mean).max() < 40:
        colour = colour + (50 if mean.mean() < 128 else -50)
    return np.asarray(np.clip(colour, 0, 255), np.float32)


def blended(window: Image, layer: Image, alpha: Cover | NDArray[np.float64]) -> Image:
    """Lay a layer over a window.

    Parameters
    ----------
    window : ndarray, shape (h, w, 3)
    layer : ndarray, shape (h, w, 3) or (3,)
        Pixels, or one colour.
    alpha : ndarray, shape (h, w), 0..1
    """
    return np.asarray(window + alpha.astype(np.float32)[..., None] * (layer - window), np.float32)


def softened(image: Image, sigma: float) -> Image:
    """Blur by a Gaussian of `sigma` pixels.

    A wide blur is made on a smaller copy, which looks the same and is fast.
    """
    if sigma < 5:
        return np.asarray(cv2.GaussianBlur(image, (0, 0), max(0.3, sigma)), np.float32)
    height, width = image.shape[:2]
    factor = sigma / 2.5
    small = cv2.resize(
        image, (max(1, round(width / factor)), max(1, round(height / factor))), interpolation=cv2.INTER_AREA
    )
    small = cv2.GaussianBlur(small, (0, 0), 2.5)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)


def pixelated(image: Image, block: int) -> Image:
    """Turn an image, or a coverage, into squares of `block` pixels."""
    height, width = image.shape[:2]
    padded = cv2.copyMakeBorder(image, 0, -height % block, 0, -width % block, cv2.BORDER_REPLICATE)
    size = (padded.shape[1] // block, padded.shape[0] // block)
    small = cv2.resize(padded, size, interpolation=cv2.INTER_AREA)
    large = cv2.resize(small, padded.shape[1::-1], interpolation=cv2.INTER_NEAREST)
    return np.asarray(large[:height, :width], np.float32)


def size_and_place(shape: tuple[int, ...], rng: Generator, low: float, high: float) -> tuple[Points, Points]:
    """Choose where a mark lies and how large it is, most often wholly inside the frame.

    Parameters
    ----------
    low, high : float
        Bounds of its longer side, relative to the frame's.

    Returns
    -------
    half, middle : ndarray, shape (2,)
        Half of its sides, and its middle, as x and y.
    """
    sides = np.array(shape[1::-1], float)
    half = 0.5 * low * (high / low) ** rng.random() ** 0.75 * sides.max() * np.ones(2)
    half[rng.integers(2)] *= np.exp(-np.abs(rng.normal(0, 0.5)))
    half = np.maximum(np.minimum(half, 0.48 * sides), 3)
    room = np.maximum(sides / 2 - half, 0)
    if rng.random() < 0.75:
        return half, sides / 2 + rng.uniform(-1, 1, 2) * room
    return half, rng.uniform(0.02, 0.98, 2) * sides


def window_around(points: Points, shape: tuple[int, ...], margin: float) -> tuple[slice, slice]:
    """Return the window that holds the points and a margin, cut at the frame, never empty."""
    sides = np.array(shape[1::-1])
    low = np.clip(np.floor(points.min(0) - margin), 0, sides - 2).astype(int)
    high = np.maximum(np.clip(np.ceil(points.max(0) + margin), 0, sides).astype(int), low + 2)
    return slice(int(low[1]), int(high[1])), slice(int(low[0]), int(high[0]))


def corner_of(window: tuple[slice, slice]) -> Points:
    """Return the x and y of a window's first pixel."""
    return np.array([window[1].start, window[0].start], float)


def turned(points: Points, angle: float) -> Points:
    """Turn points about the origin, by an angle in radians."""
    cosine, sine = np.cos(angle), np.sin(angle)
    return np.asarray(points @ np.array([[cosine, sine], [-sine, cosine]]))


def fixed(points: Points) -> NDArray[np.int32]:
    """Count in sixteenths of a pixel, as drawing with a shift of 4 does."""
    return np.round(points * 16).astype(np.int32)


def inked(shape: tuple[int, ...], paths: list[Points], width: float, line: int) -> Cover:
    """Draw paths with a round tip of even width; `line` is OpenCV's type of line."""
    canvas = np.zeros(shape[:2], np.uint8)
    cv2.polylines(canvas, [fixed(path) for path in paths], False, 255, max(1, round(width)), line, 4)
    return np.asarray(canvas / 255, np.float32)


def segments(path: Points) -> list[tuple[list[int], list[int]]]:
    """Return a path's pieces, each from end to end, in sixteenths of a pixel."""
    return list(pairwise(fixed(path).tolist()))


def rounded(points: Points, times: int = 3) -> Points:
    """Cut the corners of a path until it flows."""
    for _ in range(times):
        near, far = 0.75 * points[:-1] + 0.25 * points[1:], 0.25 * points[:-1] + 0.75 * points[1:]
        middle = np.stack([near, far], axis=1).reshape(-1, 2)
        points = np.concatenate([points[:1], middle, points[-1:]])
    return points


def trembling(path: Points, step: float, shake: float, rng: Generator) -> Points:
    """Step evenly along a path, and let the hand shake.

    Parameters
    ----------
    step, shake : float
        Pixels from point to point, and how far a point strays.
    """
    along = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))])
    places = np.linspace(0, along[-1], max(2, int(along[-1] / step)))
    points = np.stack([np.interp(places, along, path[:, axis]) for axis in range(2)], axis=1)
    window = np.hanning(int(rng.integers(9, 45)))
    noise = rng.normal(0, shake, (len(points) + len(window) - 1, 2))
    window /= np.sqrt((window**2).sum())
    return points + np.stack([np.convolve(noise[:, axis], window, "valid") for axis in range(2)], axis=1)


def smeared(window: Image, paths: list[Points], width: float) -> Image:
    """Pull a window's pixels along paths, as a finger does in wet paint."""
    ways = np.zeros((*window.shape[:2], 2), np.float32)
    for path in paths:
        steps = np.gradient(path, axis=0)
        steps /= np.maximum(np.hypot(*steps.T), 1e-6)[:, None]
        for (first, second), way in zip(segments(path), steps.tolist(), strict=False):
            cv2.line(ways, first, second, way, max(1, round(width)), cv2.LINE_8, 4)
    ys, xs = np.mgrid[: window.shape[0], : window.shape[1]].astype(np.float32)
    ways = softened(ways, 0.2 * width) * np.float32(width)
    pulled = np.zeros_like(window)
    for reach in (0.4, 0.9, 1.5):
        source = xs - reach * ways[..., 0], ys - reach * ways[..., 1]
        pulled += cv2.remap(window, *source, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return pulled / np.float32(3)


def shadowed(window: Image, cover: Cover, reach: int) -> tuple[Image, Cover]:
    """Darken a window beside what will lie on it; return the shadow too."""
    move = np.array([[1.0, 0, reach], [0, 1, reach]])
    shadow = softened(cv2.warpAffine(cover, move, cover.shape[::-1]), reach) * np.float32(0.45)
    shadow = np.where(shadow > 0.02, shadow, 0).astype(np.float32)
    return blended(window, np.zeros(3, np.float32), shadow), shadow
