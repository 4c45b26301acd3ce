"""Cut what differs between two pictures into regions that are one thing each, to be judged as a whole."""

from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from bixie.examiners.derivation.change.change_network import (
    ANNOTATED_THRESHOLD,
    CHANGED_THRESHOLD,
    ChangeMaps,
)

__all__ = ["MIN_CHANGE", "Regions", "bounding_slices", "split_regions"]

MAX_JUDGED = 150
"""Regions of one picture that are judged, the largest first; what is left over is noise."""
MIN_CHANGE = 0.006
"""What differs and is smaller than the square of this share of the long side is not told from noise."""
MIN_JUDGED = 6
"""Pixels; smaller ones are never kept."""
SPLIT_SHARE = 0.15
"""A part of a region that leans the other way becomes a region of its own from this share on."""
LEAN_SIGMA = 1.5
GROUP_REACH = 0.008
"""Share of the long side; pieces up to twice as far apart belong to one group."""

Mask = NDArray[np.bool_]
Place: TypeAlias = tuple[slice, slice]


@dataclass(frozen=True, slots=True, eq=False)
class Regions:
    """What differs, cut into pieces that are one thing each.

    Parameters
    ----------
    labels : ndarray, shape (h, w), int32
        0 where nothing differs, else the number of the region.
    numbers : ndarray, shape (n,), intp
        The regions that are large enough to be judged, or part of something that is, the largest first.
    groups : ndarray, shape (h, w), int32
        Likewise, but pieces close together share a number: the blocks of a mosaic, the letters of a word.
    group_of : ndarray, shape (n,), intp
        The group of each region of `numbers`.
    """

    labels: NDArray[np.int32]
    numbers: NDArray[np.intp]
    groups: NDArray[np.int32]
    group_of: NDArray[np.intp]


def split_regions(maps: ChangeMaps, look: Mask) -> Regions:
    """Cut what differs into regions that lean towards damage or towards a mark.

    Parameters
    ----------
    maps : ChangeMaps
    look : ndarray, shape (h, w), bool
        Where to look.
    """
    whole = ((maps.changed > CHANGED_THRESHOLD) | (maps.annotated > ANNOTATED_THRESHOLD)) & look
    window = bounding_slices(whole.astype(np.uint8))
    either = whole[window]
    count, parents = cv2.connectedComponents(either.astype(np.uint8), connectivity=8)
    drawn = cv2.GaussianBlur(maps.annotated - maps.changed, (0, 0), LEAN_SIGMA)[window] > 0
    area = np.maximum(np.bincount(parents.ravel(), minlength=count), 1)
    share = np.bincount(parents[drawn], minlength=count) / area
    drawn = (share > 1 - SPLIT_SHARE)[parents] | (drawn & (share >= SPLIT_SHARE)[parents])
    above, one = cv2.connectedComponents((either & drawn).astype(np.uint8), connectivity=8)
    _, other = cv2.connectedComponents((either & ~drawn).astype(np.uint8), connectivity=8)
    labels = np.where(one > 0, one, np.where(other > 0, other + above - 1, 0)).astype(np.int32)
    size = np.bincount(labels.ravel())
    size[0] = 0
    order = np.argsort(-size, kind="stable")[:MAX_JUDGED]
    least = max(MIN_JUDGED, (MIN_CHANGE * max(whole.shape)) ** 2)
    numbers = order[(size[order] >= MIN_JUDGED) & (area[_per_label(labels, parents)[order]] >= least)]
    groups = _groups(either, max(whole.shape))
    group_of = _per_label(labels, groups)[numbers]
    return Regions(_on(whole, window, labels), numbers, _on(whole, window, groups), group_of)


def _per_label(labels: NDArray[np.int32], other: NDArray[np.int32]) -> NDArray[np.intp]:
    """Return the number that `other` gives to each label; every label lies in one of them."""
    found = np.zeros(int(labels.max()) + 1, np.intp)
    found[labels.ravel()] = other.ravel()
    return found


def bounding_slices(mask: NDArray[np.uint8]) -> Place:
    """Return the upright window around all of a mask: most of a frame is not worth labelling.

    Parameters
    ----------
    mask : ndarray, shape (h, w), uint8
        Where it is nothing but zero, the window is the first pixel.
    """
    left, top, width, height = cv2.boundingRect(mask)
    return slice(top, top + max(1, height)), slice(left, left + max(1, width))


def _on(whole: Mask, window: Place, labels: NDArray[np.int32]) -> NDArray[np.int32]:
    placed = np.zeros(whole.shape, np.int32)
    placed[window] = labels
    return placed


def _groups(either: Mask, long_side: int) -> NDArray[np.int32]:
    reach = 2 * max(1, round(GROUP_REACH * long_side)) + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    _, labels = cv2.connectedComponents(cv2.dilate(either.astype(np.uint8), disc), connectivity=8)
    return np.where(either, labels, 0).astype(np.int32)
