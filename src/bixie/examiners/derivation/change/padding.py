"""Plain wedges and bars that turning or framing leaves at the corners: neither content nor change."""

import cv2
import numpy as np
from numpy.typing import NDArray

from bixie.examiners.derivation.change.alignment import Aligned

__all__ = ["padding_mask"]

LONG_SIDE = 480
TOLERANCE = 10
"""Grey levels by which padding may vary after compression."""
CHANGED_SHARE = 0.6
"""Padding hides the known picture; a plain backdrop that both show agrees with it and is no padding."""


def padding_mask(
    aligned: Aligned, exhibit: NDArray[np.uint8], changed: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Return where the exhibit shows padding instead of what the known picture has there.

    Parameters
    ----------
    aligned : Aligned
    exhibit : ndarray, shape (h, w, 3), uint8 sRGB
    changed : ndarray, shape of `aligned`, bool
        Where the two differ.

    Returns
    -------
    ndarray, shape of `aligned`, bool
    """
    padding = np.zeros(aligned.covered.shape, bool)
    for plain in _plain_corners(exhibit):
        part = _part_of(plain, aligned)
        seen = part & aligned.covered
        if seen.any() and changed[seen].mean() > CHANGED_SHARE:
            padding |= part
    return padding


def _plain_corners(exhibit: NDArray[np.uint8]) -> list[NDArray[np.uint8]]:
    """Return the plain area that each corner of the frame belongs to, at a reduced size."""
    height, width = exhibit.shape[:2]
    scale = min(1.0, LONG_SIDE / max(height, width))
    small = cv2.resize(exhibit, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    rows, columns = small.shape[:2]
    flags = 4 | cv2.FLOODFILL_MASK_ONLY | cv2.FLOODFILL_FIXED_RANGE | (255 << 8)
    areas = []
    for seed in ((0, 0), (columns - 1, 0), (0, rows - 1), (columns - 1, rows - 1)):
        area = np.zeros((rows + 2, columns + 2), np.uint8)
        cv2.floodFill(small, area, seed, (0, 0, 0), (TOLERANCE,) * 3, (TOLERANCE,) * 3, flags)
        full = cv2.resize(cv2.dilate(area[1:-1, 1:-1], np.ones((3, 3), np.uint8)), (width, height))
        areas.append(np.asarray(full, np.uint8))
    return areas


def _part_of(area: NDArray[np.uint8], aligned: Aligned) -> NDArray[np.bool_]:
    left, top = aligned.origin
    height, width = aligned.covered.shape
    return np.asarray(area[top : top + height, left : left + width] > 127)
