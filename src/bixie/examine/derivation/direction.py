"""Which of two pictures of one photograph is the older? Signs only, each small, added up in bits.

A seller could paint the crack out of the buyer's photo and call that the listing. Whoever derives a picture
crops, reduces and compresses it: a wider view and more detail stand on the older side.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from bixie.examine.derivation.alignment import Aligned
from bixie.examine.derivation.dense import scale_at_centre
from bixie.examine.derivation.evidence import Evidence
from bixie.examine.derivation.matching import Matrix

__all__ = ["CONTRADICTION_BITS", "Direction", "read_direction"]

CONTRADICTION_BITS = -3.0
"""From here on the pair contradicts a caller who says that the known picture is the older one."""

WIDER_VIEW_BITS = 3.0
FINER_DETAIL_BITS = 1.5
FINER_GRID_BITS = 1.0
_SEAM = 4
"""Pixels on either side of the overlap's rim that are compared."""


@dataclass(frozen=True, slots=True)
class Direction:
    """What the pair says about its order in time.

    Parameters
    ----------
    bits : float
        Positive: the known picture looks older; negative: the exhibit does.
    signs : dict of str to float
        Bits of each sign that was seen.
    """

    bits: float
    signs: dict[str, float]

    @property
    def contradicts(self) -> bool:
        """Whether the exhibit looks clearly older than the known picture."""
        return self.bits <= CONTRADICTION_BITS

    def to_dict(self) -> dict[str, object]:
        """Return the reading as a finding's data carries it."""
        return {"known_looks_older_bits": round(self.bits, 2), "signs": self.signs}


def read_direction(
    exhibit: NDArray[np.uint8],
    aligned: Aligned,
    homography: Matrix,
    evidence: Evidence,
    known_shape: tuple[int, int],
) -> Direction:
    """Read a linked pair for direction.

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
    elif evidence.known_share > 0.97 and evidence.exhibit_share < 0.9 and _scene_goes_on(exhibit, aligned):
        signs["exhibit_shows_more"] = -WIDER_VIEW_BITS
    magnification = scale_at_centre(homography, known_shape)
    if magnification < 0.8:
        signs["known_has_finer_grid"] = FINER_GRID_BITS
    elif magnification > 1.25:
        signs["exhibit_has_finer_grid"] = -FINER_GRID_BITS
    detail = _detail_ratio(exhibit, aligned)
    if detail > 1.25:
        signs["exhibit_has_finer_detail"] = -FINER_DETAIL_BITS
    elif detail < 0.8:
        signs["known_has_finer_detail"] = FINER_DETAIL_BITS
    return Direction(sum(signs.values()), signs)


def _part(exhibit: NDArray[np.uint8], aligned: Aligned) -> NDArray[np.uint8]:
    left, top = aligned.origin
    height, width = aligned.covered.shape
    return exhibit[top : top + height, left : left + width]


def _detail_ratio(exhibit: NDArray[np.uint8], aligned: Aligned) -> float:
    """Return the exhibit's fine detail over the known picture's, where both show the same."""
    pair = (_part(exhibit, aligned), aligned.registered)
    energy = []
    difference = np.abs(aligned.exhibit.astype(np.int16) - aligned.known.astype(np.int16)).max(axis=2)
    same = aligned.covered & (cv2.blur(difference.astype(np.float32), (9, 9)) < 12)
    for rgb in pair:
        grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY).astype(np.float32)
        contrast = grey[same].std() + 1.0 if same.any() else 1.0
        energy.append(np.abs(cv2.Laplacian(grey, cv2.CV_32F)) / contrast)
    if same.sum() < 400:
        return 1.0
    return float(np.quantile(energy[0][same], 0.9) / (np.quantile(energy[1][same], 0.9) + 1e-6))


def _scene_goes_on(exhibit: NDArray[np.uint8], aligned: Aligned) -> bool:
    """Tell whether the exhibit's scene continues past the rim of the overlap, as in a wider view of it.

    A frame, a chat window or a collage ends in an edge along the whole rim; a scene that goes on does not.
    """
    left, top = aligned.origin
    frame = np.zeros(exhibit.shape[:2], np.uint8)
    height, width = aligned.covered.shape
    frame[top : top + height, left : left + width] = aligned.covered
    grey = cv2.GaussianBlur(cv2.cvtColor(exhibit, cv2.COLOR_RGB2GRAY), (0, 0), 1.0).astype(np.float32)
    kernel = np.ones((3, 3), np.uint8)
    padded = cv2.copyMakeBorder(frame, 1, 1, 1, 1, cv2.BORDER_REPLICATE)
    inner = cv2.erode(padded, kernel, iterations=_SEAM)[1:-1, 1:-1]
    outer = cv2.dilate(padded, kernel, iterations=_SEAM)[1:-1, 1:-1]
    rim, inside = (
        (outer > 0) & (inner == 0),
        (inner > 0) & (cv2.erode(inner, kernel, iterations=3 * _SEAM) == 0),
    )
    if rim.sum() < 200 or inside.sum() < 200:
        return False
    slope = cv2.magnitude(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1))
    return bool(np.median(slope[rim]) < 1.6 * np.median(slope[inside]) + 4)
