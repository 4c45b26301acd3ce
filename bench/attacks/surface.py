"""The picture that gets damaged: its light, where its goods are, noise and blob shapes on it.

Lengths are given in units of one pixel of a picture whose long side is 640, so that a look keeps its
proportions at every size.
"""

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

__all__ = ["Blob", "Surface", "fractal_noise", "smoothstep"]

FloatImage = np.ndarray


def smoothstep(low: float, high: float, value: np.ndarray) -> np.ndarray:
    """Rise from 0 at `low` to 1 at `high` with flat ends (Hermite), float32."""
    ramp = np.clip((value - low) / max(high - low, 1e-6), 0.0, 1.0).astype(np.float32)
    return ramp * ramp * (3.0 - 2.0 * ramp)


def fractal_noise(
    shape: tuple[int, int], rng: np.random.Generator, cell: float, octaves: int = 4, persistence: float = 0.5
) -> FloatImage:
    """Sum octaves of value noise.

    Parameters
    ----------
    shape : (h, w)
    cell : float
        Pixels of the coarsest grid cell; each octave halves it.
    persistence : float
        Amplitude of an octave relative to the one before.

    Returns
    -------
    ndarray, shape (h, w), float32
        Stretched to 0..1.
    """
    height, width = shape
    total = np.zeros(shape, np.float32)
    amplitude = 1.0
    for _ in range(octaves):
        size = max(cell, 1.0)
        grid = rng.random((int(height / size) + 3, int(width / size) + 3), dtype=np.float32)
        scaled = cv2.resize(
            grid,
            (int(grid.shape[1] * size) + 1, int(grid.shape[0] * size) + 1),
            interpolation=cv2.INTER_CUBIC,
        )
        top = int(rng.integers(0, scaled.shape[0] - height + 1))
        left = int(rng.integers(0, scaled.shape[1] - width + 1))
        total += amplitude * scaled[top : top + height, left : left + width]
        amplitude *= persistence
        cell /= 2.0
        if size <= 1.0:
            break
    low, high = float(total.min()), float(total.max())
    return (total - low) / max(high - low, 1e-6)


@dataclass(frozen=True)
class Blob:
    """A shape on the surface.

    Parameters
    ----------
    alpha : ndarray, shape (h, w), float32
        0 outside, 1 well inside.
    depth : ndarray, shape (h, w), float32
        0 at the outline, rising to 1 at the innermost point, negative outside.
    centre : (x, y)
    radius : float
        Of the circle of the same area, in pixels.
    """

    alpha: np.ndarray
    depth: np.ndarray
    centre: tuple[float, float]
    radius: float


@dataclass(frozen=True)
class Surface:
    """A picture about to be damaged.

    Parameters
    ----------
    rgb : ndarray, shape (h, w, 3), float32, 0..255
    rng : numpy.random.Generator
    """

    rgb: FloatImage
    rng: np.random.Generator

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width."""
        return self.rgb.shape[0], self.rgb.shape[1]

    @property
    def unit(self) -> float:
        """Pixels per pixel of a picture with a long side of 640."""
        return max(self.shape) / 640.0

    @cached_property
    def luminance(self) -> FloatImage:
        """Luma 0..255, shape (h, w), float32."""
        return np.asarray(self.rgb @ np.array([0.299, 0.587, 0.114], np.float32))

    @cached_property
    def light(self) -> FloatImage:
        """How bright the scene is here, about 1 at a medium tone: revealed material is lit by it."""
        coarse = cv2.resize(self.luminance, (48, 48), interpolation=cv2.INTER_AREA)
        coarse = cv2.GaussianBlur(coarse, (0, 0), 3.0)
        smooth = cv2.resize(coarse, self.shape[::-1], interpolation=cv2.INTER_CUBIC)
        return np.asarray(np.clip(0.35 + 0.65 * smooth / 128.0, 0.3, 1.5), np.float32)

    @cached_property
    def direction(self) -> tuple[float, float]:
        """Where the light comes from (unit vector x, y), usually from above."""
        angle = self.rng.uniform(-np.pi, 0.0) if self.rng.random() < 0.8 else self.rng.uniform(0.0, np.pi)
        return float(np.cos(angle)), float(np.sin(angle))

    @cached_property
    def interest(self) -> np.ndarray:
        """Probability that goods lie here, shape (n, m) on a coarse grid, summing to 1.

        Goods differ in colour from the rim of the picture, have texture, and lie near the middle.
        """
        small = cv2.resize(self.rgb, (64, 64), interpolation=cv2.INTER_AREA)
        lab = cv2.cvtColor(small / 255.0, cv2.COLOR_RGB2LAB)
        rim = np.concatenate(
            [
                lab[:4].reshape(-1, 3),
                lab[-4:].reshape(-1, 3),
                lab[:, :4].reshape(-1, 3),
                lab[:, -4:].reshape(-1, 3),
            ]
        )
        cv2.setRNGSeed(1)
        criteria = (cv2.TERM_CRITERIA_MAX_ITER, 8, 0.0)
        _, _, tones = cv2.kmeans(rim, 6, None, criteria, 1, cv2.KMEANS_PP_CENTERS)
        strange = np.sqrt(((lab[:, :, None, :] - tones[None, None]) ** 2).sum(axis=3)).min(axis=2)
        grey = lab[..., 0]
        energy = np.abs(cv2.Sobel(grey, cv2.CV_32F, 1, 0)) + np.abs(cv2.Sobel(grey, cv2.CV_32F, 0, 1))
        energy = cv2.GaussianBlur(np.minimum(energy, 60.0), (0, 0), 3.0)
        strange = cv2.GaussianBlur(strange, (0, 0), 2.0)
        axis = np.linspace(-1.0, 1.0, 64, dtype=np.float32)
        prior = np.exp(-(axis[:, None] ** 2 + axis[None, :] ** 2) / (2 * 0.36**2))
        prior[np.abs(axis) > 0.86] = 0.0
        prior[:, np.abs(axis) > 0.86] = 0.0
        weight = (energy / (energy.mean() + 1.0) + 2.0 * strange / (strange.mean() + 1.0) + 0.1) ** 2 * prior
        return np.asarray(weight / weight.sum())

    def pick(self) -> tuple[float, float]:
        """Draw a point (x, y) on the goods."""
        index = int(
            self.rng.choice(self.interest.size, p=self.interest.ravel() / self.interest.sum(dtype=np.float64))
        )
        row, column = divmod(index, self.interest.shape[1])
        height, width = self.shape
        return (
            float((column + self.rng.random()) / self.interest.shape[1] * width),
            float((row + self.rng.random()) / self.interest.shape[0] * height),
        )

    def tone(self, centre: tuple[float, float], radius: float) -> float:
        """Mean luma 0..255 of the square of half side `radius` around `centre`."""
        x, y = round(centre[0]), round(centre[1])
        half = max(2, round(radius))
        patch = self.luminance[max(0, y - half) : y + half + 1, max(0, x - half) : x + half + 1]
        return float(patch.mean()) if patch.size else 128.0

    def noise(self, cell: float, octaves: int = 4, persistence: float = 0.5) -> FloatImage:
        """Fractal noise 0..1 over the surface; `cell` in pixels of the picture."""
        return fractal_noise(self.shape, self.rng, cell, octaves, persistence)

    def other_colour(self, centre: tuple[float, float], radius: float) -> np.ndarray:
        """Return every pixel's colour distance 0..1 from the surroundings of `centre`: goods end there."""
        x, y = round(centre[0]), round(centre[1])
        half = max(3, round(radius * 0.3))
        smooth = cv2.GaussianBlur(self.rgb, (0, 0), 1.5 * self.unit)
        patch = smooth[max(0, y - half) : y + half, max(0, x - half) : x + half].reshape(-1, 3)
        seed = np.median(patch, axis=0) if len(patch) else np.full(3, 128.0)
        distance = np.sqrt(((smooth - seed.astype(np.float32)) ** 2).sum(axis=2))
        return np.asarray(np.clip(distance / 160.0, 0.0, 1.0))

    def blob(
        self,
        area: float,
        *,
        roughness: float = 0.5,
        softness: float = 0.06,
        follow: float = 0.0,
        elongation: float = 1.0,
        grain: float = 1.0,
        centre: tuple[float, float] | None = None,
    ) -> Blob:
        """Draw an irregular shape.

        Parameters
        ----------
        area : float
            Fraction of the frame, 0..1.
        roughness : float
            Amplitude of the outline's noise in radii; above 1 the shape falls into islands.
        softness : float
            Half width of the fading edge in radii.
        follow : float
            How strongly the shape avoids pixels of another colour than its centre: it then ends at
            edges of the goods as a real stain does.
        grain : float
            Size of the outline's bumps in radii.
        """
        height, width = self.shape
        centre = centre or self.pick()
        radius = float(np.sqrt(area * height * width / np.pi))
        angle = self.rng.uniform(0, np.pi)
        ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
        xs, ys = xs - centre[0], ys - centre[1]
        along = (xs * np.cos(angle) + ys * np.sin(angle)) / np.sqrt(elongation)
        across = (-xs * np.sin(angle) + ys * np.cos(angle)) * np.sqrt(elongation)
        field = -np.sqrt(along**2 + across**2) / radius
        field += roughness * 2.0 * (self.noise(max(radius * grain, 3.0), 5, 0.5) - 0.5)
        if follow > 0:
            field -= follow * self.other_colour(centre, radius)
        edge = float(np.quantile(field[::3, ::3], 1.0 - area))
        peak = float(field.max())
        depth = (field - edge) / max(peak - edge, 1e-6)
        return Blob(
            smoothstep(edge - softness, edge + softness, field), depth.astype(np.float32), centre, radius
        )

    def lit(self, colour: np.ndarray, texture: np.ndarray | None = None) -> FloatImage:
        """Light a material of `colour` (3 values 0..255) under the light of this scene, shape (h, w, 3)."""
        shade = self.light if texture is None else self.light * texture
        return np.asarray(np.clip(shade[..., None] * np.asarray(colour, np.float32), 0.0, 255.0))

    def relief(self, heightfield: np.ndarray, strength: float) -> FloatImage:
        """Shading of a height field by the light, 0 where flat, positive towards the light, shape (h, w)."""
        gx = cv2.Sobel(heightfield, cv2.CV_32F, 1, 0, ksize=3)
        gy = cv2.Sobel(heightfield, cv2.CV_32F, 0, 1, ksize=3)
        slope = -(gx * self.direction[0] + gy * self.direction[1]) * self.unit
        return np.asarray(np.clip(slope * strength, -1.0, 1.0))

    def grain(self, sigma: float) -> FloatImage:
        """Return luminance grain, shape (h, w, 1): painted layers must not be cleaner than the photo."""
        noise = self.rng.normal(0.0, sigma, self.shape).astype(np.float32)
        return np.asarray(cv2.GaussianBlur(noise, (0, 0), 0.7)[..., None] * 1.6)
