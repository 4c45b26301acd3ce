"""Extract the features of a region: forty-one numbers that each have a meaning.

They describe a flat colour, the outline of a pen, the blocks of a mosaic, the known picture showing through,
the edge of an imperfect registration. `classification` feeds them to the region networks.
"""

from dataclasses import dataclass
from typing import TypeAlias, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from bixie.examiners.derivation.change.change_network import ChangeMaps
from bixie.examiners.derivation.change.regions.splitting import Regions, bounding_slices

__all__ = ["FEATURE_NAMES", "bounding_boxes", "extract_region_features", "max_over_channels"]

MARGIN = 14
"""Pixels around a region that its patch includes."""
MAX_FINE_SIDE = 200
"""Pixels; larger regions are subsampled."""
FLAT_RANGE = 18.0
"""Grey levels within which pixels have the region's one colour."""
BLUR_SIGMAS = (4.0, 10.0)
"""Pixels: the known picture blurred so stands for a blur or a mosaic of it."""
SHIFTS = (-2, -1, 0, 1, 2)
"""Pixels of misregistration that are tried, each way."""

FEATURE_NAMES = (
    "changed_mean",
    "annotated_mean",
    "changed_peak",
    "annotated_peak",
    "group_annotated",
    "area",
    "area_share",
    "thickness",
    "slenderness",
    "contrast",
    "spread_here",
    "spread_known",
    "one_colour",
    "saturation",
    "darkness",
    "brightness",
    "inner_edge",
    "outer_edge",
    "follows_known",
    "detail_correlation",
    "detail_lost",
    "coarse_fine",
    "coarse_rough",
    "fills_rectangle",
    "fills_box",
    "marks_elsewhere",
    "differs_elsewhere",
    "known_slope",
    "explained_by_shift",
    "clipped",
    "towards_mean_fine",
    "towards_mean_rough",
    "group_one_colour",
    "group_saturation",
    "group_follows_known",
    "group_detail_correlation",
    "group_detail_lost",
    "group_fills_box",
    "group_towards_mean_fine",
    "group_towards_mean_rough",
    "share_of_group",
)
"""In the order of the network input ``numbers``."""

_Number = TypeVar("_Number", bound=np.generic)
Mask = NDArray[np.bool_]
Image = NDArray[np.float32]
_Pictures: TypeAlias = tuple[NDArray[np.uint8], NDArray[np.uint8], ChangeMaps]


def extract_region_features(
    exhibit: NDArray[np.uint8], known: NDArray[np.uint8], maps: ChangeMaps, regions: Regions
) -> NDArray[np.float64]:
    """Return the features of every region, shape (n, 41), float64, in the order of `FEATURE_NAMES`.

    Parameters
    ----------
    exhibit, known : ndarray, shape (h, w, 3), uint8
        On one grid, in one light.
    maps : ChangeMaps
    regions : Regions
    """
    differs = regions.labels > 0
    whole = float(max(1, differs.size))
    marks, changed_area = float(maps.annotated[differs].sum()), float(differs.sum())
    pictures = (exhibit, known, maps)
    boxes, group_boxes = bounding_boxes(regions.labels), bounding_boxes(regions.groups)
    groups: dict[int, tuple[float, ...]] = {}
    group_annotated: dict[int, float] = {}
    group_area = np.bincount(regions.groups.ravel())
    rows = []
    for number, group in zip(regions.numbers.tolist(), regions.group_of.tolist(), strict=True):
        if group not in groups:
            patch = _Patch.of(pictures, regions.groups, group, group_boxes[group])
            groups[group], group_annotated[group] = _group_features(patch), _annotated_share(patch)
        patch = _Patch.of(pictures, regions.labels, number, boxes[number])
        area = patch.area
        elsewhere = marks - area * float(patch.annotated[patch.mask].mean())
        rows.append(
            [
                *_probabilities(patch),
                group_annotated[group],
                np.log(area),
                np.log(area / whole),
                *_shape(patch),
                *_colour(patch),
                *_edges(patch),
                *_against_known(patch),
                *_rectangles(patch),
                np.log1p(max(0.0, elsewhere)),
                np.log1p(1000 * max(0.0, changed_area - area) / whole),
                *_misregistration(patch),
                *_towards_mean(patch),
                *groups[group],
                area / float(group_area[group]),
            ]
        )
    return np.array(rows, np.float64)


def bounding_boxes(labels: NDArray[np.int32]) -> NDArray[np.intp]:
    """Return the first and last row and the first and last column of every label, shape (n, 4).

    Parameters
    ----------
    labels : ndarray, shape (h, w), int32
        0 is no label; the row of an unused label is meaningless.
    """
    window = bounding_slices((labels > 0).astype(np.uint8))
    rows, columns = np.nonzero(labels[window])
    found = labels[window][rows, columns]
    boxes = np.tile(np.array([labels.shape[0], 0, labels.shape[1], 0], np.intp), (int(labels.max()) + 1, 1))
    for positions, column in ((rows + window[0].start, 0), (columns + window[1].start, 2)):
        np.minimum.at(boxes[:, column], found, positions)
        np.maximum.at(boxes[:, column + 1], found, positions)
    return boxes


def _group_features(patch: "_Patch") -> tuple[float, ...]:
    colours, against = _colour(patch), _against_known(patch)
    return colours[3], colours[4], *against[:3], _rectangles(patch)[1], *_towards_mean(patch)


def _annotated_share(patch: "_Patch") -> float:
    for_marks, for_change = (float(each[patch.mask].sum()) for each in (patch.annotated, patch.changed))
    return for_marks / max(1e-6, for_marks + for_change)


@dataclass(frozen=True, slots=True, eq=False)
class _Patch:
    """One region with a margin around it, float32 grey levels."""

    exhibit: Image
    known: Image
    changed: Image
    annotated: Image
    mask: Mask
    depth: Image
    inner: Mask
    area: float

    @classmethod
    def of(
        cls, pictures: _Pictures, labels: NDArray[np.int32], number: int, box: NDArray[np.intp]
    ) -> "_Patch":
        exhibit, known, maps = pictures
        step = max(1, round(max(box[1] - box[0], box[3] - box[2]) / MAX_FINE_SIDE))
        window = _window(box, step)
        if not (labels[window] == number).any():  # subsampling can miss thin lines
            step, window = 1, _window(box, 1)
        mask = labels[window] == number
        depth = cv2.distanceTransform(np.pad(mask, 1).astype(np.uint8), cv2.DIST_L2, 3)[1:-1, 1:-1]
        inner = depth > min(2.0, 0.5 * float(depth.max()))
        return cls(
            exhibit[window].astype(np.float32),
            known[window].astype(np.float32),
            maps.changed[window],
            maps.annotated[window],
            mask,
            depth,
            inner,
            float(mask.sum()) * step**2,
        )


def _window(box: NDArray[np.intp], step: int) -> tuple[slice, slice]:
    top, bottom, left, right = box.tolist()
    return (
        slice(max(0, top - MARGIN), bottom + MARGIN + 1, step),
        slice(max(0, left - MARGIN), right + MARGIN + 1, step),
    )


def _probabilities(patch: _Patch) -> tuple[float, ...]:
    changed, annotated = patch.changed[patch.mask], patch.annotated[patch.mask]
    return float(changed.mean()), float(annotated.mean()), float(changed.max()), float(annotated.max())


def _shape(patch: _Patch) -> tuple[float, ...]:
    thickest = float(patch.depth.max())
    step = np.sqrt(patch.area / patch.mask.sum())
    return float(np.log(thickest * step)), float(np.log(thickest * step / np.sqrt(patch.area)))


def _colour(patch: _Patch) -> tuple[float, ...]:
    exhibit, known = patch.exhibit[patch.inner], patch.known[patch.inner]
    median = np.median(exhibit, axis=0)
    deviation = np.abs(exhibit - median)
    spread = float(np.median(deviation, axis=0).mean())
    spread_known = float(np.median(np.abs(known - np.median(known, axis=0)), axis=0).mean())
    return (
        float(max_over_channels(np.abs(exhibit - known)).mean()) / 64,
        float(np.log(spread + 2)),
        float(np.log(spread_known + 2)),
        float((max_over_channels(deviation) < FLAT_RANGE).mean()),
        float(np.ptp(median)) / 255,
        float(255 - median.max()) / 255,
        float(median.min()) / 255,
    )


def _edges(patch: _Patch) -> tuple[float, ...]:
    """Return the difference at the region's rim, and just outside of it, over that inside."""
    difference = max_over_channels(np.abs(patch.exhibit - patch.known))
    inside = float(difference[patch.inner].mean()) + 4
    around = cv2.dilate(patch.mask.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    edge, outer = patch.mask & (patch.depth <= 1.5), around & ~patch.mask
    outside = float(difference[outer].mean()) if outer.any() else 0.0
    return float(difference[edge].mean() + 4) / inside, (outside + 4) / inside


def _against_known(patch: _Patch) -> tuple[float, ...]:
    """Return how far the known picture shows through, lost its detail, or is only shown coarsely."""
    exhibit, known = (_grey(image) for image in (patch.exhibit, patch.known))
    fine_exhibit, fine_known = (image - cv2.GaussianBlur(image, (0, 0), 2.0) for image in (exhibit, known))
    difference = float(np.abs(exhibit - known)[patch.mask].mean()) + 2
    coarse = [
        float(np.abs(exhibit - cv2.GaussianBlur(known, (0, 0), sigma))[patch.mask].mean() + 2) / difference
        for sigma in BLUR_SIGMAS
    ]
    detail = [float(image[patch.mask].std()) + 1 for image in (fine_exhibit, fine_known)]
    return (
        _correlation(exhibit[patch.inner], known[patch.inner]),
        _correlation(fine_exhibit[patch.mask], fine_known[patch.mask]),
        float(np.log(detail[0] / detail[1])),
        *coarse,
    )


def _towards_mean(patch: _Patch) -> tuple[float, ...]:
    """Return how far the exhibit moved towards the known picture's local mean, as by a blur or a mosaic."""
    exhibit, known = (_grey(image) for image in (patch.exhibit, patch.known))
    change = (exhibit - known)[patch.mask]
    means = (cv2.GaussianBlur(known, (0, 0), sigma) for sigma in BLUR_SIGMAS)
    return tuple(_correlation(change, (mean - known)[patch.mask]) for mean in means)


def max_over_channels(channels: NDArray[_Number]) -> NDArray[_Number]:
    """Return the maximum over three channels; faster than ``max(axis=-1)`` over so short an axis.

    Parameters
    ----------
    channels : ndarray, shape (..., 3)
    """
    return np.asarray(np.maximum(np.maximum(channels[..., 0], channels[..., 1]), channels[..., 2]))


def _grey(image: Image) -> Image:
    return (image[..., 0] + image[..., 1] + image[..., 2]) / np.float32(3)


def _correlation(first: Image, second: Image) -> float:
    one, other = first - first.mean(), second - second.mean()
    return float((one * other).mean() / (one.std() * other.std() + 4.0))


def _rectangles(patch: _Patch) -> tuple[float, ...]:
    points = cv2.findNonZero(patch.mask.astype(np.uint8))
    (_, (width, height), _) = cv2.minAreaRect(points)
    _, _, box_width, box_height = cv2.boundingRect(points)
    area = float(patch.mask.sum())
    return area / ((width + 1) * (height + 1)), area / (box_width * box_height)


def _misregistration(patch: _Patch) -> tuple[float, ...]:
    """Return how far an edge of the known picture, shifted a little, explains the difference."""
    exhibit, known = (_grey(image) for image in (patch.exhibit, patch.known))
    gradient = np.hypot(cv2.Sobel(known, cv2.CV_32F, 1, 0), cv2.Sobel(known, cv2.CV_32F, 0, 1))
    reach = max(SHIFTS)
    padded = cv2.copyMakeBorder(known, *(reach,) * 4, cv2.BORDER_REPLICATE)
    height, width = exhibit.shape
    best = np.full(exhibit.shape, np.inf, np.float32)
    for down in SHIFTS:
        for right in SHIFTS:
            moved = padded[reach + down : reach + down + height, reach + right : reach + right + width]
            best = np.minimum(best, np.abs(exhibit - moved))
    difference = float(np.abs(exhibit - known)[patch.mask].mean()) + 2
    clipped = (patch.exhibit[patch.mask] > 250) | (patch.exhibit[patch.mask] < 5)
    return (
        float(np.log(gradient[patch.mask].mean() + 4)),
        (float(best[patch.mask].mean()) + 2) / difference,
        float(clipped.mean()),
    )
