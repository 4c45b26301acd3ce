"""Find padding: the flat wedges and bars that rotating or framing a picture leaves at its corners."""

import cv2
import numpy as np
from numpy.typing import NDArray

from bixie.examiners.derivation.change.alignment import Aligned

__all__ = ["padding_mask"]

LONG_SIDE = 480
"""Pixels to which the exhibit is reduced for the flood fill."""
TOLERANCE = 10
"""Grey levels by which padding may vary after compression."""
MIN_CHANGED_SHARE = 0.6
"""Share of a flat area that must differ before it is padding: a backdrop that both pictures show agrees."""


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
    for flat in _flat_corners(exhibit):
        part = _on_aligned(flat, aligned)
        covered = part & aligned.covered
        if covered.any() and changed[covered].mean() > MIN_CHANGED_SHARE:
            padding |= part
    return padding


def _flat_corners(exhibit: NDArray[np.uint8]) -> list[NDArray[np.uint8]]:
    """Return the flat area at each corner of the frame, shape (h, w), 255 inside."""
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


def _on_aligned(area: NDArray[np.uint8], aligned: Aligned) -> NDArray[np.bool_]:
    left, top = aligned.origin
    height, width = aligned.covered.shape
    return np.asarray(area[top : top + height, left : left + width] > 127)
