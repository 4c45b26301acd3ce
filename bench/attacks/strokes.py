"""Irregular lines: fractal paths and their anti-aliased coverage with a width that varies along the way."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

Point = Sequence[float] | np.ndarray

__all__ = ["Stroke", "coverage", "fractal_path", "tapered", "walk"]


@dataclass(frozen=True)
class Stroke:
    """A path with a width at every point.

    Parameters
    ----------
    points : ndarray, shape (n, 2), float
        x, y in pixels.
    widths : ndarray, shape (n,), float
        Full width in pixels.
    """

    points: np.ndarray
    widths: np.ndarray

    def shifted(self, dx: float, dy: float, *, widen: float = 1.0) -> "Stroke":
        """Return the stroke moved by (dx, dy) with its widths multiplied by `widen`."""
        return Stroke(self.points + np.array([dx, dy]), self.widths * widen)


def fractal_path(
    rng: np.random.Generator, start: Point, end: Point, jitter: float, levels: int = 6
) -> np.ndarray:
    """Displace the midpoints of a line again and again.

    Parameters
    ----------
    jitter : float
        Standard deviation of the first displacement relative to the length; it halves with each level
        (slightly less than halves: cracks stay ragged at small scale).

    Returns
    -------
    ndarray, shape (2**levels + 1, 2)
    """
    points = np.array([start, end], float)
    scale = jitter * float(np.hypot(*(points[1] - points[0])))
    for _ in range(levels):
        steps = points[1:] - points[:-1]
        lengths = np.maximum(np.hypot(steps[:, 0], steps[:, 1]), 1e-6)
        normals = np.stack([-steps[:, 1], steps[:, 0]], axis=1) / lengths[:, None]
        middle = (points[1:] + points[:-1]) / 2 + normals * rng.normal(0, scale, len(steps))[:, None]
        merged = np.empty((len(points) + len(middle), 2))
        merged[0::2], merged[1::2] = points, middle
        points, scale = merged, scale * 0.56
    return points


def walk(
    rng: np.random.Generator,
    start: Point,
    angle: float,
    length: float,
    bend: float,
    steps: int = 40,
) -> np.ndarray:
    """Return a path whose direction wanders by `bend` radians in all, shape (steps + 1, 2)."""
    turns = np.cumsum(rng.normal(0, bend / np.sqrt(steps), steps)) + angle
    deltas = np.stack([np.cos(turns), np.sin(turns)], axis=1) * (length / steps)
    return np.concatenate([[np.asarray(start, float)], np.asarray(start, float) + np.cumsum(deltas, axis=0)])


def tapered(
    rng: np.random.Generator,
    count: int,
    width: float,
    *,
    start: float = 1.0,
    end: float = 0.25,
    ripple: float = 0.35,
) -> np.ndarray:
    """Return `count` widths from ``width * start`` to ``width * end`` with smooth random variation."""
    knots = rng.normal(0, ripple, max(3, count // 6))
    variation = np.interp(np.linspace(0, 1, count), np.linspace(0, 1, len(knots)), knots)
    return np.maximum(width * np.linspace(start, end, count) * np.exp(variation), 0.35)


def coverage(shape: tuple[int, int], strokes: Sequence[Stroke]) -> np.ndarray:
    """Rasterise strokes.

    Returns
    -------
    ndarray, shape (h, w), float32
        0..1, the part of each pixel that the strokes cover.
    """
    height, width = shape
    factor = 4 if max(shape) <= 700 else 3 if max(shape) <= 1100 else 2 if max(shape) <= 2200 else 1
    canvas = np.zeros((height * factor, width * factor), np.uint8)
    for stroke in strokes:
        points = np.round((stroke.points + 0.5) * factor * 16).astype(int)
        for start, end, thickness in zip(points[:-1], points[1:], stroke.widths[:-1], strict=True):
            pixels = max(1, round(float(thickness) * factor))
            cv2.line(canvas, tuple(map(int, start)), tuple(map(int, end)), 255, pixels, cv2.LINE_AA, 4)
    reduced = cv2.resize(canvas, (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(reduced, np.float32) / np.float32(255)
