"""A region as a person looks at it: cut out with room around it, at one size, beside the known picture."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from bixie.examiners.derivation.change.regions.features import bounding_boxes, max_over_channels
from bixie.examiners.derivation.change.regions.splitting import Regions

__all__ = [
    "CHANNELS", "COLOURS", "FORM_CHANNELS", "FORM_SIDE", "MASKS", "SIDE", "VIEWS", "crop_forms",
    "crop_regions",
]  # fmt: skip

SIDE = 48
"""Pixels of a crop's side."""
FORM_SIDE = 96
"""Pixels of a form's side: the line of a dimension or the shaft of an arrow is lost in half of it."""
FORM_CHANNELS = 3
"""The region, the others, and by how much the pictures differ: what the masks miss of a dull stroke."""
VIEWS = (slice(0, 8), slice(8, 13), slice(13, 18))
"""Channels of near, far and wide: the region, the others, the exhibit's colours; near, the known ones too."""
CHANNELS = VIEWS[-1].stop
MASKS = tuple(view.start + channel for view in VIEWS for channel in (0, 1))
COLOURS = tuple(first for view in VIEWS for first in range(view.start + 2, view.stop, 3))
"""The first of each picture's three colours."""
NEAR, FAR = 1.4, 3.5
"""Sides of the parts cut out, as multiples of the region's longer side: all of a broken ring is far."""
WIDE = 0.35
"""Least side of the widest part, as a share of the long side: a piece of a stroke is seen in its stroke."""
MIN_SIDE = 24
FORM_ROOM = 1.25
"""Side of the part whose form is seen, as a multiple of the longer side of the region's group."""
FORM_GAIN = 3.0
"""Of the difference: dull ink is some forty grey levels off."""

Image = NDArray[np.uint8]


def crop_regions(exhibit: Image, known: Image, regions: Regions) -> NDArray[np.uint8]:
    """Cut out every region that is to be judged.

    Parameters
    ----------
    exhibit, known : ndarray, shape (h, w, 3), uint8
        On one grid, in one light.
    regions : Regions

    Returns
    -------
    ndarray, shape (n, `CHANNELS`, `SIDE`, `SIDE`), uint8
        Masks are 0..255; beyond the frame they are 0, and the pictures end as they began.
    """
    crops = np.zeros((len(regions.numbers), CHANNELS, SIDE, SIDE), np.uint8)
    boxes = bounding_boxes(regions.labels)
    for crop, number in zip(crops, regions.numbers.tolist(), strict=True):
        squares = _squares(boxes[number], exhibit.shape[:2])
        for square, first in zip(squares, (view.start for view in VIEWS), strict=True):
            crop[first : first + 2] = square.masks(regions.labels, number)
            crop[first + 2 : first + 5] = square.picture(exhibit)
        crop[5:8] = squares[0].picture(known)
    return crops


def crop_forms(exhibit: Image, known: Image, regions: Regions) -> NDArray[np.uint8]:
    """Draw the form of every region within all of its group, without colours.

    It takes what `crop_regions` takes.

    Returns
    -------
    ndarray, shape (n, `FORM_CHANNELS`, `FORM_SIDE`, `FORM_SIDE`), uint8
        0 beyond the frame.
    """
    forms = np.zeros((len(regions.numbers), FORM_CHANNELS, FORM_SIDE, FORM_SIDE), np.uint8)
    boxes = bounding_boxes(regions.groups)
    for group in np.unique(regions.group_of).tolist():
        square = _Square.around(boxes[group], _room(boxes[group], FORM_ROOM), exhibit.shape[:2], FORM_SIDE)
        labels = regions.labels[square.rows, square.columns]
        everything = square.placed((labels > 0).astype(np.uint8) * 255)
        apart = max_over_channels(
            cv2.absdiff(*(one[square.rows, square.columns] for one in (exhibit, known)))
        )
        difference = square.placed(cv2.convertScaleAbs(apart, alpha=FORM_GAIN))
        for row in np.flatnonzero(regions.group_of == group).tolist():
            one = square.placed((labels == regions.numbers[row]).astype(np.uint8) * 255)
            forms[row] = one, cv2.subtract(everything, one), difference
    return forms


@dataclass(frozen=True, slots=True)
class _Square:
    """A square of the plane: the part of it that the frame fills, and where in a crop that part lies.

    Parameters
    ----------
    rows, columns : slice
        Of the frame.
    inside : (slice, slice)
        Of the crop: where the frame is seen.
    size : int
        Pixels of the crop's side.
    """

    rows: slice
    columns: slice
    inside: tuple[slice, slice]
    size: int

    @classmethod
    def around(cls, box: NDArray[np.intp], side: int, shape: tuple[int, int], size: int) -> "_Square":
        top, bottom, left, right = box.tolist()
        seen, inside = [], []
        for low, high, most in ((top, bottom, shape[0]), (left, right, shape[1])):
            first = (low + high + 1 - side) // 2
            part = slice(max(0, first), min(most, first + side))
            start = min(size - 1, round((part.start - first) * size / side))
            inside.append(slice(start, max(start + 1, round((part.stop - first) * size / side))))
            seen.append(part)
        return cls(seen[0], seen[1], (inside[0], inside[1]), size)

    def masks(self, labels: NDArray[np.int32], number: int) -> Image:
        """Return the region and all others, shape (2, size, size); nothing beyond the frame."""
        here = labels[self.rows, self.columns]
        both = np.dstack([here == number, (here != number) & (here > 0)]).astype(np.uint8) * 255
        return self.placed(both).transpose(2, 0, 1)

    def placed(self, part: Image) -> Image:
        """Return what the frame fills of the square at the crop's size, 0 beyond the frame."""
        crop = np.zeros((self.size, self.size, *part.shape[2:]), np.uint8)
        crop[self.inside] = self._sized(part)
        return crop

    def picture(self, rgb: Image) -> Image:
        """Return the colours, shape (3, size, size); the frame's edge goes on beyond it."""
        small = self._sized(rgb[self.rows, self.columns])
        rows, columns = self.inside
        margins = rows.start, self.size - rows.stop, columns.start, self.size - columns.stop
        return np.asarray(
            cv2.copyMakeBorder(small, *margins, cv2.BORDER_REPLICATE).transpose(2, 0, 1), np.uint8
        )

    def _sized(self, part: Image) -> Image:
        height, width = (part.stop - part.start for part in self.inside)
        smaller = part.shape[0] > height or part.shape[1] > width
        return np.asarray(
            cv2.resize(part, (width, height), interpolation=cv2.INTER_AREA if smaller else cv2.INTER_LINEAR)
        )


def _squares(box: NDArray[np.intp], shape: tuple[int, int]) -> list[_Square]:
    """Return the near, the far and the wide square around a region."""
    near, far = (_room(box, room) for room in (NEAR, FAR))
    sides = (near, far, max(far, round(WIDE * max(shape))))
    return [_Square.around(box, side, shape, SIDE) for side in sides]


def _room(box: NDArray[np.intp], room: float) -> int:
    """Return the side, in pixels, of a square that is `room` times as long as a box."""
    longer = int(max(box[1] - box[0], box[3] - box[2])) + 1
    return max(MIN_SIDE, round(room * longer))
