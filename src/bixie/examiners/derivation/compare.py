"""Align and compare a linked pair: edited, annotated or unchanged, and which picture looks older."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import cv2
import numpy as np
from numpy.typing import NDArray

from bixie.examiners.derivation.change.alignment import Aligned, align
from bixie.examiners.derivation.change.detection import Change, detect_changes
from bixie.examiners.derivation.direction.estimation import (
    Direction,
    compare_file_traces,
    compare_saving,
    estimate_direction,
)
from bixie.examiners.derivation.direction.resaving import Saved
from bixie.examiners.derivation.exposures import MAX_OF_TWO_EXPOSURES, noise_agreement
from bixie.examiners.derivation.link.evidence import core_outline, trusted_mask
from bixie.examiners.derivation.link.linking import Link
from bixie.imaging.structure.exposure_notes import differing
from bixie.imaging.structure.traces import FileTraces

__all__ = ["PairComparison", "State", "compare_pair", "state_of", "unexplained"]

MIN_CHANGED_SHARE = 0.0004
MIN_CHANGED_PIXELS = 40
"""Share of what both pictures show, and pixels, from both of which a pair is edited."""
MIN_ANNOTATED_SHARE = 0.001
"""Share of what both pictures show from which a pair is annotated."""
MIN_EXPLAINED_SHARE = 0.8
"""Share of an edit that another, unedited pair must cover to explain it."""


class State(Enum):
    """What was done to the known picture."""

    EDITED = "edited"
    ANNOTATED = "annotated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True, eq=False)
class PairComparison:
    """A linked pair, aligned and compared.

    Parameters
    ----------
    link : Link
    aligned : Aligned
    change : Change
    direction : Direction
    noise : float or None
        Of an edited pair how far its noise is the same, see `noise_agreement`; None where it cannot be asked.
    other_notes : tuple of str
        What the cameras noted otherwise in the two files: moment, exposure, serial number. Anybody can write
        notes, so they may only protect a photo.
    """

    link: Link
    aligned: Aligned
    change: Change
    direction: Direction
    noise: float | None
    other_notes: tuple[str, ...] = ()

    @property
    def state(self) -> State:
        """What was done to the known picture."""
        return state_of(self.change)

    @property
    def may_be_second_exposure(self) -> bool:
        """Whether what differs may have happened between two exposures from the same place."""
        if self.state is not State.EDITED:
            return False
        if self.link.known.fixed_camera or self.other_notes:
            return True
        return self.noise is not None and self.noise < MAX_OF_TWO_EXPOSURES


def state_of(change: Change) -> State:
    """Return the gravest state that the differences reach."""
    pixels = int((change.changed > 0).sum())
    grave = change.changed_share >= MIN_CHANGED_SHARE and pixels >= MIN_CHANGED_PIXELS
    if grave:
        return State.EDITED
    return State.ANNOTATED if change.annotated_share >= MIN_ANNOTATED_SHARE else State.UNCHANGED


def compare_pair(exhibit: NDArray[np.uint8], traces: FileTraces, link: Link) -> PairComparison:
    """Align and compare a linked pair.

    Parameters
    ----------
    exhibit : ndarray, shape (h, w, 3), uint8 sRGB
    traces : FileTraces
        Of the exhibit's file.
    link : Link
    """
    known, homography = link.known_crop.rgb, link.placement.homography
    rigid = link.motion.rigid
    rim_disagrees = link.evidence.rim_disagrees
    trusted = trusted_mask(link.agreement, core_outline(rigid), rim_disagrees=rim_disagrees)
    aligned = align(exhibit, known, homography, link.agreement, link.motion, trusted=trusted)
    height, width = aligned.covered.shape
    rigid_on_part = cv2.resize(rigid.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST) > 0
    change = detect_changes(aligned, exhibit, rigid_on_part, rim_disagrees=rim_disagrees)
    return PairComparison(
        link=link,
        aligned=aligned,
        change=change,
        direction=_direction(exhibit, traces, link, aligned),
        noise=_noise(exhibit, aligned, change) if state_of(change) is State.EDITED else None,
        other_notes=differing(traces.exposure, link.known.traces.exposure),
    )


def _noise(exhibit: NDArray[np.uint8], aligned: Aligned, change: Change) -> float | None:
    (left, top), (height, width) = aligned.origin, aligned.covered.shape
    part = slice(top, top + height), slice(left, left + width)
    usable = aligned.covered & (change.changed[part] == 0) & (change.annotated[part] == 0)
    return noise_agreement(exhibit[part], aligned.registered, usable)


def _direction(exhibit: NDArray[np.uint8], traces: FileTraces, link: Link, aligned: Aligned) -> Direction:
    known, homography = link.known_crop.rgb, link.placement.homography
    saved = Saved(exhibit, traces.encoding), Saved(known, link.known.traces.encoding)
    return (
        estimate_direction(
            exhibit,
            aligned,
            homography,
            link.evidence,
            known.shape[:2],
            known_is_whole=link.known.picture.missing is None,
        )
        + compare_file_traces(traces, link.known.traces)
        + compare_saving(*saved, homography)
    )


def unexplained(pairs: Sequence[PairComparison]) -> list[PairComparison]:
    """Drop every "edited" pair that another known picture explains.

    Listings hold retouched variants of one photograph. An exhibit that equals one of them was not edited by
    its sender, however much it differs from the others.
    """
    unedited = [pair for pair in pairs if pair.state is not State.EDITED]
    return [pair for pair in pairs if not any(_explains(other, pair) for other in unedited)]


def _explains(other: PairComparison, pair: PairComparison) -> bool:
    if pair.state is not State.EDITED:
        return False
    changed = pair.change.changed > 0
    shown = np.zeros(changed.shape, bool)
    left, top = other.aligned.origin
    height, width = other.aligned.covered.shape
    shown[top : top + height, left : left + width] = other.aligned.covered
    shown &= other.change.annotated == 0
    return bool((changed & shown).sum() >= MIN_EXPLAINED_SHARE * changed.sum())
