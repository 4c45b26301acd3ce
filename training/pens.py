"""What people draw with a phone's markup tools: arrows, rings, boxes, ticks, numbers, brushes, watermarks.

Every one in many forms and in any colour, pale, dark and dull ones too: a mark is known by its form.
"""

from collections.abc import Callable

import cv2
import numpy as np
from bench.attacks.lettering import CHINESE, LATIN, chinese, latin
from numpy.typing import NDArray

__all__ = ["any_colour", "inked"]

Image = NDArray[np.float32]
Cover = NDArray[np.float32]
Generator = np.random.Generator

_FINE = 16
"""Services of a pixel that OpenCV is given points in; it is told so as a power of two, 4."""


def any_colour(rng: Generator) -> Image:
    """Draw a colour, shape (3,): bright, black or white, pale, dark or dull."""
    choice = rng.random()
    if choice < 0.25:
        return np.full(3, rng.uniform(0, 30) if rng.random() < 0.5 else rng.uniform(225, 255), np.float32)
    low, high = ((150, 256), (170, 256)) if choice < 0.6 else ((20, 200), (40, 250))
    hsv = np.array([[[rng.integers(0, 180), rng.integers(*low), rng.integers(*high)]]], np.uint8)
    return cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB)[0, 0].astype(np.float32)


def _unit(shape: tuple[int, ...]) -> float:
    return max(1.0, max(shape[:2]) / 640)


def _lines(
    shape: tuple[int, ...], paths: list[NDArray[np.float64]], thick: int, closed: bool = False
) -> Cover:
    canvas = np.zeros(shape[:2], np.uint8)
    for path in paths:
        points = np.round(path * _FINE).astype(np.int32)
        cv2.polylines(canvas, [points], closed, 255, thick, cv2.LINE_AA, 4)
    return canvas.astype(np.float32) / 255


def _filled(shape: tuple[int, ...], outline: NDArray[np.float64]) -> Cover:
    canvas = np.zeros(shape[:2], np.uint8)
    cv2.fillPoly(canvas, [np.round(outline * _FINE).astype(np.int32)], 255, cv2.LINE_AA, 4)
    return canvas.astype(np.float32) / 255


def _thick(shape: tuple[int, ...], rng: Generator) -> int:
    return max(1, round(float(np.exp(rng.uniform(np.log(1.0), np.log(9.0)))) * _unit(shape)))


def _place(shape: tuple[int, ...], rng: Generator) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Draw a centre and half sides, (x, y) each."""
    half = np.exp(rng.uniform(np.log(9), np.log(110), 2)) * _unit(shape)
    if rng.random() < 0.5:
        half[:] = half.mean()
    half = np.minimum(half, 0.45 * min(shape[:2]))
    return rng.uniform(0.06, 0.94, 2) * shape[1::-1], half


def _ring(shape: tuple[int, ...], rng: Generator) -> Cover:
    """Draw a circle or an ellipse: perfect, by hand, or dashed."""
    centre, half = _place(shape, rng)
    turns = np.linspace(0, 2 * np.pi * (1.0 if rng.random() < 0.6 else rng.uniform(0.9, 1.15)), 96)
    wobble = 1 + (rng.uniform(0, 0.06) * np.sin(2 * turns + rng.uniform(0, 6)) if rng.random() < 0.4 else 0)
    tilt = rng.uniform(0, np.pi) if rng.random() < 0.4 else 0.0
    points = np.stack([half[0] * wobble * np.cos(turns), half[1] * wobble * np.sin(turns)], axis=1)
    turned = points @ np.array([[np.cos(tilt), np.sin(tilt)], [-np.sin(tilt), np.cos(tilt)]]) + centre
    paths = [turned]
    if rng.random() < 0.12:
        paths = [part for number, part in enumerate(np.array_split(turned, 24)) if number % 2 == 0]
    return _lines(shape, paths, _thick(shape, rng))


def _box(shape: tuple[int, ...], rng: Generator) -> Cover:
    """Draw a frame with sharp or round corners."""
    centre, half = _place(shape, rng)
    radius = float(rng.uniform(0.05, 0.5) * half.min()) if rng.random() < 0.5 else 0.0
    turns = np.linspace(0, np.pi / 2, 8 if radius else 1)
    corners = []
    for number, (right, down) in enumerate(((1, 1), (-1, 1), (-1, -1), (1, -1))):
        arc = np.stack([np.cos(turns + number * np.pi / 2), np.sin(turns + number * np.pi / 2)], axis=1)
        corners.append(centre + (half - radius) * [right, down] + radius * arc)
    return _lines(shape, [np.concatenate(corners)], _thick(shape, rng), closed=True)


def _curve(shape: tuple[int, ...], rng: Generator) -> NDArray[np.float64]:
    """Draw a straight or a bent stroke, shape (n, 2)."""
    start, half = _place(shape, rng)
    angle = rng.uniform(0, 2 * np.pi)
    bend = rng.normal(0, 1.2) if rng.random() < 0.4 else 0.0
    steps = np.linspace(0, 1, 40)
    heading = angle + bend * steps
    stride = 2.2 * float(half.max()) / len(steps)
    return start + np.cumsum(stride * np.stack([np.cos(heading), np.sin(heading)], axis=1), axis=0)


def _arrow(shape: tuple[int, ...], rng: Generator) -> Cover:
    """Draw an arrow: with barbs, with a filled head, or tapering towards a filled head."""
    path = _curve(shape, rng)
    ahead = path[-1] - path[-6]
    ahead = ahead / (np.linalg.norm(ahead) + 1e-9)
    side = np.array([-ahead[1], ahead[0]])
    length = float(np.linalg.norm(path[-1] - path[0])) + 1
    thick = min(_thick(shape, rng), max(1, round(0.12 * length)))
    head = max(length * rng.uniform(0.15, 0.4), 3.0 * thick)
    wide = rng.uniform(0.35, 0.7)
    tip, form = path[-1], rng.random()
    barbs = [tip - head * ahead + sign * wide * head * side for sign in (1, -1)]
    if form < 0.4:
        return _lines(shape, [path, np.array([barbs[0], tip, barbs[1]])], thick)
    if form < 0.7:
        return np.maximum(
            _lines(shape, [path[: -max(1, round(0.5 * head / length * len(path)))]], thick),
            _filled(shape, np.array([barbs[0], tip, barbs[1]])),
        )
    neck = tip - head * ahead
    tail = path[0]
    narrow, broad = rng.uniform(0, 0.5) * thick, rng.uniform(0.8, 2.5) * thick
    outline = [tail - narrow * side, neck - broad * side, barbs[1], tip, barbs[0], neck + broad * side]
    return _filled(shape, np.array([*outline, tail + narrow * side]))


def _cross_or_tick(shape: tuple[int, ...], rng: Generator) -> Cover:
    centre, half = _place(shape, rng)
    size = float(half.min())
    if rng.random() < 0.6:
        paths = [centre + size * np.array([[-1, -1], [1, 1]]), centre + size * np.array([[-1, 1], [1, -1]])]
    else:
        paths = [centre + size * np.array([[-1.0, 0.0], [-0.3, 0.7], [1.0, -0.8]])]
    paths = [path + rng.normal(0, 0.05 * size, path.shape) for path in paths]
    return _lines(shape, paths, _thick(shape, rng))


def _underline(shape: tuple[int, ...], rng: Generator) -> Cover:
    """Draw one to three level strokes, straight or wavy."""
    centre, half = _place(shape, rng)
    steps = np.linspace(-1, 1, 60)
    wave = rng.uniform(2, 6) * np.sin(steps * rng.uniform(8, 30)) if rng.random() < 0.3 else 0 * steps
    paths = [
        np.stack([centre[0] + 1.5 * half[0] * steps, centre[1] + 12 * number + wave], axis=1)
        for number in range(int(rng.integers(1, 3)))
    ]
    return _lines(shape, paths, _thick(shape, rng))


def _hatching(shape: tuple[int, ...], rng: Generator) -> Cover:
    """Draw one stroke to and fro over a place, as people cross something out."""
    centre, half = _place(shape, rng)
    half = np.maximum(half, 15)
    count = int(rng.integers(5, 16))
    sides = np.where(np.arange(count) % 2 == 0, -1.0, 1.0) * rng.uniform(0.8, 1.0, count)
    points = np.stack([half[0] * sides, half[1] * np.linspace(-1, 1, count)], axis=1)
    angle = rng.uniform(-0.6, 0.6)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return _lines(shape, [points @ turn + centre], _thick(shape, rng))


def _brush(shape: tuple[int, ...], rng: Generator) -> Cover:
    """Draw a broad stroke with round ends that lets the picture through."""
    width = max(4, round(float(rng.uniform(6, 26)) * _unit(shape)))
    return _lines(shape, [_curve(shape, rng)], min(250, width)) * float(rng.uniform(0.35, 1.0))


_STROKES: tuple[tuple[float, Callable[[tuple[int, ...], Generator], Cover]], ...] = (
    (0.24, _ring),
    (0.17, _box),
    (0.27, _arrow),
    (0.10, _cross_or_tick),
    (0.07, _underline),
    (0.08, _hatching),
    (0.07, _brush),
)


def _stroked(picture: Image, rng: Generator) -> Image:
    pen = _STROKES[int(rng.choice(len(_STROKES), p=[share for share, _ in _STROKES]))][1]
    cover = pen(picture.shape, rng)
    if rng.random() < 0.15:  # a shadow, or a white edge
        reach = 2 * max(1, round(1.5 * _unit(picture.shape))) + 1
        wide = cv2.dilate(cover, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach)))
        edge = 255.0 if rng.random() < 0.6 else 0.0
        picture = picture + wide[..., None] * (edge - picture)
    alpha = cover[..., None] * np.float32(1.0 if rng.random() < 0.6 else rng.uniform(0.45, 1.0))
    return np.asarray(picture + alpha * (any_colour(rng) - picture), np.float32)


def _word(rng: Generator, size: int) -> Cover:
    if rng.random() < 0.5:
        return chinese(str(rng.choice(CHINESE)), size, float(rng.uniform(0.05, 0.14)))
    return latin(str(rng.choice(LATIN)), size)


def _numbered(picture: Image, rng: Generator) -> Image:
    """Set one to three filled discs, usually with a number or an edge."""
    colour, inner = any_colour(rng), any_colour(rng)
    out, height, width = picture.copy(), *picture.shape[:2]
    radius = float(np.exp(rng.uniform(np.log(7), np.log(30)))) * _unit(picture.shape)
    for number in range(int(rng.integers(1, 4))):
        centre = rng.uniform(0.08, 0.92, 2) * (width, height)
        turns = np.linspace(0, 2 * np.pi, 64)
        circle = centre + radius * np.stack([np.cos(turns), np.sin(turns)], axis=1)
        out = out + _filled(picture.shape, circle)[..., None] * (colour - out)
        if rng.random() < 0.5:
            out = out + _lines(picture.shape, [circle], max(1, round(0.12 * radius)))[..., None] * (
                inner - out
            )
        cover = latin(str(number + 1), max(8, round(1.3 * radius)))
        top, left = (round(float(c - side / 2)) for c, side in zip(centre[::-1], cover.shape, strict=True))
        if rng.random() < 0.8 and 0 <= top < height - cover.shape[0] and 0 <= left < width - cover.shape[1]:
            place = (slice(top, top + cover.shape[0]), slice(left, left + cover.shape[1]))
            out[place] += cover[..., None] * (inner - out[place])
    return out


def _watermarked(picture: Image, rng: Generator) -> Image:
    """Repeat one faint word over the whole frame, level or slanted."""
    height, width = picture.shape[:2]
    word = _word(rng, round(float(rng.uniform(12, 34)) * _unit(picture.shape)))
    gap = rng.uniform(0.6, 3.0, 2) * word.shape[0]
    tile = np.zeros((round(word.shape[0] + gap[0]), round(word.shape[1] + gap[1])), np.float32)
    tile[: word.shape[0], : word.shape[1]] = word
    side = int(1.5 * max(height, width))
    sheet = np.tile(tile, (side // tile.shape[0] + 2, side // tile.shape[1] + 2))
    angle = 0.0 if rng.random() < 0.4 else float(rng.uniform(-45, 45))
    matrix = cv2.getRotationMatrix2D((sheet.shape[1] / 2, sheet.shape[0] / 2), angle, 1.0)
    matrix[:, 2] += np.array([width, height]) / 2 - np.array(sheet.shape[1::-1]) / 2
    cover = cv2.warpAffine(sheet, matrix, (width, height))[..., None] * np.float32(rng.uniform(0.15, 0.7))
    return np.asarray(picture + cover * (any_colour(rng) - picture), np.float32)


def _outline_of_sticker(rng: Generator) -> NDArray[np.float64]:
    """Draw a star, a burst, a heart, a bubble or a disc about the origin, shape (n, 2)."""
    turns = np.linspace(0, 2 * np.pi, 120, endpoint=False)
    form = rng.random()
    if form < 0.4:
        points, depth = int(rng.choice([5, 5, 6, 8, 12, 16, 20])), rng.uniform(0.4, 0.85)
        reach = np.where(np.arange(2 * points) % 2 == 0, 1.0, depth)
        turns = np.linspace(0, 2 * np.pi, 2 * points, endpoint=False) - np.pi / 2
    elif form < 0.65:
        heart = [16 * np.sin(turns) ** 3, -13 * np.cos(turns) + 5 * np.cos(2 * turns) + 2 * np.cos(3 * turns)]
        return np.stack(heart, axis=1) / 16
    else:
        power = 1.0 if form < 0.85 else 0.4
        reach = (np.abs(np.cos(turns)) ** (2 / power) + np.abs(np.sin(turns)) ** (2 / power)) ** (-power / 2)
    return np.stack([reach * np.cos(turns), reach * np.sin(turns)], axis=1)


def _stuck(picture: Image, rng: Generator) -> Image:
    """Set a flat sticker, often with an edge, a face or a word."""
    outline = _outline_of_sticker(rng)
    size = float(np.exp(rng.uniform(np.log(9), np.log(60)))) * _unit(picture.shape)
    tilt = rng.normal(0, 0.2)
    turn = np.array([[np.cos(tilt), np.sin(tilt)], [-np.sin(tilt), np.cos(tilt)]])
    centre = rng.uniform(0.1, 0.9, 2) * picture.shape[1::-1]
    placed, inner = size * outline @ turn + centre, any_colour(rng)
    out = picture + _filled(picture.shape, placed)[..., None] * (any_colour(rng) - picture)
    if rng.random() < 0.5:
        edge = _lines(picture.shape, [placed], max(1, round(0.08 * size)), closed=True)
        out = out + edge[..., None] * (inner - out)
    for x in (-0.35, 0.35) if rng.random() < 0.4 else ():
        eye = centre + size * (np.array([x, -0.2]) + 0.12 * outline) @ turn
        out = out + _filled(picture.shape, eye)[..., None] * (inner - out)
    return np.asarray(out, np.float32)


def inked(picture: Image, rng: Generator) -> Image:
    """Draw one mark onto a picture.

    Parameters
    ----------
    picture : ndarray, shape (h, w, 3), float32, 0..255
    """
    choice = rng.random()
    if choice < 0.66:
        return _stroked(picture, rng)
    if choice < 0.76:
        return _stuck(picture, rng)
    return _numbered(picture, rng) if choice < 0.87 else _watermarked(picture, rng)
