"""Where the exhibit differs in content from the aligned known picture, and what is only drawn onto it."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from bixie.examiners.derivation.change.alignment import Aligned
from bixie.examiners.derivation.change.change_network import ChangeMaps, predict_change
from bixie.examiners.derivation.change.padding import padding_mask
from bixie.examiners.derivation.change.product import find_product
from bixie.examiners.derivation.change.regions.classification import CLASSES, classify_regions, region_classes
from bixie.examiners.derivation.change.regions.splitting import MIN_CHANGE, bounding_slices, split_regions
from bixie.examiners.derivation.link.evidence import rim_mask

__all__ = ["Change", "detect_changes", "outline_polygons"]

Mask = NDArray[np.uint8]

MIN_ANNOTATION = 0.02
"""A region whose area is under the square of this share of the long side is not told from noise."""
MAX_REGIONS = 40
FRINGE = 0.01
FRINGE_SHARE = 0.6
"""A halo reaches this share of the long side, and so much of a region must lie in it."""
DIFFERS = 0.5
"""Probability, of either map, from which the two pictures count as different when a product is looked for."""


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """What differs, on the grid of the exhibit's picture.

    Parameters
    ----------
    changed, annotated : ndarray, shape (h, w), uint8
        255 = changed content, 255 = drawn on.
    changed_share, annotated_share : float
        Of the area that both pictures show.
    background_replaced : bool
        The rim of the overlap shows something else: the product was set before another background, and
        changes were looked for inside its outline alone.
    """

    changed: Mask
    annotated: Mask
    changed_share: float
    annotated_share: float
    background_replaced: bool


def detect_changes(
    aligned: Aligned, exhibit: NDArray[np.uint8], still: NDArray[np.bool_], *, rim_disagrees: bool
) -> Change:
    """Segment the differences.

    Parameters
    ----------
    aligned : Aligned
    exhibit : ndarray, shape (h, w, 3), uint8 sRGB
        The exhibit's picture, on whose grid the masks are returned.
    still : ndarray, shape of `aligned`, bool
        Where texture agrees without sliding.
    rim_disagrees : bool
        `Evidence.rim_disagrees`.
    """
    maps = predict_change(aligned.exhibit, aligned.known, aligned.covered)
    differs = np.maximum(maps.changed, maps.annotated) > DIFFERS
    look = aligned.covered & ~padding_mask(aligned, exhibit, differs)
    rim = rim_mask(aligned.covered) & look
    product = find_product(aligned.registered, differs, look, rim, still) if rim_disagrees else None
    if product is not None:
        look = look & product.inside
    changed, annotated = _told_apart(aligned, maps, look)
    area = max(1, int(look.sum()))
    return Change(
        changed=_on_picture(changed, aligned.origin, exhibit.shape[:2]),
        annotated=_on_picture(annotated, aligned.origin, exhibit.shape[:2]),
        changed_share=float((changed > 0).sum() / area),
        annotated_share=float((annotated > 0).sum() / area),
        background_replaced=product is not None,
    )


def _told_apart(aligned: Aligned, maps: ChangeMaps, look: NDArray[np.bool_]) -> tuple[Mask, Mask]:
    """Split what differs into changed content and annotations, region by region."""
    regions = split_regions(maps, look)
    kind = np.full(int(regions.labels.max()) + 1, -1)
    kind[regions.numbers] = region_classes(classify_regions(aligned, maps, regions))
    kinds = kind[regions.labels]
    annotated = _keep(kinds == CLASSES.index("annotated"), look, MIN_ANNOTATION)
    changed = _keep(kinds == CLASSES.index("changed"), look, MIN_CHANGE)
    return _without_fringes(changed, annotated), annotated


def _without_fringes(changed: Mask, annotated: Mask) -> Mask:
    """Drop what hugs a mark and is smaller than it: the halo that compression leaves around a stroke.

    Damage inside a circle that somebody drew around it stays: it does not hug the stroke.
    """
    if not annotated.any() or not changed.any():
        return changed
    reach = round(FRINGE * max(changed.shape)) | 1
    halo = cv2.dilate(annotated, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1,) * 2)) > 0
    _, labels = cv2.connectedComponents((changed > 0).astype(np.uint8), connectivity=8)
    area = np.bincount(labels.ravel())
    hugging = np.bincount(labels[halo], minlength=len(area)) > FRINGE_SHARE * area
    drop = hugging & (area < (annotated > 0).sum())
    return np.where(drop[labels], 0, changed).astype(np.uint8)


def outline_polygons(mask: Mask, scale: tuple[float, float]) -> tuple[tuple[tuple[int, int], ...], ...]:
    """Return the outlines of a mask's regions, largest first, in a grid `scale` (x, y) times as fine.

    Neighbouring specks are taken into one outline: a person points at a crack, not at its pieces.
    """
    reach = max(3, round(0.012 * max(mask.shape))) | 1
    joined = cv2.dilate(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach)))
    outlines, _ = cv2.findContours(joined, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    polygons = []
    for outline in sorted(outlines, key=cv2.contourArea, reverse=True)[:MAX_REGIONS]:
        simple = cv2.approxPolyDP(outline, 0.0015 * max(mask.shape), True)[:, 0]
        if len(simple) >= 3:
            polygons.append(tuple((round(x * scale[0]), round(y * scale[1])) for x, y in simple.tolist()))
    return tuple(polygons)


def _keep(mask: NDArray[np.bool_], look: NDArray[np.bool_], smallest_side: float) -> Mask:
    """Drop specks and the seam of the covered area."""
    inner = cv2.erode(np.pad(look, 1).astype(np.uint8), np.ones((5, 5), np.uint8))[1:-1, 1:-1] > 0
    candidate = (mask & inner).astype(np.uint8)
    window = bounding_slices(candidate)
    count, labels, statistics, _ = cv2.connectedComponentsWithStats(candidate[window], connectivity=8)
    smallest = max(6.0, (smallest_side * max(mask.shape)) ** 2)
    keep = np.zeros(count, np.uint8)
    keep[1:] = np.where(statistics[1:, cv2.CC_STAT_AREA] >= smallest, 255, 0)
    kept = np.zeros(mask.shape, np.uint8)
    kept[window] = keep[labels]
    return kept


def _on_picture(mask: Mask, origin: tuple[int, int], shape: tuple[int, int]) -> Mask:
    picture = np.zeros(shape, np.uint8)
    height, width = mask.shape
    picture[origin[1] : origin[1] + height, origin[0] : origin[0] + width] = mask
    return picture
