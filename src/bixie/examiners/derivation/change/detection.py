"""Detect where the exhibit differs in content from the known picture, and what is only drawn onto it."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from bixie.examiners.derivation.change.alignment import Aligned
from bixie.examiners.derivation.change.change_network import ChangeMaps, predict_change
from bixie.examiners.derivation.change.padding import padding_mask
from bixie.examiners.derivation.change.product import find_product
from bixie.examiners.derivation.change.regions.classification import CLASSES, classify_regions, region_classes
from bixie.examiners.derivation.change.regions.splitting import (
    MIN_CHANGE_SIDE,
    bounding_slices,
    split_regions,
)
from bixie.examiners.derivation.link.evidence import rim_mask

__all__ = ["Change", "detect_changes", "outline_polygons"]

Mask = NDArray[np.uint8]

MIN_ANNOTATION_SIDE = 0.02
"""Share of the long side: an annotation smaller than the square of it is noise."""
MAX_OUTLINES = 40
"""Outlines of one mask that a report holds."""
HALO_WIDTH = 0.01
"""Width of the halo that compression leaves around a stroke, as a share of the long side."""
MIN_HALO_SHARE = 0.6
"""Share of a region inside a halo from which the region belongs to it."""
DIFFERENCE_THRESHOLD = 0.5
"""Probability, of either map, from which the two pictures differ when a product is looked for."""


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """Where a pair differs, on the exhibit's grid.

    Parameters
    ----------
    changed, annotated : ndarray, shape (h, w), uint8
        255 where content changed, and where something was drawn onto the picture; 0 elsewhere.
    changed_share, annotated_share : float
        Share of the area that both pictures show, 0..1.
    background_replaced : bool
        Whether the product stands before another background; changes were then looked for only inside the
        product.
    """

    changed: Mask
    annotated: Mask
    changed_share: float
    annotated_share: float
    background_replaced: bool


def detect_changes(
    aligned: Aligned, exhibit: NDArray[np.uint8], rigid: NDArray[np.bool_], *, rim_disagrees: bool
) -> Change:
    """Segment changed content and annotations.

    Parameters
    ----------
    aligned : Aligned
    exhibit : ndarray, shape (h, w, 3), uint8 sRGB
        On whose grid the masks are returned.
    rigid : ndarray, shape of `aligned`, bool
        `Motion.rigid`, resized.
    rim_disagrees : bool
        `Evidence.rim_disagrees`.
    """
    maps = predict_change(aligned.exhibit, aligned.known, aligned.covered)
    differs = np.maximum(maps.changed, maps.annotated) > DIFFERENCE_THRESHOLD
    valid = aligned.covered & ~padding_mask(aligned, exhibit, differs)
    rim = rim_mask(aligned.covered) & valid
    product = find_product(aligned.registered, differs, valid, rim, rigid) if rim_disagrees else None
    if product is not None:
        valid = valid & product.inside
    changed, annotated = _segment(aligned, maps, valid)
    area = max(1, int(valid.sum()))
    return Change(
        changed=_on_exhibit(changed, aligned.origin, exhibit.shape[:2]),
        annotated=_on_exhibit(annotated, aligned.origin, exhibit.shape[:2]),
        changed_share=float((changed > 0).sum() / area),
        annotated_share=float((annotated > 0).sum() / area),
        background_replaced=product is not None,
    )


def _segment(aligned: Aligned, maps: ChangeMaps, valid: NDArray[np.bool_]) -> tuple[Mask, Mask]:
    """Return the masks of changed content and of annotations, decided region by region."""
    regions = split_regions(maps, valid)
    class_of = np.full(int(regions.labels.max()) + 1, -1)
    class_of[regions.numbers] = region_classes(classify_regions(aligned, maps, regions))
    classes = class_of[regions.labels]
    annotated = _remove_specks(classes == CLASSES.index("annotated"), valid, MIN_ANNOTATION_SIDE)
    changed = _remove_specks(classes == CLASSES.index("changed"), valid, MIN_CHANGE_SIDE)
    return _remove_halos(changed, annotated), annotated


def _remove_halos(changed: Mask, annotated: Mask) -> Mask:
    """Drop changes that lie along an annotation and are smaller than it: halos of compression.

    Damage inside a drawn circle stays, because it does not lie along the stroke.
    """
    if not annotated.any() or not changed.any():
        return changed
    reach = round(HALO_WIDTH * max(changed.shape)) | 1
    halo = cv2.dilate(annotated, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1,) * 2)) > 0
    _, labels = cv2.connectedComponents((changed > 0).astype(np.uint8), connectivity=8)
    area = np.bincount(labels.ravel())
    in_halo = np.bincount(labels[halo], minlength=len(area)) > MIN_HALO_SHARE * area
    drop = in_halo & (area < (annotated > 0).sum())
    return np.where(drop[labels], 0, changed).astype(np.uint8)


def outline_polygons(mask: Mask, scale: tuple[float, float]) -> tuple[tuple[tuple[int, int], ...], ...]:
    """Return the outlines of a mask's regions as polygons, largest first.

    Neighbouring specks share an outline: a person points at a crack, not at its pieces.

    Parameters
    ----------
    mask : ndarray, shape (h, w), uint8
        Nonzero inside the regions.
    scale : (float, float)
        Factors from mask pixels to the (x, y) of the polygons.

    Returns
    -------
    tuple of polygons
        At most `MAX_OUTLINES`, each a tuple of (x, y).
    """
    reach = max(3, round(0.012 * max(mask.shape))) | 1
    joined = cv2.dilate(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach)))
    outlines, _ = cv2.findContours(joined, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    polygons = []
    for outline in sorted(outlines, key=cv2.contourArea, reverse=True)[:MAX_OUTLINES]:
        simple = cv2.approxPolyDP(outline, 0.0015 * max(mask.shape), True)[:, 0]
        if len(simple) >= 3:
            polygons.append(tuple((round(x * scale[0]), round(y * scale[1])) for x, y in simple.tolist()))
    return tuple(polygons)


def _remove_specks(mask: NDArray[np.bool_], valid: NDArray[np.bool_], min_side: float) -> Mask:
    """Drop specks and the edge of the valid area."""
    inner = cv2.erode(np.pad(valid, 1).astype(np.uint8), np.ones((5, 5), np.uint8))[1:-1, 1:-1] > 0
    candidate = (mask & inner).astype(np.uint8)
    window = bounding_slices(candidate)
    count, labels, statistics, _ = cv2.connectedComponentsWithStats(candidate[window], connectivity=8)
    min_area = max(6.0, (min_side * max(mask.shape)) ** 2)
    keep = np.zeros(count, np.uint8)
    keep[1:] = np.where(statistics[1:, cv2.CC_STAT_AREA] >= min_area, 255, 0)
    kept = np.zeros(mask.shape, np.uint8)
    kept[window] = keep[labels]
    return kept


def _on_exhibit(mask: Mask, origin: tuple[int, int], shape: tuple[int, int]) -> Mask:
    picture = np.zeros(shape, np.uint8)
    height, width = mask.shape
    picture[origin[1] : origin[1] + height, origin[0] : origin[0] + width] = mask
    return picture
