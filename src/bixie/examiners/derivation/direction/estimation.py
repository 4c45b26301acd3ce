"""Estimate which of two pictures of one photograph is the older, from signs added up in bits.

A seller could paint the crack out of the buyer's photo and call the result the listing. Deriving a picture
crops, reduces and compresses it, so the older picture has the wider view and the finer detail, and the
younger one is what saving makes of the older one.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bixie.examiners.derivation.change.alignment import Aligned
from bixie.examiners.derivation.direction.detail import detail_ratio
from bixie.examiners.derivation.direction.resaving import Saved, younger_by_saving
from bixie.examiners.derivation.direction.view import scene_continues
from bixie.examiners.derivation.link.evidence import Evidence
from bixie.examiners.derivation.match.warping import Matrix, local_scale
from bixie.imaging.structure.traces import FileTraces

__all__ = ["CONTRADICTION_BITS", "Direction", "compare_file_traces", "compare_saving", "estimate_direction"]

CONTRADICTION_BITS = -3.5
"""Bits up to which the pair contradicts a caller who says that the known picture is the older one;
``python -m bench direction`` prints what each level costs and catches."""

SAVING_BITS = 8.0
"""More than all other signs can outweigh by themselves: it is checked pixel by pixel."""
WIDER_VIEW_BITS = 4.0
FINER_DETAIL_BITS = 2.5
FINER_GRID_BITS = 1.0
LESS_COMPRESSED_BITS = 0.5
CAMERA_BITS = 1.5
MIN_STEP_RATIO = 1.5
"""Ratio of mean quantisation steps from which one file counts as harder compressed."""
MAX_ENLARGED_DETAIL = 0.85
"""`detail_ratio` from which more pixels are a mere enlargement."""
MAX_DETAIL_RATIO = 0.65
"""`detail_ratio` up to which the known picture lacks detail; its inverse for the exhibit."""


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
    *,
    known_is_whole: bool = True,
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
    known_is_whole : bool
        Whether nothing of the known picture's file is missing; else the exhibit naturally shows more.
    """
    signs: dict[str, float] = {}
    reaches_out = known_is_whole and evidence.known_share > 0.97 and evidence.exhibit_share < 0.9
    if evidence.exhibit_share > 0.97 and evidence.known_share < 0.9:
        signs["known_shows_more"] = WIDER_VIEW_BITS
    elif reaches_out and scene_continues(exhibit, aligned):
        signs["exhibit_shows_more"] = -WIDER_VIEW_BITS
    magnification, detail = local_scale(homography, known_shape), detail_ratio(exhibit, aligned)
    if magnification < 0.8:
        signs["known_has_finer_grid"] = FINER_GRID_BITS
    elif magnification > 1.25 and detail < MAX_ENLARGED_DETAIL:
        signs["exhibit_has_finer_grid"] = -FINER_GRID_BITS
    if detail <= MAX_DETAIL_RATIO:
        signs["exhibit_has_finer_detail"] = -FINER_DETAIL_BITS
    elif detail >= 1 / MAX_DETAIL_RATIO:
        signs["known_has_finer_detail"] = FINER_DETAIL_BITS
    return Direction.of(signs)


def compare_saving(exhibit: Saved, known: Saved, homography: Matrix) -> Direction:
    """Estimate direction from what saving one picture with the other file's settings gives.

    Parameters
    ----------
    exhibit, known : Saved
    homography : ndarray, shape (3, 3)
        Known pixels to exhibit pixels.
    """
    younger = younger_by_saving(exhibit, known, homography)
    if younger == "exhibit":
        return Direction.of({"exhibit_was_saved_from_known": SAVING_BITS})
    return Direction.of({"known_was_saved_from_exhibit": -SAVING_BITS} if younger == "known" else {})


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
