"""Measure the numbers that tell one photograph delivered twice from two photographs of one thing.

Each comes from an `Agreement` and has a meaning that a person can follow. `logistic_model` weighs them.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from bixie.examiners.derivation.link.illumination import compare_illumination
from bixie.examiners.derivation.match.agreement import MIN_CORRELATION, Agreement, Scene
from bixie.examiners.derivation.match.keypoint_matching import Placement
from bixie.examiners.derivation.match.motion import Motion
from bixie.examiners.derivation.match.warping import Matrix

__all__ = [
    "MIN_SCENE_PIXELS",
    "Evidence",
    "core_outline",
    "frame_corner_error",
    "gather_evidence",
    "overlap_shares",
    "rim_mask",
    "trusted_mask",
]

MIN_CAMERA_SHARE = 0.05
"""Share of the overlap that a camera must have taken before `photographed` is measured."""
MAX_RESIDUAL = 9.0
"""Grid pixels at which residuals are clipped; the value where nothing agrees."""
MAX_EXACT_RESIDUAL = 0.125
"""Grid pixels up to which a patch lies exactly in place."""
MIN_EXACT_CORRELATION = 0.9
"""Correlation from which a patch agrees nearly perfectly."""
MIN_SCENE_PIXELS = 30
"""Pixels of the reduced pictures below which nothing is said about large shapes."""
MIN_RIM_TEXTURE, MIN_RIM_SCENE = 0.35, 0.6
"""Shares of the rim's texture and large shapes that agree; below both the background is another one."""
RIM_DEPTH = 0.08
"""Depth of the rim, as a share of the overlap's long side."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for and against the exhibit being the known photograph itself.

    The names stand in reports (`data.evidence`) and in the calibration.

    Parameters
    ----------
    votes : float
        Weighted keypoint votes of the placement.
    inliers : int
        Keypoints that the homography predicts correctly.
    agreement : float
        Share of the textured overlap where patches agree under the homography alone, 0..1.
    agreement_moved : float
        The same after the flow moved every patch on its own, 0..1: parallax shows as the difference.
    rigid : float
        Share of the matched patches that follow one smooth motion, 0..1.
    slide_20, slide_median, slide_80 : float
        Quantiles of the residual of matched patches (`Motion.residual`), grid pixels.
    core_slide_80 : float
        `slide_80` inside the outline of the core alone.
    exact : float
        Share of the textured overlap that agrees nearly perfectly, in place to an eighth of a pixel, 0..1.
    correlation : float
        Median correlation of the rigid patches.
    light_rest : float
        Spread (20 % to 80 % quantile) of the log brightness ratio inside the core that no function of colour
        times a smooth field explains.
    ground, ground_agrees : float
        Error of that fit, extrapolated to flat ground around the goods (median of the log ratio's residual,
        0..1), and the share of the overlap that is flat ground where it holds, 0..1.
    scene_border : float
        Share of the large shapes and shadows along the rim that agree in the reduced pictures, 0..1.
    core : float
        Largest connected rigid area, holes filled, as a share of the overlap, 0..1.
    core_purity : float
        Share of the textured patches inside that area that agree, 0..1.
    border : float
        Share of the textured patches along the rim of the overlap that agree, 0..1: tells of the background.
    vouched : float
        Share of the whole rim that is textured and agrees, 0..1: flat ground proves nothing.
    skew : float
        Distance of the homography from the nearest similarity transform (RMS of the corners, relative): 0 for
        turning, scaling and mirroring only.
    turned : float
        Distance of the homography from the nearest upright, evenly scaled and perhaps mirrored frame (RMS of
        the corners, relative): an editor keeps the frame upright, a hand-held camera does not.
    frames_apart : float
        RMS distance of the mapped known corners from the exhibit's corners, as a share of its sides, 1 at
        most: nearly 0 for a redrawn frame, even where its sides were stretched a little.
    photographed : float
        Share of the patches without screen content that agree, or share of the agreeing patches without
        screen content, whichever is more, 0..1. 1 where hardly any patch is free of screen content.
    known_share, exhibit_share : float
        Share of either frame that the overlap takes, 0..1.
    enlargement : float
        Grid pixels for one pixel of the coarser picture, 1 or more.
    continues, seam : float
        Shares of the known frame's outline, 0..1, beyond which the exhibit goes on without a visible edge,
        and with one.
    """

    votes: float
    inliers: int
    agreement: float
    agreement_moved: float
    rigid: float
    slide_20: float
    slide_median: float
    slide_80: float
    core_slide_80: float
    exact: float
    correlation: float
    light_rest: float
    ground: float
    ground_agrees: float
    scene_border: float
    core: float
    core_purity: float
    border: float
    vouched: float
    skew: float
    turned: float
    frames_apart: float
    photographed: float
    known_share: float
    exhibit_share: float
    enlargement: float
    continues: float
    seam: float

    @property
    def rim_disagrees(self) -> bool:
        """Whether the background is another one: along the rim neither texture nor large shapes agree."""
        return self.border < MIN_RIM_TEXTURE and self.scene_border < MIN_RIM_SCENE

    def to_dict(self) -> dict[str, float]:
        """Return the numbers by name, rounded to 3 places."""
        return {name: round(float(value), 3) for name, value in asdict(self).items()}


def gather_evidence(
    placement: Placement,
    agreement: Agreement,
    motion: Motion,
    known_shape: tuple[int, int],
    exhibit_shape: tuple[int, int],
) -> Evidence:
    """Reduce an agreement to the numbers of `Evidence`.

    Parameters
    ----------
    placement : Placement
    agreement : Agreement
    motion : Motion
        Of this agreement.
    known_shape, exhibit_shape : (int, int)
        Height and width, pixels.
    """
    matched, textured = agreement.matched, max(1, int(agreement.textured.sum()))
    in_place = agreement.textured & (agreement.correlation_rigid > MIN_CORRELATION)
    rigid = motion.rigid
    core, outline = _core(rigid)
    border, vouched = _rim_votes(agreement, rigid)
    slides = _quantiles(motion.residual, matched)
    light_rest, ground, ground_agrees = compare_illumination(agreement.scene, rigid & core)
    return Evidence(
        votes=placement.votes,
        inliers=len(placement.inliers),
        agreement=float(in_place.sum() / textured),
        agreement_moved=float(matched.sum() / textured),
        rigid=float(rigid.sum() / max(1, matched.sum())),
        slide_20=slides[0],
        slide_median=slides[1],
        slide_80=slides[2],
        core_slide_80=_quantiles(motion.residual, matched & outline)[2],
        exact=float(_exact(agreement, rigid, motion.residual).sum() / textured),
        correlation=float(np.median(agreement.correlation_rigid[rigid])) if rigid.any() else 0.0,
        light_rest=light_rest,
        ground=ground,
        ground_agrees=ground_agrees,
        scene_border=_share_of_scene(agreement.scene),
        core=float(outline.sum() / max(1, agreement.covered.sum())),
        core_purity=float((rigid & outline).sum() / max(1, (agreement.textured & outline).sum())),
        border=border,
        vouched=vouched,
        photographed=_photographed(agreement, rigid),
        enlargement=agreement.enlargement,
        continues=agreement.continues,
        seam=agreement.seam,
        **_view_numbers(placement.homography, agreement, known_shape, exhibit_shape),
    )


def _view_numbers(
    homography: Matrix, agreement: Agreement, known_shape: tuple[int, int], exhibit_shape: tuple[int, int]
) -> dict[str, float]:
    """Return the overlap of the frames, and what the homography says of the point of view."""
    known_share, exhibit_share = overlap_shares(homography, agreement, known_shape, exhibit_shape)
    return {
        "known_share": known_share,
        "exhibit_share": exhibit_share,
        "skew": _skew(homography, known_shape),
        "turned": _turned(homography, known_shape),
        "frames_apart": frame_corner_error(homography, known_shape, exhibit_shape),
    }


def _photographed(agreement: Agreement, rigid: NDArray[np.bool_]) -> float:
    """Return the `photographed` of `Evidence`; patches that agree only after the flow are chance."""
    taken = agreement.textured & ~agreement.screen_content
    if taken.sum() < MIN_CAMERA_SHARE * agreement.covered.sum():
        return 1.0
    agreeing = (rigid & taken).sum()
    return float(max(agreeing / taken.sum(), agreeing / max(1, rigid.sum())))


def _quantiles(residual: NDArray[np.float64], where: NDArray[np.bool_]) -> list[float]:
    if not where.any():
        return [MAX_RESIDUAL] * 3
    return [float(min(MAX_RESIDUAL, value)) for value in np.quantile(residual[where], [0.2, 0.5, 0.8])]


def core_outline(rigid: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the largest rigid area with holes filled and bays closed, shape (h, w), on the grid.

    Parameters
    ----------
    rigid : ndarray, shape (h, w), bool
        `Motion.rigid`.
    """
    outline = _core(rigid)[1].astype(np.uint8)
    reach = round(0.06 * max(outline.shape)) | 1
    padded = cv2.copyMakeBorder(outline, reach, reach, reach, reach, cv2.BORDER_CONSTANT, value=0)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    closed = cv2.morphologyEx(padded, cv2.MORPH_CLOSE, disc)[reach:-reach, reach:-reach]
    return np.asarray(closed > 0)


def trusted_mask(agreement: Agreement, core: NDArray[np.bool_], *, rim_disagrees: bool) -> NDArray[np.bool_]:
    """Return where both pictures show the same thing, so that light can be fitted there, shape (h, w).

    Parameters
    ----------
    agreement : Agreement
    core : ndarray, shape (h, w), bool
        As returned by `core_outline`.
    rim_disagrees : bool
        `Evidence.rim_disagrees`: before another background only flat areas of the core count.
    """
    flat = ~agreement.textured
    if rim_disagrees:
        flat &= core
    return agreement.covered & (agreement.matched | flat)


def _exact(
    agreement: Agreement, rigid: NDArray[np.bool_], residual: NDArray[np.float64]
) -> NDArray[np.bool_]:
    in_place = residual < MAX_EXACT_RESIDUAL
    return rigid & in_place & (agreement.correlation_rigid > MIN_EXACT_CORRELATION)


def rim_mask(covered: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the rim of the overlap, `RIM_DEPTH` deep.

    Parameters
    ----------
    covered : ndarray, shape (h, w), bool
    """
    padded = np.pad(covered.astype(np.uint8), 1)
    depth = cv2.distanceTransform(padded, cv2.DIST_L2, 3)[1:-1, 1:-1]
    return np.asarray(covered & (depth < RIM_DEPTH * max(covered.shape)))


def _largest_component(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    closed = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    count, labels, statistics, _ = cv2.connectedComponentsWithStats(closed)
    if count < 2:
        return np.zeros(mask.shape, bool)
    biggest = 1 + int(statistics[1:, cv2.CC_STAT_AREA].argmax())
    return np.asarray(labels == biggest)


def _core(rigid: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return the largest connected rigid area, and the same with its holes filled."""
    core = _largest_component(rigid)
    return core, _filled(core)


def _filled(component: NDArray[np.bool_]) -> NDArray[np.bool_]:
    outlines, _ = cv2.findContours(component.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    filled = np.zeros(component.shape, np.uint8)
    cv2.drawContours(filled, outlines, -1, 1, cv2.FILLED)
    return filled > 0


def _share_of_scene(scene: Scene) -> float:
    shaded = scene.shaded & rim_mask(scene.covered)
    if shaded.sum() < MIN_SCENE_PIXELS:
        return 0.5
    return float((scene.correlation[shaded] > MIN_CORRELATION).mean())


def _rim_votes(agreement: Agreement, rigid: NDArray[np.bool_]) -> tuple[float, float]:
    """Return the `border` and `vouched` of `Evidence`."""
    rim = rim_mask(agreement.covered)
    textured = rim & agreement.textured
    agreeing = int((textured & rigid).sum())
    return agreeing / max(1, int(textured.sum())), agreeing / max(1, int(rim.sum()))


def _skew(homography: Matrix, shape: tuple[int, int]) -> float:
    """Return the `skew` of `Evidence`."""
    moved, sources = _centred_corners(homography, shape)
    factors = [complex(np.vdot(source, moved) / np.vdot(source, source)) for source in sources]
    return _min_corner_distance(moved, sources, factors)


def _turned(homography: Matrix, shape: tuple[int, int]) -> float:
    """Return the `turned` of `Evidence`."""
    moved, sources = _centred_corners(homography, shape)
    factors = [abs(complex(np.vdot(source, moved) / np.vdot(source, source)).real) for source in sources]
    return _min_corner_distance(moved, sources, factors)


def _centred_corners(
    homography: Matrix, shape: tuple[int, int]
) -> tuple[NDArray[np.complex128], list[NDArray[np.complex128]]]:
    """Return the mapped corners, and the unmapped ones plain and mirrored, complex, about their mean."""
    height, width = shape
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)
    moved = cv2.perspectiveTransform(corners[None], homography)[0]
    plain, mirrored = corners @ np.array([1, 1j]), corners @ np.array([-1, 1j])
    placed = moved @ np.array([1, 1j])
    return placed - placed.mean(), [plain - plain.mean(), mirrored - mirrored.mean()]


def _min_corner_distance(
    moved: NDArray[np.complex128], sources: list[NDArray[np.complex128]], factors: Sequence[complex]
) -> float:
    size = np.linalg.norm(moved)
    pairs = zip(factors, sources, strict=True)
    return float(min(np.linalg.norm(moved - factor * source) / size for factor, source in pairs))


def frame_corner_error(
    homography: Matrix, known_shape: tuple[int, int], exhibit_shape: tuple[int, int]
) -> float:
    """Return the `frames_apart` of `Evidence`.

    Parameters
    ----------
    homography : ndarray, shape (3, 3)
        Known pixels to exhibit pixels.
    known_shape, exhibit_shape : (int, int)
        Height and width of either picture.
    """
    unit = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float64)
    moved = cv2.perspectiveTransform((unit * known_shape[::-1])[None], homography)[0] / exhibit_shape[::-1]
    errors = [np.sqrt(((moved - target) ** 2).sum(axis=1).mean()) for target in (unit, unit[[1, 0, 3, 2]])]
    return float(min(1.0, *errors))


def overlap_shares(
    homography: Matrix, agreement: Agreement, known_shape: tuple[int, int], exhibit_shape: tuple[int, int]
) -> tuple[float, float]:
    """Return the shares of the known frame and of the exhibit's frame that the overlap takes, 0..1.

    Parameters
    ----------
    homography : ndarray, shape (3, 3)
        Known pixels to exhibit pixels.
    agreement : Agreement
        Measured under `homography`.
    known_shape, exhibit_shape : (int, int)
        Height and width of either picture.
    """
    to_grid = agreement.to_grid
    overlap = float(agreement.covered.sum()) / abs(np.linalg.det(to_grid[:2, :2]))
    height, width = known_shape
    corners = np.array([[[0, 0], [width, 0], [width, height], [0, height]]], np.float64)
    quad = cv2.perspectiveTransform(corners, homography)[0].astype(np.float32)
    whole = max(1.0, cv2.contourArea(quad))
    return min(1.0, overlap / whole), min(1.0, overlap / (exhibit_shape[0] * exhibit_shape[1]))
