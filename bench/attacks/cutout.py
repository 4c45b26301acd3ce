"""The product cut out of its picture and set onto another background."""

import cv2
import numpy as np

from bench.attacks.parcel import Parcel, warp
from bench.attacks.surface import Surface, fractal_noise

__all__ = ["background", "cutout", "silhouette"]


def background(rng: np.random.Generator, size: tuple[int, int], other: np.ndarray | None) -> np.ndarray:
    """Choose a background of (width, height): another photo, sharp or blurred, or a plain sweep."""
    width, height = size
    if other is None or rng.random() < 0.25:
        top, bottom = rng.uniform(150, 255), rng.uniform(90, 250)
        ramp = np.linspace(top, bottom, height, dtype=np.float32)[:, None, None]
        tint = np.exp(rng.normal(0, 0.03, 3)).astype(np.float32)
        cloud = fractal_noise((height, width), rng, max(size) / 3, 3)[..., None]
        return np.clip(ramp * tint * (0.93 + 0.1 * cloud), 0, 255).astype(np.uint8)
    factor = max(width / other.shape[1], height / other.shape[0]) * rng.uniform(1.0, 1.5)
    scaled = cv2.resize(
        other, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    )
    scaled = cv2.resize(scaled, (max(scaled.shape[1], width), max(scaled.shape[0], height)))
    top, left = (
        int(rng.integers(0, a - b + 1)) for a, b in zip(scaled.shape[:2], (height, width), strict=True)
    )
    chosen = scaled[top : top + height, left : left + width]
    if rng.random() < 0.5:
        small = cv2.resize(chosen, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
        small = cv2.GaussianBlur(small, (0, 0), rng.uniform(0.3, 2.0))
        chosen = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(chosen, np.uint8)


def _superellipse(surface: Surface) -> np.ndarray:
    height, width = surface.shape
    weight = surface.interest
    axis = (np.arange(64) + 0.5) / 64
    x = float((weight.sum(axis=0) * axis).sum()) * width
    y = float((weight.sum(axis=1) * axis).sum()) * height
    rng = surface.rng
    a, b = rng.uniform(0.3, 0.44) * width, rng.uniform(0.3, 0.44) * height
    power = rng.uniform(2.0, 5.0)
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    inside = np.abs((xs - x) / a) ** power + np.abs((ys - y) / b) ** power
    wobble = 1 + 0.25 * (fractal_noise(surface.shape, rng, max(surface.shape) / 4, 3) - 0.5)
    return np.asarray(inside < wobble, np.uint8)


def silhouette(rgb: np.ndarray, rng: np.random.Generator, changed: np.ndarray | None = None) -> np.ndarray:
    """Guess the product's outline.

    GrabCut from a central rectangle where its answer is one piece of sensible size, else a smooth
    superellipse around the most interesting part. What was changed is kept inside: nobody cuts
    away the damage he added.

    Returns
    -------
    ndarray, shape (h, w), uint8, 0 or 1
    """
    height, width = rgb.shape[:2]
    factor = 256 / max(height, width)
    small = cv2.resize(rgb, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    marks = np.full(small.shape[:2], cv2.GC_BGD, np.uint8)
    inset_y, inset_x = round(small.shape[0] * 0.07), round(small.shape[1] * 0.07)
    marks[inset_y:-inset_y, inset_x:-inset_x] = cv2.GC_PR_FGD
    cv2.setRNGSeed(int(rng.integers(0, 2**31 - 1)))
    cv2.grabCut(small, marks, None, np.zeros((1, 65)), np.zeros((1, 65)), 3, cv2.GC_INIT_WITH_MASK)
    found = np.isin(marks, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.uint8)
    found = cv2.morphologyEx(found, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(found)
    outline = None
    if count > 1:
        largest = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
        share = stats[largest, cv2.CC_STAT_AREA] / found.size
        if 0.15 < share < 0.8:
            piece = cv2.morphologyEx(
                (labels == largest).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8)
            )
            outline = cv2.resize(piece * 255, (width, height), interpolation=cv2.INTER_CUBIC) > 127
    product = (
        _superellipse(Surface(rgb.astype(np.float32), rng)) if outline is None else outline.astype(np.uint8)
    )
    if changed is not None and (changed > 0.3).any():
        hull = cv2.convexHull(cv2.findNonZero((changed > 0.3).astype(np.uint8)))
        cv2.fillConvexPoly(product, hull, 1)
        cv2.polylines(product, [hull], True, 1, max(3, round(0.03 * max(height, width))))
    return product


def cutout(parcel: Parcel, rng: np.random.Generator, other: np.ndarray | None) -> Parcel:
    """Set the cut-out product onto another background so that it fills a quarter of the frame or more."""
    changed = np.maximum.reduce([parcel.valid * 0, *parcel.masks.values()])
    product = silhouette(parcel.rgb, rng, changed)
    alpha = cv2.GaussianBlur(product.astype(np.float32), (0, 0), rng.uniform(0.6, 1.8))
    ys, xs = np.nonzero(product)
    box_w, box_h = int(xs.max() - xs.min()) + 1, int(ys.max() - ys.min()) + 1
    filled = float(product.sum()) / (box_w * box_h)
    side = rng.uniform(600, 1280)
    size = (round(side * rng.uniform(0.7, 1.0)), round(side * rng.uniform(0.7, 1.0)))
    least = np.sqrt(0.27 / filled)  # so that a quarter of the frame is filled after rounding
    reach = rng.uniform(max(least, 0.62), max(least * 1.02, 0.98))
    factor = reach * np.sqrt(size[0] * size[1] / (box_w * box_h))
    angle = rng.uniform(-14, 14) if rng.random() < 0.6 else 0.0
    if rng.random() < 0.6:  # usually the frame follows the product's shape
        size = (round(box_w * factor / reach), round(box_h * factor / reach))
    else:
        factor = max(factor, np.sqrt(0.27 * size[0] * size[1] / float(product.sum())))
    middle = (float(xs.min() + xs.max()) / 2, float(ys.min() + ys.max()) / 2)
    matrix = np.vstack([cv2.getRotationMatrix2D(middle, angle, factor), [0, 0, 1]])
    matrix[:2, 2] += np.array(size) / 2 - middle
    slack = np.maximum(np.array(size) - factor * np.array([box_w, box_h]), 0) / 2
    matrix[:2, 2] += rng.uniform(-1, 1, 2) * slack
    return _compose(parcel, alpha, matrix, size, background(rng, size, other), rng)


def _compose(
    parcel: Parcel,
    alpha: np.ndarray,
    matrix: np.ndarray,
    size: tuple[int, int],
    ground: np.ndarray,
    rng: np.random.Generator,
) -> Parcel:
    """Set the product onto the ground, with a soft contact shadow in half of the cases."""
    cover = warp(alpha, matrix, size)
    if rng.random() < 0.5:
        reach = 0.02 * max(size)
        shade = np.roll(cv2.GaussianBlur(cover, (0, 0), reach), round(reach), axis=0) * rng.uniform(0.2, 0.6)
        ground = (ground * (1 - shade[..., None])).astype(np.uint8)
    moved = parcel.moved(matrix, size, ground)
    return moved.under(1 - cover, ground.astype(np.float32))
