"""Tell whether one picture shows more of the scene than the other."""

import cv2
import numpy as np
from numpy.typing import NDArray

from bixie.examiners.derivation.change.alignment import Aligned

__all__ = ["scene_continues"]

MIN_EDGE_RATIO = 1.8
"""Mean gradient across the rim, over that beside it, from which the rim is an edge."""
MAX_DIFFERENCE = 40
"""Grey levels, smoothed, up to which both pictures show the same thing inside the rim."""
MIN_AGREEING = 0.7
"""Share of the pixels inside the rim that must show the same thing."""
_PROFILE = 16
"""Pixels on either side of the rim over which the gradient is averaged."""
_RIM = 4
"""Pixels on either side that count as the rim itself."""


def scene_continues(exhibit: NDArray[np.uint8], aligned: Aligned) -> bool:
    """Tell whether the exhibit's scene continues past the rim of the overlap, as in a wider view.

    A frame, a chat window or a collage has an edge along the rim: the gradient across the rim, averaged along
    it, exceeds the same average a few pixels further in or out. A crop set into a frame has the edge further
    in: there both pictures differ inside the rim, because the known picture reaches under the frame.

    Parameters
    ----------
    exhibit : ndarray, shape (h, w, 3), uint8
    aligned : Aligned
    """
    left, top = aligned.origin
    height, width = aligned.covered.shape
    frame = np.zeros(exhibit.shape[:2], np.uint8)
    frame[top : top + height, left : left + width] = aligned.covered
    depth = _depth(frame)
    if not _agree_inside_rim(aligned, depth[top : top + height, left : left + width]):
        return False
    grey = cv2.GaussianBlur(cv2.cvtColor(exhibit, cv2.COLOR_RGB2GRAY), (0, 0), 0.7)
    across = np.abs((_gradient(grey.astype(np.float32)) * _normals(depth)).sum(axis=2))
    near = np.abs(depth) <= _PROFILE
    bins = np.round(depth[near]).astype(int) + _PROFILE
    count = np.bincount(bins, minlength=2 * _PROFILE + 1)
    profile = np.bincount(bins, across[near], minlength=2 * _PROFILE + 1) / np.maximum(count, 1)
    rim = slice(_PROFILE - _RIM, _PROFILE + _RIM + 1)
    if count[rim].sum() < 200:
        return False
    elsewhere = np.delete(profile, np.arange(rim.start - 1, rim.stop + 1))
    return bool(profile[rim].max() < MIN_EDGE_RATIO * (np.median(elsewhere) + 2))


def _agree_inside_rim(aligned: Aligned, depth: NDArray[np.float32]) -> bool:
    channels = cv2.split(cv2.absdiff(aligned.exhibit, aligned.known))
    difference = cv2.blur(cv2.max(cv2.max(channels[0], channels[1]), channels[2]), (5, 5))
    inside = aligned.covered & (depth > _RIM) & (depth <= _RIM + _PROFILE)
    return bool(inside.any() and (difference[inside] < MAX_DIFFERENCE).mean() >= MIN_AGREEING)


def _depth(frame: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the signed distance from the rim, pixels, positive inside; the exhibit's own edge is no rim."""
    width = 2 * _PROFILE
    padded = cv2.copyMakeBorder(frame, width, width, width, width, cv2.BORDER_REPLICATE)
    inside, outside = (cv2.distanceTransform(side, cv2.DIST_L2, 5) for side in (padded, 1 - padded))
    return np.asarray(cv2.GaussianBlur(inside - outside, (0, 0), 2)[width:-width, width:-width])


def _normals(depth: NDArray[np.float32]) -> NDArray[np.float32]:
    normals = _gradient(depth)
    return np.asarray(normals / (np.linalg.norm(normals, axis=2, keepdims=True) + 1e-9))


def _gradient(image: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.stack([cv2.Sobel(image, cv2.CV_32F, 1, 0), cv2.Sobel(image, cv2.CV_32F, 0, 1)], axis=2)
