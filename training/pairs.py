"""Turn an edited picture into what examination meets: an exhibit, and the known picture laid onto it.

The exhibit is relit, resampled, blurred, compressed; the known picture is warped onto it with the true
transform plus the errors that registration leaves, and its light is made equal as well as an estimate can.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from training.light import compressed, fitted_light, relit, repainted, smooth_field, softened
from training.marks import painted_anew
from training.overlays import overlaid

__all__ = ["BELONGS", "INVISIBLE_LEVELS", "SIDE", "Pair", "draw_pair"]

SIDE = 192
INVISIBLE_LEVELS = 6.0
"""A difference of fewer grey levels inside an edit is neither called changed nor unchanged."""
BELONGS = 0.12
"""Cover from which a pixel belongs to what was painted."""
_MARGIN = 8

Image = NDArray[np.float32]
Bytes = NDArray[np.uint8]


@dataclass(frozen=True)
class Pair:
    """One training patch.

    Parameters
    ----------
    exhibit, known : ndarray, shape (side, side, 3), uint8
    truth : ndarray, shape (side, side, 2), uint8
        255 changed; 255 annotated.
    counts : ndarray, shape (side, side), uint8
        1 where the loss looks.
    """

    exhibit: Bytes
    known: Bytes
    truth: Bytes
    counts: Bytes


def draw_pair(
    item: dict,
    rng: np.random.Generator,
    *,
    side: int = SIDE,
    quick: float = 0.25,
    unedited: float = 0.25,
    overlay: float = 0.0,
    hard: float = 0.0,
) -> Pair:
    """Draw one patch from an item of a pool.

    Parameters
    ----------
    item : dict
        As `training.edits.draw_edit` gives it.
    side : int
        Height and width of the patch.
    quick, unedited : float
        Chance of an additional quick edit, and of leaving the pool's edit out.
    overlay : float
        Chance of an additional annotation.
    hard : float
        Chance of a soft exhibit and a registration about a pixel off.
    """
    known, edited = item["known"], item["edited"]
    changed, annotated = item["changed"], item["annotated"]
    if rng.random() < unedited:
        edited, changed, annotated = item.get("plain", known), np.zeros_like(changed), np.zeros_like(changed)
    elif not annotated.any() and rng.random() < 0.15:
        known, edited = edited, known
    placing, window = _place(np.maximum(changed, annotated), side, rng)
    known, edited, changed, annotated = (part[window] for part in (known, edited, changed, annotated))
    source = edited
    if rng.random() < 0.15:
        source = repainted(np.ascontiguousarray(source), rng)
    exhibit, truth_alpha = source.astype(np.float32), changed.astype(np.float32) / 255
    if rng.random() < quick:
        exhibit, alpha = painted_anew(exhibit, rng)
        hidden = alpha > 0.5
        annotated = np.where(hidden, 0, annotated).astype(np.uint8)
        truth_alpha = np.maximum(truth_alpha, (alpha > BELONGS).astype(np.float32))
    if rng.random() < overlay:
        exhibit, marks = overlaid(exhibit, rng)
        annotated = np.maximum(annotated, marks)
    soft = hard > 0 and rng.random() < hard
    return _delivered(exhibit, known, truth_alpha, annotated, placing, side, rng, soft=soft)


def _place(
    marked: Bytes, size: int, rng: np.random.Generator
) -> tuple[NDArray[np.float64], tuple[slice, slice]]:
    """Draw the similarity from source to patch and the part of the source that it needs."""
    height, width = marked.shape
    scale = float(np.exp(rng.uniform(np.log(0.3), np.log(2.0)))) if rng.random() < 0.6 else 1.0
    scale = max(scale, 0.6 * (size + 2 * _MARGIN) / min(height, width))
    angle = float(rng.choice([0.0, rng.normal(0, 4), rng.uniform(-180, 180)], p=[0.4, 0.35, 0.25]))
    rows, columns = np.nonzero(marked[::4, ::4])
    half = 0.42 * size / scale
    if len(rows) and rng.random() < 0.75:
        pick = int(rng.integers(len(rows)))
        centre = np.array([columns[pick], rows[pick]]) * 4 + rng.uniform(-half, half, 2)
    else:
        centre = rng.uniform(0, 1, 2) * (width, height)
    room = np.minimum(half * 1.2, (width / 2, height / 2))
    centre = np.clip(centre, room, (width, height) - room)
    if angle == 0.0 and rng.random() < 0.5:
        centre = np.round(centre)
    reach = (size / 2 + _MARGIN) * (1.42 if angle else 1.0) / scale + 4
    low = np.maximum(np.floor(centre - reach), 0).astype(int)
    high = np.minimum(np.ceil(centre + reach), (width, height)).astype(int)
    turn = scale * np.array(
        [
            [np.cos(np.radians(angle)), -np.sin(np.radians(angle))],
            [np.sin(np.radians(angle)), np.cos(np.radians(angle))],
        ]
    )
    shift = size / 2 + _MARGIN - turn @ (centre - low)
    return np.column_stack([turn, shift]), (slice(low[1], high[1]), slice(low[0], high[0]))


def _level(picture: NDArray, matrix: NDArray[np.float64]) -> tuple[NDArray, NDArray[np.float64]]:
    """Reduce a picture to about its final size first, as examination does; return it with its own matrix."""
    shrink = 1.15 * float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))
    if shrink > 0.9:
        return picture, matrix
    size = [max(8, round(side * shrink)) for side in picture.shape[1::-1]]
    factors = np.array(size) / picture.shape[1::-1]
    inner = matrix[:, :2] / factors
    reduced = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return reduced, np.column_stack([inner, matrix[:, 2] - inner @ ((factors - 1) / 2)])


def _warped(
    picture: NDArray, matrix: NDArray[np.float64], side: int, border: int = cv2.BORDER_REPLICATE
) -> NDArray:
    level, inner = _level(picture, matrix)
    flags = cv2.INTER_LINEAR if picture.ndim == 2 else cv2.INTER_CUBIC
    return cv2.warpAffine(level, inner, (side, side), flags=flags, borderMode=border)


def _warped_with_error(
    picture: Bytes, matrix: NDArray[np.float64], side: int, rng: np.random.Generator, *, soft: bool = False
) -> Bytes:
    """Warp as examination would, registration a fraction of a pixel off, or about one where it is `soft`."""
    size = float(rng.choice([0.15, 0.5, 1.0, 1.6], p=[0.3, 0.35, 0.25, 0.1]))
    size = max(1.0, size) if soft else size
    cells = float(rng.choice([0.0, 1.0, 3.0, 8.0]))
    x, y = np.meshgrid(np.arange(side, dtype=np.float32), np.arange(side, dtype=np.float32))
    shift = np.clip(size * rng.normal(0, 0.7, 2), -2.5, 2.5) if cells < 2 else np.zeros(2)
    wobble = size * (0.3 if cells < 2 else 0.6)
    x = x + np.clip(shift[0] + wobble * smooth_field((side, side), rng, cells), -2.6, 2.6)
    y = y + np.clip(shift[1] + wobble * smooth_field((side, side), rng, cells), -2.6, 2.6)
    level, inner = _level(picture, matrix)
    back = cv2.invertAffineTransform(inner)
    there = [(back[i, 0] * x + back[i, 1] * y + back[i, 2]).astype(np.float32) for i in (0, 1)]
    return cv2.remap(level, *there, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)


def _out_of_focus(picture: Bytes, rng: np.random.Generator) -> Bytes:
    """Soften as a small copy enlarged again is soft."""
    if rng.random() < 0.5:
        return cv2.GaussianBlur(picture, (0, 0), float(rng.uniform(0.8, 2.2)))
    factor = float(rng.uniform(0.35, 0.7))
    small = cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return cv2.resize(small, picture.shape[1::-1], interpolation=cv2.INTER_CUBIC)


def _captured(exhibit: Bytes, rng: np.random.Generator) -> Bytes:
    """Deliver the resampled exhibit: light, optics, a smaller size on the way, up to two compressions."""
    out = softened(relit(exhibit, rng), rng).astype(np.uint8)
    if rng.random() < 0.25:
        factor = float(rng.uniform(0.4, 0.9))
        small = cv2.resize(out, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        if rng.random() < 0.7:
            small = compressed(small, rng)
        out = cv2.resize(
            small, out.shape[1::-1], interpolation=int(rng.choice([cv2.INTER_LINEAR, cv2.INTER_CUBIC]))
        )
    for _ in range(int(rng.choice([0, 1, 2], p=[0.12, 0.6, 0.28]))):
        out = compressed(out, rng)
    return out


def _levels_apart(first: Image, second: Image) -> Image:
    """Grey levels between two pictures in the worst channel, specks smoothed away."""
    apart = cv2.absdiff(first, second)
    worst = np.maximum(np.maximum(apart[..., 0], apart[..., 1]), apart[..., 2])
    return np.asarray(cv2.GaussianBlur(worst, (0, 0), 1.0))


def _delivered(
    exhibit: Image,
    known: Bytes,
    changed: Image,
    annotated: Bytes,
    matrix: NDArray[np.float64],
    size: int,
    rng: np.random.Generator,
    *,
    soft: bool,
) -> Pair:
    side = size + 2 * _MARGIN
    stored = compressed(np.ascontiguousarray(known), rng, low=55) if rng.random() < 0.5 else known
    placed = _warped(exhibit.astype(np.uint8), matrix, side)
    there = _captured(_out_of_focus(placed, rng) if soft else placed, rng)
    here = _warped_with_error(np.ascontiguousarray(stored), matrix, side, rng, soft=soft).astype(np.float32)
    cover = (
        cv2.warpAffine(np.full(changed.shape, 255, np.uint8), matrix, (side, side), flags=cv2.INTER_NEAREST)
        > 250
    )
    cover = cv2.erode(cover.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    truth = _warped(changed, matrix, side, cv2.BORDER_CONSTANT)
    marks = _warped(annotated.astype(np.float32) / 255, matrix, side, cv2.BORDER_CONSTANT)
    visible = _levels_apart(placed, _warped(np.ascontiguousarray(known), matrix, side))
    is_mark = marks > 0.5
    is_changed = (truth > 0.4) & ~is_mark
    unsure = ((truth > 0.15) & (truth < 0.5)) | ((marks > 0.15) & (marks < 0.5))
    unsure |= is_changed & (visible < INVISIBLE_LEVELS)
    trusted = cover & ((truth < 0.1) & (marks < 0.1) if rng.random() < 0.5 else True)
    here = fitted_light(here, there.astype(np.float32), trusted, rng).astype(np.uint8)
    here = np.where(cover[..., None], here, there)
    top, left = rng.integers(0, 2 * _MARGIN + 1, 2)
    window = (slice(top, top + size), slice(left, left + size))
    maps = np.stack([is_changed & cover, is_mark & cover], axis=2).astype(np.uint8) * 255
    return Pair(
        np.ascontiguousarray(there[window]),
        np.ascontiguousarray(here[window]),
        np.ascontiguousarray(maps[window]),
        np.ascontiguousarray((cover & ~unsure)[window].astype(np.uint8)),
    )
