"""Marks that people draw onto claim photos: circles, arrows, text, mosaics, stickers, pen strokes.

None of them is damage; an examiner that takes them for damage accuses wrongly.
"""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from bench.attacks.lettering import CHINESE, LATIN, chinese, latin
from bench.attacks.stickers import STICKERS
from bench.attacks.strokes import Stroke, coverage, tapered, walk
from bench.attacks.surface import Surface

__all__ = ["ANNOTATION_KINDS", "Annotated", "annotate"]

_INKS = [
    (255, 59, 48),
    (255, 45, 40),
    (255, 204, 0),
    (52, 199, 89),
    (0, 122, 255),
    (255, 255, 255),
    (20, 20, 20),
    (255, 0, 255),
]
_INK_WEIGHTS = np.array([6, 5, 3, 2, 2, 1.5, 1.5, 0.7])


@dataclass(frozen=True)
class Annotated:
    """A picture with a mark on it.

    Parameters
    ----------
    rgb : ndarray, shape (h, w, 3), uint8
    mask : ndarray, shape (h, w), uint8
        255 where the mark changed the picture.
    kind : str
    """

    rgb: np.ndarray
    mask: np.ndarray
    kind: str


def _ink(surface: Surface) -> np.ndarray:
    index = int(surface.rng.choice(len(_INKS), p=_INK_WEIGHTS / _INK_WEIGHTS.sum()))
    return np.array(_INKS[index], np.float32)


def _over(surface: Surface, colour: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    result: np.ndarray = surface.rgb * (1 - alpha[..., None]) + colour * alpha[..., None]
    return result


def _weight(surface: Surface) -> float:
    return float(surface.rng.uniform(2.0, 7.0) * surface.unit)


def _box(surface: Surface, low: float = 0.1, high: float = 0.4) -> tuple[float, float, float, float]:
    """Draw a box (x, y, half width, half height) on the goods."""
    x, y = surface.pick()
    width, height = surface.rng.uniform(low, high, 2) * min(surface.shape) / 2
    return x, y, float(width), float(height)


def _circle(surface: Surface) -> np.ndarray:
    rng = surface.rng
    x, y, a, b = _box(surface)
    wobble = rng.uniform(0, 0.06) if rng.random() < 0.6 else 0.0
    turns = np.linspace(0, 2 * np.pi * (1 + (rng.uniform(-0.04, 0.12) if wobble else 0)), 90) + rng.uniform(
        0, 6
    )
    ripple = 1 + wobble * np.sin(turns * 2 + rng.uniform(0, 6)) + wobble * np.linspace(-1, 1, 90)
    points = np.stack([x + a * ripple * np.cos(turns), y + b * ripple * np.sin(turns)], axis=1)
    return _over(
        surface, _ink(surface), coverage(surface.shape, [Stroke(points, np.full(90, _weight(surface)))])
    )


def _arrow(surface: Surface) -> np.ndarray:
    rng = surface.rng
    tip = np.array(surface.pick())
    angle, length = rng.uniform(0, 2 * np.pi), rng.uniform(0.12, 0.4) * min(surface.shape)
    ahead = np.array([np.cos(angle), np.sin(angle)])
    side = np.array([-ahead[1], ahead[0]])
    tail, head = tip - length * ahead, length * rng.uniform(0.18, 0.35)
    weight = _weight(surface)
    if rng.random() < 0.4:  # a filled arrow that widens towards its tip
        neck = tip - head * ahead
        outline = [
            tail,
            neck + side * head * 0.3,
            neck + side * head * 0.65,
            tip,
            neck - side * head * 0.65,
            neck - side * head * 0.3,
        ]
        canvas = np.zeros(surface.shape, np.uint8)
        cv2.fillPoly(canvas, [np.round(np.array(outline) * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
        return _over(surface, _ink(surface), canvas.astype(np.float32) / 255.0)
    barbs = [tip - head * (ahead * 0.85 + sign * side * 0.5) for sign in (1, -1)]
    lines = [[tail, tip], [barbs[0], tip], [barbs[1], tip]]
    strokes = [Stroke(np.array(line), np.full(2, weight)) for line in lines]
    return _over(surface, _ink(surface), coverage(surface.shape, strokes))


def _rectangle(surface: Surface) -> np.ndarray:
    x, y, a, b = _box(surface)
    corners = np.array([[x - a, y - b], [x + a, y - b], [x + a, y + b], [x - a, y + b], [x - a, y - b]])
    alpha = coverage(surface.shape, [Stroke(corners, np.full(5, _weight(surface)))])
    if surface.rng.random() < 0.2:  # a translucent highlighter
        canvas = np.zeros(surface.shape, np.uint8)
        cv2.fillPoly(canvas, [corners[:4].round().astype(np.int32)], 255)
        alpha = np.maximum(alpha, canvas.astype(np.float32) / 255 * 0.35)
    return _over(surface, _ink(surface), alpha)


def _stamp(surface: Surface, cover: np.ndarray, x: float, y: float) -> np.ndarray:
    """Place a small coverage map with its middle at (x, y), moved inside the frame where it fits."""
    height, width = surface.shape
    cover = cover[:height, :width]
    top = int(np.clip(y - cover.shape[0] / 2, 0, height - cover.shape[0]))
    left = int(np.clip(x - cover.shape[1] / 2, 0, width - cover.shape[1]))
    alpha = np.zeros(surface.shape, np.float32)
    alpha[top : top + cover.shape[0], left : left + cover.shape[1]] = cover
    return alpha


def _text(surface: Surface) -> np.ndarray:
    rng = surface.rng
    size = max(10, round(rng.uniform(0.04, 0.11) * min(surface.shape)))
    if rng.random() < 0.6:
        cover = chinese(str(rng.choice(CHINESE)), size, rng.uniform(0.07, 0.13))
    else:
        cover = latin(str(rng.choice(LATIN)), size)
    if cover.shape[1] > 0.95 * surface.shape[1]:
        factor = 0.9 * surface.shape[1] / cover.shape[1]
        cover = cv2.resize(cover, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    x, y = (
        surface.pick()
        if rng.random() < 0.6
        else (rng.random() * surface.shape[1], rng.random() * surface.shape[0])
    )
    alpha = _stamp(surface, cover, x, y)
    colour = _ink(surface)
    style = rng.random()
    if style < 0.3:  # on a filled label
        label = _stamp(surface, np.ones_like(cover), x, y)
        ground = Surface(
            _over(surface, 255.0 - colour if rng.random() < 0.5 else np.zeros(3, np.float32), label * 0.85),
            rng,
        )
        return _over(ground, colour, alpha)
    if style < 0.7:  # with an outline
        radius = 2 * max(1, round(size * 0.05)) + 1
        outline = cv2.dilate(alpha, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (radius, radius)))
        edge = np.zeros(3, np.float32) if colour.mean() > 120 else np.full(3, 255, np.float32)
        return _over(Surface(_over(surface, edge, outline), rng), colour, alpha)
    return _over(surface, colour, alpha)


def _mosaic(surface: Surface) -> np.ndarray:
    """Blur or pixelate a rectangle, as people do with addresses."""
    rng = surface.rng
    x, y, a, b = _box(surface, 0.1, 0.5)
    height, width = surface.shape
    top, bottom = (int(np.clip(v, 0, height)) for v in (y - b * 0.6, y + b * 0.6))
    left, right = (int(np.clip(v, 0, width)) for v in (x - a, x + a))
    patch = surface.rgb[top:bottom, left:right]
    if patch.shape[0] < 4 or patch.shape[1] < 4:
        return surface.rgb
    after = surface.rgb.copy()
    if rng.random() < 0.6:
        block = max(4, round(rng.uniform(8, 20) * surface.unit))
        small = cv2.resize(
            patch,
            (max(1, patch.shape[1] // block), max(1, patch.shape[0] // block)),
            interpolation=cv2.INTER_AREA,
        )
        after[top:bottom, left:right] = cv2.resize(small, patch.shape[1::-1], interpolation=cv2.INTER_NEAREST)
    else:
        after[top:bottom, left:right] = cv2.GaussianBlur(patch, (0, 0), rng.uniform(6, 14) * surface.unit)
    return after


def _sticker(surface: Surface) -> np.ndarray:
    rng = surface.rng
    names = sorted(STICKERS)
    size = max(24, round(rng.uniform(0.1, 0.26) * min(surface.shape)))
    painted = STICKERS[str(rng.choice(names))](size * 2, rng)
    turn = cv2.getRotationMatrix2D((size, size), rng.uniform(-25, 25), 0.92)
    painted = cv2.warpAffine(painted, turn, (size * 2, size * 2), flags=cv2.INTER_LINEAR)
    painted = cv2.resize(painted, (size, size), interpolation=cv2.INTER_AREA)
    x, y = surface.pick()
    layer = np.stack([_stamp(surface, painted[..., i] / 255.0, x, y) for i in range(4)], axis=2)
    alpha = layer[..., 3]
    colour = 255.0 * layer[..., :3] / np.maximum(alpha, 1e-3)[..., None]
    return _over(surface, np.clip(colour, 0, 255), alpha)


def _scribble(surface: Surface) -> np.ndarray:
    rng = surface.rng
    strokes = []
    at = np.array(surface.pick())
    for _ in range(int(rng.integers(1, 4))):
        path = walk(
            rng,
            at,
            rng.uniform(0, 2 * np.pi),
            rng.uniform(0.2, 0.8) * min(surface.shape),
            rng.uniform(2, 7),
            70,
        )
        strokes.append(Stroke(path, tapered(rng, len(path), _weight(surface), end=1.0, ripple=0.1)))
        at = path[-1] + rng.normal(0, 8 * surface.unit, 2)
    return _over(surface, _ink(surface), coverage(surface.shape, strokes) * rng.uniform(0.75, 1.0))


_PENS: dict[str, Callable[[Surface], np.ndarray]] = {
    "circle": _circle,
    "arrow": _arrow,
    "rectangle": _rectangle,
    "text": _text,
    "mosaic": _mosaic,
    "sticker": _sticker,
    "scribble": _scribble,
}
ANNOTATION_KINDS = tuple(_PENS)


def annotate(rgb: np.ndarray, kind: str, rng: np.random.Generator) -> Annotated:
    """Draw one mark of `kind` (one of `ANNOTATION_KINDS`) onto a picture.

    Parameters
    ----------
    rgb : ndarray, shape (h, w, 3), uint8

    Returns
    -------
    Annotated
        A mark that came out invisible or outside the frame is drawn again, at most eight times.
    """
    for _ in range(8):
        surface = Surface(rgb.astype(np.float32), rng)
        after = np.clip(_PENS[kind](surface), 0, 255).round().astype(np.uint8)
        changed = np.abs(after.astype(np.int16) - rgb).max(axis=2) > 8
        if changed.mean() > 0.0004:
            break
    mask = changed.astype(np.uint8) * 255
    if kind in {"mosaic", "sticker", "text"}:
        size = 2 * round(3 * surface.unit) + 1
        mask = cv2.morphologyEx(
            mask, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_RECT, (size, size))
        )
    return Annotated(after, mask, kind)
