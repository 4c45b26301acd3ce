"""Compare the thumbnail inside a file with the picture itself.

Cameras store previews turned or not, mirrored by a front camera or not, with the rims of a letterbox, or cut
to another shape. Only a preview that fits under none of these shows another picture.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from bixie.imaging.decode import Picture
from bixie.imaging.structure.model import Structure

__all__ = ["Comparison", "compare", "thumbnail_of"]

_SAME_FROM = 0.8
"""Likeness from which both show the same in full."""
_PART_FROM = 0.75
"""Likeness of details from which one shows a part of the other. The best of many places is always somewhat
alike: of different pictures mostly up to 0.70, of crops mostly 0.83 and more."""
_DIFFERENT_BELOW = 0.65
"""Likeness of the best part below which both show different pictures; between the lines nothing is said."""

_GRID = 32
_MIN_SPREAD = 2.0
"""Grey levels of deviation below which a grid is nearly plain."""
_SEARCH_SIDE = 96
_SCALES = tuple(0.95**step for step in range(20))
"""Sizes of a part that are tried, down to 0.38 of the whole, one side against the other."""
_MIN_PART = 12
_MIN_PART_SPREAD = 1.5
_FINE, _COARSE = 0.8, 3.0
"""Pixels of the two blurs whose difference is the details; light and large surfaces fall out."""
_MAX_SIDE = 1024
_MAX_BYTES = 1024 * 1024
_BAR = 24
"""Grey levels up to which a row or column at the rim counts as a bar of a letterbox."""

Grey = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a preview compares with its picture.

    Parameters
    ----------
    likeness : float
        Correlation, -1 to 1, of whole with whole, or of the best part.
    shows : {"same", "part", "another"}
        ``part``: one shows a part of the other, as after a crop or in another shape.
    """

    likeness: float
    shows: str


def thumbnail_of(structure: Structure) -> Grey | None:
    """Return the first small JPEG of the EXIF block as it is stored, grey; None where there is none."""
    blocks = (node for node in structure.all_nodes() if node.kind == "exif")
    previews = (child for block in blocks for child in block.children if child.kind == "JPEG")
    for node in previews:
        width, height = node.facts.get("width", 0), node.facts.get("height", 0)
        if 0 < width <= _MAX_SIDE and 0 < height <= _MAX_SIDE and node.length <= _MAX_BYTES:
            raw = np.frombuffer(structure.data, np.uint8, node.length, node.offset)
            grey = cv2.imdecode(raw, cv2.IMREAD_GRAYSCALE | cv2.IMREAD_IGNORE_ORIENTATION)
            if grey is not None:
                return np.asarray(grey, np.uint8)
    return None


def compare(thumbnail: Grey, picture: Picture) -> Comparison | None:
    """Return how a preview compares with its picture, whichever way it is turned or mirrored.

    Parameters
    ----------
    thumbnail : ndarray, shape (h, w), uint8
    picture : Picture

    Returns
    -------
    Comparison or None
        None where one of them is nearly plain, or where nothing can be said for certain.
    """
    grey = np.asarray(cv2.cvtColor(picture.rgb, cv2.COLOR_RGB2GRAY), np.uint8)
    # The rims may be a letterbox, or a dark background that both have.
    inner = _without_bars(thumbnail)
    forms = [*_turned(thumbnail), *_turned(inner)]
    wholes = [value for form in forms if (value := _correlation(form, grey)) is not None]
    best = max(wholes, default=None)
    if best is None:
        return None
    if best >= _SAME_FROM:
        return Comparison(best, "same")
    part = _best_part(inner, _without_bars(grey))
    if part is None:
        return None
    if part >= _PART_FROM:
        return Comparison(part, "part")
    return Comparison(max(best, part), "another") if part < _DIFFERENT_BELOW else None


def _turned(grey: Grey) -> Iterator[Grey]:
    """Yield all eight ways to turn and mirror `grey`."""
    for one in (grey, grey[:, ::-1]):
        for turns in range(4):
            yield np.ascontiguousarray(np.rot90(one, turns))


def _without_bars(grey: Grey) -> Grey:
    rows, columns = (np.flatnonzero(grey.max(axis) > _BAR) for axis in (1, 0))
    if not rows.size or not columns.size:
        return grey
    return grey[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _correlation(one: Grey, other: Grey) -> float | None:
    grids = [
        cv2.resize(side, (_GRID, _GRID), interpolation=cv2.INTER_AREA).astype(np.float64)
        for side in (one, other)
    ]
    deviations = [grid - grid.mean() for grid in grids]
    spread = float(np.sqrt((deviations[0] ** 2).sum() * (deviations[1] ** 2).sum()))
    if min(float(part.std()) for part in deviations) < _MIN_SPREAD:
        return None
    return float((deviations[0] * deviations[1]).sum()) / spread


def _best_part(one: Grey, other: Grey) -> float | None:
    """Return the best correlation of either with a part of the other, `one` turned and mirrored.

    None where all parts are plain. Dark rims must be gone: a spot on black is like any other.
    """
    turned, whole = _turned(_fitted(one, _SEARCH_SIDE)), _fitted(other, _SEARCH_SIDE)
    pairs = [pair for form in turned for pair in ((form, whole), (whole, form))]
    return max((value for pair in pairs for value in _correlations(*pair)), default=None)


def _correlations(inner: Grey, outer: Grey) -> Iterator[float]:
    fit = min(outer.shape[0] / inner.shape[0], outer.shape[1] / inner.shape[1])
    field = _details(outer)
    for scale in _SCALES:
        height, width = (min(round(inner.shape[axis] * fit * scale), outer.shape[axis]) for axis in (0, 1))
        if min(height, width) < _MIN_PART:
            return
        template = _details(cv2.resize(inner, (width, height), interpolation=cv2.INTER_AREA))
        if template.std() < _MIN_PART_SPREAD:
            return
        # A plain place gives nothing, or more than 1, by rounding.
        places = cv2.matchTemplate(field, template, cv2.TM_CCOEFF_NORMED)
        places = places[np.isfinite(places) & (places <= 1.001)]
        if places.size:
            yield min(float(places.max()), 1.0)


def _details(grey: NDArray[Any]) -> NDArray[np.float32]:
    fine, coarse = (cv2.GaussianBlur(grey.astype(np.float32), (0, 0), sigma) for sigma in (_FINE, _COARSE))
    return np.asarray(fine - coarse, np.float32)


def _fitted(grey: Grey, side: int) -> Grey:
    factor = side / max(grey.shape)
    size = max(1, round(grey.shape[1] * factor)), max(1, round(grey.shape[0] * factor))
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)
