"""Large areas that an editor's brush filled anew: with what lies elsewhere, other things, inpainting.

Nothing learns from them. They show whether a large filled area is taken for damage or for a drawn mark.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from training.canvas import Cover, Generator, Image

__all__ = ["repainted"]

SHARES = (0.08, 0.5)
"""Least and largest part of the frame that is filled, of which it takes what the last stroke adds."""
REDUCED = 4
"""Inpainting reads and writes every fourth pixel: what is invented has no fine detail of its own."""


def repainted(picture: Image, donor: Image, rng: Generator) -> tuple[Image, Cover]:
    """Fill a brush's area anew.

    Parameters
    ----------
    picture, donor : ndarray, shape (h, w, 3), float32, 0..255
        The donor is another picture, of any size.

    Returns
    -------
    filled : ndarray, shape (h, w, 3), float32, 0..255
    cover : ndarray, shape (h, w), float32, 0..1
    """
    height, width = picture.shape[:2]
    other = cv2.resize(donor, (width, height), interpolation=cv2.INTER_AREA)
    brush = _brushed((height, width), rng)
    kind = rng.random()
    if kind < 0.3:
        filling = _moved(picture)
    elif kind < 0.5:
        filling = other
    elif kind < 0.8:
        filling = _inpainted(picture, brush, rng)
    else:
        source = picture if rng.random() < 0.5 else other
        filling = cv2.GaussianBlur(_moved(source), (0, 0), rng.uniform(1, 5))
    cover = cv2.GaussianBlur(brush, (0, 0), 2.0).astype(np.float32) / 255
    mixed = picture + (filling - picture) * cover[..., None]
    return np.asarray(np.clip(mixed, 0, 255), np.float32), cover


def _brushed(shape: tuple[int, int], rng: Generator) -> NDArray[np.uint8]:
    """Draw a few blots or broad strokes, 0 or 255."""
    height, width = shape
    brush, wanted = np.zeros(shape, np.uint8), rng.uniform(*SHARES)
    blots = rng.random() < 0.4
    while (brush > 0).mean() < wanted:
        if blots:
            centre = (rng.random(2) * [width, height]).astype(int).tolist()
            axes = (np.sqrt(wanted) * 0.4 * np.array([width, height]) * rng.uniform(0.6, 1.4, 2)).astype(int)
            cv2.ellipse(brush, centre, (axes + 2).tolist(), rng.uniform(0, 180), 0, 360, 255, cv2.FILLED)
        else:
            path = (rng.random((5, 2)) * [width, height]).astype(np.int32)
            cv2.polylines(brush, [path], False, 255, int(rng.uniform(0.06, 0.2) * max(shape)) + 1)
    return brush


def _moved(picture: Image) -> Image:
    height, width = picture.shape[:2]
    return np.roll(picture, (height // 5, width // 4), axis=(0, 1))


def _inpainted(picture: Image, brush: NDArray[np.uint8], rng: Generator) -> Image:
    """Continue what is around at a quarter of the size, with some detail of another place."""
    height, width = picture.shape[:2]
    size = (max(1, width // REDUCED), max(1, height // REDUCED))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA).astype(np.uint8)
    hole = cv2.dilate(cv2.resize(brush, size), np.ones((5, 5), np.uint8))
    method = int(rng.choice([cv2.INPAINT_TELEA, cv2.INPAINT_NS]))
    smooth = cv2.resize(cv2.inpaint(small, hole, 5, method), (width, height), interpolation=cv2.INTER_CUBIC)
    source = _moved(picture)
    detail = source - cv2.GaussianBlur(source, (0, 0), rng.uniform(2, 8))
    return np.asarray(np.clip(smooth.astype(np.float32) + rng.uniform(0, 0.8) * detail, 0, 255), np.float32)
