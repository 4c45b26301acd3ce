"""Say pixel by pixel what differs in content between an exhibit and the known picture laid onto it.

A small convolutional network, run by OpenCV on the processor, tells content from what delivery does to a
picture (resampling, compression, regeneration, imperfect registration) and damage from annotations.
"""

import threading
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = [
    "ANNOTATED_THRESHOLD",
    "CHANGED_THRESHOLD",
    "GRAIN",
    "ChangeMaps",
    "difference_planes",
    "folded",
    "predict_change",
]

CHANGED_THRESHOLD = 0.6
"""Probability at which a pixel counts as changed. On 480 pairs of the calibration split, mean F1 over the six
kinds of damage is 0.811 at 0.5, 0.811 at 0.6, 0.807 at 0.7; under 1 % of an unedited frame is called changed
in 96.1 %, 98.4 % and 99.2 % of cases. Repeat: ``python -m bench.training.measure --pool POOL/calibrate``."""
ANNOTATED_THRESHOLD = 0.5
"""Probability at which a pixel counts as annotated, whatever its other probability; not tuned."""

GRAIN = 64
"""The network halves the picture six times; sides are padded to a multiple of this."""
_MODEL = "change_network.onnx"
_LONGEST_SIDE = 4096
_local = threading.local()

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
    if not 0 < min(height, width) <= max(height, width) <= _LONGEST_SIDE:
        raise ValueError(f"cannot compare pictures of {width} x {height} pixels")
    known = np.where(covered[..., None], known, exhibit)
    below, right = -height % GRAIN, -width % GRAIN
    padded = [
        cv2.copyMakeBorder(picture, 0, below, 0, right, cv2.BORDER_REPLICATE) for picture in (exhibit, known)
    ]
    net = _net()
    net.setInput(folded(difference_planes(padded[0], padded[1])))
    out = net.forward()[0]
    changed, annotated = (_unfolded(out[first : first + 4])[:height, :width] * covered for first in (0, 4))
    return ChangeMaps(changed=changed, annotated=annotated)


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


def folded(planes: list[NDArray[np.generic]]) -> Image:
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


def _unfolded(corners: Image) -> Image:
    _, height, width = corners.shape
    result = np.empty((2 * height, 2 * width), np.float32)
    for corner in range(4):
        result[corner // 2 :: 2, corner % 2 :: 2] = corners[corner]
    return result


@cache
def _model() -> NDArray[np.uint8]:
    return np.frombuffer(files(__package__).joinpath(_MODEL).read_bytes(), np.uint8)


def _net() -> cv2.dnn.Net:
    """One network a thread: OpenCV's are not to be shared."""
    net = getattr(_local, "net", None)
    if net is None:
        net = _local.net = cv2.dnn.readNetFromONNX(_model())
    return net
