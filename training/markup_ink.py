"""Ink on a photo as markup tools lay it: lines of any width, edge, dash, shadow, casing and gradient."""

from dataclasses import dataclass, replace
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from training.markup_shapes import Part, Pose, at_lengths, reach, wobbled

__all__ = ["Ink", "Pen", "Sheet", "draw", "inked", "lay", "write"]

Image = NDArray[np.float32]
Cover = NDArray[np.float32]
Raster = NDArray[np.uint8]
Points = NDArray[np.float64]
Generator = np.random.Generator

_FRACTION_BITS = 4


@dataclass(frozen=True)
class Pen:
    """How ink goes onto the picture; lengths in pixels."""

    width: float
    colour: Points
    opacity: float
    edge: str = "smooth"
    rounded: bool = True
    dashes: tuple[float, float] | None = None
    double: bool = False
    pressure: float = 0.0
    nib: float | None = None
    hand: float = 0.0
    soft: float = 0.0
    inside: float = 0.0
    casing: tuple[Points, int] | None = None
    shadow: tuple[int, int, float, float] | None = None
    second: Points | None = None
    slope: float | None = None


class Ink(NamedTuple):
    """Coverage (0..255) of a window of the picture."""

    cover: Raster
    left: int
    top: int


class Sheet(NamedTuple):
    """The picture that is drawn onto, and what was drawn so far."""

    picture: Image
    cover: Cover
    rng: Generator


def lay(sheet: Sheet, ink: Ink, colour: Points | Image, opacity: float) -> None:
    """Blend ink into the picture; a colour is one, or one for each inked pixel."""
    rows, columns = np.nonzero(ink.cover)
    cover = ink.cover[rows, columns].astype(np.float32) / 255
    rows, columns = rows + ink.top, columns + ink.left
    below = sheet.picture[rows, columns]
    alpha = (cover * np.float32(opacity))[:, None]
    sheet.picture[rows, columns] = below + alpha * (np.asarray(colour, np.float32) - below)
    sheet.cover[rows, columns] = np.maximum(sheet.cover[rows, columns], cover)


def _colours(ink: Ink, pen: Pen) -> Points | Image:
    """Return a pen's colour, or its colours where they run along or across the stroke."""
    if pen.second is None:
        return pen.colour
    rows, columns = np.nonzero(ink.cover)
    if pen.slope is None:
        depth = cv2.distanceTransform((ink.cover > 100).astype(np.uint8), cv2.DIST_L2, 3)
        share = np.clip(depth[rows, columns] / max(1.0, 0.6 * pen.width), 0, 1)
    else:
        along = np.cos(pen.slope) * columns + np.sin(pen.slope) * rows
        share = (along - along.min()) / max(1.0, float(np.ptp(along))) if len(along) else along
    mixed: Image = (pen.colour + share[:, None] * (pen.second - pen.colour)).astype(np.float32)
    return mixed


def _press(sheet: Sheet, ink: Ink, pen: Pen) -> None:
    """Lay ink down with its shadow and its casing."""
    cover = ink.cover
    if pen.soft:
        cover = np.asarray(cv2.GaussianBlur(cover, (0, 0), pen.soft), np.uint8)
    if pen.shadow:
        across, down, blur, strength = pen.shadow
        moved = np.roll(cover, (down, across), (0, 1))
        shade = cv2.GaussianBlur(moved, (0, 0), blur) if blur else moved
        lay(sheet, ink._replace(cover=shade), np.zeros(3), strength)
    if pen.casing:
        colour, reach_of = pen.casing
        disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach_of + 1, 2 * reach_of + 1))
        lay(sheet, ink._replace(cover=np.asarray(cv2.dilate(cover, disc), np.uint8)), colour, pen.opacity)
    inked = ink._replace(cover=cover)
    lay(sheet, inked, _colours(inked, pen), pen.opacity)


def _window(sheet: Sheet, points: Points, pen: Pen) -> tuple[int, int, int, int]:
    """Return left, top, width and height of where some points are inked, with room for a shadow."""
    room = pen.width + 3 * pen.soft + 4 + (pen.casing[1] if pen.casing else 0)
    if pen.shadow:
        room += max(abs(pen.shadow[0]), abs(pen.shadow[1])) + 3 * pen.shadow[2]
    limit = np.array(sheet.cover.shape[::-1])
    low = np.clip(np.floor(points.min(axis=0) - room), 0, limit - 1).astype(int)
    high = np.clip(np.ceil(points.max(axis=0) + room), low + 1, limit).astype(int)
    return int(low[0]), int(low[1]), int(high[0] - low[0]), int(high[1] - low[1])


def _pieces(path: Points, pen: Pen) -> list[Points]:
    """Cut a path into its dashes."""
    if pen.dashes is None:
        return [path]
    dash, gap = pen.dashes
    total = float(reach(path)[-1])
    starts = np.arange(0, total, max(dash + gap, total / 300, 1.0))
    return [at_lengths(path, np.linspace(start, min(start + dash, total), 4)) for start in starts]


def _widths(path: Points, pen: Pen) -> Points:
    """Return the stroke's width at each point: even, pressed harder midway, or as a broad nib draws."""
    if not pen.pressure:
        return np.full(len(path), pen.width)
    if pen.nib is None:
        share = np.sin(np.pi * np.linspace(0.04, 0.96, len(path))) ** 0.7
    else:
        way = np.gradient(path, axis=0)
        share = np.abs(np.sin(np.arctan2(way[:, 1], way[:, 0]) - pen.nib))
    return np.maximum(0.8, pen.width * (1 - pen.pressure * (1 - share)))


def _stroke(canvas: Raster, path: Points, widths: Points, *, ends: str, line: int) -> None:
    """Draw a path of varying width: a quadrangle for each stretch, a disc at each joint."""
    way = np.diff(path, axis=0)
    unit = way / np.maximum(np.hypot(*way.T), 1e-6)[:, None]
    half = np.maximum(0.1, widths / 2 - 0.5)[:, None]
    across = np.stack([-unit[:, 1], unit[:, 0]], axis=1)
    start, stop = (path[:-1], path[1:])
    if ends == "square":
        start, stop = start - unit * half[:-1], stop + unit * half[1:]
    corners = np.stack([start + across * half[:-1], stop + across * half[1:],
                        stop - across * half[1:], start - across * half[:-1]], axis=1)  # fmt: skip
    scale = 1 << _FRACTION_BITS
    for corner in np.round(corners * scale).astype(np.int32):
        cv2.fillConvexPoly(canvas, corner, 255, line, _FRACTION_BITS)
    inner = slice(0, None) if ends == "round" else slice(1, -1)
    if ends != "square":
        spots, radii = (
            np.round(path * scale).astype(int)[inner],
            np.round(half[:, 0] * scale).astype(int)[inner],
        )
        for (x, y), radius in zip(spots.tolist(), radii.tolist(), strict=True):
            cv2.circle(canvas, (x, y), radius, 255, -1, line, _FRACTION_BITS)


def _trace(canvas: Raster, part: Part, pen: Pen, line: int) -> None:
    """Draw one part whose points and whose pen are in the canvas's own pixels."""
    path = np.concatenate([part.points, part.points[:1]]) if part.closed else part.points
    if part.filled:
        fixed = np.round(part.points * (1 << _FRACTION_BITS)).astype(np.int32)
        cv2.fillPoly(canvas, [fixed], 255, line, _FRACTION_BITS)
    if pen.pressure:
        total = float(reach(path)[-1])
        path = at_lengths(path, np.linspace(0, total, int(np.clip(total / 6, 8, 90))))
    square = part.closed and len(part.points) <= 4 and not pen.rounded and pen.dashes is None
    ends = "square" if square else "round" if pen.rounded else "butt"
    for piece in [path] if part.solid or part.filled else _pieces(path, pen):
        _stroke(canvas, piece, _widths(piece, pen), ends=ends, line=line)


def inked(sheet: Sheet, parts: list[Part], pen: Pen) -> Ink:
    """Draw lines and areas with hard, with smooth or with finely sampled edges."""
    left, top, width, height = _window(sheet, np.concatenate([part.points for part in parts]), pen)
    scale = 1 if pen.edge != "fine" else 3 if width * height < 90_000 else 2
    line = cv2.LINE_8 if pen.edge == "hard" else cv2.LINE_AA
    dashes = (pen.dashes[0] * scale, pen.dashes[1] * scale) if pen.dashes else None
    scaled = replace(pen, width=pen.width * scale, dashes=dashes)
    moved = [part._replace(points=(part.points - (left, top) + 0.5) * scale - 0.5) for part in parts]
    canvas = np.zeros((height * scale, width * scale), np.uint8)
    for part in moved:
        _trace(canvas, part, scaled, line)
    if pen.double and pen.width >= 4:
        core = np.zeros_like(canvas)
        for part in moved:
            _trace(core, part._replace(filled=False), replace(scaled, width=scaled.width * 0.45), line)
        canvas = np.asarray(cv2.subtract(canvas, core), np.uint8)
    if scale > 1:
        canvas = np.asarray(cv2.resize(canvas, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    return Ink(canvas, left, top)


def draw(sheet: Sheet, parts: list[Part], pen: Pen, pose: Pose) -> None:
    """Draw a shape of the unit square: translucent inside, then its lines."""
    placed = [part._replace(points=pose.at(part.points)) for part in parts]
    if pen.hand:
        placed = [wobbled(part, pen.hand, sheet.rng) for part in placed]
    areas = [part._replace(filled=True, solid=True) for part in placed if part.closed]
    if pen.inside and areas:
        flat = replace(pen, width=1.0, double=False, pressure=0.0)
        lay(sheet, inked(sheet, areas, flat), pen.colour, pen.inside)
    _press(sheet, inked(sheet, placed, pen), pen)


def write(sheet: Sheet, letters: Raster, pen: Pen, pose: Pose) -> None:
    """Write letters around the middle of a pose, turned as it is; a slant comes from the pen's nib."""
    height, width = letters.shape
    frame = Pose(pose.middle, np.array([width, height]) / 2, pose.angle)
    corners = frame.at(np.array([[-1.0, -1], [1, -1], [1, 1], [-1, 1]]))
    left, top, across, down = _window(sheet, corners, pen)
    corners = corners if pose.angle else np.round(corners)  # upright letters keep their crisp edges
    matrix = cv2.getAffineTransform(
        np.array([[0, 0], [width, 0], [width, height]], np.float32),
        (corners[:3] - (left, top)).astype(np.float32),
    )
    cover = np.asarray(cv2.warpAffine(letters, matrix, (across, down), flags=cv2.INTER_LINEAR), np.uint8)
    if pen.edge == "hard":
        cover = (cover > 127).astype(np.uint8) * np.uint8(255)
    _press(sheet, Ink(cover, left, top), pen)
