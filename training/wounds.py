"""Damage in many more forms than any one painter has: torn, frayed, cracked, spilt, scratched, burnt.

What they have in common is what a region is judged by: ragged outlines, an inside that shows something else.
"""

from collections.abc import Callable

import cv2
import numpy as np
from bench.attacks.surface import fractal_noise
from numpy.typing import NDArray

__all__ = ["wounded"]

Image = NDArray[np.float32]
Cover = NDArray[np.float32]
Generator = np.random.Generator


def _unit(shape: tuple[int, ...]) -> float:
    return max(1.0, max(shape[:2]) / 640)


def _ragged(cover: Cover, rng: Generator, reach: float) -> Cover:
    """Displace an outline by fine noise, so that it frays."""
    shape = cover.shape[:2]
    cell = float(rng.uniform(3, 14)) * _unit(shape)
    ys, xs = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    fields = [(fractal_noise(shape, rng, cell, 3) - 0.5).astype(np.float32) * 2 * reach for _ in range(2)]
    return np.asarray(cv2.remap(cover, xs + fields[0], ys + fields[1], cv2.INTER_LINEAR), np.float32)


def _polygon(shape: tuple[int, ...], points: NDArray[np.float64]) -> Cover:
    canvas = np.zeros(shape[:2], np.uint8)
    cv2.fillPoly(canvas, [np.round(points * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    return canvas.astype(np.float32) / 255


def _strokes(shape: tuple[int, ...], paths: list[tuple[NDArray[np.float64], int]]) -> Cover:
    canvas = np.zeros(shape[:2], np.uint8)
    for path, thick in paths:
        cv2.polylines(canvas, [np.round(path * 16).astype(np.int32)], False, 255, thick, cv2.LINE_AA, 4)
    return canvas.astype(np.float32) / 255


def _middle(shape: tuple[int, ...], rng: Generator) -> NDArray[np.float64]:
    return rng.uniform(0.08, 0.92, 2) * shape[1::-1]


def _size(shape: tuple[int, ...], rng: Generator, low: float = 8, high: float = 90) -> float:
    return min(float(np.exp(rng.uniform(np.log(low), np.log(high)))) * _unit(shape), 0.35 * min(shape[:2]))


def _slit(shape: tuple[int, ...], rng: Generator) -> Cover:
    """Draw a gaping slit: a lens along a bent line, sometimes with a flap."""
    length, middle = _size(shape, rng, 20, 160), _middle(shape, rng)
    steps = np.linspace(-1, 1, 40)
    angle, bend = rng.uniform(0, np.pi), rng.normal(0, 0.35)
    gape = length * rng.uniform(0.06, 0.35)
    along = np.stack([np.cos(angle) * steps - np.sin(angle) * bend * steps**2,
                      np.sin(angle) * steps + np.cos(angle) * bend * steps**2], axis=1)  # fmt: skip
    across = np.array([-np.sin(angle), np.cos(angle)])
    width = (1 - steps**2) ** rng.uniform(0.5, 1.2)
    upper = middle + length * along + (gape * rng.uniform(0.2, 1) * width)[:, None] * across
    lower = middle + length * along - (gape * rng.uniform(0.2, 1) * width)[:, None] * across
    return _ragged(_polygon(shape, np.concatenate([upper, lower[::-1]])), rng, rng.uniform(0.3, 3))


def _strip(shape: tuple[int, ...], rng: Generator) -> Cover:
    """Draw a strip or a corner that was torn off: straight on one side, ragged on the other."""
    height, width = shape[:2]
    if rng.random() < 0.45:
        corner = np.array([rng.choice([0, width]), rng.choice([0, height])], float)
        inwards = np.where(corner > 0, -1, 1) * rng.uniform(0.08, 0.35, 2) * (width, height)
        points = np.array([corner, corner + inwards * [1, 0], corner + inwards * [0, 1]])
    else:
        middle, half = _middle(shape, rng), np.array([_size(shape, rng, 20, 130), _size(shape, rng, 5, 30)])
        angle = rng.uniform(0, np.pi)
        turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        box = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half
        points = (box + rng.normal(0, 0.2, (4, 2)) * half[1]) @ turn + middle
    return _ragged(_polygon(shape, points), rng, rng.uniform(1, 8) * _unit(shape))


def _gap(shape: tuple[int, ...], rng: Generator) -> Cover:
    """Draw a hole: round, angular or frayed with threads across."""
    middle, size = _middle(shape, rng), _size(shape, rng, 5, 60)
    count = int(rng.choice([5, 7, 9, 60]))
    turns = np.sort(rng.uniform(0, 2 * np.pi, count)) if count < 60 else np.linspace(0, 2 * np.pi, count)
    reach = size * rng.uniform(0.6, 1.2, count) if count < 60 else np.full(count, size)
    squeeze = np.exp(rng.normal(0, 0.25, 2))
    points = middle + (reach * np.stack([np.cos(turns), np.sin(turns)]) * squeeze[:, None]).T
    cover = _ragged(_polygon(shape, points), rng, rng.uniform(0.2, 0.25 * size))
    if rng.random() < 0.35:
        threads = [(middle + rng.normal(0, size, (2, 2)), 1) for _ in range(int(rng.integers(3, 14)))]
        cover = cover * (1 - _strokes(shape, threads))
    return cover


def _cracked(shape: tuple[int, ...], rng: Generator) -> Cover:
    """Draw cracks: one that branches, or a star that runs out from where something struck."""
    middle, reach = _middle(shape, rng), _size(shape, rng, 25, 200)
    paths: list[tuple[NDArray[np.float64], int]] = []
    arms = int(rng.integers(4, 12)) if rng.random() < 0.5 else int(rng.integers(1, 3))
    for heading in rng.uniform(0, 2 * np.pi, arms):
        paths += _branches(middle, heading, reach * rng.uniform(0.4, 1), rng, 2)
    if arms > 3 and rng.random() < 0.4:
        for share in rng.uniform(0.2, 0.7, 2):
            turns = np.linspace(0, 2 * np.pi, int(rng.integers(6, 12)))
            paths.append((middle + share * reach * np.stack([np.cos(turns), np.sin(turns)], axis=1), 1))
    return _strokes(shape, paths)


def _branches(
    start: NDArray[np.float64], heading: float, length: float, rng: Generator, depth: int
) -> list[tuple[NDArray[np.float64], int]]:
    count = max(4, round(length / 8))
    turns = heading + np.cumsum(rng.normal(0, rng.uniform(0.1, 0.5), count))
    path = start + np.cumsum(length / count * np.stack([np.cos(turns), np.sin(turns)], axis=1), axis=0)
    found = [(path, 1 + int(rng.random() < 0.4) + (depth > 1 and rng.random() < 0.3))]
    if depth:
        for place in rng.integers(1, count, int(rng.integers(0, 3))):
            side = turns[place] + rng.choice([-1, 1]) * rng.uniform(0.4, 1.2)
            found += _branches(path[place], side, length * rng.uniform(0.2, 0.6), rng, depth - 1)
    return found


def _scratched(shape: tuple[int, ...], rng: Generator) -> Cover:
    """Draw scratches: one long straight one, or a bundle of nearly parallel ones."""
    middle, length, angle = _middle(shape, rng), _size(shape, rng, 25, 260), rng.uniform(0, 2 * np.pi)
    paths = []
    for _ in range(int(rng.choice([1, 1, 2, 4, 7, 12]))):
        heading = angle + rng.normal(0, 0.06)
        steps = np.linspace(-1, 1, 12)[:, None] * length * rng.uniform(0.3, 1.0)
        offset = rng.normal(0, 0.12 * length, 2)
        wander = np.cumsum(rng.normal(0, rng.uniform(0, 0.8), (12, 2)), axis=0)
        paths.append((middle + offset + steps * [np.cos(heading), np.sin(heading)] + wander, 1))
    cover = _strokes(shape, paths)
    along = fractal_noise(shape[:2], rng, 18.0, 2)
    return np.asarray(cover * np.clip(0.3 + 1.4 * along, 0, 1), np.float32)


def _spilt(shape: tuple[int, ...], rng: Generator) -> Cover:
    """Draw a spill: a blot with fingers, drops around it, or the ring that a cup leaves."""
    middle, size = _middle(shape, rng), _size(shape, rng, 8, 90)
    turns = np.linspace(0, 2 * np.pi, 90, endpoint=False)
    wave = sum(rng.normal(0, 0.3 / k) * np.sin(k * turns + rng.uniform(0, 6)) for k in (2, 3, 5, 8, 13))
    outline = middle + size * np.clip(1 + wave, 0.3, 2)[:, None] * np.stack([np.cos(turns), np.sin(turns)], 1)
    cover = _polygon(shape, outline)
    if rng.random() < 0.25:
        inner = middle + rng.uniform(0.7, 0.92) * (outline - middle)
        cover = np.clip(cover - rng.uniform(0.5, 1.0) * _polygon(shape, inner), 0, 1)
        cover = cover * np.clip(0.4 + 1.2 * fractal_noise(shape[:2], rng, size, 2), 0, 1)
    for _ in range(int(rng.integers(0, 14))):
        drop = middle + rng.normal(0, 1.6 * size, 2)
        small = max(1.0, size * rng.uniform(0.03, 0.2))
        cover = np.maximum(cover, _polygon(shape, drop + small * np.stack([np.cos(turns), np.sin(turns)], 1)))
    soft = float(rng.choice([0.0, 0.7, 0.05 * size, 0.2 * size]))
    cover = _ragged(cover.astype(np.float32), rng, rng.uniform(0.2, 0.08 * size + 0.3))
    return cv2.GaussianBlur(cover, (0, 0), soft) if soft > 0.3 else cover


def _texture(picture: Image, donor: Image, rng: Generator) -> Image:
    """Return another picture's texture, or a far part of this one, or plain matter with a grain."""
    choice = rng.random()
    if choice < 0.4:
        return _shading(cv2.resize(donor, picture.shape[1::-1]), rng)
    if choice < 0.6:
        return _shading(
            np.roll(picture, [int(s * rng.uniform(0.3, 0.7)) for s in picture.shape[:2]], (0, 1)), rng
        )
    tone = rng.uniform(5, 60, 3) if rng.random() < 0.5 else rng.uniform(120, 245) + rng.normal(0, 15, 3)
    grain = fractal_noise(picture.shape[:2], rng, float(rng.uniform(2, 12)), 3) - 0.5
    return np.asarray(tone + rng.uniform(10, 90) * grain[..., None], np.float32)


def _shading(picture: Image, rng: Generator) -> Image:
    return np.asarray(picture * np.float32(rng.uniform(0.4, 1.1)), np.float32)


def _torn(picture: Image, donor: Image, rng: Generator) -> tuple[Image, Cover]:
    """Open the surface: another matter inside, a bright or a shaded rim."""
    form = (_slit, _strip, _gap)[int(rng.integers(3))]
    cover = form(picture.shape, rng)
    out = picture + cover[..., None] * (_texture(picture, donor, rng) - picture)
    if rng.random() < 0.6:
        reach = 2 * max(1, round(float(rng.uniform(1, 4)) * _unit(picture.shape))) + 1
        disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
        rim = cv2.dilate(_ragged(cover, rng, 1.5), disc) * (1 - cover)
        rim *= np.clip(0.4 + fractal_noise(picture.shape[:2], rng, 9.0, 2), 0, 1)
        out = out + rim[..., None] * ((rng.uniform(200, 250) if rng.random() < 0.6 else 25.0) - out)
        cover = np.maximum(cover, rim)
    return np.asarray(out, np.float32), np.asarray(cover, np.float32)


def _lined(picture: Image, donor: Image, rng: Generator) -> tuple[Image, Cover]:
    """Crack or scratch the surface: dark, bright, or dark beside bright."""
    cover = (_cracked, _scratched)[int(rng.integers(2))](picture.shape, rng)
    dark, bright = picture * rng.uniform(0.1, 0.6), 255 - (255 - picture) * rng.uniform(0.1, 0.6)
    first, second = (dark, bright) if rng.random() < 0.6 else (bright, dark)
    out = picture + (cover * rng.uniform(0.6, 1))[..., None] * (first - picture)
    if rng.random() < 0.35:
        beside = np.roll(cover, (1, 1), axis=(0, 1)) * (1 - cover)
        out = out + (beside * rng.uniform(0.3, 0.8))[..., None] * (second - out)
        cover = np.maximum(cover, beside)
    return np.asarray(out, np.float32), cover


def _stained(picture: Image, donor: Image, rng: Generator) -> tuple[Image, Cover]:
    """Spill something: what lies below shines through, or ink, paint and burns cover it."""
    cover = _spilt(picture.shape, rng)
    tone = rng.uniform(0, 200, 3)
    if rng.random() < 0.6:
        layer, strength = picture * (tone / 255), rng.uniform(0.4, 1.0)
    else:
        grain = fractal_noise(picture.shape[:2], rng, float(rng.uniform(3, 30)), 3)[..., None] - 0.5
        layer, strength = tone * rng.uniform(0.1, 1) + rng.uniform(0, 60) * grain, rng.uniform(0.7, 1)
    alpha = cover * strength
    if rng.random() < 0.5:  # dried liquid is darker at its rim, and uneven
        alpha = alpha * np.clip(0.45 + fractal_noise(picture.shape[:2], rng, 40.0, 2), 0, 1)
        inner = cv2.GaussianBlur(cover, (0, 0), 3 * _unit(picture.shape))
        alpha = np.clip(alpha + 0.4 * cover * (inner < 0.8), 0, 1)
    return np.asarray(picture + alpha[..., None] * (layer - picture), np.float32), cover


_WAYS: tuple[Callable[[Image, Image, Generator], tuple[Image, Cover]], ...] = (_torn, _torn, _lined, _stained)


def wounded(picture: Image, donor: Image, rng: Generator) -> tuple[Image, Cover]:
    """Damage a picture once.

    Parameters
    ----------
    picture, donor : ndarray, shape (h, w, 3), float32, 0..255
        The donor lends its texture.

    Returns
    -------
    damaged : ndarray, shape (h, w, 3), float32, 0..255
    cover : ndarray, shape (h, w), float32, 0..1
        How far each pixel belongs to the damage.
    """
    damaged, cover = _WAYS[int(rng.integers(len(_WAYS)))](picture, donor, rng)
    return np.clip(damaged, 0, 255).astype(np.float32), np.clip(cover, 0, 1)
