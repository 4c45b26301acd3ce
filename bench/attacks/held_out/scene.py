"""The picture that the held-out painter paints on: cloudy noise, ragged shapes, wandering lines, mixing."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

__all__ = ["Lines", "Painted", "Painter", "Scene", "Shape", "blended", "moved", "ramp", "wander"]

Painted = tuple[np.ndarray, np.ndarray]
"""The painted picture and the opacity 0..1 of what was painted."""


def ramp(low: float, high: float, value: np.ndarray) -> np.ndarray:
    """Rise from 0 at `low` to 1 at `high` with flat ends."""
    part = np.clip((value - low) / (high - low), 0.0, 1.0)
    return np.asarray(part * part * (3 - 2 * part))


def blended(ground: np.ndarray, colour: object, alpha: np.ndarray) -> np.ndarray:
    """Lay `colour` (a picture or three values) over `ground` where `alpha`, shape (h, w), says so."""
    opacity = alpha[..., None]
    return np.asarray(ground * (1 - opacity) + np.asarray(colour, np.float32) * opacity, np.float32)


def moved(alpha: np.ndarray, right: float, down: float) -> np.ndarray:
    """Shift a map by pixels, filled with 0."""
    shift = np.array([[1, 0, right], [0, 1, down]], np.float32)
    return np.asarray(cv2.warpAffine(alpha, shift, alpha.shape[::-1]))


def wander(
    rng: np.random.Generator, start: object, angle: float, length: float, step: float, unrest: float
) -> np.ndarray:
    """Walk in steps of unequal length whose direction jitters, shape (n, 2), x and y in pixels."""
    points = [np.asarray(start, float)]
    for _ in range(int(max(3.0, length / step))):
        aside = angle + rng.normal(0, unrest)
        angle += rng.normal(0, unrest * 0.35)
        points.append(points[-1] + step * rng.uniform(0.5, 1.5) * np.array([np.cos(aside), np.sin(aside)]))
    return np.array(points)


@dataclass(frozen=True)
class Shape:
    """An irregular patch.

    Parameters
    ----------
    alpha : ndarray, shape (h, w)
        Opacity 0..1.
    distance : ndarray, shape (h, w)
        0 in the middle, 1 on the outline, more outside.
    centre : ndarray, shape (2,)
        x and y.
    radius : float
        In pixels.
    """

    alpha: np.ndarray
    distance: np.ndarray
    centre: np.ndarray
    radius: float


@dataclass(frozen=True)
class Scene:
    """A picture about to be painted on.

    Parameters
    ----------
    rgb : ndarray, shape (h, w, 3), float32, 0..255
    rng : numpy.random.Generator
    donor : ndarray, shape (any, any, 3), uint8
        Another picture: what shows through an opening.
    """

    rgb: np.ndarray
    rng: np.random.Generator
    donor: np.ndarray

    @property
    def size(self) -> tuple[int, int]:
        """Height and width."""
        return self.rgb.shape[0], self.rgb.shape[1]

    @property
    def length(self) -> float:
        """Side of the square of the same area, in pixels."""
        return float(np.sqrt(self.size[0] * self.size[1]))

    @cached_property
    def grid(self) -> tuple[np.ndarray, np.ndarray]:
        """Columns and rows (x and y) of every pixel."""
        rows, columns = np.mgrid[0 : self.size[0], 0 : self.size[1]].astype(np.float32)
        return columns, rows

    def spot(self) -> np.ndarray:
        """Draw a point (x, y) away from the rim."""
        height, width = self.size
        return np.array([self.rng.uniform(0.28, 0.72) * width, self.rng.uniform(0.28, 0.72) * height])

    def radius(self, low: float, high: float) -> float:
        """Draw a radius in pixels; the limits are parts of `length`."""
        return float(self.rng.uniform(low, high)) * self.length

    def cloud(self, cells: int, octaves: int, gain: float = 0.5) -> np.ndarray:
        """Return Gaussian noise of several octaves around 0, shape (h, w); `cells` along the long side."""
        height, width = self.size
        longest, total, weight, weights = max(height, width), np.zeros(self.size, np.float32), 1.0, 0.0
        for octave in range(octaves):
            count = cells * 2**octave
            if count > longest:
                break
            shape = (count * height // longest + 2, count * width // longest + 2)
            lattice = self.rng.standard_normal(shape).astype(np.float32)
            total += weight * cv2.resize(lattice, (width, height), interpolation=cv2.INTER_CUBIC)
            weights += weight
            weight *= gain
        return total / max(weights, 1e-6)

    def away(self, centre: np.ndarray) -> np.ndarray:
        """Return every pixel's distance from a point, in pixels."""
        columns, rows = self.grid
        return np.asarray(np.hypot(columns - centre[0], rows - centre[1]))

    def shape(
        self,
        radii: tuple[float, float],
        *,
        rough: float,
        soft: float,
        cells: int = 5,
        stretch: tuple[float, float] = (0.6, 1.6),
    ) -> Shape:
        """Draw a patch: `radii` in parts of `length`, `rough` and `soft` in radii."""
        centre, radius = self.spot(), self.radius(*radii)
        columns, rows = self.grid
        factor, angle = self.rng.uniform(*stretch), self.rng.uniform(0, np.pi)
        right, down = columns - centre[0], rows - centre[1]
        along = (right * np.cos(angle) + down * np.sin(angle)) / factor
        across = (down * np.cos(angle) - right * np.sin(angle)) * factor
        distance = np.hypot(along, across) / radius
        noise = self.cloud(max(2, int(cells * self.length / (radius * 6))), 5, 0.55)
        distance = distance + rough * noise * np.clip(distance, 0.3, 1.5)
        return Shape(1 - ramp(1 - soft, 1 + soft, distance), distance, centre, radius)

    def beneath(self) -> np.ndarray:
        """Return a random part of the donor of this size, float32."""
        height, width = self.size
        least = max((height + 2) / self.donor.shape[0], (width + 2) / self.donor.shape[1])
        factor = max(least, float(self.rng.uniform(0.6, 1.2)))
        way = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
        scaled = cv2.resize(self.donor, None, fx=factor, fy=factor, interpolation=way)
        top = int(self.rng.integers(scaled.shape[0] - height + 1))
        left = int(self.rng.integers(scaled.shape[1] - width + 1))
        return np.asarray(scaled[top : top + height, left : left + width], np.float32)


Painter = Callable[[Scene], Painted]


class Lines:
    """A canvas for smooth lines, three times as fine as the picture."""

    def __init__(self, size: tuple[int, int]) -> None:
        self._canvas = np.zeros((size[0] * 3, size[1] * 3), np.uint8)
        self._size = size

    def draw(self, start: np.ndarray, end: np.ndarray, width: float, value: float = 255.0) -> None:
        """Draw from `start` to `end` (x, y), `width` in pixels of the picture, `value` 0..255."""
        first, last = ((int(point[0] * 48), int(point[1] * 48)) for point in (start, end))
        cv2.line(self._canvas, first, last, int(value), max(1, round(width * 3)), cv2.LINE_AA, 4)

    def coverage(self) -> np.ndarray:
        """Return what is covered, shape (h, w), float32, 0..1."""
        small = cv2.resize(self._canvas, self._size[::-1], interpolation=cv2.INTER_AREA)
        return np.asarray(small, np.float32) / np.float32(255)
