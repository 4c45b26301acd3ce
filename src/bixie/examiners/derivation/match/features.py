"""Extract local features: SIFT keypoints [1]_, spread evenly over the frame, with RootSIFT descriptors [2]_.

References
----------
.. [1] D. Lowe, "Distinctive image features from scale-invariant keypoints", IJCV 60(2), 2004.
   DOI 10.1023/B:VISI.0000029664.99615.94.
.. [2] R. Arandjelović, A. Zisserman, "Three things everyone should know to improve object
   retrieval", CVPR 2012. DOI 10.1109/CVPR.2012.6248018.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["Features", "extract_features", "mirrored_descriptors"]

FEATURE_LONG_SIDE = 768
"""Long side, in pixels, to which a picture is resized before detection; smaller ones are enlarged."""

MAX_FEATURES = 1600
"""Keypoints kept of a picture."""
CELLS_PER_SIDE = 10
"""The frame is divided into this many cells each way, so that keypoints spread over it."""
CONTRAST_THRESHOLD = 0.008
"""Of SIFT. Lowe's 0.04 finds too little on plain goods; weak keypoints fail the ratio test."""

_DESCRIPTOR_SHAPE = (4, 4, 8)


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """Keypoints of one picture.

    Parameters
    ----------
    points : ndarray, shape (n, 2), float32
        (x, y) in pixels of the picture's own grid (not the feature grid).
    sizes : ndarray, shape (n,), float32
        Diameter in pixels of the same grid.
    angles : ndarray, shape (n,), float32
        Orientation in radians, clockwise from the x axis (image coordinates).
    descriptors : ndarray, shape (n, 128), float32
        RootSIFT, unit length: a dot product is a similarity in 0..1.
    shape : (int, int)
        Height and width of the picture's grid.
    """

    points: NDArray[np.float32]
    sizes: NDArray[np.float32]
    angles: NDArray[np.float32]
    descriptors: NDArray[np.float32]
    shape: tuple[int, int]

    def __len__(self) -> int:
        return len(self.points)


def extract_features(rgb: NDArray[np.uint8]) -> Features:
    """Return the features of a picture.

    Parameters
    ----------
    rgb : ndarray, shape (h, w, 3), uint8 sRGB

    Returns
    -------
    Features
        At most `MAX_FEATURES`, the strongest of each cell of the frame first.
    """
    height, width = rgb.shape[:2]
    scale = FEATURE_LONG_SIDE / max(height, width)
    size = (max(16, round(width * scale)), max(16, round(height * scale)))
    interpolation = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    grey = cv2.cvtColor(cv2.resize(rgb, size, interpolation=interpolation), cv2.COLOR_RGB2GRAY)
    sift = cv2.SIFT.create(contrastThreshold=CONTRAST_THRESHOLD)
    keypoints = _spread(sift.detect(grey, None), size)
    if not keypoints:
        empty = np.zeros(0, np.float32)
        return Features(empty.reshape(0, 2), empty, empty, empty.reshape(0, 128), (height, width))
    keypoints, descriptors = sift.compute(grey, keypoints)
    to_picture = np.array([width / size[0], height / size[1]], np.float32)
    points = (np.array([k.pt for k in keypoints], np.float32) + 0.5) * to_picture - 0.5
    return Features(
        points=points,
        sizes=np.array([k.size for k in keypoints], np.float32) * float(to_picture.mean()),
        angles=np.deg2rad(np.array([k.angle for k in keypoints], np.float32)),
        descriptors=_root_sift(descriptors),
        shape=(height, width),
    )


def mirrored_descriptors(descriptors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the descriptors that the mirrored picture would have, by rearranging their bins.

    Mirroring reverses the rows of the 4 x 4 histogram grid and the sign of every gradient direction.

    Parameters
    ----------
    descriptors : ndarray, shape (n, 128), float32

    Returns
    -------
    ndarray, shape (n, 128), float32
    """
    grid = descriptors.reshape(-1, *_DESCRIPTOR_SHAPE)
    directions = (-np.arange(_DESCRIPTOR_SHAPE[2])) % _DESCRIPTOR_SHAPE[2]
    return np.ascontiguousarray(grid[:, ::-1][..., directions].reshape(-1, 128))


def _spread(keypoints: Sequence[cv2.KeyPoint], size: tuple[int, int]) -> list[cv2.KeyPoint]:
    """Keep the strongest keypoints of every cell, so that one textured corner does not use up the budget."""
    if len(keypoints) <= MAX_FEATURES:
        return list(keypoints)
    strength = np.array([k.response for k in keypoints])
    cell = np.array([[k.pt[0] / size[0], k.pt[1] / size[1]] for k in keypoints]) * CELLS_PER_SIDE
    cell_index = np.clip(cell.astype(int), 0, CELLS_PER_SIDE - 1) @ np.array([1, CELLS_PER_SIDE])
    order = np.lexsort((-strength, cell_index))
    starts = np.searchsorted(cell_index[order], cell_index[order])
    rank_in_cell = np.empty(len(order), int)
    rank_in_cell[order] = np.arange(len(order)) - starts
    chosen = np.lexsort((-strength, rank_in_cell))[:MAX_FEATURES]
    return [keypoints[i] for i in chosen]


def _root_sift(descriptors: NDArray[np.float32]) -> NDArray[np.float32]:
    total = np.maximum(descriptors.sum(axis=1, keepdims=True), 1e-6)
    return np.asarray(np.sqrt(descriptors / total), np.float32)
