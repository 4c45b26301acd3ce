"""Bring pictures onto a common grid: resize and mirror matrices, homography warps, equal sharpness.

All matrices map pixel centres, which lie at whole numbers.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Matrix",
    "downscale_for_warp",
    "local_scale",
    "match_sharpness",
    "mirror_matrix",
    "resize_matrix",
    "warp_by_flow",
    "warp_to_grid",
]

Matrix = NDArray[np.float64]
"""A homography, shape (3, 3): maps (x, y, 1) of one pixel grid to another."""


def mirror_matrix(width: int) -> Matrix:
    """Return the matrix that mirrors the columns of a picture `width` pixels wide."""
    return np.array([[-1.0, 0.0, width - 1.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])


def resize_matrix(factors: NDArray[np.float64]) -> Matrix:
    """Return the matrix of a resize by (x, y) `factors`."""
    shift = (factors - 1) / 2
    return np.array([[factors[0], 0, shift[0]], [0, factors[1], shift[1]], [0, 0, 1.0]])


def local_scale(matrix: Matrix, shape: tuple[int, int]) -> float:
    """Return how many times `matrix` enlarges lengths at the centre of a frame.

    Parameters
    ----------
    matrix : ndarray, shape (3, 3)
    shape : (int, int)
        Height and width of the frame that `matrix` maps.
    """
    height, width = shape
    centre = np.array([[[width / 2, height / 2], [width / 2 + 1, height / 2], [width / 2, height / 2 + 1]]])
    origin, right, down = cv2.perspectiveTransform(centre, matrix)[0]
    (a, b), (c, d) = right - origin, down - origin
    return float(np.sqrt(abs(a * d - b * c)))


def downscale_for_warp(
    known: NDArray[np.uint8], matrix: Matrix
) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """Reduce a picture to about the size that it will have under `matrix`, to avoid aliasing.

    Interpolation reads four by four pixels; a larger step would skip pixels, so they are averaged first.

    Parameters
    ----------
    known : ndarray, shape (h, w, 3), uint8
    matrix : ndarray, shape (3, 3)
        Known pixels to target pixels.

    Returns
    -------
    reduced : ndarray, shape (h', w', 3), uint8
    factors : ndarray, shape (2,)
        Applied (x, y) scale, 1 or less.
    """
    height, width = known.shape[:2]
    shrink = min(1.0, 1.15 * local_scale(matrix, (height, width)))
    if shrink > 0.9:
        return known, np.ones(2)
    size = (max(8, round(width * shrink)), max(8, round(height * shrink)))
    reduced = cv2.resize(known, size, interpolation=cv2.INTER_AREA)
    return np.asarray(reduced, np.uint8), np.array([size[0] / width, size[1] / height])


def warp_to_grid(
    known: NDArray[np.uint8], matrix: Matrix, size: tuple[int, int]
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Warp the known picture onto a grid without aliasing.

    Parameters
    ----------
    known : ndarray, shape (h, w, 3), uint8
    matrix : ndarray, shape (3, 3)
        Known pixels to grid pixels.
    size : (int, int)
        Width and height of the grid.

    Returns
    -------
    warped : ndarray, shape (height, width, 3), uint8
    covered : ndarray, shape (height, width), bool
        Where the known picture reaches.
    """
    height, width = known.shape[:2]
    source, factors = downscale_for_warp(known, matrix)
    from_source = matrix @ np.linalg.inv(resize_matrix(factors))
    warped = cv2.warpPerspective(
        source, from_source, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    inside = cv2.warpPerspective(
        np.full((height, width), 255, np.uint8), matrix, size, flags=cv2.INTER_NEAREST
    )
    covered = cv2.erode(inside, np.ones((3, 3), np.uint8), borderValue=255) > 0
    return warped, covered


def warp_by_flow(image: NDArray[np.generic], flow: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return ``image(p + flow(p))`` for every pixel p, bilinear.

    Parameters
    ----------
    image : ndarray, shape (h, w) or (h, w, 3)
    flow : ndarray, shape (h, w, 2), float32
        (x, y) in pixels.
    """
    height, width = image.shape[:2]
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    x, y = x + flow[..., 0], y + flow[..., 1]
    return np.asarray(cv2.remap(image, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))


def match_sharpness(
    exhibit: NDArray[np.uint8], known: NDArray[np.uint8], exhibit_scale: float, known_scale: float
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Blur the sharper picture, so that a difference in resolution does not count as a difference.

    Parameters
    ----------
    exhibit, known : ndarray, shape (h, w, 3), uint8
        Two pictures on one grid.
    exhibit_scale, known_scale : float
        How many times each was enlarged (over 1) or reduced (under 1) to reach the grid.

    Returns
    -------
    exhibit, known : ndarray, shape (h, w, 3), uint8
    """
    ratio = max(1.0, known_scale) / max(1.0, exhibit_scale)
    if ratio > 1.15:
        return _blurred(exhibit, 0.45 * np.sqrt(ratio**2 - 1)), known
    if ratio < 1 / 1.15:
        return exhibit, _blurred(known, 0.45 * np.sqrt(1 / ratio**2 - 1))
    return exhibit, known


def _blurred(rgb: NDArray[np.uint8], sigma: float) -> NDArray[np.uint8]:
    return np.asarray(cv2.GaussianBlur(rgb, (0, 0), sigma), np.uint8)
