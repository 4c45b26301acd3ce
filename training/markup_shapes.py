"""Outlines of what markup tools draw: arrows, rings, boxes, brackets, ticks, stars, lassos, scribble.

All lie in the square from -1 to 1 with y downwards; the caller places, turns and inks them.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "FREE",
    "UPRIGHT",
    "Part",
    "Pose",
    "arc",
    "at_lengths",
    "box",
    "line_arrow",
    "reach",
    "ring",
    "wobbled",
]

Points = NDArray[np.float64]
Generator = np.random.Generator


class Part(NamedTuple):
    """One line or area of a shape; what is `solid` is never dashed."""

    points: Points
    closed: bool = False
    filled: bool = False
    solid: bool = False


class Pose(NamedTuple):
    """Where a mark lies: its middle, half its width and height, how far it is turned."""

    middle: Points
    half: Points
    angle: float = 0.0

    def at(self, points: Points) -> Points:
        """Return where points of the square from -1 to 1 come to lie."""
        cosine, sine = np.cos(self.angle), np.sin(self.angle)
        turned: Points = (points * self.half) @ np.array([[cosine, sine], [-sine, cosine]]) + self.middle
        return turned

    def part(self, across: float, down: float, share: float) -> "Pose":
        """Return the pose of something smaller that stands beside or within this one."""
        return Pose(self.at(np.array([[across, down]]))[0], self.half * share, self.angle)


Shape = Callable[[Generator, float], list[Part]]


def arc(start: float, stop: float, count: int = 96) -> Points:
    """Return points of the unit circle between two angles."""
    turns = np.linspace(start, stop, count)
    return np.stack([np.cos(turns), np.sin(turns)], axis=1)


def reach(path: Points) -> Points:
    """Return how far along a path each of its points lies."""
    return np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))])


def at_lengths(path: Points, lengths: Points) -> Points:
    """Return the points that lie at some lengths along a path."""
    known = reach(path)
    return np.stack([np.interp(lengths, known, path[:, axis]) for axis in (0, 1)], axis=1)


def wobbled(part: Part, amplitude: float, rng: Generator) -> Part:
    """Return a line or an outline as an unsteady hand would follow it; short strokes waver less."""
    path = np.concatenate([part.points, part.points[:1]]) if part.closed else part.points
    total = float(reach(path)[-1])
    places = np.linspace(0, 1, int(np.clip(total / 5, 12, 120)))
    moved = at_lengths(path, places * total)
    for frequency in rng.uniform(1, 9, 4):
        waves = 2 * np.pi * round(frequency / 3 + 0.5) if part.closed else 2 * frequency
        phase = rng.uniform(0, 2 * np.pi, 2)
        swing = min(amplitude, 0.04 * total) * rng.normal(0, 0.6, 2)
        moved += swing * np.sin(waves * places[:, None] + phase)
    return part._replace(points=moved)


def _line(*points: tuple[float, float]) -> Points:
    return np.array(points, float)


def _course(rng: Generator, corners: bool = True) -> Points:
    """Return a way from the left to the right: straight, bent, in an S or round a corner."""
    kind = int(rng.integers(6 if corners else 4))
    steps = np.linspace(-1, 1, 28)
    if kind < 2:
        return _line((-1, 0), (1, 0))
    if kind == 2:
        return np.stack([steps, rng.choice([-1, 1]) * rng.uniform(0.15, 0.9) * (1 - steps**2)], axis=1)
    if kind == 3:
        return np.stack([steps, rng.uniform(-0.4, 0.4) * np.sin(np.pi * steps)], axis=1)
    height, corner = rng.uniform(0.25, 0.9), rng.uniform(-0.5, 0.6)
    if kind == 4:
        return _line((-1, -height), (corner, -height), (corner, height), (1, height))
    return _line((-1, -height), (0.8, -height), (0.8, height))


def _head(path: Points, size: float, kind: int, spread: float) -> Part:
    """Draw the head at the end of a path."""
    tip = path[-1]
    way = tip - at_lengths(path, np.array([reach(path)[-1] - 0.5 * size]))[0]
    heading = np.arctan2(way[1], way[0]) + np.pi
    left, right, back = (
        tip + length * np.array([np.cos(heading + turn), np.sin(heading + turn)])
        for turn, length in ((spread, size), (-spread, size), (0.0, 0.6 * size))
    )
    if kind == 0:
        return Part(np.stack([left, tip, right]), solid=True)
    if kind in (1, 2):
        return Part(np.stack([left, tip, right]), closed=True, filled=kind == 1, solid=True)
    if kind == 3:
        return Part(np.stack([left, tip, right, back]), closed=True, filled=True, solid=True)
    if kind == 4:
        across = 0.5 * size * np.array([-np.sin(heading), np.cos(heading)])
        return Part(np.stack([tip - across, tip + across]), solid=True)
    if kind == 5:
        return Part(tip + 0.35 * size * arc(0, 2 * np.pi, 24), closed=True, filled=True, solid=True)
    return Part(np.stack([left, tip]), solid=True)


def line_arrow(rng: Generator, pen: float) -> list[Part]:
    """Draw a shaft with a head of any make at one end or at both."""
    path = _course(rng)
    size = min(0.8, max(rng.uniform(2.5, 6) * pen, rng.uniform(0.1, 0.4)))
    kind = int(rng.choice(7, p=[0.36, 0.22, 0.08, 0.16, 0.07, 0.06, 0.05]))
    spread = rng.uniform(0.3, 0.8)
    heads = [_head(path, size, kind, spread)]
    trim = size * {1: 0.7, 2: np.cos(spread), 3: 0.6}.get(kind, 0.0)
    first, last = 0.0, reach(path)[-1] - trim
    if rng.random() < 0.2:
        heads.append(_head(path[::-1], size, kind, spread))
        first = trim
    lengths = reach(path)
    between = lengths[(lengths > first) & (lengths < last)]
    shaft = at_lengths(path, np.concatenate([[first], between, [last]]))
    return [Part(shaft), *heads]


def _block_arrow(rng: Generator, pen: float) -> list[Part]:
    """Draw an arrow that has an area: even or tapered, straight or bent, filled or hollow."""
    path = _course(rng, corners=False)
    total = float(reach(path)[-1])
    size, thick = rng.uniform(0.25, 0.8), rng.uniform(0.05, 0.25)
    both = rng.random() < 0.15
    middle = at_lengths(path, np.linspace(0.6 * size * both, total - size, 20))
    way = np.gradient(middle, axis=0)
    across = np.stack([-way[:, 1], way[:, 0]], axis=1) / np.maximum(np.hypot(*way.T), 1e-9)[:, None]
    taper = 1.0 if both else float(rng.choice([0.0, rng.uniform(0.1, 0.6), 1.0]))
    half = thick * np.linspace(taper, 1, 20)[:, None]
    barb = across[-1] * max(rng.uniform(0.25, 0.6) * size, 1.4 * thick)
    notch = rng.uniform(-0.1, 0.25) * size * way[-1] / max(float(np.hypot(*way[-1])), 1e-9)
    head = np.stack([middle[-1] + barb - notch, path[-1], middle[-1] - barb - notch])
    outline = [middle + half * across, head, (middle - half * across)[::-1]]
    if both:
        side = across[0] * np.hypot(*barb)
        outline.append(np.stack([middle[0] - side, path[0], middle[0] + side]))
    return [Part(np.concatenate(outline), closed=True, filled=bool(rng.random() < 0.65), solid=True)]


def ring(rng: Generator, pen: float) -> list[Part]:
    """Draw a circle, now and then with another one in it."""
    outer = Part(arc(0, 2 * np.pi), closed=True)
    if rng.random() < 0.1:
        return [outer, Part(outer.points * rng.uniform(0.6, 0.9), closed=True)]
    return [outer]


def box(rng: Generator, pen: float) -> list[Part]:
    """Draw a box with sharp or rounded corners."""
    if rng.random() < 0.55:
        return [Part(_line((-1, -1), (1, -1), (1, 1), (-1, 1)), closed=True)]
    radius = rng.uniform(0.06, 0.6)
    corners = [
        (1 - radius) * np.array(sides) + radius * arc(start, start + np.pi / 2, 9)
        for sides, start in (((1, 1), 0.0), ((-1, 1), np.pi / 2), ((-1, -1), np.pi), ((1, -1), 1.5 * np.pi))
    ]
    return [Part(np.concatenate(corners), closed=True)]


def _loop(rng: Generator, pen: float) -> list[Part]:
    """Draw a ring by hand: one that does not close, one traced again and again, or a spiral."""
    kind, start = int(rng.integers(4)), rng.uniform(0, 2 * np.pi)
    turns = (rng.uniform(0.75, 1.15), rng.uniform(0.9, 1.1), rng.uniform(1.7, 3.3), rng.uniform(2, 5))[kind]
    path = arc(start, start + rng.choice([-1, 1]) * turns * 2 * np.pi, int(60 + 40 * turns))
    places = np.linspace(0, 1, len(path))[:, None]
    if kind == 3:
        return [Part(path * (rng.uniform(0.05, 0.3) + 0.7 * places))]
    wave = sum(rng.normal(0, 0.09) * np.sin(k * turns * places + rng.uniform(0, 6)) for k in (2, 3, 5))
    return [Part(path * (0.85 + wave) + rng.normal(0, 0.12, 2) * places)]


def _cloud(rng: Generator, pen: float) -> list[Part]:
    bumps = int(rng.integers(6, 20))
    turns = np.linspace(0, 2 * np.pi, 12 * bumps, endpoint=False)
    bulge = 0.85 + rng.uniform(0.08, 0.2) * np.abs(np.sin(bumps * turns / 2))
    return [Part(arc(0, 2 * np.pi, 12 * bumps) * bulge[:, None], closed=True)]


def _star(rng: Generator, pen: float) -> list[Part]:
    """Draw a star, a heart or a polygon, regular or not."""
    kind, filled = int(rng.integers(4)), bool(rng.random() < 0.4)
    turns = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    if kind == 0:
        wide = 13 * np.cos(turns) - 5 * np.cos(2 * turns) - 2 * np.cos(3 * turns) - np.cos(4 * turns)
        return [Part(np.stack([np.sin(turns) ** 3, -wide / 16], axis=1), closed=True, filled=filled)]
    count = int(rng.integers(3, 9)) + (kind < 3)
    corners = arc(-np.pi / 2, 1.5 * np.pi, count * (2 if kind < 3 else 1) + 1)[:-1]
    if kind < 3:
        corners[1::2] *= rng.uniform(0.3, 0.7)
    elif rng.random() < 0.5:
        corners *= rng.uniform(0.5, 1, (count, 1))
    return [Part(corners, closed=True, filled=filled)]


def _sign(rng: Generator, pen: float) -> list[Part]:
    """Draw a tick, a cross, a question mark or an exclamation mark."""
    kind = int(rng.integers(4))
    if kind == 0:
        return [Part(_line((-0.9, rng.uniform(-0.2, 0.3)), (-0.3, 0.8), (0.9, rng.uniform(-0.95, -0.4))))]
    if kind == 1:
        corners = _line((-1, -1), (1, 1), (-1, 1), (1, -1)) * 0.85 + rng.normal(0, 0.08, (4, 2))
        return [Part(corners[:2]), Part(corners[2:])]
    dot = Part([0, 0.85] + max(0.1, 0.6 * pen) * arc(0, 2 * np.pi, 24), closed=True, filled=True, solid=True)
    if kind == 2:
        hook = np.concatenate([[0, -0.5] + arc(np.pi, 2.35 * np.pi, 28) * 0.45, _line((0, 0.2), (0, 0.5))])
        return [Part(hook), dot]
    wedge = _line((-0.18, -0.95), (0.18, -0.95), (0.07, 0.5), (-0.07, 0.5))
    stem = Part(wedge, closed=True, filled=True) if rng.random() < 0.5 else Part(_line((0, -0.95), (0, 0.45)))
    return [stem, dot]


def _brackets(rng: Generator, pen: float) -> list[Part]:
    """Draw square, round or curly brackets, or the four corners of a view-finder."""
    kind, depth = int(rng.integers(4)), rng.uniform(0.15, 0.5)
    if kind == 0:
        side = _line((-1 + depth, -1), (-1, -1), (-1, 1), (-1 + depth, 1))
    elif kind == 1:
        side = arc(0.6 * np.pi, 1.4 * np.pi, 24) * [0.9, 1]
    elif kind == 2:
        steps = np.linspace(-1, 1, 41)
        bow = np.tanh(9 * (1 - np.abs(steps))) - np.exp(-((steps / 0.12) ** 2)) - 1
        side = np.stack([-1 + 0.5 * depth - 0.5 * depth * bow - depth, steps], axis=1)
    else:
        corner = _line((-1, -1 + depth), (-1, -1), (-1 + depth, -1))
        return [Part(corner * signs) for signs in ([1, 1], [-1, 1], [1, -1], [-1, -1])]
    return [Part(side), Part(side * [-1, 1])] if rng.random() < 0.6 else [Part(side)]


def _measure(rng: Generator, pen: float) -> list[Part]:
    """Draw a dimension line: bars or small heads at its ends, sometimes a scale between them."""
    bar, parts = rng.uniform(0.08, 0.3), [Part(_line((-1, 0), (1, 0)))]
    ends = _line((0, -bar), (0, bar))
    parts += [Part(ends + np.array([place, 0]), solid=True) for place in (-1, 1)]
    if rng.random() < 0.4:
        parts += [_head(parts[0].points[::way], max(0.12, 3 * pen), 0, 0.5) for way in (1, -1)]
    if rng.random() < 0.3:
        count = int(rng.integers(3, 12))
        parts += [Part(0.5 * ends + [place, 0], solid=True) for place in np.linspace(-1, 1, count)[1:-1]]
    return parts


def _underline(rng: Generator, pen: float) -> list[Part]:
    """Draw one line or several below each other: straight, wavy or in a zigzag."""
    kind, count = int(rng.integers(3)), int(rng.choice([1, 1, 2, 3]))
    steps, waves = np.linspace(-1, 1, 90), rng.uniform(3, 12)
    height = rng.uniform(0.04, 0.15)
    wave = np.sin(waves * np.pi * steps) if kind == 1 else 2 * np.abs((waves * steps) % 2 - 1) - 1
    path = np.stack([steps, height * wave], axis=1) if kind else _line((-1, 0), (1, rng.normal(0, 0.05)))
    gap = 2 * height + 2.2 * pen
    return [Part(path * [rng.uniform(0.6, 1), 1] + [0, gap * index]) for index in range(count)]


def _scribble(rng: Generator, pen: float) -> list[Part]:
    """Cover an area by going to and fro, or by loop upon loop as in writing."""
    count = int(rng.integers(4, 12))
    if rng.random() < 0.5:
        xs = np.linspace(-1, 1, 2 * count) + rng.normal(0, 0.05, 2 * count)
        ys = np.where(np.arange(2 * count) % 2, 1, -1) * rng.uniform(0.5, 1, 2 * count)
        return [Part(np.stack([xs, ys], axis=1))]
    turns = np.linspace(0, 2 * np.pi * count, 16 * count)
    tall = 0.12 + 0.25 * np.abs(np.interp(turns, np.linspace(0, turns[-1], count), rng.normal(0, 1, count)))
    xs = np.linspace(-1, 1, len(turns)) + rng.uniform(0.5, 1.5) / count * np.cos(turns)
    return [Part(np.stack([xs, -tall * np.sin(turns)], axis=1))]


def _rays(rng: Generator, pen: float) -> list[Part]:
    """Draw lines that run out from a place, or the cross of a sight with its ring."""
    if rng.random() < 0.3:
        lines = [
            Part(_line((near, 0), (1, 0)) @ turn) for near in (rng.choice([0.0, 0.3]),) for turn in _TURNS
        ]
        return [*lines, Part(rng.uniform(0.4, 0.8) * arc(0, 2 * np.pi), closed=True)]
    count, near = int(rng.integers(4, 17)), rng.uniform(0.3, 0.75)
    ways = arc(0, 2 * np.pi * rng.choice([0.25, 0.5, 1.0, 1.0]), count + 1)[:-1] @ _TURNS[rng.integers(4)]
    return [Part(np.stack([near * way, rng.uniform(0.85, 1) * way])) for way in ways]


_TURNS = [np.array([[c, s], [-s, c]]) for c, s in ((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0))]


def _characters(rng: Generator, pen: float) -> list[Part]:
    """Write a few characters that look Chinese: level, upright and slanting strokes on a grid."""
    count, parts = int(rng.integers(1, 6)), []
    for index in range(count):
        strokes = []
        for _ in range(int(rng.integers(4, 10))):
            kind, (x, y) = int(rng.integers(4)), rng.choice(np.linspace(-0.8, 0.8, 5), 2)
            span = rng.uniform(0.4, 0.9)
            strokes.append((
                _line((-span, y), (span, y - 0.06)), _line((x, -span), (x, span)),
                _line((x, -0.5), (0.6 * x - 0.2, 0.2), (0.5 * x - 0.8, 0.85)),
                _line((-span, -span), (span, -span), (span, y), (0.7 * span, y - 0.1)),
            )[kind])  # fmt: skip
        shift = [2 * index - count + 1, 0]
        parts += [Part((0.9 * stroke + shift) / count, solid=True) for stroke in strokes]
    return parts


FREE: tuple[Shape, ...] = (
    (line_arrow,) * 5 + (_block_arrow,) * 3 + (_measure, _loop, _star, _rays, _underline)
)
UPRIGHT: tuple[Shape, ...] = (ring, ring, ring, box, box, box, _loop, _loop, _cloud, _star, _sign, _sign,
                              _brackets, _underline, _scribble, _rays, _characters)  # fmt: skip
