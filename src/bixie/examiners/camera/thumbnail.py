"""Compare the thumbnail inside a file with the picture itself."""

import cv2
import numpy as np
from numpy.typing import NDArray

from bixie.imaging.decode import Picture
from bixie.imaging.structure.metadata import orientation
from bixie.imaging.structure.model import Structure

__all__ = ["SAME_FROM", "likeness", "thumbnail_of"]

SAME_FROM = 0.8
"""Likeness from which both show the same.

Of the camera files in `real/camera_originals` the lowest is 0.98; of 110 pairs of different files the highest
is 0.65 (`python -m bench credentials`).
"""

_GRID = 32
_MAX_SIDE = 1024
_MAX_BYTES = 1024 * 1024
_BAR = 24
"""Grey levels up to which a row or column at the rim counts as a bar of a letterbox."""
_TURNS = {1: 0, 2: 0, 3: 2, 4: 2, 5: 3, 6: 3, 7: 1, 8: 1}
"""EXIF orientation to quarter turns against the clock that display it."""


def thumbnail_of(structure: Structure) -> NDArray[np.uint8] | None:
    """Return the first small JPEG of the EXIF block on the displayed grid, grey; None where there is none."""
    blocks = (node for node in structure.all_nodes() if node.kind == "exif")
    previews = (child for block in blocks for child in block.children if child.kind == "JPEG")
    for node in previews:
        width, height = node.facts.get("width", 0), node.facts.get("height", 0)
        if 0 < width <= _MAX_SIDE and 0 < height <= _MAX_SIDE and node.length <= _MAX_BYTES:
            raw = np.frombuffer(structure.data, np.uint8, node.length, node.offset)
            grey = cv2.imdecode(raw, cv2.IMREAD_GRAYSCALE | cv2.IMREAD_IGNORE_ORIENTATION)
            if grey is not None:
                return np.ascontiguousarray(np.rot90(grey, _TURNS[orientation(structure)])).astype(np.uint8)
    return None


def likeness(thumbnail: NDArray[np.uint8], picture: Picture) -> float | None:
    """Return the correlation of both on a coarse grid, -1 to 1; None where one of them is nearly plain.

    The better of the turned and the unturned thumbnail counts: some programs turn it with the picture.
    """
    grey = cv2.cvtColor(picture.rgb, cv2.COLOR_RGB2GRAY)
    inner = _without_bars(thumbnail)
    turns = [inner] if inner.shape[0] == inner.shape[1] else [inner, np.rot90(inner), np.rot90(inner, 3)]
    found = [_correlation(np.ascontiguousarray(one), np.asarray(grey, np.uint8)) for one in turns]
    known = [value for value in found if value is not None]
    return max(known, default=None)


def _without_bars(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    rows, columns = (np.flatnonzero(grey.max(axis) > _BAR) for axis in (1, 0))
    if not rows.size or not columns.size:
        return grey
    return grey[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _correlation(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float | None:
    grids = [
        cv2.resize(side, (_GRID, _GRID), interpolation=cv2.INTER_AREA).astype(np.float64)
        for side in (one, other)
    ]
    deviations = [grid - grid.mean() for grid in grids]
    spread = float(np.sqrt((deviations[0] ** 2).sum() * (deviations[1] ** 2).sum()))
    if min(float(part.std()) for part in deviations) < 2.0:
        return None
    return float((deviations[0] * deviations[1]).sum()) / spread
