"""Tell what a region of difference is: changed content, a mark drawn onto the picture, or neither.

The network looks at pixels. A person also sees that a thing has one flat colour, the outline of a pen, the
coarse blocks of a mosaic, or only the seam of an imperfect registration: a few numbers for a whole region,
weighed by a small fitted model (`bench/training/regions.py`).
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from bixie.examine.derivation.alignment import Aligned
from bixie.examine.derivation.change_network import ANNOTATED_THRESHOLD, CHANGED_THRESHOLD, ChangeMaps

__all__ = ["FEATURES", "KINDS", "Regions", "describe_regions", "judged", "split_regions"]

KINDS = ("changed", "annotated", "neither")
MOST_JUDGED = 150
"""Regions of one picture that are judged, the largest first; what is left over is noise."""
SMALLEST_JUDGED = 6
"""Pixels; smaller ones are never kept."""
SPLIT_SHARE = 0.15
"""A part of a region that leans the other way becomes a region of its own from this share on."""
LEAN_SIGMA = 1.5
MARGIN = 14
FINE_SIDE = 200
"""Pixels; of larger regions not every row and column is looked at."""
GROUP_REACH = 0.008
"""Share of the long side; pieces up to twice as far apart belong to one group."""
FLAT = 18.0
"""Grey levels within which a region's pixels count as of its one colour."""
COARSE_SIGMAS = (4.0, 10.0)
SHIFTS = (-2, -1, 0, 1, 2)

FEATURES = (
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

Mask = NDArray[np.bool_]
Image = NDArray[np.float32]
_Pictures: TypeAlias = tuple[NDArray[np.uint8], NDArray[np.uint8], ChangeMaps]


@dataclass(frozen=True, slots=True, eq=False)
class Regions:
    """What differs, cut into pieces that are one thing each.

    Parameters
    ----------
    labels : ndarray, shape (h, w), int32
        0 where nothing differs, else the number of the region.
    numbers : ndarray, shape (n,), intp
        The regions that are large enough to be judged, the largest first.
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
    either = ((maps.changed > CHANGED_THRESHOLD) | (maps.annotated > ANNOTATED_THRESHOLD)) & look
    count, parents = cv2.connectedComponents(either.astype(np.uint8), connectivity=8)
    drawn = cv2.GaussianBlur(maps.annotated - maps.changed, (0, 0), LEAN_SIGMA) > 0
    area = np.maximum(np.bincount(parents.ravel(), minlength=count), 1)
    share = np.bincount(parents[drawn], minlength=count) / area
    drawn = (share > 1 - SPLIT_SHARE)[parents] | (drawn & (share >= SPLIT_SHARE)[parents])
    above, one = cv2.connectedComponents((either & drawn).astype(np.uint8), connectivity=8)
    _, other = cv2.connectedComponents((either & ~drawn).astype(np.uint8), connectivity=8)
    labels = np.where(one > 0, one, np.where(other > 0, other + above - 1, 0)).astype(np.int32)
    size = np.bincount(labels.ravel())
    size[0] = 0
    order = np.argsort(-size, kind="stable")[:MOST_JUDGED]
    numbers = order[size[order] >= SMALLEST_JUDGED]
    groups = _groups(either)
    first = np.zeros(len(size), np.intp)
    first[labels.ravel()] = groups.ravel()
    return Regions(labels, numbers, groups, first[numbers])


def _groups(either: Mask) -> NDArray[np.int32]:
    reach = 2 * max(1, round(GROUP_REACH * max(either.shape))) + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    _, labels = cv2.connectedComponents(cv2.dilate(either.astype(np.uint8), disc), connectivity=8)
    return np.where(either, labels, 0).astype(np.int32)


def judged(aligned: Aligned, maps: ChangeMaps, regions: Regions) -> NDArray[np.float64]:
    """Return what each region is, as probabilities of `KINDS`, shape (n, 3).

    Parameters
    ----------
    aligned : Aligned
    maps : ChangeMaps
    regions : Regions
    """
    if not len(regions.numbers):
        return np.zeros((0, len(KINDS)))
    model = _model()
    values = (describe_regions(aligned.exhibit, aligned.known, maps, regions) - model.centre) / model.spread
    hidden = np.maximum(np.clip(values, -4, 4) @ model.first + model.first_bias, 0)
    logits = hidden @ model.second + model.second_bias
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True))


def describe_regions(
    exhibit: NDArray[np.uint8], known: NDArray[np.uint8], maps: ChangeMaps, regions: Regions
) -> NDArray[np.float64]:
    """Return the numbers of `FEATURES` for every region, shape (n, features).

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
    boxes, group_boxes = _boxes(regions.labels), _boxes(regions.groups)
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
                np.log1p(1000 * (everything - area) / whole),
                *_registration(view),
                *_towards_mean(view),
                *groups[group],
                area / float(group_area[group]),
            ]
        )
    return np.array(rows, np.float64)


def _boxes(labels: NDArray[np.int32]) -> NDArray[np.intp]:
    """Return first and last row, first and last column of every label, shape (n, 4)."""
    rows, columns = np.nonzero(labels)
    found = labels[rows, columns]
    boxes = np.tile(np.array([labels.shape[0], 0, labels.shape[1], 0], np.intp), (int(labels.max()) + 1, 1))
    for place, column in ((rows, 0), (columns, 2)):
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
        float(_largest(np.abs(here - there)).mean()) / 64,
        float(np.log(spread + 2)),
        float(np.log(spread_known + 2)),
        float((_largest(off) < FLAT).mean()),
        float(np.ptp(middle)) / 255,
        float(255 - middle.max()) / 255,
        float(middle.min()) / 255,
    )


def _edges(view: _View) -> tuple[float, ...]:
    """How much of the inner difference the region's rim has, and what lies just outside of it."""
    apart = _largest(np.abs(view.exhibit - view.known))
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


def _largest(channels: Image) -> Image:
    """Return the largest of three channels; over so short an axis numpy's own is ten times slower."""
    return np.maximum(np.maximum(channels[..., 0], channels[..., 1]), channels[..., 2])


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


@dataclass(frozen=True, slots=True, eq=False)
class _Model:
    centre: NDArray[np.float64]
    spread: NDArray[np.float64]
    first: NDArray[np.float64]
    first_bias: NDArray[np.float64]
    second: NDArray[np.float64]
    second_bias: NDArray[np.float64]


@cache
def _model() -> _Model:
    stored = json.loads(resources.files(__package__).joinpath("regions.json").read_text(encoding="utf-8"))
    return _Model(**{name: np.array(stored[name]) for name in _Model.__slots__})
