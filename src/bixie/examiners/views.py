"""Pictures for the report page, reduced and encoded at once: a claim of many photos must fit in memory."""

import cv2
import numpy as np
from numpy.typing import NDArray

from bixie.examiners.files import EXAMINING_LONG_SIDE
from bixie.examiners.results import Comparison, ComparisonView, View

__all__ = ["comparison_view", "view", "viewing_side"]

JPEG_QUALITY = 84
NOTICEABLE_SHARE = 0.005
"""Of the frame. Registration leaves a seam of a pixel or two along the edges, too thin to need a legend."""
HATCH_PERIOD = 14
HATCH_LIGHT = (226, 228, 230)
HATCH_DARK = (208, 211, 214)


def viewing_side(exhibits: int) -> int:
    """Return the long side of views, in pixels, for a claim of so many exhibits.

    The side that photos are examined at shows a hairline crack on any screen and needs no second resampling.
    A page of fifty photos must still open on a phone.
    """
    if exhibits <= 8:
        return EXAMINING_LONG_SIDE
    return 900 if exhibits <= 24 else 640


def view(rgb: np.ndarray, long_side: int) -> View:
    """Return `rgb` encoded, its longer side at most `long_side` pixels; never enlarged.

    Parameters
    ----------
    rgb : ndarray, shape (h, w, 3), uint8 sRGB
    """
    height, width = rgb.shape[:2]
    scale = min(1.0, long_side / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    if scale < 1:
        rgb = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    bgr = cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR)
    done, data = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    if not done:
        raise ValueError("the picture cannot be encoded")
    return View(data.tobytes(), size[0], size[1])


def comparison_view(comparison: Comparison, long_side: int, *, own_exhibit: bool) -> ComparisonView:
    """Return `comparison` encoded.

    Parameters
    ----------
    own_exhibit : bool
        Whether the exhibit side must be kept too, because the exhibit's preview shows another picture.
    """
    covered = comparison.covered.astype(bool)
    registered = comparison.registered.copy()
    registered[~covered] = _hatch(covered.shape)[~covered]
    return ComparisonView(
        registered=view(registered, long_side),
        exhibit=view(comparison.exhibit, long_side) if own_exhibit else None,
        hatched=bool((~covered).mean() > NOTICEABLE_SHARE),
        reach=_reach(covered),
    )


def _reach(covered: NDArray[np.bool_]) -> tuple[float, float, float, float]:
    """Return the bounds of the covered cells as shares of width and height; the whole where none is."""
    rows, columns = np.flatnonzero(covered.any(1)), np.flatnonzero(covered.any(0))
    if not len(rows):
        return 0.0, 0.0, 1.0, 1.0
    height, width = covered.shape
    left, top, right, bottom = columns[0], rows[0], columns[-1] + 1, rows[-1] + 1
    return float(left / width), float(top / height), float(right / width), float(bottom / height)


def _hatch(shape: tuple[int, ...]) -> np.ndarray:
    """Return slanted stripes, which cannot be taken for a part of the photograph."""
    height, width = shape[:2]
    # Every row is the one above it moved by a pixel: a view of one line, no index is computed a pixel.
    dark = np.arange(height + width - 1) // HATCH_PERIOD % 2 == 1
    line = np.where(dark[:, None], HATCH_DARK, HATCH_LIGHT).astype(np.uint8)
    return np.lib.stride_tricks.sliding_window_view(line, width, axis=0).transpose(0, 2, 1)
