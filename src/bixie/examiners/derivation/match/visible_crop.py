"""Crop a picture to what its file really holds: decoding a truncated file leaves filler at one side."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bixie.imaging.decode import Picture

__all__ = ["VisibleCrop", "visible_crop"]


@dataclass(frozen=True, slots=True, eq=False)
class VisibleCrop:
    """The part of a picture that can be compared.

    Parameters
    ----------
    rgb : ndarray, shape (h, w, 3), uint8 sRGB
        Pixels of the part.
    left, top : int
        Column and row of the part's corner in the picture.
    """

    rgb: NDArray[np.uint8]
    left: int = 0
    top: int = 0

    @property
    def to_picture(self) -> NDArray[np.float64]:
        """Matrix from pixels of the part to pixels of the picture, shape (3, 3)."""
        return np.array([[1.0, 0.0, self.left], [0.0, 1.0, self.top], [0.0, 0.0, 1.0]])

    def on_picture(self, mask: NDArray[np.uint8], picture: Picture) -> NDArray[np.uint8]:
        """Return a mask of the part as a mask of the whole picture, zero outside the part."""
        whole = np.zeros(picture.rgb.shape[:2], np.uint8)
        height, width = mask.shape
        whole[self.top : self.top + height, self.left : self.left + width] = mask
        return whole


def visible_crop(picture: Picture) -> VisibleCrop:
    """Return the largest upright rectangle of a picture without filler.

    Parameters
    ----------
    picture : Picture
    """
    if picture.missing is None:
        return VisibleCrop(picture.rgb)
    height, width = picture.rgb.shape[:2]
    left, top, right, bottom = (round(side * picture.scale) for side in picture.missing)
    left, right = (min(width, max(0, side)) for side in (left, right))
    top, bottom = (min(height, max(0, side)) for side in (top, bottom))
    sides = {
        (0, 0, width, top): top * width,
        (0, bottom, width, height): (height - bottom) * width,
        (0, 0, left, height): left * height,
        (right, 0, width, height): (width - right) * height,
    }
    x0, y0, x1, y1 = max(sides, key=lambda side: sides[side])
    return VisibleCrop(np.ascontiguousarray(picture.rgb[y0:y1, x0:x1]), x0, y0)
