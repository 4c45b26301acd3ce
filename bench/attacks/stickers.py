"""Emoji-like stickers drawn from plain shapes.

Each painter returns a square of premultiplied RGBA, uint8.
"""

from collections.abc import Callable

import cv2
import numpy as np

__all__ = ["STICKERS"]

Sticker = Callable[[int, np.random.Generator], np.ndarray]


def _canvas(size: int) -> np.ndarray:
    return np.zeros((size, size, 4), np.uint8)


def _points(size: int, relative: list[tuple[float, float]]) -> np.ndarray:
    return np.round(np.array(relative) * size).astype(np.int32)


def _rimmed(canvas: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Put a white rim around the shape in half of the cases, as messengers do."""
    if rng.random() < 0.5:
        return canvas
    reach = max(3, canvas.shape[0] // 22) | 1
    grown = cv2.dilate(canvas[..., 3], cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach)))
    rim = np.repeat(grown[..., None], 4, axis=2)
    alpha = canvas[..., 3:4].astype(np.float32) / 255
    return (canvas + rim * (1 - alpha)).clip(0, 255).astype(np.uint8)


def _face(size: int, rng: np.random.Generator) -> np.ndarray:
    canvas, half = _canvas(size), size // 2
    yellow, dark = (255, 205, 60, 255), (90, 60, 10, 255)
    cv2.circle(canvas, (half, half), int(size * 0.44), yellow, -1, cv2.LINE_AA)
    for x in (0.35, 0.65):
        cv2.ellipse(
            canvas,
            (int(size * x), int(size * 0.42)),
            (size // 16, size // 11),
            0,
            0,
            360,
            dark,
            -1,
            cv2.LINE_AA,
        )
    sad = rng.random() < 0.5
    centre = (half, int(size * (0.78 if sad else 0.58)))
    start, end = (200, 340) if sad else (20, 160)
    cv2.ellipse(canvas, centre, (size // 5, size // 7), 0, start, end, dark, max(2, size // 24), cv2.LINE_AA)
    if sad:
        cv2.ellipse(
            canvas,
            (int(size * 0.33), int(size * 0.6)),
            (size // 20, size // 12),
            0,
            0,
            360,
            (70, 160, 255, 255),
            -1,
            cv2.LINE_AA,
        )
    return _rimmed(canvas, rng)


def _heart(size: int, rng: np.random.Generator) -> np.ndarray:
    t = np.linspace(0, 2 * np.pi, 80)
    x = 16 * np.sin(t) ** 3
    y = -(13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t))
    canvas = _canvas(size)
    outline = np.round(np.stack([x, y], axis=1) * size / 40 + size / 2).astype(np.int32)
    cv2.fillPoly(canvas, [outline], (235, 40, 70, 255), cv2.LINE_AA)
    return _rimmed(canvas, rng)


def _star(size: int, rng: np.random.Generator) -> np.ndarray:
    turns = np.linspace(0, 2 * np.pi, 11)[:-1] - np.pi / 2
    reach = np.where(np.arange(10) % 2 == 0, 0.46, 0.2) * size
    canvas = _canvas(size)
    outline = np.stack([reach * np.cos(turns), reach * np.sin(turns)], axis=1) + size / 2
    cv2.fillPoly(canvas, [outline.round().astype(np.int32)], (255, 190, 0, 255), cv2.LINE_AA)
    return _rimmed(canvas, rng)


def _cross(size: int, rng: np.random.Generator) -> np.ndarray:
    canvas = _canvas(size)
    for ends in ([(0.2, 0.2), (0.8, 0.8)], [(0.8, 0.2), (0.2, 0.8)]):
        start, end = _points(size, ends)
        cv2.line(
            canvas, tuple(map(int, start)), tuple(map(int, end)), (230, 30, 30, 255), size // 8, cv2.LINE_AA
        )
    return _rimmed(canvas, rng)


def _tick(size: int, rng: np.random.Generator) -> np.ndarray:
    canvas = _canvas(size)
    cv2.circle(canvas, (size // 2, size // 2), int(size * 0.44), (50, 190, 90, 255), -1, cv2.LINE_AA)
    path = _points(size, [(0.28, 0.52), (0.44, 0.68), (0.74, 0.36)])
    cv2.polylines(canvas, [path], False, (255, 255, 255, 255), size // 11, cv2.LINE_AA)
    return canvas


def _warning(size: int, rng: np.random.Generator) -> np.ndarray:
    canvas = _canvas(size)
    cv2.fillPoly(
        canvas, [_points(size, [(0.5, 0.08), (0.95, 0.88), (0.05, 0.88)])], (255, 200, 0, 255), cv2.LINE_AA
    )
    cv2.line(
        canvas,
        (size // 2, int(size * 0.35)),
        (size // 2, int(size * 0.62)),
        (30, 30, 30, 255),
        size // 14,
        cv2.LINE_AA,
    )
    cv2.circle(canvas, (size // 2, int(size * 0.76)), size // 24, (30, 30, 30, 255), -1, cv2.LINE_AA)
    return _rimmed(canvas, rng)


def _bubble(size: int, rng: np.random.Generator) -> np.ndarray:
    canvas = _canvas(size)
    tint = [(255, 255, 255, 255), (150, 230, 120, 255), (90, 170, 255, 255)][int(rng.integers(0, 3))]
    cv2.ellipse(
        canvas,
        (size // 2, int(size * 0.42)),
        (int(size * 0.44), int(size * 0.3)),
        0,
        0,
        360,
        tint,
        -1,
        cv2.LINE_AA,
    )
    cv2.fillPoly(canvas, [_points(size, [(0.3, 0.6), (0.5, 0.68), (0.22, 0.9)])], tint, cv2.LINE_AA)
    for x in (0.32, 0.5, 0.68):
        cv2.circle(canvas, (int(size * x), int(size * 0.42)), size // 18, (40, 40, 40, 255), -1, cv2.LINE_AA)
    return canvas


STICKERS: dict[str, Sticker] = {
    "bubble": _bubble,
    "cross": _cross,
    "face": _face,
    "heart": _heart,
    "star": _star,
    "tick": _tick,
    "warning": _warning,
}
