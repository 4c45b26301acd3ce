"""Hold the registered known picture against the exhibit, patch by patch, and measure how well they agree.

Two photographs of one scene agree where a plane fits and slide against each other elsewhere (parallax),
and their light differs; one photograph delivered twice agrees everywhere that was not changed, at the same
place to a fraction of a pixel.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from bixie.examine.derivation.matching import Matrix

__all__ = [
    "AGREES",
    "Agreement",
    "equal_sharpness",
    "level_for",
    "measure_agreement",
    "pixel_scaling",
    "scale_at_centre",
    "warp_known",
]

GRID_LONG_SIDE = 512
WINDOW_SIGMA = 4.0
NOISE_FLOOR = 3.0
"""Grey levels of local standard deviation that noise and compression make by themselves."""
AGREES = 0.6
PLAIN_RANGE = 3.0
"""Grey levels by which an area of one colour varies after compression; a camera's noise makes more."""

Image = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Agreement:
    """How well a placed known picture agrees with the exhibit.

    All maps share one grid: the part of the exhibit that the known picture covers, `GRID_LONG_SIDE` pixels on
    its long side.

    Parameters
    ----------
    to_grid : ndarray, shape (3, 3)
        Exhibit pixels to grid pixels.
    covered : ndarray, shape (h, w), bool
        Where the known picture reaches.
    textured : ndarray, shape (h, w), bool
        Where either picture shows something that can agree or disagree.
    drawn : ndarray, shape (h, w), bool
        Beside areas of exactly one colour in both pictures: what an app or a printer draws, not a camera.
    correlation : ndarray, shape (h, w), float32
        Local correlation after the flow, -1..1.
    correlation_rigid : ndarray, shape (h, w), float32
        The same under the homography alone.
    flow : ndarray, shape (h, w, 2), float32
        What remains to be moved after the homography, grid pixels.
    light : ndarray, shape (h, w), float32
        Natural logarithm of the ratio of local brightness, exhibit over known.
    enlargement : float
        Grid pixels for one pixel of the coarser picture, 1 or more: what one pixel of error looks like.
    """

    to_grid: Matrix
    covered: NDArray[np.bool_]
    textured: NDArray[np.bool_]
    drawn: NDArray[np.bool_]
    correlation: Image
    correlation_rigid: Image
    flow: Image
    light: Image
    enlargement: float

    @property
    def matched(self) -> NDArray[np.bool_]:
        """Where patches agree once each may move on its own, shape (h, w)."""
        return np.asarray(self.textured & (self.correlation > AGREES))


def measure_agreement(
    exhibit: NDArray[np.uint8], known: NDArray[np.uint8], homography: Matrix
) -> Agreement | None:
    """Compare a placed known picture with the exhibit.

    Parameters
    ----------
    exhibit, known : ndarray, shape (h, w, 3), uint8 sRGB
    homography : ndarray, shape (3, 3)
        Known pixels to exhibit pixels.

    Returns
    -------
    Agreement or None
        None when the two hardly overlap.
    """
    to_grid, size = _overlap_grid(exhibit.shape[:2], known.shape[:2], homography)
    if size is None:
        return None
    there = _to_grid(exhibit, to_grid, size)
    here, covered = warp_known(known, to_grid @ homography, size)
    enlarged = scale_at_centre(to_grid, size[::-1]), scale_at_centre(to_grid @ homography, known.shape[:2])
    there, here = equal_sharpness(there, here, *enlarged)
    grey_there = cv2.cvtColor(there, cv2.COLOR_RGB2GRAY).astype(np.float32)
    grey_here = cv2.cvtColor(here, cv2.COLOR_RGB2GRAY).astype(np.float32)
    mean_there, deviation_there = _local_moments(grey_there)
    mean_here, deviation_here = _local_moments(grey_here)
    textured = covered & ((deviation_there > 2 * NOISE_FLOOR) | (deviation_here > 2 * NOISE_FLOOR))
    flat_there = (grey_there - mean_there) / (deviation_there + NOISE_FLOOR)
    flat_here = (grey_here - mean_here) / (deviation_here + NOISE_FLOOR)
    flow = _flow(flat_there, flat_here)
    return Agreement(
        to_grid=to_grid,
        covered=covered,
        textured=textured,
        drawn=_beside_plain(grey_there) & _beside_plain(grey_here),
        correlation=_correlation(grey_there, _follow(grey_here, flow)),
        correlation_rigid=_correlation(grey_there, grey_here),
        flow=flow,
        light=np.log((mean_there + 8.0) / (_follow(mean_here, flow) + 8.0)),
        enlargement=max(1.0, *enlarged),
    )


def warp_known(
    known: NDArray[np.uint8], matrix: Matrix, size: tuple[int, int]
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Bring the known picture onto a grid, without aliasing.

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
    """
    height, width = known.shape[:2]
    source, factors = level_for(known, matrix)
    from_source = matrix @ np.linalg.inv(pixel_scaling(factors))
    warped = cv2.warpPerspective(
        source, from_source, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    inside = cv2.warpPerspective(
        np.full((height, width), 255, np.uint8), matrix, size, flags=cv2.INTER_NEAREST
    )
    covered = cv2.erode(inside, np.ones((3, 3), np.uint8), borderValue=255) > 0
    return warped, covered


def level_for(known: NDArray[np.uint8], matrix: Matrix) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """Return the known picture reduced to about the size it will have under `matrix`, and the (x, y) factors.

    Interpolation looks at four by four pixels; what it would skip has to be averaged before.
    """
    height, width = known.shape[:2]
    shrink = min(1.0, 1.15 * scale_at_centre(matrix, (height, width)))
    if shrink > 0.9:
        return known, np.ones(2)
    size = (max(8, round(width * shrink)), max(8, round(height * shrink)))
    reduced = cv2.resize(known, size, interpolation=cv2.INTER_AREA)
    return np.asarray(reduced, np.uint8), np.array([size[0] / width, size[1] / height])


def pixel_scaling(factors: NDArray[np.float64]) -> Matrix:
    """Return the matrix of a resize by (x, y) `factors`, pixel centres at whole numbers."""
    shift = (factors - 1) / 2
    return np.array([[factors[0], 0, shift[0]], [0, factors[1], shift[1]], [0, 0, 1.0]])


def scale_at_centre(matrix: Matrix, shape: tuple[int, int]) -> float:
    """Return by how much `matrix` enlarges lengths at the centre of a frame of (height, width) `shape`."""
    height, width = shape
    centre = np.array([[[width / 2, height / 2], [width / 2 + 1, height / 2], [width / 2, height / 2 + 1]]])
    origin, right, down = cv2.perspectiveTransform(centre, matrix)[0]
    (a, b), (c, d) = right - origin, down - origin
    return float(np.sqrt(abs(a * d - b * c)))


def _overlap_grid(
    exhibit_shape: tuple[int, int], known_shape: tuple[int, int], homography: Matrix
) -> tuple[Matrix, tuple[int, int] | None]:
    height, width = known_shape
    corners = np.array([[[0, 0], [width - 1, 0], [width - 1, height - 1], [0, height - 1]]], np.float64)
    quad = cv2.perspectiveTransform(corners, homography)[0]
    low = np.maximum(np.floor(quad.min(axis=0)), 0)
    high = np.minimum(np.ceil(quad.max(axis=0)), [exhibit_shape[1] - 1, exhibit_shape[0] - 1])
    extent = high - low + 1
    if extent.min() < 24:
        return np.eye(3), None
    factor = min(3.0, GRID_LONG_SIDE / extent.max())
    size = (int(max(24, round(extent[0] * factor))), int(max(24, round(extent[1] * factor))))
    factors = np.array(size) / extent
    shift = np.array([[1, 0, -low[0]], [0, 1, -low[1]], [0, 0, 1.0]])
    return pixel_scaling(factors) @ shift, size


def _to_grid(rgb: NDArray[np.uint8], matrix: Matrix, size: tuple[int, int]) -> NDArray[np.uint8]:
    low = np.linalg.inv(matrix) @ [-0.5, -0.5, 1]
    high = np.linalg.inv(matrix) @ [size[0] - 0.5, size[1] - 0.5, 1]
    x0, y0 = (round(v + 0.5) for v in low[:2])
    x1, y1 = (round(v + 0.5) for v in high[:2])
    part = rgb[max(0, y0) : y1, max(0, x0) : x1]
    interpolation = cv2.INTER_AREA if part.shape[1] > size[0] else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(part, size, interpolation=interpolation), np.uint8)


def equal_sharpness(
    there: NDArray[np.uint8], here: NDArray[np.uint8], enlarged_there: float, enlarged_here: float
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Blur whichever picture brings more detail to the grid, so that detail alone is no difference.

    Parameters
    ----------
    there, here : ndarray, shape (h, w, 3), uint8
        Two pictures on one grid.
    enlarged_there, enlarged_here : float
        By how much each was enlarged (over 1) or reduced to come there.
    """
    ratio = max(1.0, enlarged_here) / max(1.0, enlarged_there)
    if ratio > 1.15:
        return _blurred(there, 0.45 * np.sqrt(ratio**2 - 1)), here
    if ratio < 1 / 1.15:
        return there, _blurred(here, 0.45 * np.sqrt(1 / ratio**2 - 1))
    return there, here


def _blurred(rgb: NDArray[np.uint8], sigma: float) -> NDArray[np.uint8]:
    return np.asarray(cv2.GaussianBlur(rgb, (0, 0), sigma), np.uint8)


def _beside_plain(grey: Image) -> NDArray[np.bool_]:
    """Return where an area of exactly one grey level is near."""
    window = np.ones((7, 7), np.uint8)
    plain = (cv2.dilate(grey, window) - cv2.erode(grey, window) <= PLAIN_RANGE).astype(np.uint8)
    reach = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (25, 25))
    return np.asarray(cv2.dilate(plain, reach) > 0)


def _local_moments(grey: Image) -> tuple[Image, Image]:
    mean = cv2.GaussianBlur(grey, (0, 0), WINDOW_SIGMA)
    variance = cv2.GaussianBlur(grey * grey, (0, 0), WINDOW_SIGMA) - mean * mean
    return mean, np.sqrt(np.maximum(variance, 0))


def _correlation(first: Image, second: Image) -> Image:
    mean_first, deviation_first = _local_moments(first)
    mean_second, deviation_second = _local_moments(second)
    covariance = cv2.GaussianBlur(first * second, (0, 0), WINDOW_SIGMA) - mean_first * mean_second
    floor = NOISE_FLOOR**2
    return np.asarray(covariance / np.sqrt((deviation_first**2 + floor) * (deviation_second**2 + floor)))


def _flow(there: Image, here: Image) -> Image:
    """Dense optical flow from the exhibit to the warped known picture, on light-normalised grey."""
    estimator = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    eight_bit = [np.clip(128 + 50 * image, 0, 255).astype(np.uint8) for image in (there, here)]
    return np.asarray(estimator.calc(eight_bit[0], eight_bit[1], None), np.float32)


def _follow(image: Image, flow: Image) -> Image:
    height, width = image.shape[:2]
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    x, y = x + flow[..., 0], y + flow[..., 1]
    return np.asarray(cv2.remap(image, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.float32)
