"""The product, where somebody set it before another background: what of a difference lies on the goods.

Around a cut-out product everything differs, and nothing of that is damage. What both pictures share is the
product; holes in it are changes, and so is a bay in its outline if the known picture shows product there.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["Product", "find_product"]

LONG_SIDE = 320
"""Of the grid on which outlines are looked for: finer than a bay worth telling from the background."""
MIN_PART = 0.03
"""Share of the overlap from which a separate area that both show belongs to the product."""
MIN_PRODUCT = 0.1
MAX_ELSEWHERE = 0.15
"""From this share of still texture outside the largest area's outline on, the background is the old one."""
REPLACED_RIM = 0.08
"""Share of the overlap's rim that must differ before the background counts as another one."""
BRIDGE = 0.012
"""Differences narrower than this share of the long side do not join damage to the background."""
BAY = 0.12
"""Share of the long side up to which a bay in the outline is closed before it is judged by its colours."""
CUTS = 2

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
    known: NDArray[np.uint8], differs: Mask, look: Mask, rim: Mask, still: Mask
) -> Product | None:
    """Return the product if it stands before another background than in the known picture.

    To be asked where `Evidence.rim_disagrees`: a background that is there was not exchanged.

    Parameters
    ----------
    known : ndarray, shape (h, w, 3), uint8
        The registered known picture.
    differs : ndarray, shape (h, w), bool
        Where the two pictures differ.
    look : ndarray, shape (h, w), bool
        Where both show something.
    rim : ndarray, shape (h, w), bool
        The rim of that.
    still : ndarray, shape (h, w), bool
        Where texture agrees without sliding.
    """
    height, width = differs.shape
    scale = min(1.0, LONG_SIDE / max(height, width))
    size = (max(16, round(width * scale)), max(16, round(height * scale)))
    small_differs, small_look, small_rim, small_still = (
        _reduced(mask, size) for mask in (differs, look, rim, still)
    )
    same = small_look & ~small_differs
    shared = _shared(same, small_look, small_still)
    background = _background(small_differs & small_look, small_look)
    replaced = (background & small_rim).sum() > REPLACED_RIM * max(1, small_rim.sum())
    if not replaced or shared is None:
        return None
    reach = max(2, round(BAY * max(shared.shape)))
    inside = _closed(shared, reach) & small_look & ~background
    inside |= _bays(cv2.resize(known, size, interpolation=cv2.INTER_AREA), shared, background)
    whole = cv2.resize(inside.astype(np.uint8) * 255, (width, height), interpolation=cv2.INTER_LINEAR)
    return Product(whole > 127)


def _reduced(mask: Mask, size: tuple[int, int]) -> Mask:
    small = cv2.resize(mask.astype(np.uint8) * 255, size, interpolation=cv2.INTER_AREA)
    return np.asarray(small > 127)


def _disc(reach: int) -> NDArray[np.uint8]:
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1,) * 2), np.uint8)


def _shared(same: Mask, look: Mask, still: Mask) -> Mask | None:
    """Return the areas that both pictures show, if they make up one product, else None.

    Plain areas of two backgrounds look the same by chance; only texture tells that the old one is there.
    """
    opened = cv2.morphologyEx(same.astype(np.uint8), cv2.MORPH_OPEN, _disc(1))
    _, labels, statistics, _ = cv2.connectedComponentsWithStats(opened)
    areas = statistics[1:, cv2.CC_STAT_AREA]
    if not len(areas) or areas.max() < MIN_PRODUCT * look.sum():
        return None
    largest = labels == 1 + int(areas.argmax())
    elsewhere = still & ~_closed(largest, round(0.06 * max(same.shape)))
    if elsewhere.sum() > MAX_ELSEWHERE * still.sum():
        return None
    parts = 1 + np.flatnonzero(areas >= MIN_PART * look.sum())
    return np.isin(labels, parts)


def _closed(mask: Mask, reach: int) -> Mask:
    padded = cv2.copyMakeBorder(mask.astype(np.uint8), *(reach + 1,) * 4, cv2.BORDER_CONSTANT, value=0)
    closed = cv2.morphologyEx(padded, cv2.MORPH_CLOSE, _disc(reach))
    filled = np.zeros_like(closed)
    outlines, _ = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    cv2.drawContours(filled, outlines, -1, 1, cv2.FILLED)
    inner = slice(reach + 1, -reach - 1)
    return np.asarray(filled[inner, inner] > 0)


def _background(differs: Mask, look: Mask) -> Mask:
    """Return what differs and hangs together with the edge of the overlap by more than a thread."""
    reach = max(1, round(BRIDGE * max(differs.shape)))
    outside = np.pad(~look, 1, constant_values=True)
    thick = cv2.erode(
        (np.pad(differs, 1) | outside).astype(np.uint8), _disc(reach), borderValue=1
    )  # what lies outside of the overlap carries the background on
    _, labels = cv2.connectedComponents(thick)
    reached = np.unique(labels[outside & (thick > 0)])
    carried = np.isin(labels, reached[reached > 0]).astype(np.uint8)
    spread = cv2.dilate(carried, _disc(reach + 1))[1:-1, 1:-1] > 0
    return np.asarray(differs & spread)


def _bays(known: NDArray[np.uint8], shared: Mask, background: Mask) -> Mask:
    """Return the bays of the outline where the known picture shows product, by its colours (GrabCut).

    References
    ----------
    C. Rother, V. Kolmogorov, A. Blake, "GrabCut", ACM Transactions on Graphics 23(3), 2004.
    """
    reach = max(2, round(BAY * max(shared.shape)))
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
    cv2.grabCut(known, marks, None, *models, CUTS, cv2.GC_INIT_WITH_MASK)
    product = ((marks == cv2.GC_FGD) | (marks == cv2.GC_PR_FGD)) & bays
    opened = cv2.morphologyEx(
        product.astype(np.uint8), cv2.MORPH_OPEN, _disc(max(1, round(BRIDGE * max(shared.shape))))
    )
    return np.asarray(opened > 0)
