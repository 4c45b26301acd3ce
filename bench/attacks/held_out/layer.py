"""A transparent layer that marks are drawn on, twice as fine as the picture, and the colours they have."""

import colorsys

import cv2
import numpy as np
from PIL import Image, ImageDraw

from bench.attacks.lettering import CHINESE, LATIN, chinese, latin

__all__ = ["FINE", "Colour", "Layer", "colour_of", "lettered"]

FINE = 2
"""Pixels of the layer per pixel of the picture."""

Colour = tuple[int, int, int]


def colour_of(rng: np.random.Generator, *tones: str) -> Colour:
    """Draw a colour of one of the `tones` ``vivid``, ``dark``, ``pale`` and ``grey``; of all by default."""
    tone = str(rng.choice(tones or ("vivid", "vivid", "dark", "pale", "grey")))
    hue = float(rng.random())
    saturation, value = {
        "vivid": (rng.uniform(0.8, 1), rng.uniform(0.8, 1)),
        "dark": (rng.uniform(0.3, 1), rng.uniform(0.12, 0.4)),
        "pale": (rng.uniform(0.1, 0.35), rng.uniform(0.85, 1)),
        "grey": (0.0, rng.choice([0, 0.1, 0.5, 0.95, 1])),
    }[tone]
    red, green, blue = colorsys.hsv_to_rgb(hue, float(saturation), float(value))
    return int(255 * red), int(255 * green), int(255 * blue)


def lettered(rng: np.random.Generator, size: int, widest: int) -> np.ndarray:
    """Draw one of the known texts, `size` pixels high and at most `widest` pixels wide: its coverage 0..1."""
    if rng.random() < 0.6:
        cover = chinese(str(rng.choice(CHINESE)), size, float(rng.uniform(0.06, 0.16)))
    else:
        cover = latin(str(rng.choice(LATIN)), size)
    if cover.shape[1] <= widest:
        return cover
    factor = widest / cover.shape[1]
    return np.asarray(cv2.resize(cover, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA))


class Layer:
    """What one mark is drawn on, and where it goes.

    Parameters
    ----------
    size : (h, w)
        Of the picture.
    rng : numpy.random.Generator

    Notes
    -----
    All lengths and points are in pixels of the layer, `FINE` times those of the picture.
    """

    def __init__(self, size: tuple[int, int], rng: np.random.Generator) -> None:
        self.rng = rng
        self.height, self.width = size[0] * FINE, size[1] * FINE
        self.length = float(np.sqrt(self.height * self.width))
        self.ink = colour_of(rng)
        self.weight = self.length * float(rng.uniform(0.005, 0.016))
        self.centre = np.array([rng.uniform(0.25, 0.75) * self.width, rng.uniform(0.25, 0.75) * self.height])
        self.radius = self.length * float(rng.uniform(0.07, 0.2))
        # Transparent in the ink's own colour, so that smooth edges do not turn grey.
        self.image = Image.new("RGBA", (self.width, self.height), (*self.ink, 0))
        self.pen = ImageDraw.Draw(self.image)

    def box(self, left: float, top: float, right: float, bottom: float) -> list[float]:
        """Return a box around the centre, given in radii, as Pillow wants it."""
        low = self.centre + self.radius * np.array([left, top])
        high = self.centre + self.radius * np.array([right, bottom])
        return [float(value) for value in (*low, *high)]

    def line(self, points: np.ndarray, width: float, colour: Colour | None = None) -> None:
        """Draw a line with round corners through `points`, shape (n, 2)."""
        path = [(float(x), float(y)) for x, y in points]
        self.pen.line(path, fill=(*(colour or self.ink), 255), width=max(1, int(width)), joint="curve")

    def dot(self, point: np.ndarray, radius: float, colour: Colour | None = None) -> None:
        """Draw a filled circle."""
        x, y = float(point[0]), float(point[1])
        box = [x - radius, y - radius, x + radius, y + radius]
        self.pen.ellipse(box, fill=(*(colour or self.ink), 255))

    def polygon(self, points: np.ndarray, colour: Colour | None = None) -> None:
        """Fill the outline `points`, shape (n, 2)."""
        self.pen.polygon([(float(x), float(y)) for x, y in points], fill=(*(colour or self.ink), 255))

    def stamp(self, cover: np.ndarray, middle: np.ndarray, colour: Colour | None = None) -> None:
        """Put coverage, for example letters, with its middle at a point."""
        left, top = (round(float(at) - side / 2) for at, side in zip(middle, cover.shape[::-1], strict=True))
        stencil = Image.fromarray(np.round(np.clip(cover, 0, 1) * 255).astype(np.uint8))
        self.image.paste((*(colour or self.ink), 255), (left, top), stencil)

    def over(self, rgb: np.ndarray, opacity: float) -> np.ndarray:
        """Lay the mark over the picture, shape (h, w, 3), float32."""
        small = self.image.resize((rgb.shape[1], rgb.shape[0]), Image.Resampling.LANCZOS)
        drawn = np.asarray(small, np.float32)
        alpha = drawn[..., 3:] / 255 * opacity
        return np.asarray(rgb * (1 - alpha) + drawn[..., :3] * alpha, np.float32)
