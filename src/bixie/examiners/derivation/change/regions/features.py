"""What a person sees of a region as a whole, as some forty numbers that each have a meaning.

One flat colour, the outline of a pen, the coarse blocks of a mosaic, the known picture shining through, the
seam of an imperfect registration: `regions` weighs them.
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
FINE_SIDE = 200
"""Pixels; of larger regions not every row and column is looked at."""
FLAT = 18.0
"""Grey levels within which a region's pixels count as of its one colour."""
COARSE_SIGMAS = (4.0, 10.0)
SHIFTS = (-2, -1, 0, 1, 2)

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

_Number = TypeVar("_Number", bound=np.generic)
Mask = NDArray[np.bool_]
Image = NDArray[np.float32]
_Pictures: TypeAlias = tuple[NDArray[np.uint8], NDArray[np.uint8], ChangeMaps]


def extract_region_features(
    exhibit: NDArray[np.uint8], known: NDArray[np.uint8], maps: ChangeMaps, regions: Regions
) -> NDArray[np.float64]:
    """Return the numbers of `FEATURE_NAMES` for every region, shape (n, features).

    Parameters
    ----------
    exhibit, known : ndarray, shape (h, w, 3), uint8
        On one grid, in one light.
    maps : ChangeMaps
    regions : Regions
    """
    differing = regions.labels > 0
    whole = float(max(1, differing.size))
    marks, everything = float(maps.annotated[differing].sum()), float(differing.sum())
    pictures = (exhibit, known, maps)
    boxes, group_boxes = bounding_boxes(regions.labels), bounding_boxes(regions.groups)
    groups: dict[int, tuple[float, ...]] = {}
    group_annotated: dict[int, float] = {}
    group_area = np.bincount(regions.groups.ravel())
    rows = []
    for number, group in zip(regions.numbers.tolist(), regions.group_of.tolist(), strict=True):
        if group not in groups:
            view = _View.of(pictures, regions.groups, group, group_boxes[group])
            groups[group], group_annotated[group] = _of_group(view), _share_annotated(view)
        view = _View.of(pictures, regions.labels, number, boxes[number])
        area = view.area
        elsewhere = marks - area * float(view.annotated[view.mask].mean())
        rows.append(
            [
                *_probabilities(view),
                group_annotated[group],
                np.log(area),
                np.log(area / whole),
                *_form(view),
                *_colours(view),
                *_edges(view),
                *_against_known(view),
                *_rectangles(view),
                np.log1p(max(0.0, elsewhere)),
                np.log1p(1000 * max(0.0, everything - area) / whole),
                *_registration(view),
                *_towards_mean(view),
                *groups[group],
                area / float(group_area[group]),
            ]
        )
    return np.array(rows, np.float64)


def bounding_boxes(labels: NDArray[np.int32]) -> NDArray[np.intp]:
    """Return first and last row, first and last column of every label, shape (n, 4).

    Parameters
    ----------
    labels : ndarray, shape (h, w), int32
        0 is no label; the row of a number that is not used says nothing.
    """
    window = bounding_slices((labels > 0).astype(np.uint8))
    rows, columns = np.nonzero(labels[window])
    found = labels[window][rows, columns]
    boxes = np.tile(np.array([labels.shape[0], 0, labels.shape[1], 0], np.intp), (int(labels.max()) + 1, 1))
    for place, column in ((rows + window[0].start, 0), (columns + window[1].start, 2)):
        np.minimum.at(boxes[:, column], found, place)
        np.maximum.at(boxes[:, column + 1], found, place)
    return boxes


def _of_group(view: "_View") -> tuple[float, ...]:
    colours, against = _colours(view), _against_known(view)
    return colours[3], colours[4], *against[:3], _rectangles(view)[1], *_towards_mean(view)


def _share_annotated(view: "_View") -> float:
    for_marks, for_change = (float(each[view.mask].sum()) for each in (view.annotated, view.changed))
    return for_marks / max(1e-6, for_marks + for_change)


@dataclass(frozen=True, slots=True, eq=False)
class _View:
    """One region and what is around it, float32 grey levels."""

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
    ) -> "_View":
        exhibit, known, maps = pictures
        step = max(1, round(max(box[1] - box[0], box[3] - box[2]) / FINE_SIDE))
        window = _window(box, step)
        if not (labels[window] == number).any():  # threads can slip through
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


def _probabilities(view: _View) -> tuple[float, ...]:
    changed, annotated = view.changed[view.mask], view.annotated[view.mask]
    return float(changed.mean()), float(annotated.mean()), float(changed.max()), float(annotated.max())


def _form(view: _View) -> tuple[float, ...]:
    thickest = float(view.depth.max())
    step = np.sqrt(view.area / view.mask.sum())
    return float(np.log(thickest * step)), float(np.log(thickest * step / np.sqrt(view.area)))


def _colours(view: _View) -> tuple[float, ...]:
    here, there = view.exhibit[view.inner], view.known[view.inner]
    middle = np.median(here, axis=0)
    off = np.abs(here - middle)
    spread = float(np.median(off, axis=0).mean())
    spread_known = float(np.median(np.abs(there - np.median(there, axis=0)), axis=0).mean())
    return (
        float(max_over_channels(np.abs(here - there)).mean()) / 64,
        float(np.log(spread + 2)),
        float(np.log(spread_known + 2)),
        float((max_over_channels(off) < FLAT).mean()),
        float(np.ptp(middle)) / 255,
        float(255 - middle.max()) / 255,
        float(middle.min()) / 255,
    )


def _edges(view: _View) -> tuple[float, ...]:
    """How much of the inner difference the region's rim has, and what lies just outside of it."""
    apart = max_over_channels(np.abs(view.exhibit - view.known))
    inside = float(apart[view.inner].mean()) + 4
    around = cv2.dilate(view.mask.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    edge, outer = view.mask & (view.depth <= 1.5), around & ~view.mask
    outside = float(apart[outer].mean()) if outer.any() else 0.0
    return float(apart[edge].mean() + 4) / inside, (outside + 4) / inside


def _against_known(view: _View) -> tuple[float, ...]:
    """Whether the known picture shines through, lost its detail, or is only shown coarsely."""
    here, there = (_grey(image) for image in (view.exhibit, view.known))
    fine_here, fine_there = (image - cv2.GaussianBlur(image, (0, 0), 2.0) for image in (here, there))
    apart = float(np.abs(here - there)[view.mask].mean()) + 2
    coarse = [
        float(np.abs(here - cv2.GaussianBlur(there, (0, 0), sigma))[view.mask].mean() + 2) / apart
        for sigma in COARSE_SIGMAS
    ]
    detail = [float(image[view.mask].std()) + 1 for image in (fine_here, fine_there)]
    return (
        _correlation(here[view.inner], there[view.inner]),
        _correlation(fine_here[view.mask], fine_there[view.mask]),
        float(np.log(detail[0] / detail[1])),
        *coarse,
    )


def _towards_mean(view: _View) -> tuple[float, ...]:
    """Whether the exhibit departs from the known picture towards its local mean: blurred, or in blocks."""
    here, there = (_grey(image) for image in (view.exhibit, view.known))
    departs = (here - there)[view.mask]
    means = (cv2.GaussianBlur(there, (0, 0), sigma) for sigma in COARSE_SIGMAS)
    return tuple(_correlation(departs, (mean - there)[view.mask]) for mean in means)


def max_over_channels(channels: NDArray[_Number]) -> NDArray[_Number]:
    """Return the largest of three channels; over so short an axis numpy's own is ten times slower.

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


def _rectangles(view: _View) -> tuple[float, ...]:
    points = cv2.findNonZero(view.mask.astype(np.uint8))
    (_, (width, height), _) = cv2.minAreaRect(points)
    _, _, box_width, box_height = cv2.boundingRect(points)
    area = float(view.mask.sum())
    return area / ((width + 1) * (height + 1)), area / (box_width * box_height)


def _registration(view: _View) -> tuple[float, ...]:
    """Whether an edge of the known picture, a little out of place, explains the difference."""
    here, there = (_grey(image) for image in (view.exhibit, view.known))
    slope = np.hypot(cv2.Sobel(there, cv2.CV_32F, 1, 0), cv2.Sobel(there, cv2.CV_32F, 0, 1))
    reach = max(SHIFTS)
    padded = cv2.copyMakeBorder(there, *(reach,) * 4, cv2.BORDER_REPLICATE)
    height, width = here.shape
    best = np.full(here.shape, np.inf, np.float32)
    for down in SHIFTS:
        for right in SHIFTS:
            moved = padded[reach + down : reach + down + height, reach + right : reach + right + width]
            best = np.minimum(best, np.abs(here - moved))
    apart = float(np.abs(here - there)[view.mask].mean()) + 2
    clipped = (view.exhibit[view.mask] > 250) | (view.exhibit[view.mask] < 5)
    return (
        float(np.log(slope[view.mask].mean() + 4)),
        (float(best[view.mask].mean()) + 2) / apart,
        float(clipped.mean()),
    )
