"""The few numbers that tell one photograph delivered twice from two photographs of one thing.

Every number is taken from an `Agreement` and has a meaning a person can follow; `decision` weighs them.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from bixie.examiners.derivation.link.illumination import compare_illumination
from bixie.examiners.derivation.match.agreement import MIN_CORRELATION, Agreement, Scene
from bixie.examiners.derivation.match.keypoint_matching import Matrix, Placement
from bixie.examiners.derivation.match.motion import Motion

__all__ = [
    "MIN_SHADED",
    "Evidence",
    "core_outline",
    "frame_corner_error",
    "gather_evidence",
    "overlap_shares",
    "rim_mask",
    "trusted_mask",
]

MIN_PHOTOGRAPHED = 0.05
MAX_SLIDE = 9.0
EXACT_SLIDE = 0.125
EXACT_CORRELATION = 0.9
MIN_SHADED = 30
"""Pixels of the reduced pictures below which nothing is said about forms."""
DISAGREEING_BORDER, DISAGREEING_SCENE = 0.35, 0.6
"""Shares of the rim's texture and of its forms that agree, both below which the background is another one."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for, and against, the exhibit being the known photograph itself.

    Parameters
    ----------
    votes : float
        Weighted keypoint votes of the placement.
    inliers : int
        Keypoints that lie where the placement says.
    agreement : float
        Share of the textured overlap where patches agree under the placement alone, 0..1.
    agreement_moved : float
        The same after every patch was allowed to move on its own: parallax shows as the difference.
    rigid : float
        Share of the agreeing patches that follow one smooth motion, 0..1.
    slide_20, slide_median, slide_80 : float
        Quantiles of how far agreeing patches lie off the smooth motion, grid pixels.
    core_slide_80 : float
        The last of them inside the core's outline alone.
    exact : float
        Share of the textured overlap that agrees nearly perfectly, at the same place to an eighth of a pixel.
    correlation : float
        Median correlation of the rigid patches.
    light_rest : float
        What of the log brightness ratio inside the core no function of colour times a smooth field explains
        (from the lowest to the highest fifth).
    ground, ground_agrees : float
        How far the same light, carried on, errs on plain ground around the goods (median of the log ratio's
        rest, 0..1), and the share of the overlap that is plain ground on which it is right.
    scene_border : float
        Share of the forms and shadows that agree in the reduced pictures along the rim, 0..1.
    core : float
        Largest connected rigid area, as a share of the overlap.
    core_purity : float
        Share of textured patches that agree inside the filled outline of that area.
    border : float
        Share of the textured patches along the rim of the overlap that agree: the background's vote.
    vouched : float
        Share of the whole rim that is textured and agrees: plain ground vouches for nothing.
    skew : float
        How far the placement is from a similarity: 0 for turning, scaling and mirroring only.
    turned : float
        How far the placement is from setting the known frame upright, evenly scaled, mirrored at most
        (RMS of the corners, relative): what an editor keeps and a camera in a hand does not.
    frames_apart : float
        How far the known corners land from the exhibit's own, as a share of its sides (RMS), 1 at most:
        nearly 0 for a picture redrawn as a whole, even where its sides were stretched a little.
    photographed : float
        Of the patches that a camera took (not beside plain colour), the share that agrees; or, if it is more,
        of the patches that agree, the share that a camera took. 1 where a camera took hardly any.
    known_share, exhibit_share : float
        How much of either frame the overlap takes.
    enlargement : float
        Grid pixels for one pixel of the coarser picture, 1 or more.
    continues, seam : float
        Shares of the known frame's outline beyond which the exhibit goes on without a step, and with one.
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
        """Whether the background is another one: neither its texture nor its forms agree along the rim."""
        return self.border < DISAGREEING_BORDER and self.scene_border < DISAGREEING_SCENE

    def to_dict(self) -> dict[str, float]:
        """Return the numbers, rounded for a document."""
        return {name: round(float(value), 3) for name, value in asdict(self).items()}


def gather_evidence(
    placement: Placement,
    agreement: Agreement,
    motion: Motion,
    known_shape: tuple[int, int],
    exhibit_shape: tuple[int, int],
) -> Evidence:
    """Reduce an agreement to numbers.

    Parameters
    ----------
    placement : Placement
    agreement : Agreement
    motion : Motion
        Of this agreement.
    known_shape, exhibit_shape : (int, int)
        Height and width of either picture.
    """
    matched, textured = agreement.matched, max(1, int(agreement.textured.sum()))
    in_place = agreement.textured & (agreement.correlation_rigid > MIN_CORRELATION)
    rigid = motion.still
    core, outline = _core(rigid)
    border, vouched = _rim_votes(agreement, rigid)
    slides = _quantiles(motion.slide, matched)
    rest, ground, ground_agrees = compare_illumination(agreement.scene, rigid & core)
    return Evidence(
        votes=placement.votes,
        inliers=len(placement.inliers),
        agreement=float(in_place.sum() / textured),
        agreement_moved=float(matched.sum() / textured),
        rigid=float(rigid.sum() / max(1, matched.sum())),
        slide_20=slides[0],
        slide_median=slides[1],
        slide_80=slides[2],
        core_slide_80=_quantiles(motion.slide, matched & outline)[2],
        exact=float(_exact(agreement, rigid, motion.slide).sum() / textured),
        correlation=float(np.median(agreement.correlation_rigid[rigid])) if rigid.any() else 0.0,
        light_rest=rest,
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
    """Return what is seen of either frame, and what the placement says of the point of view."""
    known_share, exhibit_share = overlap_shares(homography, agreement, known_shape, exhibit_shape)
    return {
        "known_share": known_share,
        "exhibit_share": exhibit_share,
        "skew": _skew(homography, known_shape),
        "turned": _turned(homography, known_shape),
        "frames_apart": frame_corner_error(homography, known_shape, exhibit_shape),
    }


def _photographed(agreement: Agreement, rigid: NDArray[np.bool_]) -> float:
    """Return how far what agrees is a photograph; patches that agree only after moving are chance."""
    taken = agreement.textured & ~agreement.drawn
    if taken.sum() < MIN_PHOTOGRAPHED * agreement.covered.sum():
        return 1.0
    agreeing = (rigid & taken).sum()
    return float(max(agreeing / taken.sum(), agreeing / max(1, rigid.sum())))


def _quantiles(slide: NDArray[np.float64], where: NDArray[np.bool_]) -> list[float]:
    if not where.any():
        return [MAX_SLIDE] * 3
    return [float(min(MAX_SLIDE, value)) for value in np.quantile(slide[where], [0.2, 0.5, 0.8])]


def core_outline(still: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the outline, bays closed, of the largest area that agrees without sliding, on the grid.

    Parameters
    ----------
    still : ndarray, shape (h, w), bool
        `Motion.still`.
    """
    outline = _core(still)[1].astype(np.uint8)
    reach = round(0.06 * max(outline.shape)) | 1
    padded = cv2.copyMakeBorder(outline, reach, reach, reach, reach, cv2.BORDER_CONSTANT, value=0)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    closed = cv2.morphologyEx(padded, cv2.MORPH_CLOSE, disc)[reach:-reach, reach:-reach]
    return np.asarray(closed > 0)


def trusted_mask(agreement: Agreement, core: NDArray[np.bool_], *, rim_disagrees: bool) -> NDArray[np.bool_]:
    """Return where both pictures may be taken to show the same thing, to read the light from.

    Parameters
    ----------
    agreement : Agreement
    core : ndarray, shape (h, w), bool
        As returned by `core_outline`.
    rim_disagrees : bool
        `Evidence.rim_disagrees`: before another background, plain areas prove nothing.
    """
    plain = ~agreement.textured
    if rim_disagrees:
        plain &= core
    return agreement.covered & (agreement.matched | plain)


def _exact(agreement: Agreement, rigid: NDArray[np.bool_], slide: NDArray[np.float64]) -> NDArray[np.bool_]:
    return rigid & (slide < EXACT_SLIDE) & (agreement.correlation_rigid > EXACT_CORRELATION)


def rim_mask(covered: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the rim of the overlap, 8 % of its long side deep."""
    padded = np.pad(covered.astype(np.uint8), 1)
    depth = cv2.distanceTransform(padded, cv2.DIST_L2, 3)[1:-1, 1:-1]
    return np.asarray(covered & (depth < 0.08 * max(covered.shape)))


def _largest_component(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    closed = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    count, labels, statistics, _ = cv2.connectedComponentsWithStats(closed)
    if count < 2:
        return np.zeros(mask.shape, bool)
    biggest = 1 + int(statistics[1:, cv2.CC_STAT_AREA].argmax())
    return np.asarray(labels == biggest)


def _core(rigid: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return the largest area that agrees, and the same with its holes filled."""
    core = _largest_component(rigid)
    return core, _filled(core)


def _filled(component: NDArray[np.bool_]) -> NDArray[np.bool_]:
    outlines, _ = cv2.findContours(component.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    filled = np.zeros(component.shape, np.uint8)
    cv2.drawContours(filled, outlines, -1, 1, cv2.FILLED)
    return filled > 0


def _share_of_scene(scene: Scene) -> float:
    shaded = scene.shaded & rim_mask(scene.covered)
    if shaded.sum() < MIN_SHADED:
        return 0.5
    return float((scene.correlation[shaded] > MIN_CORRELATION).mean())


def _rim_votes(agreement: Agreement, rigid: NDArray[np.bool_]) -> tuple[float, float]:
    """Return the `border` and `vouched` of `Evidence`."""
    rim = rim_mask(agreement.covered)
    textured = rim & agreement.textured
    agreeing = int((textured & rigid).sum())
    return agreeing / max(1, int(textured.sum())), agreeing / max(1, int(rim.sum()))


def _skew(homography: Matrix, shape: tuple[int, int]) -> float:
    """Return how far the corners land from their places under the nearest similarity (RMS, relative)."""
    moved, sources = _centred_corners(homography, shape)
    factors = [complex(np.vdot(source, moved) / np.vdot(source, source)) for source in sources]
    return _least_apart(moved, sources, factors)


def _turned(homography: Matrix, shape: tuple[int, int]) -> float:
    """Return the same for the nearest scaling that leaves the frame upright."""
    moved, sources = _centred_corners(homography, shape)
    factors = [abs(complex(np.vdot(source, moved) / np.vdot(source, source)).real) for source in sources]
    return _least_apart(moved, sources, factors)


def _centred_corners(
    homography: Matrix, shape: tuple[int, int]
) -> tuple[NDArray[np.complex128], list[NDArray[np.complex128]]]:
    """Return the moved corners, and the unmoved ones as they are and mirrored, about their centres."""
    height, width = shape
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)
    moved = cv2.perspectiveTransform(corners[None], homography)[0]
    plain, mirrored = corners @ np.array([1, 1j]), corners @ np.array([-1, 1j])
    placed = moved @ np.array([1, 1j])
    return placed - placed.mean(), [plain - plain.mean(), mirrored - mirrored.mean()]


def _least_apart(
    moved: NDArray[np.complex128], sources: list[NDArray[np.complex128]], factors: Sequence[complex]
) -> float:
    size = np.linalg.norm(moved)
    apart = [np.linalg.norm(moved - f * source) / size for f, source in zip(factors, sources, strict=True)]
    return float(min(apart))


def frame_corner_error(
    homography: Matrix, known_shape: tuple[int, int], exhibit_shape: tuple[int, int]
) -> float:
    """Return the `frame_corner_error` of `Evidence`.

    Parameters
    ----------
    homography : ndarray, shape (3, 3)
        Known pixels to exhibit pixels.
    known_shape, exhibit_shape : (int, int)
        Height and width of either picture.
    """
    unit = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float64)
    moved = cv2.perspectiveTransform((unit * known_shape[::-1])[None], homography)[0] / exhibit_shape[::-1]
    apart = [np.sqrt(((moved - target) ** 2).sum(axis=1).mean()) for target in (unit, unit[[1, 0, 3, 2]])]
    return float(min(1.0, *apart))


def overlap_shares(
    homography: Matrix, agreement: Agreement, known_shape: tuple[int, int], exhibit_shape: tuple[int, int]
) -> tuple[float, float]:
    """Return the share of the known frame and of the exhibit's frame that the overlap takes, 0..1.

    Parameters
    ----------
    homography : ndarray, shape (3, 3)
        Known pixels to exhibit pixels.
    agreement : Agreement
        Under it.
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
