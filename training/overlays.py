"""Annotations drawn anew for each training pair, of every colour: black and white ones as often as red ones.

Highlighters, labels with text, outlines, arrows and pen strokes, and places made unreadable.
"""

from collections.abc import Callable

import cv2
import numpy as np
from bench.attacks.lettering import CHINESE, LATIN, chinese, latin
from numpy.typing import NDArray

from training.brushes import brushed
from training.canvas import MIN_DIFFERENCE
from training.marks import obscured
from training.markup import marked_up
from training.pens import inked

__all__ = ["overlaid"]

Image = NDArray[np.float32]


def _colour(rng: np.random.Generator) -> Image:
    choice = rng.random()
    if choice < 0.35:
        return np.full(3, rng.uniform(0, 30) if rng.random() < 0.5 else rng.uniform(225, 255), np.float32)
    hue = np.array([[[rng.integers(0, 180), rng.integers(150, 256), rng.integers(120, 256)]]], np.uint8)
    return cv2.cvtColor(hue, cv2.COLOR_HSV2RGB)[0, 0].astype(np.float32)


def _box(shape: tuple[int, int], rng: np.random.Generator) -> tuple[float, float, float, float]:
    """Draw a box: x, y, half width, half height; patches hold a part of the large ones."""
    half = np.minimum(np.exp(rng.uniform(np.log(10), np.log(130), 2)) * _unit(shape), 0.6 * min(shape))
    return rng.uniform(0.05, 0.95) * shape[1], rng.uniform(0.05, 0.95) * shape[0], half[0], half[1]


def _unit(shape: tuple[int, int]) -> float:
    """Pixels of a 640 px picture's pixel: the pool's crops are no larger than that, whole pictures are."""
    return max(1.0, max(shape) / 640)


def _path(
    canvas: NDArray[np.uint8], points: NDArray[np.float64], thick: int, *, closed: bool = False
) -> None:
    cv2.polylines(canvas, [np.round(points * 16).astype(np.int32)], closed, 255, thick, cv2.LINE_AA, 4)


def _thick(shape: tuple[int, int], rng: np.random.Generator) -> int:
    return max(1, round(float(rng.uniform(1.8, 7.5)) * _unit(shape)))


def _outline(shape: tuple[int, int], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Draw a circle, a rectangle or an arrow."""
    canvas = np.zeros(shape, np.uint8)
    x, y, a, b = _box(shape, rng)
    thick, choice = _thick(shape, rng), rng.random()
    if choice < 0.45:
        turns = np.linspace(0, 2 * np.pi * rng.uniform(0.97, 1.1), 80) + rng.uniform(0, 6)
        ripple = 1 + rng.uniform(0, 0.07) * np.sin(2 * turns + rng.uniform(0, 6))
        points = np.stack([x + a * ripple * np.cos(turns), y + b * ripple * np.sin(turns)], axis=1)
        _path(canvas, points, thick)
    elif choice < 0.7:
        _path(
            canvas,
            np.array([[x - a, y - b], [x + a, y - b], [x + a, y + b], [x - a, y + b]]),
            thick,
            closed=True,
        )
    else:
        angle = rng.uniform(0, 2 * np.pi)
        ahead = np.array([np.cos(angle), np.sin(angle)])
        side, tip, length = np.array([-ahead[1], ahead[0]]), np.array([x, y]), 2 * max(a, b)
        barb = length * rng.uniform(0.15, 0.35)
        _path(canvas, np.array([tip - length * ahead, tip]), thick)
        barbs = [tip - barb * (ahead + sign * 0.55 * side) for sign in (1, -1)]
        _path(canvas, np.array([barbs[0], tip, barbs[1]]), thick)
    return canvas


def _drawn(picture: Image, rng: np.random.Generator) -> Image:
    alpha = _outline(picture.shape[:2], rng).astype(np.float32)[..., None] / 255 * rng.uniform(0.8, 1)
    return picture + alpha * (_colour(rng) - picture)


def _scribbled(picture: Image, rng: np.random.Generator) -> Image:
    shape = picture.shape[:2]
    canvas = np.zeros(shape, np.uint8)
    count = int(rng.integers(8, 50))
    heading = rng.uniform(0, 6.28) + np.cumsum(rng.normal(0, rng.uniform(0.1, 0.7), count))
    step = rng.uniform(0.15, 0.9) * min(shape) / count
    start = rng.uniform(0.05, 0.95, 2) * shape[::-1]
    points = start + np.cumsum(step * np.stack([np.cos(heading), np.sin(heading)], axis=1), axis=0)
    _path(canvas, points, max(2, _thick(shape, rng)))
    alpha = canvas.astype(np.float32)[..., None] / 255 * rng.uniform(0.75, 1)
    return picture + alpha * (_colour(rng) - picture)


def _highlighted(picture: Image, rng: np.random.Generator) -> Image:
    """Lay a translucent box, ellipse or broad stroke over the picture, often with a firm outline."""
    shape = picture.shape[:2]
    x, y, a, b = _box(shape, rng)
    fill, edge = np.zeros(shape, np.uint8), np.zeros(shape, np.uint8)
    low, high = (round(x - a), round(y - b)), (round(x + a), round(y + b))
    choice = rng.random()
    for canvas, thick in ((fill, -1), (edge, _thick(shape, rng))):
        if choice < 0.6:
            cv2.rectangle(canvas, low, high, 255, thick, cv2.LINE_AA)
        elif choice < 0.8:
            cv2.ellipse(
                canvas, (round(x), round(y)), (round(a), round(b)), 0, 0, 360, 255, thick, cv2.LINE_AA
            )
    if choice >= 0.8:
        ends = np.array([[x - 2 * a, y], [x + 2 * a, y + rng.normal(0, 0.3) * b]])
        _path(fill, ends, min(250, max(6, round(b))))
    alpha = fill.astype(np.float32) / 255 * rng.uniform(0.2, 0.6)
    if rng.random() < 0.6:
        alpha = np.maximum(alpha, edge.astype(np.float32) / 255)
    return picture + alpha[..., None] * (_colour(rng) - picture)


def _lettered(picture: Image, rng: np.random.Generator) -> Image:
    """Write a word, plain, outlined or on a filled label, small sizes as often as large ones."""
    height, width = picture.shape[:2]
    size = round(float(np.exp(rng.uniform(np.log(10), np.log(55)))) * _unit((height, width)))
    if rng.random() < 0.5:
        cover = chinese(str(rng.choice(CHINESE)), size, float(rng.uniform(0.06, 0.14)))
    else:
        cover = latin(str(rng.choice(LATIN)), size)
    cover = cover[:height, :width]
    top = int(rng.integers(0, height - cover.shape[0] + 1))
    left = int(rng.integers(0, width - cover.shape[1] + 1))
    place = (slice(top, top + cover.shape[0]), slice(left, left + cover.shape[1]))
    out, colour, style = picture.copy(), _colour(rng), rng.random()
    if style < 0.5:
        ground = 255 - colour if rng.random() < 0.4 else _colour(rng)
        out[place] += rng.uniform(0.5, 1.0) * (ground - out[place])
    elif style < 0.75:
        reach = 2 * max(1, round(size * 0.06)) + 1
        wide = cv2.dilate(cover, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach)))
        out[place] += wide[..., None] * (np.where(colour.mean() > 120, 0.0, 255.0) - out[place])
    out[place] += cover[..., None] * (colour - out[place])
    return out


def _hidden(picture: Image, rng: np.random.Generator) -> Image:
    return obscured(picture, rng)[0]


def _marked_up(picture: Image, rng: np.random.Generator) -> Image:
    return marked_up(picture, rng)[0]


def _brushed(picture: Image, rng: np.random.Generator) -> Image:
    return brushed(picture, rng)[0]


_PENS: tuple[tuple[float, Callable[[Image, np.random.Generator], Image]], ...] = (
    (0.05, _drawn),
    (0.04, _scribbled),
    (0.07, _highlighted),
    (0.08, _lettered),
    (0.08, _hidden),
    (0.20, inked),
    (0.24, _marked_up),
    (0.24, _brushed),
)


def overlaid(picture: Image, rng: np.random.Generator) -> tuple[Image, NDArray[np.uint8]]:
    """Lay one mark over a picture.

    Parameters
    ----------
    picture : ndarray, shape (h, w, 3), float32, 0..255

    Returns
    -------
    marked : ndarray, shape (h, w, 3), float32, 0..255
    mask : ndarray, shape (h, w), uint8
        255 where the picture visibly changed; the gaps of letters and mosaics closed.
    """
    pen = _PENS[int(rng.choice(len(_PENS), p=[share for share, _ in _PENS]))][1]
    marked = np.clip(pen(picture, rng), 0, 255).astype(np.float32)
    mask = (np.abs(marked - picture).max(axis=2) > MIN_DIFFERENCE).astype(np.uint8) * 255
    if pen in {_lettered, _hidden}:
        reach = 2 * round(3 * _unit(mask.shape)) + 1
        mask = cv2.morphologyEx(
            mask, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_RECT, (reach, reach))
        )
    return marked, mask
