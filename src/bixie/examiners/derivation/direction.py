"""Estimate which of two pictures of one photograph is the older, from weak signs added up in bits.

A seller could paint the crack out of the buyer's photo and call the result the listing. Deriving a picture
crops, reduces and compresses it, so the older picture has the wider view and the finer detail.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from bixie.examiners.derivation.change.alignment import Aligned
from bixie.examiners.derivation.link.evidence import Evidence
from bixie.examiners.derivation.match.warping import Matrix, local_scale
from bixie.imaging.structure.traces import FileTraces

__all__ = ["CONTRADICTION_BITS", "Direction", "compare_file_traces", "estimate_direction"]

CONTRADICTION_BITS = -3.5
"""Bits up to which the pair contradicts a caller who says that the known picture is the older one."""

WIDER_VIEW_BITS = 4.0
FINER_DETAIL_BITS = 1.5
FINER_GRID_BITS = 1.0
LESS_COMPRESSED_BITS = 0.5
CAMERA_BITS = 1.5
MIN_STEP_RATIO = 1.5
"""Ratio of mean quantisation steps from which one file counts as harder compressed."""
MAX_DETAIL_SAMPLES = 50_000
"""Pixels that are enough for a quantile."""
MIN_EDGE_RATIO = 1.8
"""Mean gradient across the rim, over that beside it, from which the rim is an edge."""
_PROFILE = 16
"""Pixels on either side of the rim over which the gradient is averaged."""
_RIM = 4
"""Pixels on either side that count as the rim itself."""


@dataclass(frozen=True, slots=True)
class Direction:
    """Which picture of a pair looks older.

    Parameters
    ----------
    bits : float
        Positive: the known picture looks older; negative: the exhibit does.
    signs : dict of str to float
        Bits of each sign that was found.
    """

    bits: float
    signs: dict[str, float]

    @classmethod
    def of(cls, signs: dict[str, float]) -> "Direction":
        """Return the direction that some signs add up to."""
        return cls(sum(signs.values()), signs)

    def __add__(self, other: "Direction") -> "Direction":
        return Direction.of(self.signs | other.signs)

    @property
    def contradicts(self) -> bool:
        """Whether the exhibit looks clearly older than the known picture."""
        return self.bits <= CONTRADICTION_BITS

    def to_dict(self) -> dict[str, object]:
        """Return the direction as a finding's data holds it."""
        return {"known_looks_older_bits": round(self.bits, 2), "signs": self.signs}


def estimate_direction(
    exhibit: NDArray[np.uint8],
    aligned: Aligned,
    homography: Matrix,
    evidence: Evidence,
    known_shape: tuple[int, int],
) -> Direction:
    """Estimate direction from the pixels of a linked pair.

    Parameters
    ----------
    exhibit : ndarray, shape (h, w, 3), uint8
    aligned : Aligned
    homography : ndarray, shape (3, 3)
        Known pixels to exhibit pixels.
    evidence : Evidence
    known_shape : (int, int)
        Height and width of the known picture.
    """
    signs: dict[str, float] = {}
    if evidence.exhibit_share > 0.97 and evidence.known_share < 0.9:
        signs["known_shows_more"] = WIDER_VIEW_BITS
    elif evidence.known_share > 0.97 and evidence.exhibit_share < 0.9 and _scene_continues(exhibit, aligned):
        signs["exhibit_shows_more"] = -WIDER_VIEW_BITS
    magnification = local_scale(homography, known_shape)
    if magnification < 0.8:
        signs["known_has_finer_grid"] = FINER_GRID_BITS
    elif magnification > 1.25:
        signs["exhibit_has_finer_grid"] = -FINER_GRID_BITS
    detail = _detail_ratio(exhibit, aligned)
    if detail > 1.25:
        signs["exhibit_has_finer_detail"] = -FINER_DETAIL_BITS
    elif detail < 0.8:
        signs["known_has_finer_detail"] = FINER_DETAIL_BITS
    return Direction.of(signs)


def compare_file_traces(exhibit: FileTraces, known: FileTraces) -> Direction:
    """Estimate direction from the containers of two files.

    Parameters
    ----------
    exhibit, known : FileTraces
    """
    signs: dict[str, float] = {}
    if known.camera and not exhibit.camera:
        signs["known_has_camera_fields"] = CAMERA_BITS
    elif exhibit.camera and not known.camera:
        signs["exhibit_has_camera_fields"] = -CAMERA_BITS
    if exhibit.mean_step is not None and known.mean_step is not None:
        if exhibit.mean_step > MIN_STEP_RATIO * known.mean_step:
            signs["exhibit_is_harder_compressed"] = LESS_COMPRESSED_BITS
        elif known.mean_step > MIN_STEP_RATIO * exhibit.mean_step:
            signs["known_is_harder_compressed"] = -LESS_COMPRESSED_BITS
    return Direction.of(signs)


def _part(exhibit: NDArray[np.uint8], aligned: Aligned) -> NDArray[np.uint8]:
    left, top = aligned.origin
    height, width = aligned.covered.shape
    return exhibit[top : top + height, left : left + width]


def _detail_ratio(exhibit: NDArray[np.uint8], aligned: Aligned) -> float:
    """Return the exhibit's fine detail over the known picture's, where both show the same; 1 if unknown."""
    channels = cv2.split(cv2.absdiff(aligned.exhibit, aligned.known))
    difference = cv2.max(cv2.max(channels[0], channels[1]), channels[2])
    same = np.flatnonzero(aligned.covered & (cv2.blur(difference, (9, 9)) < 12))
    if len(same) < 400:
        return 1.0
    same = same[:: max(1, len(same) // MAX_DETAIL_SAMPLES)]
    detail = [_detail(rgb, same) for rgb in (_part(exhibit, aligned), aligned.registered)]
    return detail[0] / (detail[1] + 1e-6)


def _detail(rgb: NDArray[np.uint8], pixels: NDArray[np.intp]) -> float:
    """Return the strength of the finest detail at some pixels (flat indices), over the contrast there."""
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    fine = np.abs(cv2.Laplacian(grey, cv2.CV_32F).ravel()[pixels])
    return float(np.quantile(fine, 0.9) / (grey.ravel()[pixels].astype(np.float32).std() + 1.0))


def _scene_continues(exhibit: NDArray[np.uint8], aligned: Aligned) -> bool:
    """Tell whether the exhibit's scene continues past the rim of the overlap, as in a wider view.

    A frame, a chat window or a collage has an edge along the rim: the gradient across the rim, averaged along
    it, exceeds the same average a few pixels further in or out.
    """
    left, top = aligned.origin
    height, width = aligned.covered.shape
    frame = np.zeros(exhibit.shape[:2], np.uint8)
    frame[top : top + height, left : left + width] = aligned.covered
    depth = _depth(frame)
    grey = cv2.GaussianBlur(cv2.cvtColor(exhibit, cv2.COLOR_RGB2GRAY), (0, 0), 0.7)
    across = np.abs((_gradient(grey.astype(np.float32)) * _normals(depth)).sum(axis=2))
    near = np.abs(depth) <= _PROFILE
    bins = np.round(depth[near]).astype(int) + _PROFILE
    count = np.bincount(bins, minlength=2 * _PROFILE + 1)
    profile = np.bincount(bins, across[near], minlength=2 * _PROFILE + 1) / np.maximum(count, 1)
    rim = slice(_PROFILE - _RIM, _PROFILE + _RIM + 1)
    if count[rim].sum() < 200:
        return False
    elsewhere = np.delete(profile, np.arange(rim.start - 1, rim.stop + 1))
    return bool(profile[rim].max() < MIN_EDGE_RATIO * (np.median(elsewhere) + 2))


def _depth(frame: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the signed distance from the rim, pixels, positive inside; the exhibit's own edge is no rim."""
    width = 2 * _PROFILE
    padded = cv2.copyMakeBorder(frame, width, width, width, width, cv2.BORDER_REPLICATE)
    inside, outside = (cv2.distanceTransform(side, cv2.DIST_L2, 5) for side in (padded, 1 - padded))
    return np.asarray(cv2.GaussianBlur(inside - outside, (0, 0), 2)[width:-width, width:-width])


def _normals(depth: NDArray[np.float32]) -> NDArray[np.float32]:
    normals = _gradient(depth)
    return np.asarray(normals / (np.linalg.norm(normals, axis=2, keepdims=True) + 1e-9))


def _gradient(image: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.stack([cv2.Sobel(image, cv2.CV_32F, 1, 0), cv2.Sobel(image, cv2.CV_32F, 0, 1)], axis=2)
