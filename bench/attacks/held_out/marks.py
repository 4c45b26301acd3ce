"""Marks by the held-out painter on a picture, in vivid, dark, pale and half-transparent colours: `mark`."""

from collections.abc import Callable

import cv2
import numpy as np

from bench.attacks.annotation import Annotated
from bench.attacks.held_out.layer import Layer, colour_of, lettered
from bench.attacks.held_out.scene import blended, wander
from bench.attacks.held_out.signs import sticker
from bench.attacks.lettering import latin

__all__ = ["MARK_KINDS", "mark"]

_WHITE = (255, 255, 255)
_VISIBLE_LEVELS = 8
_MIN_SHARE = 0.001
"""Of the frame; a mark that changes less is drawn again, in another colour."""
_ATTEMPTS = 12


def _circle(layer: Layer) -> None:
    """Draw a circle by hand: once or almost twice around, thicker here and thinner there."""
    rng, count = layer.rng, 140
    start, stretch = rng.uniform(0, 2 * np.pi), rng.uniform(0.75, 1.3)
    turns = np.linspace(start, start + 2 * np.pi * rng.uniform(0.95, 1.9), count)
    wide, high = (1 + np.cumsum(rng.normal(0, 0.006, count)) for _ in range(2))
    ring = np.stack([stretch * wide * np.cos(turns), high * np.sin(turns) / stretch], axis=1)
    points = layer.centre + layer.radius * ring
    for index in range(count - 1):
        width = layer.weight * (0.8 + 0.5 * np.sin(index / 25) ** 2)
        layer.line(points[index : index + 2], width)
        layer.dot(points[index], width / 2)


def _ellipse(layer: Layer) -> None:
    layer.pen.ellipse(layer.box(-1, -0.8, 1, 0.8), outline=(*layer.ink, 255), width=max(1, int(layer.weight)))


def _rectangle(layer: Layer) -> None:
    width, corner = max(1, int(layer.weight)), int(layer.radius * 0.15)
    box = layer.box(-1, -0.7, 1, 0.7)
    layer.pen.rounded_rectangle(box, corner, outline=(*layer.ink, 255), width=width)


def _arrow(layer: Layer) -> None:
    """Draw a fat arrow, in half of the cases with an outline."""
    rng, tip = layer.rng, layer.centre
    angle = rng.uniform(0, 2 * np.pi)
    ahead = np.array([np.cos(angle), np.sin(angle)])
    side = np.array([-ahead[1], ahead[0]])
    tail, head, half = (
        tip - ahead * layer.radius * 1.8,
        layer.weight * 3.4,
        layer.weight * rng.uniform(0.8, 1.6),
    )
    neck = tip - ahead * head
    left = [tail + side * half * 0.4, neck + side * half, neck + side * head * 0.62]
    right = [neck - side * head * 0.62, neck - side * half, tail - side * half * 0.4]
    outline = np.array([*left, tip, *right])
    layer.polygon(outline)
    if rng.random() < 0.5:
        layer.line(np.concatenate([outline, outline[:1]]), layer.weight * 0.35, colour_of(rng, "grey"))


def _curved_arrow(layer: Layer) -> None:
    rng = layer.rng
    angle, part = rng.uniform(0, 2 * np.pi), np.linspace(0, 1, 30)[:, None]
    tail = layer.centre - layer.radius * 1.7 * np.array([np.cos(angle), np.sin(angle)])
    pull = (tail + layer.centre) / 2 + rng.normal(0, layer.radius * 0.5, 2)
    path = (1 - part) ** 2 * tail + 2 * part * (1 - part) * pull + part**2 * layer.centre
    layer.line(path, layer.weight)
    heading = np.arctan2(*(path[-1] - path[-4])[::-1])
    for turn in (2.6, -2.6):
        barb = np.array([np.cos(heading + turn), np.sin(heading + turn)])
        layer.line(np.array([path[-1], path[-1] + layer.weight * 5 * barb]), layer.weight)


def _text(layer: Layer) -> None:
    """Write on a label, with an outline, or bare."""
    rng, size = layer.rng, int(layer.length * layer.rng.uniform(0.05, 0.11))
    cover = lettered(rng, size, int(layer.width * 0.9))
    reach = np.array(cover.shape[::-1]) / 2
    corner = np.array([rng.uniform(0.05, 0.45) * layer.width, rng.uniform(0.1, 0.8) * layer.height])
    middle = np.minimum(corner + reach, [layer.width, layer.height] - reach)
    style = int(rng.integers(4))
    if style == 0:
        box = [float(value) for value in (*(middle - reach), *(middle + reach))]
        layer.pen.rectangle(box, fill=(*colour_of(rng), int(rng.choice([255, 150]))))
    if style == 1:
        width = 2 * (size // 12) + 1
        layer.stamp(cv2.dilate(cover, np.ones((width, width), np.uint8)), middle, colour_of(rng, "grey"))
    layer.stamp(cover, middle)


def _watermark(layer: Layer) -> None:
    """Repeat a text over the whole frame."""
    cover = lettered(layer.rng, int(layer.length * 0.05), int(layer.width * 0.3))
    for row in range(4):
        for column in range(3):
            left = (column * 0.36 + (row % 2) * 0.12) * layer.width
            corner = np.array([left, row * 0.27 * layer.height + 20])
            layer.stamp(cover, corner + np.array(cover.shape[::-1]) / 2)


def _brush(layer: Layer) -> None:
    rng, radius = layer.rng, layer.radius
    start = layer.centre - np.array([radius, 0])
    path = wander(rng, start, rng.uniform(-0.5, 0.5), radius * 3, radius * 0.12, 0.5)
    width = layer.weight * rng.uniform(1.5, 4)
    layer.line(path, width)
    for point in path:
        layer.dot(point, width / 2)


def _scribble(layer: Layer) -> None:
    """Scrawl to and fro over a place."""
    rng, count = layer.rng, int(layer.rng.integers(7, 14))
    places = []
    for index in range(2 * count):
        aside = (1 if index % 2 else -1) * rng.uniform(0.8, 1.1)
        places.append([aside, -0.7 + 1.4 * index / 2 / count])
    layer.line(layer.centre + layer.radius * np.array(places), layer.weight)


def _bar(layer: Layer) -> None:
    """Cover a line of writing with a plain bar."""
    colour = colour_of(layer.rng, "grey", "dark", "pale")
    layer.pen.rectangle(layer.box(-1.2, -0.25, 1.2, 0.25), fill=(*colour, 255))


def _number(layer: Layer) -> None:
    """Put the numbers 1 to 3 on three places, each in a disc."""
    size = layer.radius * 0.25
    for index in range(3):
        share = layer.rng.uniform(0.15, 0.85, 2)
        middle = share * np.array([layer.width, layer.height])
        layer.dot(middle, size * 1.06, _WHITE)
        layer.dot(middle, size * 0.94)
        layer.stamp(latin(str(index + 1), max(8, int(size * 1.2))), middle, _WHITE)


def _cross(layer: Layer) -> None:
    for slope in (-1, 1):
        half = layer.radius * 0.6 * np.array([1, slope])
        layer.line(np.array([layer.centre - half, layer.centre + half]), layer.weight * 1.5)


_PENS: dict[str, Callable[[Layer], None]] = {
    "circle": _circle,
    "ellipse": _ellipse,
    "rectangle": _rectangle,
    "arrow": _arrow,
    "curved_arrow": _curved_arrow,
    "text": _text,
    "watermark": _watermark,
    "brush": _brush,
    "scribble": _scribble,
    "bar": _bar,
    "sticker": sticker,
    "number": _number,
    "cross": _cross,
}
_HIDING = ("mosaic", "blur")
MARK_KINDS = (*_PENS, *_HIDING)


def _hidden(rgb: np.ndarray, kind: str, rng: np.random.Generator) -> np.ndarray:
    """Pixelate or blur an ellipse or a rectangle."""
    height, width = rgb.shape[:2]
    length = float(np.sqrt(height * width))
    x, y = int(rng.uniform(0.25, 0.75) * width), int(rng.uniform(0.25, 0.75) * height)
    radius = length * rng.uniform(0.07, 0.2)
    across, down = int(radius * rng.uniform(0.5, 1.1)), int(radius * rng.uniform(0.4, 0.9))
    region = np.zeros((height, width), np.float32)
    if rng.random() < 0.5:
        cv2.ellipse(region, (x, y), (across, down), 0, 0, 360, 1.0, -1)
    else:
        cv2.rectangle(region, (x - across, y - down), (x + across, y + down), 1.0, -1)
    if kind == "mosaic":
        block = max(4, int(length * rng.uniform(0.015, 0.04)))
        small = cv2.resize(
            rgb, (max(1, width // block), max(1, height // block)), interpolation=cv2.INTER_AREA
        )
        coarse = cv2.resize(small, (width, height), interpolation=cv2.INTER_NEAREST)
    else:
        coarse = cv2.GaussianBlur(rgb, (0, 0), length * rng.uniform(0.012, 0.03))
        if rng.random() < 0.5:
            region = cv2.GaussianBlur(region, (0, 0), length * 0.008)
    return blended(rgb, coarse, region)


def _opacity(kind: str, rng: np.random.Generator) -> float:
    if kind in {"sticker", "number"}:
        return 1.0
    return float(rng.choice([0.2, 0.3, 0.4] if kind == "watermark" else [1.0, 1.0, 0.85, 0.5, 0.35]))


def mark(rgb: np.ndarray, kind: str, rng: np.random.Generator) -> Annotated:
    """Draw one mark onto a picture.

    Parameters
    ----------
    rgb : ndarray, shape (h, w, 3), uint8
    kind : str
        One of `MARK_KINDS`.

    Returns
    -------
    Annotated
        Its mask holds the pixels whose change is visible, for filled marks without the specks inside. A mark
        that came out invisible is drawn again, at most twelve times.
    """
    ground = rgb.astype(np.float32)
    for _ in range(_ATTEMPTS):
        if kind in _HIDING:
            drawn = _hidden(ground, kind, rng)
        else:
            layer = Layer(rgb.shape[:2], rng)
            _PENS[kind](layer)
            drawn = layer.over(ground, _opacity(kind, rng))
        after = np.clip(drawn, 0, 255).round().astype(np.uint8)
        changed = np.abs(after.astype(np.int16) - rgb).max(axis=2) > _VISIBLE_LEVELS
        if changed.mean() > _MIN_SHARE:
            break
    mask = changed.astype(np.uint8) * 255
    if kind in {*_HIDING, "sticker", "text"}:
        size = 2 * round(3 * max(rgb.shape[:2]) / 640) + 1
        mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((size, size), np.uint8))
    return Annotated(after, mask, kind)
