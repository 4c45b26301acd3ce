"""Say pixel by pixel what differs in content between an exhibit and the known picture laid onto it.

A small convolutional network, run by OpenCV on the processor, tells content from what delivery does to a
picture (resampling, compression, regeneration, imperfect registration) and damage from annotations.
"""

from dataclasses import dataclass
from functools import reduce

import cv2
import numpy as np
from numpy.typing import NDArray

from bixie.examiners.derivation.networks import load_network

__all__ = [
    "ANNOTATED_THRESHOLD",
    "CHANGED_THRESHOLD",
    "SIZE_MULTIPLE",
    "ChangeMaps",
    "difference_planes",
    "pixel_unshuffle",
    "predict_change",
]

CHANGED_THRESHOLD = 0.6
"""Probability at which a pixel counts as changed; from 0.5 to 0.7 it matters little. ``python -m
training.measure --pool POOL/calibrate`` prints F1 and false area for each."""
ANNOTATED_THRESHOLD = 0.5
"""Probability at which a pixel counts as annotated, whatever its other probability; not tuned."""

QUIET = 6.0
"""Grey levels: where no pixel leaves the range of the other picture's neighbourhood by more, smoothed, the
network is not asked; so little is hardly to be seen."""
WORTH_SPLITTING = 0.7
"""Share of the picture up to which it is asked about parts of it instead of the whole."""
SIZE_MULTIPLE = 64
"""The network halves the picture six times; sides are padded to a multiple of this."""
_MODEL = "change_network.onnx"
_MAX_SIDE = 4096

Image = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class ChangeMaps:
    """What the network sees, in the exhibit's grid.

    Parameters
    ----------
    changed : ndarray, shape (h, w), float32
        Probability, 0..1, that the content differs: damage added, a thing removed or exchanged.
    annotated : ndarray, shape (h, w), float32
        Probability, 0..1, of a mark laid over the picture: circle, arrow, text, blur or mosaic, sticker.
    """

    changed: Image
    annotated: Image


def predict_change(
    exhibit: NDArray[np.uint8], known: NDArray[np.uint8], covered: NDArray[np.bool_]
) -> ChangeMaps:
    """Compare an exhibit with the known picture laid onto it.

    Parameters
    ----------
    exhibit : ndarray, shape (h, w, 3), uint8 sRGB
    known : ndarray, shape (h, w, 3), uint8 sRGB
        The known picture warped onto the exhibit's grid, its light made equal to the exhibit's.
    covered : ndarray, shape (h, w), bool
        Where the known picture reaches; elsewhere both probabilities are 0.

    Returns
    -------
    ChangeMaps

    Raises
    ------
    ValueError
        When shapes differ, or a side is empty or longer than 4096 pixels.
    """
    height, width = exhibit.shape[:2]
    if known.shape != exhibit.shape or covered.shape != (height, width):
        raise ValueError(f"shapes differ: {exhibit.shape}, {known.shape}, {covered.shape}")
    if not 0 < min(height, width) <= max(height, width) <= _MAX_SIDE:
        raise ValueError(f"cannot compare pictures of {width} x {height} pixels")
    known = np.where(covered[..., None], known, exhibit)
    below, right = -height % SIZE_MULTIPLE, -width % SIZE_MULTIPLE
    padded = [
        cv2.copyMakeBorder(picture, 0, below, 0, right, cv2.BORDER_REPLICATE) for picture in (exhibit, known)
    ]
    planes = difference_planes(padded[0], padded[1])
    out = _answered(pixel_unshuffle(planes), _windows(planes[6:]))
    changed, annotated = (
        _pixel_shuffle(out[first : first + 4])[:height, :width] * covered for first in (0, 4)
    )
    return ChangeMaps(changed=changed, annotated=annotated)


def _windows(beyond: list[NDArray[np.generic]]) -> list[tuple[slice, slice]]:
    """Return the parts of the folded picture where there may be something to see.

    Most of a copy differs from the known picture by nothing that a neighbouring pixel does not show too.
    """
    stands_out = reduce(np.maximum, (np.abs(plane) for plane in beyond)).astype(np.float32)
    height, width = stands_out.shape
    smooth = cv2.GaussianBlur(stands_out, (0, 0), 1.5)
    blocks = (
        smooth.reshape(height // SIZE_MULTIPLE, SIZE_MULTIPLE, width // SIZE_MULTIPLE, SIZE_MULTIPLE).max(
            axis=(1, 3)
        )
        > QUIET
    )
    near = cv2.dilate(blocks.astype(np.uint8), np.ones((3, 3), np.uint8))
    _, _, boxes, _ = cv2.connectedComponentsWithStats(near, connectivity=8)
    half = SIZE_MULTIPLE // 2
    windows = [
        (slice(half * top, half * (top + rows)), slice(half * left, half * (left + columns)))
        for left, top, columns, rows, _ in boxes[1:].tolist()
    ]
    if boxes[1:, 2:4].prod(axis=1).sum() > WORTH_SPLITTING * blocks.size:
        return [(slice(0, height // 2), slice(0, width // 2))]
    return windows


def _answered(planes: Image, windows: list[tuple[slice, slice]]) -> Image:
    """Run the network on some windows, shape (8, h / 2, w / 2); 0 elsewhere."""
    net = load_network(_MODEL)
    out = np.zeros((8, *planes.shape[2:]), np.float32)
    for rows, columns in windows:
        net.setInput(np.ascontiguousarray(planes[:, :, rows, columns]))
        part = out[:, rows, columns]
        np.maximum(part, net.forward()[0], out=part)
    return out


def difference_planes(exhibit: NDArray[np.uint8], known: NDArray[np.uint8]) -> list[NDArray[np.generic]]:
    """Return the twelve planes that the network reads, each of shape (h, w), in grey levels.

    Beside the colours of both: by how much a pixel leaves the range that the other picture shows in its
    neighbourhood (3 x 3 and 5 x 5). Registration errors of a pixel stay inside that range; a crack does not.
    """
    beyond = _beyond(exhibit, known, 3)
    there, here = (cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY) for picture in (exhibit, known))
    return [
        *(exhibit[..., channel] for channel in range(3)),
        *(known[..., channel] for channel in range(3)),
        *(beyond[..., channel] for channel in range(3)),
        _beyond(here, there, 3),
        _beyond(there, here, 5),
        _beyond(here, there, 5),
    ]


def _beyond(picture: NDArray[np.uint8], other: NDArray[np.uint8], reach: int) -> NDArray[np.int16]:
    around = np.ones((reach, reach), np.uint8)
    above = cv2.subtract(picture, cv2.dilate(other, around))
    below = cv2.subtract(cv2.erode(other, around), picture)
    return np.asarray(cv2.subtract(above, below, dtype=cv2.CV_16S), np.int16)


def pixel_unshuffle(planes: list[NDArray[np.generic]]) -> Image:
    """Lay each two by two pixels into four channels: half the size, and no pixel lost.

    Returns
    -------
    ndarray, shape (1, 4 * len(planes), h / 2, w / 2), float32
    """
    height, width = planes[0].shape
    result = np.empty((1, 4 * len(planes), height // 2, width // 2), np.float32)
    for number, plane in enumerate(planes):
        for corner in range(4):
            result[0, 4 * number + corner] = plane[corner // 2 :: 2, corner % 2 :: 2]
    return result


def _pixel_shuffle(corners: Image) -> Image:
    _, height, width = corners.shape
    result = np.empty((2 * height, 2 * width), np.float32)
    for corner in range(4):
        result[corner // 2 :: 2, corner % 2 :: 2] = corners[corner]
    return result
