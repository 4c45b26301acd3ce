"""Crop regions for the classifier: with a margin, at one size, beside the known picture."""

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
"""Pixels of a form's side: at half of it dimension lines and the shafts of arrows vanish."""
FORM_CHANNELS = 3
"""The region, the other regions, and the difference of the pictures, which shows faint strokes too."""
VIEWS = (slice(0, 8), slice(8, 13), slice(13, 18))
"""Channels of the near, far and wide crop: the region, the other regions, the exhibit's colours and, in the
near crop, the known picture's colours."""
CHANNELS = VIEWS[-1].stop
MASKS = tuple(view.start + channel for view in VIEWS for channel in (0, 1))
COLOURS = tuple(first for view in VIEWS for first in range(view.start + 2, view.stop, 3))
"""First channel of each picture's three colours."""
NEAR, FAR = 1.4, 3.5
"""Sides of the crops, as multiples of the region's longer side; the far one holds all of a broken ring."""
WIDE = 0.35
"""Minimum side of the wide crop, as a share of the frame's long side: it shows the stroke around a piece."""
MIN_SIDE = 24
"""Pixels of the frame: minimum side of a crop."""
FORM_FACTOR = 1.25
"""Side of a form, as a multiple of the longer side of the region's group."""
FORM_GAIN = 3.0
"""Factor of the difference: faint ink differs by some forty grey levels."""

Image = NDArray[np.uint8]


def crop_regions(exhibit: Image, known: Image, regions: Regions) -> NDArray[np.uint8]:
    """Crop every region at three sizes.

    Parameters
    ----------
    exhibit, known : ndarray, shape (h, w, 3), uint8
        On one grid, in one light.
    regions : Regions

    Returns
    -------
    ndarray, shape (n, `CHANNELS`, `SIDE`, `SIDE`), uint8
        Masks are 0..255, and 0 outside the frame; the pictures continue their edge there.
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
    """Crop the form of every region within its group, without colours.

    Parameters
    ----------
    exhibit, known : ndarray, shape (h, w, 3), uint8
        On one grid, in one light.
    regions : Regions

    Returns
    -------
    ndarray, shape (n, `FORM_CHANNELS`, `FORM_SIDE`, `FORM_SIDE`), uint8
        0 outside the frame.
    """
    forms = np.zeros((len(regions.numbers), FORM_CHANNELS, FORM_SIDE, FORM_SIDE), np.uint8)
    boxes = bounding_boxes(regions.groups)
    for group in np.unique(regions.group_of).tolist():
        square = _Square.around(boxes[group], _side(boxes[group], FORM_FACTOR), exhibit.shape[:2], FORM_SIDE)
        labels = regions.labels[square.rows, square.columns]
        all_regions = square.place((labels > 0).astype(np.uint8) * 255)
        difference = max_over_channels(
            cv2.absdiff(*(one[square.rows, square.columns] for one in (exhibit, known)))
        )
        strength = square.place(cv2.convertScaleAbs(difference, alpha=FORM_GAIN))
        for row in np.flatnonzero(regions.group_of == group).tolist():
            one = square.place((labels == regions.numbers[row]).astype(np.uint8) * 255)
            forms[row] = one, cv2.subtract(all_regions, one), strength
    return forms


@dataclass(frozen=True, slots=True)
class _Square:
    """A square crop window, which may reach outside the frame.

    Parameters
    ----------
    rows, columns : slice
        Of the frame: the part inside the square.
    inside : (slice, slice)
        Rows and columns of the crop that the frame fills.
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
        parts, inside = [], []
        for low, high, length in ((top, bottom, shape[0]), (left, right, shape[1])):
            first = (low + high + 1 - side) // 2
            part = slice(max(0, first), min(length, first + side))
            start = min(size - 1, round((part.start - first) * size / side))
            inside.append(slice(start, max(start + 1, round((part.stop - first) * size / side))))
            parts.append(part)
        return cls(parts[0], parts[1], (inside[0], inside[1]), size)

    def masks(self, labels: NDArray[np.int32], number: int) -> Image:
        """Return the masks of a region and of all others, shape (2, size, size); 0 outside the frame."""
        part = labels[self.rows, self.columns]
        both = np.dstack([part == number, (part != number) & (part > 0)]).astype(np.uint8) * 255
        return self.place(both).transpose(2, 0, 1)

    def place(self, part: Image) -> Image:
        """Return a part of the frame at the size of the crop, 0 outside the frame."""
        crop = np.zeros((self.size, self.size, *part.shape[2:]), np.uint8)
        crop[self.inside] = self._resized(part)
        return crop

    def picture(self, rgb: Image) -> Image:
        """Return the colours, shape (3, size, size); outside the frame its edge is repeated."""
        small = self._resized(rgb[self.rows, self.columns])
        rows, columns = self.inside
        margins = rows.start, self.size - rows.stop, columns.start, self.size - columns.stop
        return np.asarray(
            cv2.copyMakeBorder(small, *margins, cv2.BORDER_REPLICATE).transpose(2, 0, 1), np.uint8
        )

    def _resized(self, part: Image) -> Image:
        height, width = (part.stop - part.start for part in self.inside)
        smaller = part.shape[0] > height or part.shape[1] > width
        return np.asarray(
            cv2.resize(part, (width, height), interpolation=cv2.INTER_AREA if smaller else cv2.INTER_LINEAR)
        )


def _squares(box: NDArray[np.intp], shape: tuple[int, int]) -> list[_Square]:
    """Return the near, far and wide square around a region."""
    near, far = (_side(box, factor) for factor in (NEAR, FAR))
    sides = (near, far, max(far, round(WIDE * max(shape))))
    return [_Square.around(box, side, shape, SIDE) for side in sides]


def _side(box: NDArray[np.intp], factor: float) -> int:
    """Return `factor` times the longer side of a box, pixels, at least `MIN_SIDE`."""
    longer = int(max(box[1] - box[0], box[3] - box[2])) + 1
    return max(MIN_SIDE, round(factor * longer))
