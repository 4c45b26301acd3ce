"""Segment a product that was cut out and set before another background.

Around it everything differs, and none of that is damage. The product is what both pictures share. Holes in it
are changes, and so is a bay of its outline where the known picture shows the product.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["Product", "find_product"]

LONG_SIDE = 320
"""Pixels of the long side of the grid on which outlines are found."""
MIN_PART_SHARE = 0.03
"""Share of the overlap from which a separate area that both show belongs to the product."""
MIN_PRODUCT_SHARE = 0.1
"""Share of the overlap below which the largest shared area is no product."""
MAX_RIGID_OUTSIDE = 0.15
"""Share of the rigid texture outside the largest area above which the background is the old one."""
MIN_REPLACED_RIM = 0.08
"""Share of the overlap's rim that must differ before the background counts as another one."""
MAX_BRIDGE_WIDTH = 0.012
"""Share of the long side: narrower differences do not join damage to the background."""
MAX_BAY_WIDTH = 0.12
"""Share of the long side up to which a bay of the outline is closed and then judged by its colours."""
GRABCUT_ITERATIONS = 2

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Product:
    """Where changes of the product can lie.

    Parameters
    ----------
    inside : ndarray, shape (h, w), bool
        The product with its holes, and the bays that belong to it.
    """

    inside: Mask


def find_product(
    known: NDArray[np.uint8], differs: Mask, valid: Mask, rim: Mask, rigid: Mask
) -> Product | None:
    """Return the product if it stands before another background than in the known picture.

    Call it only where `Evidence.rim_disagrees`.

    Parameters
    ----------
    known : ndarray, shape (h, w, 3), uint8
        The registered known picture.
    differs : ndarray, shape (h, w), bool
        Where the two pictures differ.
    valid : ndarray, shape (h, w), bool
        Where both show something.
    rim : ndarray, shape (h, w), bool
        The rim of `valid`.
    rigid : ndarray, shape (h, w), bool
        `Motion.rigid`, resized.

    Returns
    -------
    Product or None
        None where the background is the old one, or no product is found.
    """
    height, width = differs.shape
    scale = min(1.0, LONG_SIDE / max(height, width))
    size = (max(16, round(width * scale)), max(16, round(height * scale)))
    small_differs, small_valid, small_rim, small_rigid = (
        _reduced(mask, size) for mask in (differs, valid, rim, rigid)
    )
    same = small_valid & ~small_differs
    shared = _shared(same, small_valid, small_rigid)
    background = _background(small_differs & small_valid, small_valid)
    replaced = (background & small_rim).sum() > MIN_REPLACED_RIM * max(1, small_rim.sum())
    if not replaced or shared is None:
        return None
    reach = max(2, round(MAX_BAY_WIDTH * max(shared.shape)))
    inside = _closed(shared, reach) & small_valid & ~background
    inside |= _bays(cv2.resize(known, size, interpolation=cv2.INTER_AREA), shared, background)
    whole = cv2.resize(inside.astype(np.uint8) * 255, (width, height), interpolation=cv2.INTER_LINEAR)
    return Product(whole > 127)


def _reduced(mask: Mask, size: tuple[int, int]) -> Mask:
    small = cv2.resize(mask.astype(np.uint8) * 255, size, interpolation=cv2.INTER_AREA)
    return np.asarray(small > 127)


def _disc(reach: int) -> NDArray[np.uint8]:
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1,) * 2), np.uint8)


def _shared(same: Mask, valid: Mask, rigid: Mask) -> Mask | None:
    """Return the areas that both pictures show, if they make up one product, else None.

    Flat areas of two backgrounds look the same by chance; only texture shows that the old one is there.
    """
    opened = cv2.morphologyEx(same.astype(np.uint8), cv2.MORPH_OPEN, _disc(1))
    _, labels, statistics, _ = cv2.connectedComponentsWithStats(opened)
    areas = statistics[1:, cv2.CC_STAT_AREA]
    if not len(areas) or areas.max() < MIN_PRODUCT_SHARE * valid.sum():
        return None
    largest = labels == 1 + int(areas.argmax())
    outside = rigid & ~_closed(largest, round(0.06 * max(same.shape)))
    if outside.sum() > MAX_RIGID_OUTSIDE * rigid.sum():
        return None
    parts = 1 + np.flatnonzero(areas >= MIN_PART_SHARE * valid.sum())
    return np.isin(labels, parts)


def _closed(mask: Mask, reach: int) -> Mask:
    padded = cv2.copyMakeBorder(mask.astype(np.uint8), *(reach + 1,) * 4, cv2.BORDER_CONSTANT, value=0)
    closed = cv2.morphologyEx(padded, cv2.MORPH_CLOSE, _disc(reach))
    filled = np.zeros_like(closed)
    outlines, _ = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    cv2.drawContours(filled, outlines, -1, 1, cv2.FILLED)
    inner = slice(reach + 1, -reach - 1)
    return np.asarray(filled[inner, inner] > 0)


def _background(differs: Mask, valid: Mask) -> Mask:
    """Return what differs and is connected to the edge of the overlap by more than a thin bridge."""
    reach = max(1, round(MAX_BRIDGE_WIDTH * max(differs.shape)))
    outside = np.pad(~valid, 1, constant_values=True)
    thick = cv2.erode(
        (np.pad(differs, 1) | outside).astype(np.uint8), _disc(reach), borderValue=1
    )  # the outside of the overlap continues the background
    _, labels = cv2.connectedComponents(thick)
    reached = np.unique(labels[outside & (thick > 0)])
    carried = np.isin(labels, reached[reached > 0]).astype(np.uint8)
    spread = cv2.dilate(carried, _disc(reach + 1))[1:-1, 1:-1] > 0
    return np.asarray(differs & spread)


def _bays(known: NDArray[np.uint8], shared: Mask, background: Mask) -> Mask:
    """Return the bays of the outline where the known picture has the product's colours (GrabCut [1]_).

    References
    ----------
    .. [1] C. Rother, V. Kolmogorov, A. Blake, "GrabCut", ACM Transactions on Graphics 23(3), 2004.
       DOI 10.1145/1015706.1015720.
    """
    reach = max(2, round(MAX_BAY_WIDTH * max(shared.shape)))
    bays = _closed(shared, reach) & background
    sure_background = background & ~bays
    if bays.sum() < 4 or sure_background.sum() < 50:
        return bays & False
    marks = np.full(shared.shape, cv2.GC_PR_BGD, np.uint8)
    marks[bays] = cv2.GC_PR_FGD
    marks[sure_background] = cv2.GC_BGD
    marks[shared] = cv2.GC_FGD
    cv2.setRNGSeed(0)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(known, marks, None, *models, GRABCUT_ITERATIONS, cv2.GC_INIT_WITH_MASK)
    product = ((marks == cv2.GC_FGD) | (marks == cv2.GC_PR_FGD)) & bays
    opened = cv2.morphologyEx(
        product.astype(np.uint8), cv2.MORPH_OPEN, _disc(max(1, round(MAX_BRIDGE_WIDTH * max(shared.shape))))
    )
    return np.asarray(opened > 0)
