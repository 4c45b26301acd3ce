"""Marks that a finger or a mouse leaves on a photo: free lines in many forms, drawn with many brushes.

Form and brush are chosen apart, and the colour is any, so that a mark is known by being drawn.
"""

from collections.abc import Callable
from typing import NamedTuple

import cv2
import numpy as np

from training.canvas import (
    Cover,
    Generator,
    Image,
    Mark,
    Points,
    any_colour,
    blended,
    corner_of,
    fixed,
    inked,
    pixelated,
    rounded,
    segments,
    shadowed,
    size_and_place,
    smeared,
    softened,
    trembling,
    turned,
    window_around,
)
from training.redactions import hidden

__all__ = ["brushed"]

Strokes = list[Points]


class Stroke(NamedTuple):
    """What was drawn, in a window's pixels, and with what."""

    paths: Strokes
    width: float
    line: int
    colour: Image
    opacity: float


def _around(rng: Generator, share: float, count: int = 70) -> Points:
    turns = rng.uniform(0, 7) + np.linspace(0, 2 * np.pi * share, count) * rng.choice([-1, 1])
    return np.stack([np.cos(turns), np.sin(turns)], axis=1)


def _loop(rng: Generator) -> Strokes:
    """Circle a spot, going past the start, once or a few times, or winding inwards."""
    share = float(rng.choice([rng.uniform(0.95, 1.3), rng.uniform(1.3, 3.5)]))
    drift = 1 + np.linspace(0, rng.choice([rng.normal(0, 0.2), -0.85], p=[0.85, 0.15]), 70)
    shift = np.linspace(0, 1, 70)[:, None] * rng.normal(0, 0.08, 2)
    return [_around(rng, share) * drift[:, None] + shift]


def _lasso(rng: Generator) -> Strokes:
    """Go round a place in waves, and stop before the start, or close."""
    turns = np.linspace(0, 2 * np.pi * rng.uniform(0.72, 1.02), 90)
    reach = np.ones(90)
    for wave in range(1, 7):
        reach += rng.normal(0, 0.25 / wave) * np.cos(wave * turns + rng.uniform(0, 7))
    return [np.stack([np.cos(turns), np.sin(turns)], axis=1) * np.maximum(reach, 0.15)[:, None]]


def _zigzag(rng: Generator) -> Strokes:
    count = int(rng.integers(4, 18))
    ends = np.tile([-1, 1], count)[:count] * rng.uniform(0.5, 1, count)
    points = np.stack([np.linspace(-1, 1, count) + rng.normal(0, 0.04, count), ends], axis=1)
    return [rounded(points * (1, rng.uniform(0.15, 1)), int(rng.choice([0, 1, 3])))]


def _hatched(rng: Generator) -> Strokes:
    """Rub a place out to and fro, in one go or in lines of their own."""
    count = int(rng.integers(8, 45))
    places = np.linspace(-1, 1, count) + rng.normal(0, 0.5 / count, count)
    reach = np.sqrt(np.clip(1.05 - places**2, 0, 1)) if rng.random() < 0.5 else np.ones(count)
    slant, sides = rng.normal(0, 0.4), np.tile([-1, 1], count)[:count]
    tips = reach * sides * rng.uniform(0.75, 1.1, count)
    points = np.stack([places + slant * tips, tips], axis=1)
    if rng.random() < 0.3:
        return [np.stack([point, point * (1, -1)]) for point in points]
    return [rounded(points, int(rng.choice([0, 2])))]


def _scribbled(rng: Generator) -> Strokes:
    count = int(rng.integers(7, 60))
    angles, reach = np.cumsum(rng.uniform(1.5, 4.2, count)), np.sqrt(rng.uniform(0.2, 1, count))
    return [rounded(np.stack([reach * np.cos(angles), reach * np.sin(angles)], axis=1))]


def _curls(rng: Generator) -> Strokes:
    """Draw curls along a line, as springs and as letters joined up, in one word or several."""
    strokes, start = [], 0.0
    for _ in range(int(rng.choice([1, 1, 2, 3]))):
        count = int(rng.integers(2, 10))
        turns = np.linspace(0, 2 * np.pi * count, 22 * count)
        knots = np.arange(count + 1) * 2 * np.pi
        heights, widths = (np.interp(turns, knots, rng.uniform(0.3, 1, count + 1)) for _ in range(2))
        pace = rng.uniform(0.06, 0.3)
        across = start + pace * turns + widths * np.sin(turns)
        strokes.append(np.stack([across, heights * np.cos(turns)], axis=1))
        start = float(across[-1]) + rng.uniform(1, 2)
    return strokes


def _characters(rng: Generator) -> Strokes:
    """Write characters that mean nothing: some strokes each, in a row or a column."""
    strokes: Strokes = []
    step = np.array([1.3, 0]) if rng.random() < 0.75 else np.array([0, 1.3])
    for index in range(int(rng.integers(1, 6))):
        for _ in range(int(rng.integers(2, 7))):
            ends = rng.uniform(0, 1, (int(rng.choice([2, 2, 3, 4])), 2))
            if rng.random() < 0.6:  # upright or level, as most strokes are
                ends[:, int(rng.integers(2))] = ends[0, 0] + rng.normal(0, 0.05)
            strokes.append(rounded(ends, int(rng.choice([0, 2]))) + index * step)
    return strokes


def _arrow(rng: Generator) -> Strokes:
    """Draw a shaft, straight or bent, and a head of one or two strokes."""
    shaft = rounded(np.array([[-1, 0], [0, rng.normal(0, 0.3)], [1, 0]]))
    spread, length = rng.uniform(0.15, 0.4), rng.uniform(0.2, 0.6)
    wings = np.array([[1 - length, -spread], [1.02, 0.01], [1 - length * rng.uniform(0.7, 1.2), spread]])
    head = [wings[:2], wings[:0:-1]] if rng.random() < 0.5 else [wings]
    return [shaft, *(wing + rng.normal(0, 0.03, 2) for wing in head)]


def _signs(rng: Generator) -> Strokes:
    """Draw a tick, a cross, a question mark, an exclamation mark, a star or a heart."""
    kind = int(rng.integers(6))
    if kind == 0:
        tick = np.array([[-0.8, rng.uniform(-0.2, 0.3)], [-0.25, 0.8], [1, -0.9]])
        return [rounded(tick, int(rng.integers(3)))]
    if kind == 1:
        cross = np.array([[[-1, -1], [0, 0], [1, 1]], [[1, -1], [0, 0], [-1, 1]]])
        cross = cross + rng.normal(0, 0.12, cross.shape)
        return [rounded(line) for line in cross]
    if kind == 2:
        hook = np.array([[-0.5, -0.5], [-0.4, -1], [0.5, -1], [0.55, -0.4], [0, -0.1], [0, 0.45]])
        return [rounded(hook), np.array([[0, 0.9], [0.02, 0.92]])]
    if kind == 3:
        lines = [np.array([[0, -1], [0, 0.5]]), np.array([[0, 0.9], [0, 0.93]])]
        return [line + np.array([0.5 * row, 0]) for row in range(int(rng.integers(1, 4))) for line in lines]
    if kind == 4:
        turns = np.arange(6) * 0.8 * np.pi - np.pi / 2
        return [np.stack([np.cos(turns), np.sin(turns)], axis=1) + rng.normal(0, 0.06, (6, 2))]
    half = rounded(np.array([[0, -0.5], [-0.4, -1], [-1, -0.8], [-1, -0.1], [0, 0.9]]))
    return [np.concatenate([half, half[::-1] * (-1, 1)])]


def _lines(rng: Generator) -> Strokes:
    """Draw one or several lines: underlines, arcs, short strokes side by side or about, waves."""
    kind, count = int(rng.integers(4)), int(rng.integers(1, 5))
    if kind == 0:
        gap = rng.uniform(0.05, 0.2)
        return [rounded(np.array([[-1, 0], [0, 0], [1, 0]]) * rng.uniform(0.8, 1)
                         + rng.normal(0, 0.04, (3, 2)) + (0, gap * row)) for row in range(count)]  # fmt: skip
    if kind == 1:
        return [
            _around(rng, float(rng.uniform(0.1, 0.6))) * (1 + 0.2 * row) for row in range((count + 1) // 2)
        ]
    if kind == 2:
        places, heading = rng.uniform(-1, 1, (3 * count, 2)), rng.uniform(0, 7)
        turns = heading + rng.normal(0, rng.choice([0.15, 2]), 3 * count)
        ways = np.stack([np.cos(turns), np.sin(turns)], axis=1) * rng.uniform(0.2, 0.6)
        return [rounded(np.stack([place, place + way / 2 + rng.normal(0, 0.04, 2), place + way]))
                for place, way in zip(places, ways, strict=True)]  # fmt: skip
    along = np.linspace(-1, 1, 90)
    return [np.stack([along, 0.12 * np.sin(along * rng.uniform(6, 30) + 2 * np.sin(3 * along))], axis=1)]


def _touches(rng: Generator) -> Strokes:
    """Tap dots about, or draw one line with the finger lifted now and then."""
    if rng.random() < 0.4:
        places = rng.normal(0, 0.5, (int(rng.integers(2, 15)), 2))
        return [np.stack([place, place + rng.normal(0, 0.01, 2)]) for place in places]
    whole = rounded((_loop, _lasso, _zigzag)[int(rng.integers(3))](rng)[0], 1)
    cuts = np.sort(rng.integers(2, len(whole) - 2, int(rng.integers(1, 6))))
    parts = [part[int(rng.integers(0, 3)) :] for part in np.split(whole, cuts)]
    return [part + rng.normal(0, 0.03, 2) for part in parts if len(part) > 1]


_FORMS: tuple[Callable[[Generator], Strokes], ...] = (
    _loop, _loop, _lasso, _zigzag, _hatched, _hatched, _scribbled, _scribbled, _curls, _characters, _arrow,
    _signs, _signs, _lines, _lines, _touches)  # fmt: skip


def _placed(half: Points, middle: Points, width: float, rng: Generator) -> Strokes:
    """Draw a form, bring it to its size and place, and let the hand tremble."""
    strokes = _FORMS[int(rng.integers(len(_FORMS)))](rng)
    whole = np.concatenate(strokes)
    low, high = whole.min(0), whole.max(0)
    angle = float(rng.normal(0, 0.25) if rng.random() < 0.7 else rng.uniform(0, 7))
    # A flat form, such as an underline, stays flat.
    scale = 2 * half / np.maximum(high - low, 0.35 * (high - low).max())
    paths = [turned((stroke - (low + high) / 2) * scale, angle) + middle for stroke in strokes]
    length = sum(float(np.hypot(*np.diff(path, axis=0).T).sum()) for path in paths)
    step, shake = max(2.0, width / 3, length / 1200), rng.choice([0, 0.005, 0.015, 0.035]) * half.min()
    return [trembling(path, step, shake, rng) for path in paths]


def _hard(shape: tuple[int, ...], stroke: Stroke, rng: Generator) -> Cover:
    return inked(shape, stroke.paths, stroke.width, stroke.line)


def _airbrush(shape: tuple[int, ...], stroke: Stroke, rng: Generator) -> Cover:
    soft = softened(inked(shape, stroke.paths, stroke.width, stroke.line), 0.4 * stroke.width + 0.5)
    soft = np.minimum(1, soft * rng.uniform(1, 1.8))
    return np.where(soft > 0.02, soft, 0).astype(np.float32)


def _chisel(shape: tuple[int, ...], stroke: Stroke, rng: Generator) -> Cover:
    """Draw with a flat tip: wide across it, thin along it."""
    angle = rng.uniform(0, np.pi)
    tip = np.array([np.cos(angle), np.sin(angle)]) * max(1.5, stroke.width / 2)
    canvas = np.zeros(shape[:2], np.uint8)
    for path in stroke.paths:
        quads = np.stack([path[:-1] - tip, path[:-1] + tip, path[1:] + tip, path[1:] - tip], axis=1)
        for quad in fixed(quads):
            cv2.fillConvexPoly(canvas, quad, 255, stroke.line, 4)
    thin = inked(shape, stroke.paths, max(1, stroke.width * 0.15), stroke.line)
    return np.asarray(np.maximum(canvas.astype(np.float32) / 255, thin))


def _grainy(shape: tuple[int, ...], stroke: Stroke, rng: Generator) -> Cover:
    """Draw with chalk, crayon or pencil: paper shows through in grains."""
    cover = softened(inked(shape, stroke.paths, max(2, stroke.width), stroke.line), 0.15 * stroke.width)
    grain = softened(rng.random(shape[:2], dtype=np.float32), float(rng.uniform(0.4, 1.6)))
    grain = (grain - 0.5) / grain.std()
    worn = np.clip(cover * 3 - 1.2 + grain * 1.2 + rng.uniform(-1, 0.6), 0, 1)
    return np.asarray(worn * (cover > 0.02), np.float32)


def _sprayed(shape: tuple[int, ...], stroke: Stroke, rng: Generator) -> Cover:
    points = np.concatenate(stroke.paths)
    count = int(min(2500, len(points) * rng.uniform(2, 9)))
    drops = rng.choice(points, count) + rng.normal(0, max(2, stroke.width * rng.uniform(0.4, 1)), (count, 2))
    canvas = np.zeros(shape[:2], np.uint8)
    largest = max(1.0, stroke.width / rng.uniform(5, 20))
    for (x, y), radius in zip(fixed(drops).tolist(), rng.uniform(0.4, largest, count), strict=True):
        cv2.circle(canvas, (x, y), int(radius * 16), 255, -1, stroke.line, 4)
    return np.asarray(canvas / 255, np.float32)


def _dashed(shape: tuple[int, ...], stroke: Stroke, rng: Generator) -> Cover:
    """Leave every other piece out, or set a row of stamps."""
    run = max(2, round(rng.uniform(1.5, 4) * stroke.width / max(2.0, stroke.width / 3)))
    if rng.random() < 0.4:
        beads = [path[:: 2 * run].repeat(2, axis=0).reshape(-1, 2, 2) for path in stroke.paths]
        return inked(shape, list(np.concatenate(beads)), stroke.width, stroke.line)
    pieces = [path[start : start + run] for path in stroke.paths for start in range(0, len(path), 2 * run)]
    return inked(shape, pieces, stroke.width, stroke.line)


def _varied(shape: tuple[int, ...], stroke: Stroke, rng: Generator) -> Cover:
    """Draw a line that swells and thins, with the hand's speed or towards its ends."""
    canvas = np.zeros(shape[:2], np.uint8)
    tapers = rng.random() < 0.5
    for path in stroke.paths:
        share = np.linspace(0, 1, len(path))
        knots = 2 + len(path) // 12
        swell = np.interp(share, np.linspace(0, 1, knots), rng.uniform(0.2, 1.2, knots))
        if tapers:
            swell = (np.sin(np.pi * share) if rng.random() < 0.5 else 1 - share) * 0.9 + 0.1
        widths = np.maximum(1, np.round(swell * stroke.width)).astype(int).tolist()
        for (first, second), width in zip(segments(path), widths, strict=False):
            cv2.line(canvas, first, second, 255, width, stroke.line, 4)
    return np.asarray(canvas / 255, np.float32)


def _several(shape: tuple[int, ...], stroke: Stroke, rng: Generator) -> Cover:
    """Draw a double line, or the many hairs of a dry brush."""
    if rng.random() < 0.5:
        inner = inked(shape, stroke.paths, stroke.width * rng.uniform(0.3, 0.6), stroke.line)
        return np.asarray(inked(shape, stroke.paths, max(4, stroke.width), stroke.line) * (1 - inner))
    hairs = rng.normal(0, stroke.width / 3, (int(rng.integers(4, 12)), 2))
    paths = [path[int(rng.integers(0, 6)) :] + hair for hair in hairs for path in stroke.paths]
    return inked(shape, paths, max(1, stroke.width / 9), stroke.line)


_TIPS: tuple[Callable[[tuple[int, ...], Stroke, Generator], Cover], ...] = (
    _hard, _hard, _hard, _airbrush, _chisel, _grainy, _grainy, _sprayed, _dashed, _varied, _varied, _several,
)  # fmt: skip


def _plain(window: Image, cover: Cover, stroke: Stroke, rng: Generator) -> tuple[Image, Cover]:
    return blended(window, stroke.colour, cover * stroke.opacity), cover


def _rainbow(window: Image, cover: Cover, stroke: Stroke, rng: Generator) -> tuple[Image, Cover]:
    """Let the colour run through the rainbow, or from one to another, along the stroke."""
    count = sum(len(path) for path in stroke.paths)
    share = (np.linspace(0, rng.uniform(1, 4), count) % 1)[:, None]
    colours = stroke.colour + share * (any_colour(window, rng) - stroke.colour)
    if rng.random() < 0.6:
        colours = np.clip(np.abs((share + np.array([0, 1 / 3, 2 / 3])) % 1 * 6 - 3) - 1, 0, 1) * 255
    layer = np.full(window.shape, colours[0], np.uint8)
    ends = [piece for path in stroke.paths for piece in segments(path)]
    for (first, second), colour in zip(ends, colours.tolist(), strict=False):
        cv2.line(layer, first, second, colour, max(3, round(stroke.width * 1.5)), cv2.LINE_8, 4)
    return blended(window, layer.astype(np.float32), cover * stroke.opacity), cover


def _highlighted(window: Image, cover: Cover, stroke: Stroke, rng: Generator) -> tuple[Image, Cover]:
    """Tint what lies below, as a text marker does."""
    bright = np.array(
        [[255, 240, 40], [120, 255, 90], [255, 130, 200], [90, 220, 255], [255, 170, 40]], np.float32
    )
    ink = bright[rng.integers(len(bright))] if rng.random() < 0.7 else np.minimum(stroke.colour, 200)
    tinted = window * (ink / 255) * np.float32(0.8) + ink * np.float32(0.2)
    return blended(window, tinted, cover), cover


def _glowing(window: Image, cover: Cover, stroke: Stroke, rng: Generator) -> tuple[Image, Cover]:
    glow = np.minimum(1, softened(cover, stroke.width * rng.uniform(0.5, 1) + 1) * rng.uniform(1, 2))
    glow = np.where(glow > 0.02, glow, 0).astype(np.float32)
    core = inked(window.shape, stroke.paths, stroke.width * 0.45, cv2.LINE_AA)
    lit = blended(window, stroke.colour, glow * rng.uniform(0.6, 1))
    return blended(lit, 255 - (255 - stroke.colour) * np.float32(0.2), core), np.maximum(glow, core)


def _rimmed(window: Image, cover: Cover, stroke: Stroke, rng: Generator) -> tuple[Image, Cover]:
    """Give the stroke a border of another colour, or a shadow."""
    reach = max(1, round(stroke.width * rng.uniform(0.1, 0.3)))
    if rng.random() < 0.35:
        lower, wide = shadowed(window, cover, reach)
    else:
        wide = cv2.dilate(cover, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1)))
        lower = blended(window, np.full(3, rng.choice([0, 255, 255]), np.float32), wide)
    return blended(lower, stroke.colour, cover), np.maximum(wide, cover)


def _altered(window: Image, cover: Cover, stroke: Stroke, rng: Generator) -> tuple[Image, Cover]:
    """Pixelate, blur or smear what lies below the stroke."""
    kind = int(rng.integers(3))
    if kind == 0:
        block = max(3, round(stroke.width * rng.uniform(0.15, 0.8)))
        if rng.random() < 0.5:
            cover = (pixelated(cover, block) > 0.4).astype(np.float32)
        return blended(window, pixelated(window, block), cover), cover
    if kind == 1:
        return blended(window, softened(window, stroke.width * rng.uniform(0.2, 0.6) + 2), cover), cover
    return blended(window, smeared(window, stroke.paths, stroke.width), cover), cover


_FILLS: tuple[tuple[Callable[[Image, Cover, Stroke, Generator], tuple[Image, Cover]], float], ...] = (
    (_plain, 0.6), (_rainbow, 0.07), (_highlighted, 0.09), (_glowing, 0.06), (_rimmed, 0.06),
    (_altered, 0.12))  # fmt: skip


def _drawn(picture: Image, rng: Generator) -> Mark:
    """Draw a form with a tip and a fill."""
    fill = _FILLS[int(rng.choice(len(_FILLS), p=[share for _, share in _FILLS]))][0]
    half, middle = size_and_place(picture.shape, rng, 0.03, 0.9)
    widest = 0.05 * max(picture.shape)
    narrowest = 1.0 if fill in (_plain, _rimmed) else 0.2 * widest
    width = narrowest * (widest / narrowest) ** rng.random()
    width = min(width, max(2.0, half.max() * rng.uniform(0.1, 0.5)))
    paths = _placed(half, middle, width, rng)
    window = window_around(np.concatenate(paths), picture.shape, 3.5 * width + 6)
    before, corner = picture[window], corner_of(window)
    opacity = float(rng.choice([1, rng.uniform(0.3, 1)]))
    line = int(rng.choice([cv2.LINE_AA, cv2.LINE_8], p=[0.75, 0.25]))
    stroke = Stroke([path - corner for path in paths], width, line, any_colour(before, rng), opacity)
    tip = (_hard, _airbrush, *_TIPS)[int(rng.integers(2 if fill in (_altered, _glowing) else 2 + len(_TIPS)))]
    return Mark(window, *fill(before, tip(before.shape, stroke, rng), stroke, rng))


def brushed(picture: Image, rng: Generator) -> tuple[Image, Cover]:
    """Draw one mark on a picture, or lay one thing over it.

    Parameters
    ----------
    picture : ndarray, shape (h, w, 3), float32, 0..255
        Not modified.

    Returns
    -------
    marked : ndarray, shape (h, w, 3), float32, 0..255
    cover : ndarray, shape (h, w), float32, 0..1
        How far each pixel belongs to the mark, seen through or not; above 0 wherever it changed.
    """
    # A mark may fall outside the frame, or blur what is already smooth: then another is drawn.
    for _ in range(4):
        mark = _drawn(picture, rng) if rng.random() < 0.68 else hidden(picture, rng)
        seen = np.abs(mark.pixels - picture[mark.window]).max(2) > 10
        if seen.sum() > 0.08 * (mark.cover > 0.5).sum():
            break
    marked, cover = picture.copy(), np.zeros(picture.shape[:2], np.float32)
    marked[mark.window], cover[mark.window] = np.clip(mark.pixels, 0, 255), np.clip(mark.cover, 0, 1)
    return marked, cover
