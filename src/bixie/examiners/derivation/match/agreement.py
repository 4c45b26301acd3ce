"""Hold the registered known picture against the exhibit, patch by patch, and measure how well they agree.

Two photographs of one scene agree where a plane fits and slide against each other elsewhere (parallax),
and their light differs; one photograph delivered twice agrees everywhere that was not changed, at the same
place to a fraction of a pixel.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from bixie.examiners.derivation.match.keypoint_matching import Matrix
from bixie.examiners.derivation.match.local_statistics import MaskedGaussian

__all__ = [
    "MIN_CORRELATION",
    "Agreement",
    "Scene",
    "downscale_for_warp",
    "local_scale",
    "match_sharpness",
    "measure_agreement",
    "resize_matrix",
    "warp_to_grid",
]

GRID_LONG_SIDE = 512
WINDOW_SIGMA = 4.0
NOISE_FLOOR = 3.0
"""Grey levels of local standard deviation that noise and compression make by themselves."""
MIN_CORRELATION = 0.6
PLAIN_RANGE = 3.0
"""Grey levels by which an area of one colour varies after compression; a camera's noise makes more."""

SCENE_STEP = 4
"""Grid pixels for one pixel of the reduced pictures: forms and shadows, no longer texture."""
SCENE_NOISE_FLOOR = 1.2
"""Averaging over sixteen pixels leaves little of noise and compression."""

FRAME_DEPTH = 0.015
"""How far from the known frame's edge, as a share of its long side, its inside and outside are compared."""
SEAM_STEP = 12
"""Grey levels between inside and outside from which an edge is one."""

Image = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """Both pictures reduced, the known one moved to where the flow says.

    An editor that redraws a frame loses texture and keeps forms and shadows; a second photograph of one print
    keeps the print's texture and has other shadows and surroundings.

    Parameters
    ----------
    there, here : ndarray, shape (h, w, 3), uint8 sRGB
        The exhibit and the known picture.
    covered : ndarray, shape (h, w), bool
        Where the known picture reaches.
    shaded : ndarray, shape (h, w), bool
        Where either shows more than one plain tone.
    correlation : ndarray, shape (h, w), float32
        Local correlation of brightness, -1..1.
    """

    there: NDArray[np.uint8]
    here: NDArray[np.uint8]
    covered: NDArray[np.bool_]
    shaded: NDArray[np.bool_]
    correlation: Image


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
    scene : Scene
        The two, reduced: what a person takes in at a glance.
    enlargement : float
        Grid pixels for one pixel of the coarser picture, 1 or more: what one pixel of error looks like.
    continues, seam : float
        Shares of the known frame's outline beyond which the exhibit goes on: without a step, as the ground on
        which goods lie does when another photograph shows more of it, and with one, as at the edge of a
        picture that was set into something.
    """

    to_grid: Matrix
    covered: NDArray[np.bool_]
    textured: NDArray[np.bool_]
    drawn: NDArray[np.bool_]
    correlation: Image
    correlation_rigid: Image
    flow: Image
    scene: Scene
    enlargement: float
    continues: float
    seam: float

    @property
    def matched(self) -> NDArray[np.bool_]:
        """Where patches agree once each may move on its own, shape (h, w)."""
        return np.asarray(self.textured & (self.correlation > MIN_CORRELATION))


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
    here, covered = warp_to_grid(known, to_grid @ homography, size)
    enlarged = local_scale(to_grid, size[::-1]), local_scale(to_grid @ homography, known.shape[:2])
    beyond = _beyond_the_frame(exhibit, known.shape[:2], homography)
    return _compare(there, here, covered, to_grid, enlarged=enlarged, beyond=beyond)


def _compare(
    there: NDArray[np.uint8],
    here: NDArray[np.uint8],
    covered: NDArray[np.bool_],
    to_grid: Matrix,
    *,
    enlarged: tuple[float, float],
    beyond: tuple[float, float],
) -> Agreement:
    there, here = match_sharpness(there, here, *enlarged)
    grey_there = cv2.cvtColor(there, cv2.COLOR_RGB2GRAY).astype(np.float32)
    grey_here = cv2.cvtColor(here, cv2.COLOR_RGB2GRAY).astype(np.float32)
    window = MaskedGaussian.of(covered, WINDOW_SIGMA)
    mean_there, deviation_there = window.moments(grey_there)
    mean_here, deviation_here = window.moments(grey_here)
    textured = covered & ((deviation_there > 2 * NOISE_FLOOR) | (deviation_here > 2 * NOISE_FLOOR))
    flat_there = (grey_there - mean_there) / (deviation_there + NOISE_FLOOR)
    flat_here = (grey_here - mean_here) / (deviation_here + NOISE_FLOOR)
    # Beyond the known picture's frame there is nothing to follow, and nothing there may pull the flow along.
    flow = _flow(np.where(covered, flat_there, flat_here), flat_here)
    first = mean_there, deviation_there
    followed = _follow(grey_here, flow)
    return Agreement(
        to_grid=to_grid,
        covered=covered,
        textured=textured,
        drawn=_beside_plain(grey_there) & _beside_plain(grey_here),
        correlation=window.correlation(grey_there, followed, first, window.moments(followed), NOISE_FLOOR),
        correlation_rigid=window.correlation(
            grey_there, grey_here, first, (mean_here, deviation_here), NOISE_FLOOR
        ),
        flow=flow,
        scene=_scene(there, here, covered, flow),
        enlargement=max(1.0, *enlarged),
        continues=beyond[0],
        seam=beyond[1],
    )


def _beyond_the_frame(
    exhibit: NDArray[np.uint8], known_shape: tuple[int, int], homography: Matrix
) -> tuple[float, float]:
    """Return the `continues` and `seam` of `Agreement`."""
    height, width = exhibit.shape[:2]
    factor = min(1.0, GRID_LONG_SIDE / max(height, width))
    size = (max(2, round(width * factor)), max(2, round(height * factor)))
    small = cv2.GaussianBlur(cv2.resize(exhibit, size, interpolation=cv2.INTER_AREA), (0, 0), 1.0)
    factors = np.array(size) / (width, height)
    inner, outer = (
        _on_frame(known_shape, depth, resize_matrix(factors) @ homography)
        for depth in (FRAME_DEPTH, -FRAME_DEPTH)
    )
    reached = ((outer >= 1) & (outer <= np.array(size) - 2)).all(axis=1)
    if not reached.any():
        return 0.0, 0.0
    step = [
        small[rows, columns].astype(np.int32)
        for columns, rows in (np.clip(p, 0, np.array(size) - 1).round().astype(int).T for p in (inner, outer))
    ]
    stepped = np.abs(step[0] - step[1]).max(axis=1) > SEAM_STEP
    return float((reached & ~stepped).mean()), float((reached & stepped).mean())


def _on_frame(shape: tuple[int, int], depth: float, matrix: Matrix) -> NDArray[np.float64]:
    """Return points along the four sides of a frame, `depth` of its long side inside it, under a matrix."""
    height, width = shape
    along = np.linspace(0.03, 0.97, 48)
    inset = depth * max(shape)
    sides = [(along * width, 0 * along + inset), (along * width, 0 * along + height - 1 - inset)]
    sides += [(0 * along + inset, along * height), (0 * along + width - 1 - inset, along * height)]
    points = np.concatenate([np.stack(side, axis=1) for side in sides])
    return np.asarray(cv2.perspectiveTransform(points[None], matrix)[0])


def _scene(
    there: NDArray[np.uint8], here: NDArray[np.uint8], covered: NDArray[np.bool_], flow: Image
) -> Scene:
    height, width = covered.shape
    size = (max(6, round(width / SCENE_STEP)), max(6, round(height / SCENE_STEP)))
    share = cv2.resize(covered.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    small_there, small_here, small_flow = (
        cv2.resize(image, size, interpolation=cv2.INTER_AREA) for image in (there, here, flow)
    )
    small_here = np.asarray(_follow(small_here, small_flow / SCENE_STEP), np.uint8)
    reached = share > 0.99
    grey_there, grey_here = (
        cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.float32) for image in (small_there, small_here)
    )
    window = MaskedGaussian.of(reached, WINDOW_SIGMA)
    first, second = window.moments(grey_there), window.moments(grey_here)
    return Scene(
        there=small_there,
        here=small_here,
        covered=reached,
        shaded=reached & (np.maximum(first[1], second[1]) > 2 * SCENE_NOISE_FLOOR),
        correlation=window.correlation(grey_there, grey_here, first, second, SCENE_NOISE_FLOOR),
    )


def warp_to_grid(
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


def downscale_for_warp(
    known: NDArray[np.uint8], matrix: Matrix
) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """Return the known picture reduced to about the size it will have under `matrix`, and the (x, y) factors.

    Interpolation looks at four by four pixels; what it would skip has to be averaged before.
    """
    height, width = known.shape[:2]
    shrink = min(1.0, 1.15 * local_scale(matrix, (height, width)))
    if shrink > 0.9:
        return known, np.ones(2)
    size = (max(8, round(width * shrink)), max(8, round(height * shrink)))
    reduced = cv2.resize(known, size, interpolation=cv2.INTER_AREA)
    return np.asarray(reduced, np.uint8), np.array([size[0] / width, size[1] / height])


def resize_matrix(factors: NDArray[np.float64]) -> Matrix:
    """Return the matrix of a resize by (x, y) `factors`, pixel centres at whole numbers."""
    shift = (factors - 1) / 2
    return np.array([[factors[0], 0, shift[0]], [0, factors[1], shift[1]], [0, 0, 1.0]])


def local_scale(matrix: Matrix, shape: tuple[int, int]) -> float:
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
    return resize_matrix(factors) @ shift, size


def _to_grid(rgb: NDArray[np.uint8], matrix: Matrix, size: tuple[int, int]) -> NDArray[np.uint8]:
    low = np.linalg.inv(matrix) @ [-0.5, -0.5, 1]
    high = np.linalg.inv(matrix) @ [size[0] - 0.5, size[1] - 0.5, 1]
    x0, y0 = (round(v + 0.5) for v in low[:2])
    x1, y1 = (round(v + 0.5) for v in high[:2])
    part = rgb[max(0, y0) : y1, max(0, x0) : x1]
    interpolation = cv2.INTER_AREA if part.shape[1] > size[0] else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(part, size, interpolation=interpolation), np.uint8)


def match_sharpness(
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


def _flow(there: Image, here: Image) -> Image:
    """Dense optical flow from the exhibit to the warped known picture, on light-normalised grey."""
    estimator = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    eight_bit = [np.clip(128 + 50 * image, 0, 255).astype(np.uint8) for image in (there, here)]
    return np.asarray(estimator.calc(eight_bit[0], eight_bit[1], None), np.float32)


def _follow(image: NDArray[np.generic], flow: Image) -> Image:
    height, width = image.shape[:2]
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    x, y = x + flow[..., 0], y + flow[..., 1]
    return np.asarray(cv2.remap(image, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))
