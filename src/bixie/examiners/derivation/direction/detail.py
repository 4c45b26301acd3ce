"""Compare the fine detail of two registered pictures of one photograph."""

import cv2
import numpy as np
from numpy.typing import NDArray

from bixie.examiners.derivation.change.alignment import Aligned

__all__ = ["detail_ratio"]

MAX_DIFFERENCE = 20
"""Grey levels, smoothed, up to which both pictures show the same thing."""
MIN_PIXELS = 400
FINE, COARSE = 0.8, 1.6
"""Pixels: sigma of the blurs whose remainders are the finest band and the one that includes the next."""


def detail_ratio(exhibit: NDArray[np.uint8], aligned: Aligned) -> float:
    """Return how much of the exhibit's finest detail the known picture has, over the reverse.

    Below 1 the known picture lacks detail that the exhibit has, above 1 the exhibit lacks it; 1 if unknown.
    What each has of the other is the slope of its finest band on the other's: detail that only one has, noise
    and blocks, does not raise it. The slope of a coarser band is divided out, and with it contrast.

    Parameters
    ----------
    exhibit : ndarray, shape (h, w, 3), uint8
    aligned : Aligned
    """
    channels = cv2.split(cv2.absdiff(aligned.exhibit, aligned.known))
    difference = cv2.max(cv2.max(channels[0], channels[1]), channels[2])
    same = aligned.covered & (cv2.blur(difference, (9, 9)) < MAX_DIFFERENCE)
    if same.sum() < MIN_PIXELS:
        return 1.0
    left, top = aligned.origin
    height, width = aligned.covered.shape
    part = exhibit[top : top + height, left : left + width]
    fine, coarse = (
        _slopes(_band(part, sigma)[same], _band(aligned.registered, sigma)[same]) for sigma in (FINE, COARSE)
    )
    known_has, exhibit_has = (one / max(other, 1e-3) for one, other in zip(fine, coarse, strict=True))
    return float(np.clip(known_has / max(exhibit_has, 1e-3), 0.01, 100.0))


def _band(rgb: NDArray[np.uint8], sigma: float) -> NDArray[np.float32]:
    grey = cv2.cvtColor(np.ascontiguousarray(rgb), cv2.COLOR_RGB2GRAY).astype(np.float32)
    return np.asarray(grey - cv2.GaussianBlur(grey, (0, 0), sigma))


def _slopes(exhibit: NDArray[np.float32], known: NDArray[np.float32]) -> tuple[float, float]:
    """Return the slope of the known picture on the exhibit, and the reverse."""
    together = max(0.0, float((exhibit * known).mean()))
    return together / (float((exhibit**2).mean()) + 1e-6), together / (float((known**2).mean()) + 1e-6)
