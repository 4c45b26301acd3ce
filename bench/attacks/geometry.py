"""Deliveries that move pixels: crop, scale, rotation, mirror, perspective."""

import cv2
import numpy as np

from bench.attacks.parcel import Parcel
from bench.attacks.surface import fractal_noise

__all__ = ["MIN_SIDE", "crop", "ground_for", "mirror", "perspective", "rotate", "scale", "scaled_to"]

MIN_SIDE = 200
"""Short side below which the contract promises nothing: no delivery but the quarter crop goes below it."""


def _translation(x: float, y: float) -> np.ndarray:
    return np.array([[1.0, 0.0, x], [0.0, 1.0, y], [0.0, 0.0, 1.0]])


def _scaling(x: float, y: float) -> np.ndarray:
    """Scale about pixel corners: pixel centres lie at half integers."""
    return np.array([[x, 0.0, 0.5 * x - 0.5], [0.0, y, 0.5 * y - 0.5], [0.0, 0.0, 1.0]])


def scaled_to(parcel: Parcel, size: tuple[int, int]) -> Parcel:
    """Resize to (width, height)."""
    height, width = parcel.shape
    return parcel.moved(_scaling(size[0] / width, size[1] / height), size)


def scale(parcel: Parcel, rng: np.random.Generator, low: float = 0.3, high: float = 2.0) -> Parcel:
    """Resize by a factor (log-uniform), not below `MIN_SIDE` and not above a long side of 3000."""
    height, width = parcel.shape
    low = max(low, min(1.0, MIN_SIDE / min(height, width)))
    high = max(low, min(high, 3000 / max(height, width)))
    factor = float(np.exp(rng.uniform(np.log(low), np.log(high))))
    return scaled_to(parcel, (max(1, round(width * factor)), max(1, round(height * factor))))


def crop(
    parcel: Parcel, rng: np.random.Generator, low: float = 0.4, high: float = 0.9, least: int = MIN_SIDE
) -> Parcel:
    """Keep a window of `low` to `high` of the area.

    Where something was changed, the window that shows most of it out of a dozen is taken: nobody
    crops away what he wants to show.
    """
    height, width = parcel.shape
    changed = np.maximum.reduce([parcel.valid * 0, *parcel.masks.values()])
    total = float(changed.sum())
    best: tuple[float, tuple[int, int, int, int]] | None = None
    for _ in range(12 if total > 0 else 1):
        area = rng.uniform(low, high)
        aspect = float(np.exp(rng.uniform(-0.3, 0.3)))
        w = int(np.clip(round(width * np.sqrt(area) * aspect), min(least, width), width))
        h = int(np.clip(round(area * height * width / w), min(least, height), height))
        w = int(np.clip(round(area * height * width / h), min(least, width), width))
        top, left = int(rng.integers(0, height - h + 1)), int(rng.integers(0, width - w + 1))
        shown = float(changed[top : top + h, left : left + w].sum()) / total if total > 0 else 1.0
        if best is None or shown > best[0]:
            best = (shown, (top, left, h, w))
        if shown > 0.98:
            break
    assert best is not None
    top, left, h, w = best[1]
    return parcel.moved(_translation(-left, -top), (w, h))


def ground_for(parcel: Parcel, size: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Choose what stands behind a turned picture: black, white, a tone, a blurred copy, a table top."""
    width, height = size
    choice = rng.random()
    if choice < 0.35:
        return np.zeros((height, width, 3), np.uint8)
    if choice < 0.6:
        return np.full((height, width, 3), 255, np.uint8)
    if choice < 0.75:
        return np.full((height, width, 3), rng.integers(20, 235, 3), np.uint8)
    if choice < 0.9:
        blurred = cv2.GaussianBlur(cv2.resize(parcel.rgb, (96, 96), interpolation=cv2.INTER_AREA), (0, 0), 6)
        return np.asarray(cv2.resize(blurred, size, interpolation=cv2.INTER_CUBIC), np.uint8)
    cloud = fractal_noise((height, width), rng, max(size) / 6, 6, 0.55)
    tone = rng.integers(60, 210, 3).astype(np.float32)
    return np.clip(tone * (0.7 + 0.6 * cloud[..., None]), 0, 255).astype(np.uint8)


def mirror(parcel: Parcel, rng: np.random.Generator) -> Parcel:
    """Flip left and right, seldom top and bottom."""
    height, width = parcel.shape
    if rng.random() < 0.85:
        return parcel.moved(np.array([[-1.0, 0, width - 1], [0, 1, 0], [0, 0, 1]]), (width, height))
    return parcel.moved(np.array([[1.0, 0, 0], [0, -1, height - 1], [0, 0, 1]]), (width, height))


def _quarter_turn(parcel: Parcel, turns: int) -> Parcel:
    for _ in range(turns):
        height, width = parcel.shape
        parcel = parcel.moved(np.array([[0.0, -1, height - 1], [1, 0, 0], [0, 0, 1]]), (height, width))
    return parcel


def rotate(parcel: Parcel, rng: np.random.Generator, most: float = 30.0, *, quarters: bool = True) -> Parcel:
    """Turn by up to `most` degrees (kept whole, in the old frame, or cropped inside), or by quarters."""
    if quarters and rng.random() < 0.3:
        return _quarter_turn(parcel, int(rng.integers(1, 4)))
    height, width = parcel.shape
    angle = float(rng.uniform(2.0, most) * rng.choice([-1, 1]))
    cos, sin = abs(np.cos(np.radians(angle))), abs(np.sin(np.radians(angle)))
    outer = (round(width * cos + height * sin), round(width * sin + height * cos))
    choice = rng.random()
    size = outer if choice < 0.45 else (width, height) if choice < 0.75 else _inner(width, height, angle)
    size = (max(size[0], min(MIN_SIDE, width)), max(size[1], min(MIN_SIDE, height)))
    turn = np.vstack([cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), angle, 1.0), [0, 0, 1]])
    matrix = _translation((size[0] - width) / 2, (size[1] - height) / 2) @ turn
    return parcel.moved(matrix, size, ground_for(parcel, size, rng))


def _inner(width: int, height: int, angle: float) -> tuple[int, int]:
    """Largest frame of the same proportions that lies inside the turned picture."""
    cos, sin = abs(np.cos(np.radians(angle))), abs(np.sin(np.radians(angle)))
    factor = min(width / (width * cos + height * sin), height / (width * sin + height * cos))
    return int(width * factor), int(height * factor)


def perspective(parcel: Parcel, rng: np.random.Generator, most: float = 0.16) -> Parcel:
    """Displace the four corners by up to `most` of the sides: a photo taken aslant, or straightened."""
    height, width = parcel.shape
    source = np.array([[0, 0], [width - 1, 0], [width - 1, height - 1], [0, height - 1]], np.float32)
    shifts = rng.uniform(-most, most, (4, 2)) * [width, height]
    target = source + shifts.astype(np.float32)
    if rng.random() < 0.5:  # everything in sight
        target -= target.min(axis=0)
        size = (int(np.ceil(target[:, 0].max())) + 1, int(np.ceil(target[:, 1].max())) + 1)
    else:
        size = (width, height)
    matrix = cv2.getPerspectiveTransform(source, target)
    return parcel.moved(matrix, size, ground_for(parcel, size, rng))
