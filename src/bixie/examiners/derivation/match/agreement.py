"""Compare a registered known picture with the exhibit, patch by patch.

Two photographs of one scene agree where a plane fits, shift against each other elsewhere (parallax), and
differ in light. One photograph delivered twice agrees at the same place, to a fraction of a pixel, wherever
nothing was changed.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from bixie.examiners.derivation.match.local_statistics import MaskedGaussian
from bixie.examiners.derivation.match.warping import (
    Matrix,
    local_scale,
    match_sharpness,
    resize_matrix,
    warp_by_flow,
    warp_to_grid,
)

__all__ = ["MIN_CORRELATION", "Agreement", "Scene", "measure_agreement"]

GRID_LONG_SIDE = 512
"""Pixels of the long side of the grid on which the two are compared."""
WINDOW_SIGMA = 4.0
"""Grid pixels: standard deviation of the window over which a patch is averaged."""
NOISE_FLOOR = 3.0
"""Grey levels of local standard deviation that noise and compression make by themselves."""
MIN_CORRELATION = 0.6
"""Local correlation from which a patch agrees."""
FLAT_RANGE = 3.0
"""Grey levels by which a flat area varies after compression; a camera's noise makes more."""

SCENE_STEP = 4
"""Grid pixels for one pixel of the reduced pictures: large shapes and shadows remain, texture does not."""
SCENE_NOISE_FLOOR = 1.2
"""Grey levels, as `NOISE_FLOOR`: the mean of sixteen pixels has less noise."""

FRAME_DEPTH = 0.015
"""Distance from the known frame's outline, as a share of its long side, of the points inside and outside that
are compared."""
MIN_SEAM_STEP = 12
"""Grey levels between inside and outside from which the outline is a visible edge."""

Image = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """Both pictures at a quarter of the grid, the known one moved by the flow.

    An editor that regenerates a frame loses texture and keeps large shapes and shadows. A second photograph
    of one print keeps the print's texture and has other shadows and surroundings.

    Parameters
    ----------
    exhibit, known : ndarray, shape (h, w, 3), uint8 sRGB
    covered : ndarray, shape (h, w), bool
        Where the known picture reaches.
    shaded : ndarray, shape (h, w), bool
        Where either picture shows more than one flat tone.
    correlation : ndarray, shape (h, w), float32
        Local correlation of brightness, -1..1.
    """

    exhibit: NDArray[np.uint8]
    known: NDArray[np.uint8]
    covered: NDArray[np.bool_]
    shaded: NDArray[np.bool_]
    correlation: Image


@dataclass(frozen=True, slots=True, eq=False)
class Agreement:
    """How well a known picture agrees with the exhibit under one homography.

    All maps share one grid: the part of the exhibit that the known picture covers, `GRID_LONG_SIDE` pixels on
    its long side.

    Parameters
    ----------
    to_grid : ndarray, shape (3, 3)
        Exhibit pixels to grid pixels.
    covered : ndarray, shape (h, w), bool
        Where the known picture reaches.
    textured : ndarray, shape (h, w), bool
        Where either picture has enough texture to agree or disagree.
    screen_content : ndarray, shape (h, w), bool
        Near areas of exactly one colour in both pictures: drawn by an app or a printer, not by a camera.
    correlation : ndarray, shape (h, w), float32
        Local correlation after the flow, -1..1.
    correlation_rigid : ndarray, shape (h, w), float32
        Local correlation under the homography alone, -1..1.
    flow : ndarray, shape (h, w, 2), float32
        (x, y) shift that remains after the homography, grid pixels.
    scene : Scene
        Both pictures, reduced.
    enlargement : float
        Grid pixels for one pixel of the coarser picture, 1 or more.
    continues, seam : float
        Shares of the known frame's outline, 0..1, beyond which the exhibit goes on: without a visible edge,
        as when another photograph shows more of the same ground, and with one, as when a picture was set
        into something.
    """

    to_grid: Matrix
    covered: NDArray[np.bool_]
    textured: NDArray[np.bool_]
    screen_content: NDArray[np.bool_]
    correlation: Image
    correlation_rigid: Image
    flow: Image
    scene: Scene
    enlargement: float
    continues: float
    seam: float

    @property
    def matched(self) -> NDArray[np.bool_]:
        """Where textured patches agree after the flow, shape (h, w)."""
        return np.asarray(self.textured & (self.correlation > MIN_CORRELATION))


def measure_agreement(
    exhibit: NDArray[np.uint8], known: NDArray[np.uint8], homography: Matrix
) -> Agreement | None:
    """Warp the known picture onto the exhibit's grid and compare the two.

    Parameters
    ----------
    exhibit, known : ndarray, shape (h, w, 3), uint8 sRGB
    homography : ndarray, shape (3, 3)
        Known pixels to exhibit pixels.

    Returns
    -------
    Agreement or None
        None when the two hardly overlap.

    Notes
    -----
    Patches are compared by normalised cross-correlation (`MaskedGaussian.correlation`), once under the
    homography and once after dense optical flow (DIS [1]_) on locally normalised grey levels.

    References
    ----------
    .. [1] T. Kroeger, R. Timofte, D. Dai, L. Van Gool, "Fast optical flow using dense inverse search",
       ECCV 2016. DOI 10.1007/978-3-319-46493-0_29.
    """
    to_grid, size = _overlap_grid(exhibit.shape[:2], known.shape[:2], homography)
    if size is None:
        return None
    exhibit_on_grid = _resample(exhibit, to_grid, size)
    known_on_grid, covered = warp_to_grid(known, to_grid @ homography, size)
    scales = local_scale(to_grid, size[::-1]), local_scale(to_grid @ homography, known.shape[:2])
    return _compare(
        *match_sharpness(exhibit_on_grid, known_on_grid, *scales),
        covered,
        to_grid,
        enlargement=max(1.0, *scales),
        outline=_outline_shares(exhibit, known.shape[:2], homography),
    )


def _compare(
    exhibit: NDArray[np.uint8],
    known: NDArray[np.uint8],
    covered: NDArray[np.bool_],
    to_grid: Matrix,
    *,
    enlargement: float,
    outline: tuple[float, float],
) -> Agreement:
    grey_exhibit = cv2.cvtColor(exhibit, cv2.COLOR_RGB2GRAY).astype(np.float32)
    grey_known = cv2.cvtColor(known, cv2.COLOR_RGB2GRAY).astype(np.float32)
    window = MaskedGaussian.of(covered, WINDOW_SIGMA)
    of_exhibit = mean_exhibit, deviation_exhibit = window.moments(grey_exhibit)
    of_known = mean_known, deviation_known = window.moments(grey_known)
    textured = covered & ((deviation_exhibit > 2 * NOISE_FLOOR) | (deviation_known > 2 * NOISE_FLOOR))
    normalised_exhibit = (grey_exhibit - mean_exhibit) / (deviation_exhibit + NOISE_FLOOR)
    normalised_known = (grey_known - mean_known) / (deviation_known + NOISE_FLOOR)
    # Outside the known frame there is nothing to follow: zero difference there must not pull the flow.
    flow = _optical_flow(np.where(covered, normalised_exhibit, normalised_known), normalised_known)
    moved = warp_by_flow(grey_known, flow)
    return Agreement(
        to_grid=to_grid,
        covered=covered,
        textured=textured,
        screen_content=_near_flat(grey_exhibit) & _near_flat(grey_known),
        correlation=window.correlation(grey_exhibit, moved, of_exhibit, window.moments(moved), NOISE_FLOOR),
        correlation_rigid=window.correlation(grey_exhibit, grey_known, of_exhibit, of_known, NOISE_FLOOR),
        flow=flow,
        scene=_reduced_scene(exhibit, known, covered, flow),
        enlargement=enlargement,
        continues=outline[0],
        seam=outline[1],
    )


def _outline_shares(
    exhibit: NDArray[np.uint8], known_shape: tuple[int, int], homography: Matrix
) -> tuple[float, float]:
    """Return the `continues` and `seam` of `Agreement`."""
    height, width = exhibit.shape[:2]
    factor = min(1.0, GRID_LONG_SIDE / max(height, width))
    size = (max(2, round(width * factor)), max(2, round(height * factor)))
    small = cv2.GaussianBlur(cv2.resize(exhibit, size, interpolation=cv2.INTER_AREA), (0, 0), 1.0)
    factors = np.array(size) / (width, height)
    inner, outer = (
        _frame_points(known_shape, depth, resize_matrix(factors) @ homography)
        for depth in (FRAME_DEPTH, -FRAME_DEPTH)
    )
    reached = ((outer >= 1) & (outer <= np.array(size) - 2)).all(axis=1)
    if not reached.any():
        return 0.0, 0.0
    step = [
        small[rows, columns].astype(np.int32)
        for columns, rows in (np.clip(p, 0, np.array(size) - 1).round().astype(int).T for p in (inner, outer))
    ]
    stepped = np.abs(step[0] - step[1]).max(axis=1) > MIN_SEAM_STEP
    return float((reached & ~stepped).mean()), float((reached & stepped).mean())


def _frame_points(shape: tuple[int, int], depth: float, matrix: Matrix) -> NDArray[np.float64]:
    """Return points along the four sides of a frame, `depth` of its long side inside, mapped by `matrix`."""
    height, width = shape
    along = np.linspace(0.03, 0.97, 48)
    inset = depth * max(shape)
    sides = [(along * width, 0 * along + inset), (along * width, 0 * along + height - 1 - inset)]
    sides += [(0 * along + inset, along * height), (0 * along + width - 1 - inset, along * height)]
    points = np.concatenate([np.stack(side, axis=1) for side in sides])
    return np.asarray(cv2.perspectiveTransform(points[None], matrix)[0])


def _reduced_scene(
    exhibit: NDArray[np.uint8], known: NDArray[np.uint8], covered: NDArray[np.bool_], flow: Image
) -> Scene:
    height, width = covered.shape
    size = (max(6, round(width / SCENE_STEP)), max(6, round(height / SCENE_STEP)))
    share = cv2.resize(covered.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    small_exhibit, small_known, small_flow = (
        cv2.resize(image, size, interpolation=cv2.INTER_AREA) for image in (exhibit, known, flow)
    )
    small_known = np.asarray(warp_by_flow(small_known, small_flow / SCENE_STEP), np.uint8)
    fully_covered = share > 0.99
    grey_exhibit, grey_known = (
        cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.float32) for image in (small_exhibit, small_known)
    )
    window = MaskedGaussian.of(fully_covered, WINDOW_SIGMA)
    of_exhibit, of_known = window.moments(grey_exhibit), window.moments(grey_known)
    return Scene(
        exhibit=small_exhibit,
        known=small_known,
        covered=fully_covered,
        shaded=fully_covered & (np.maximum(of_exhibit[1], of_known[1]) > 2 * SCENE_NOISE_FLOOR),
        correlation=window.correlation(grey_exhibit, grey_known, of_exhibit, of_known, SCENE_NOISE_FLOOR),
    )


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


def _resample(rgb: NDArray[np.uint8], matrix: Matrix, size: tuple[int, int]) -> NDArray[np.uint8]:
    low = np.linalg.inv(matrix) @ [-0.5, -0.5, 1]
    high = np.linalg.inv(matrix) @ [size[0] - 0.5, size[1] - 0.5, 1]
    x0, y0 = (round(v + 0.5) for v in low[:2])
    x1, y1 = (round(v + 0.5) for v in high[:2])
    part = rgb[max(0, y0) : y1, max(0, x0) : x1]
    interpolation = cv2.INTER_AREA if part.shape[1] > size[0] else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(part, size, interpolation=interpolation), np.uint8)


def _near_flat(grey: Image) -> NDArray[np.bool_]:
    """Return where an area of exactly one grey level is near."""
    window = np.ones((7, 7), np.uint8)
    plain = (cv2.dilate(grey, window) - cv2.erode(grey, window) <= FLAT_RANGE).astype(np.uint8)
    reach = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (25, 25))
    return np.asarray(cv2.dilate(plain, reach) > 0)


def _optical_flow(exhibit: Image, known: Image) -> Image:
    """Return the dense optical flow (DIS) from exhibit to known picture, shape (h, w, 2), pixels."""
    estimator = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    eight_bit = [np.clip(128 + 50 * image, 0, 255).astype(np.uint8) for image in (exhibit, known)]
    return np.asarray(estimator.calc(eight_bit[0], eight_bit[1], None), np.float32)
