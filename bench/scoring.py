"""Numbers from answers: overlap of masks, and what a count proves about a rate."""

from collections.abc import Callable
from math import exp, lgamma, log

import cv2
import numpy as np

__all__ = ["THIN_TOLERANCE", "clopper_pearson", "overlap", "overlap_of_lines"]

THIN_TOLERANCE = 2
"""Pixels of the exhibit's grid by which a thin line may be missed, as the target says."""


def overlap(truth: np.ndarray, answer: np.ndarray | None) -> float:
    """Return the pixel F1 of two masks (0 or 255) at the fixed threshold, no inversion, no border left out.

    No answer scores 0: a mask that was not given overlaps with nothing.
    """
    if answer is None:
        return 0.0
    expected, given = truth > 127, answer > 127
    both = int(np.count_nonzero(expected & given))
    total = int(np.count_nonzero(expected)) + int(np.count_nonzero(given))
    return 2.0 * both / total if total else 1.0


def overlap_of_lines(truth: np.ndarray, answer: np.ndarray | None, tolerance: int = THIN_TOLERANCE) -> float:
    """Return the F1 of masks of thin lines.

    A given pixel is right within `tolerance` pixels of the truth, a true pixel is found within
    `tolerance` pixels of the answer; precision and recall of these make the F1.
    """
    if answer is None:
        return 0.0
    expected, given = (truth > 127).astype(np.uint8), (answer > 127).astype(np.uint8)
    if not given.any() or not expected.any():
        return 0.0
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * tolerance + 1, 2 * tolerance + 1))
    precision = float(np.count_nonzero(given & cv2.dilate(expected, disc))) / float(np.count_nonzero(given))
    recall = float(np.count_nonzero(expected & cv2.dilate(given, disc))) / float(np.count_nonzero(expected))
    return 2.0 * precision * recall / (precision + recall) if precision + recall else 0.0


def _at_least(count: int, total: int, rate: float) -> float:
    """Probability of `count` or more successes in `total` at `rate`."""
    if count <= 0:
        return 1.0
    if rate <= 0.0:
        return 0.0
    if rate >= 1.0:
        return 1.0
    up, down, whole = log(rate), log(1.0 - rate), lgamma(total + 1)
    terms = (
        exp(whole - lgamma(k + 1) - lgamma(total - k + 1) + k * up + (total - k) * down)
        for k in range(count, total + 1)
    )
    return min(1.0, sum(terms))


def clopper_pearson(count: int, total: int, confidence: float = 0.95) -> tuple[float, float]:
    """Return the exact two-sided bounds of a rate after `count` of `total`.

    References
    ----------
    C. Clopper, E. Pearson, "The use of confidence or fiducial limits illustrated in the case of the
    binomial", Biometrika 26 (1934). The bounds are found by bisection on the binomial tails.
    """
    if total == 0:
        return 0.0, 1.0
    tail = (1.0 - confidence) / 2.0
    low = 0.0 if count == 0 else _where(lambda rate: _at_least(count, total, rate) > tail)
    high = 1.0 if count == total else _where(lambda rate: _at_least(count + 1, total, rate) > 1.0 - tail)
    return low, high


def _where(turned: Callable[[float], bool]) -> float:
    """Return the rate at which a monotone condition turns true."""
    below, above = 0.0, 1.0
    for _ in range(60):
        middle = (below + above) / 2.0
        if turned(middle):
            above = middle
        else:
            below = middle
    return (below + above) / 2.0
