"""Predict pixel by pixel where an exhibit differs in content from the registered known picture.

A thin U-Net, run by OpenCV on the CPU, tells content from what delivery does to a picture (resampling,
compression, regeneration, imperfect registration) and damage from annotations.
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
"""Probability from which a pixel counts as changed; 0.5 to 0.7 differ little.

``python -m training.measure --pool POOL/calibrate`` prints F1 and false area for each."""
ANNOTATED_THRESHOLD = 0.5
"""Probability from which a pixel counts as annotated, whatever its other probability; not tuned."""

MIN_VISIBLE_DIFFERENCE = 6.0
"""Grey levels by which a pixel, smoothed, must leave the range of the other picture's neighbourhood for the
network to be run there; less is hardly visible."""
MAX_TILED_SHARE = 0.7
"""Share of the picture up to which the network is run on parts of it instead of the whole."""
SIZE_MULTIPLE = 64
"""Pixels: the network halves the picture six times, so sides are padded to a multiple of this."""
_MODEL = "change_network.onnx"
_MAX_SIDE = 4096

Image = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class ChangeMaps:
    """Output of the network, on the exhibit's grid.

    Parameters
    ----------
    changed : ndarray, shape (h, w), float32
        Probability, 0..1, that the content differs: damage added, a thing removed or exchanged.
    annotated : ndarray, shape (h, w), float32
        Probability, 0..1, of an annotation: circle, arrow, text, blur or mosaic, sticker.
    """

    changed: Image
    annotated: Image


def predict_change(
    exhibit: NDArray[np.uint8], known: NDArray[np.uint8], covered: NDArray[np.bool_]
) -> ChangeMaps:
    """Run the network on an aligned pair.

    Parameters
    ----------
    exhibit : ndarray, shape (h, w, 3), uint8 sRGB
    known : ndarray, shape (h, w, 3), uint8 sRGB
        The known picture registered to the exhibit, in the exhibit's light.
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
    out = _run_network(pixel_unshuffle(planes), _tiles(planes[6:]))
    changed, annotated = (
        _pixel_shuffle(out[first : first + 4])[:height, :width] * covered for first in (0, 4)
    )
    return ChangeMaps(changed=changed, annotated=annotated)


def _tiles(excess: list[NDArray[np.generic]]) -> list[tuple[slice, slice]]:
    """Return the parts of the half-size grid where there may be a visible difference.

    In most of a copy no pixel leaves the range of the known picture's neighbourhood.
    """
    strongest = reduce(np.maximum, (np.abs(plane) for plane in excess)).astype(np.float32)
    height, width = strongest.shape
    smooth = cv2.GaussianBlur(strongest, (0, 0), 1.5)
    blocks = (
        smooth.reshape(height // SIZE_MULTIPLE, SIZE_MULTIPLE, width // SIZE_MULTIPLE, SIZE_MULTIPLE).max(
            axis=(1, 3)
        )
        > MIN_VISIBLE_DIFFERENCE
    )
    near = cv2.dilate(blocks.astype(np.uint8), np.ones((3, 3), np.uint8))
    _, _, boxes, _ = cv2.connectedComponentsWithStats(near, connectivity=8)
    half = SIZE_MULTIPLE // 2
    tiles = [
        (slice(half * top, half * (top + rows)), slice(half * left, half * (left + columns)))
        for left, top, columns, rows, _ in boxes[1:].tolist()
    ]
    if boxes[1:, 2:4].prod(axis=1).sum() > MAX_TILED_SHARE * blocks.size:
        return [(slice(0, height // 2), slice(0, width // 2))]
    return tiles


def _run_network(planes: Image, tiles: list[tuple[slice, slice]]) -> Image:
    """Run the network on some tiles; return its output, shape (8, h / 2, w / 2), 0 elsewhere."""
    net = load_network(_MODEL)
    out = np.zeros((8, *planes.shape[2:]), np.float32)
    for rows, columns in tiles:
        net.setInput(np.ascontiguousarray(planes[:, :, rows, columns]))
        part = out[:, rows, columns]
        np.maximum(part, net.forward()[0], out=part)
    return out


def difference_planes(exhibit: NDArray[np.uint8], known: NDArray[np.uint8]) -> list[NDArray[np.generic]]:
    """Return the twelve input planes of the network, each of shape (h, w), in grey levels.

    They hold the colours of both pictures, and by how much a pixel leaves the range of the other picture in
    its neighbourhood (3 x 3 and 5 x 5). An error of registration stays inside that range; a crack does not.

    Parameters
    ----------
    exhibit, known : ndarray, shape (h, w, 3), uint8
    """
    excess = _range_excess(exhibit, known, 3)
    grey_exhibit, grey_known = (cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY) for picture in (exhibit, known))
    return [
        *(exhibit[..., channel] for channel in range(3)),
        *(known[..., channel] for channel in range(3)),
        *(excess[..., channel] for channel in range(3)),
        _range_excess(grey_known, grey_exhibit, 3),
        _range_excess(grey_exhibit, grey_known, 5),
        _range_excess(grey_known, grey_exhibit, 5),
    ]


def _range_excess(picture: NDArray[np.uint8], other: NDArray[np.uint8], side: int) -> NDArray[np.int16]:
    """Return how far a pixel lies above (positive) or below the other's range in a square around it."""
    square = np.ones((side, side), np.uint8)
    above = cv2.subtract(picture, cv2.dilate(other, square))
    below = cv2.subtract(cv2.erode(other, square), picture)
    return np.asarray(cv2.subtract(above, below, dtype=cv2.CV_16S), np.int16)


def pixel_unshuffle(planes: list[NDArray[np.generic]]) -> Image:
    """Rearrange each two by two pixels into four channels (space to depth): half the size, no pixel lost.

    Parameters
    ----------
    planes : list of ndarray, shape (h, w)
        With even sides.

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
