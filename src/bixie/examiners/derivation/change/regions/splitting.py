"""Split a change map into regions (connected components) that are one thing each, and group them."""

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

__all__ = ["MIN_CHANGE_SIDE", "Regions", "bounding_slices", "split_regions"]

MAX_REGIONS = 150
"""Regions of one picture that are classified, the largest first; the rest is noise."""
MIN_CHANGE_SIDE = 0.006
"""Share of the long side: a component smaller than the square of it is noise."""
MIN_REGION_PIXELS = 6
"""Pixels; smaller regions are dropped."""
MIN_SPLIT_SHARE = 0.15
"""Share of a component from which a part that leans the other way becomes a region of its own."""
LEAN_SIGMA = 1.5
"""Pixels over which the lean towards damage or annotation is averaged."""
GROUP_RADIUS = 0.008
"""Share of the long side: regions up to twice as far apart belong to one group."""

Mask = NDArray[np.bool_]
Box: TypeAlias = tuple[slice, slice]
"""Rows and columns."""


@dataclass(frozen=True, slots=True, eq=False)
class Regions:
    """Regions of difference and the groups that they form.

    Parameters
    ----------
    labels : ndarray, shape (h, w), int32
        0 where nothing differs, else the region's label.
    numbers : ndarray, shape (n,), intp
        Labels of the regions that are large enough, or part of a component that is, the largest first.
    groups : ndarray, shape (h, w), int32
        Likewise, but regions close together share a label: the blocks of a mosaic, the letters of a word.
    group_of : ndarray, shape (n,), intp
        Label of the group of each region of `numbers`.
    """

    labels: NDArray[np.int32]
    numbers: NDArray[np.intp]
    groups: NDArray[np.int32]
    group_of: NDArray[np.intp]


def split_regions(maps: ChangeMaps, valid: Mask) -> Regions:
    """Split what differs into regions that lean towards changed content or towards an annotation.

    Parameters
    ----------
    maps : ChangeMaps
    valid : ndarray, shape (h, w), bool
        Where differences count.
    """
    whole = ((maps.changed > CHANGED_THRESHOLD) | (maps.annotated > ANNOTATED_THRESHOLD)) & valid
    window = bounding_slices(whole.astype(np.uint8))
    differs = whole[window]
    count, components = cv2.connectedComponents(differs.astype(np.uint8), connectivity=8)
    annotated = cv2.GaussianBlur(maps.annotated - maps.changed, (0, 0), LEAN_SIGMA)[window] > 0
    area = np.maximum(np.bincount(components.ravel(), minlength=count), 1)
    share = np.bincount(components[annotated], minlength=count) / area
    wholly, split = share > 1 - MIN_SPLIT_SHARE, share >= MIN_SPLIT_SHARE
    annotated = wholly[components] | (annotated & split[components])
    first, marks = cv2.connectedComponents((differs & annotated).astype(np.uint8), connectivity=8)
    _, changes = cv2.connectedComponents((differs & ~annotated).astype(np.uint8), connectivity=8)
    labels = np.where(marks > 0, marks, np.where(changes > 0, changes + first - 1, 0)).astype(np.int32)
    size = np.bincount(labels.ravel())
    size[0] = 0
    order = np.argsort(-size, kind="stable")[:MAX_REGIONS]
    min_area = max(MIN_REGION_PIXELS, (MIN_CHANGE_SIDE * max(whole.shape)) ** 2)
    large = area[_per_label(labels, components)[order]] >= min_area
    numbers = order[(size[order] >= MIN_REGION_PIXELS) & large]
    groups = _group_labels(differs, max(whole.shape))
    group_of = _per_label(labels, groups)[numbers]
    return Regions(_on_whole(whole, window, labels), numbers, _on_whole(whole, window, groups), group_of)


def _per_label(labels: NDArray[np.int32], other: NDArray[np.int32]) -> NDArray[np.intp]:
    """Return, for each label, the label that `other` has in the same place; each lies within one."""
    found = np.zeros(int(labels.max()) + 1, np.intp)
    found[labels.ravel()] = other.ravel()
    return found


def bounding_slices(mask: NDArray[np.uint8]) -> Box:
    """Return the bounding box of a mask as slices.

    Parameters
    ----------
    mask : ndarray, shape (h, w), uint8
        An empty mask has the first pixel as its box.
    """
    left, top, width, height = cv2.boundingRect(mask)
    return slice(top, top + max(1, height)), slice(left, left + max(1, width))


def _on_whole(whole: Mask, window: Box, labels: NDArray[np.int32]) -> NDArray[np.int32]:
    placed = np.zeros(whole.shape, np.int32)
    placed[window] = labels
    return placed


def _group_labels(differs: Mask, long_side: int) -> NDArray[np.int32]:
    side = 2 * max(1, round(GROUP_RADIUS * long_side)) + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    _, labels = cv2.connectedComponents(cv2.dilate(differs.astype(np.uint8), disc), connectivity=8)
    return np.where(differs, labels, 0).astype(np.int32)
