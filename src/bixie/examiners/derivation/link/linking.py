"""Compare one exhibit with one known picture: same photograph, same product, or neither."""

from dataclasses import dataclass, replace
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from bixie.examiners.derivation.link.evidence import Evidence, gather_evidence
from bixie.examiners.derivation.link.logistic_model import (
    calibration,
    same_photograph_bits,
    static_scene_score,
)
from bixie.examiners.derivation.link.redrawing import REDRAWN_BITS, find_redrawn_frame
from bixie.examiners.derivation.link.template import matches_template_only
from bixie.examiners.derivation.match.agreement import Agreement
from bixie.examiners.derivation.match.features import Features, extract_features
from bixie.examiners.derivation.match.homography_refinement import refine_homography
from bixie.examiners.derivation.match.keypoint_matching import (
    Placement,
    mirrored_features,
    propose_placements,
)
from bixie.examiners.derivation.match.motion import Motion, estimate_motion
from bixie.examiners.derivation.match.visible_crop import VisibleCrop, visible_crop
from bixie.examiners.protocol import Known
from bixie.imaging.decode import Picture

__all__ = ["Link", "Relation", "features_of", "link_pair"]

MIN_PHOTOGRAPHED = 0.3
"""`Evidence.photographed` below which a pair is not linked: two screenshots of one app agree in what the app
draws. ``python -m training.calibration`` leaves such pairs out of the fit as well."""
MIN_VOTES_SAME_PRODUCT = 14.0
MIN_INLIERS_SAME_PRODUCT = 24
"""From both of which an unlinked pair shows the same product."""

_CACHE = "derivation.features"
_CROP = "derivation.visible_crop"


class Relation(Enum):
    """How two pictures are related."""

    SAME_PHOTOGRAPH = "same photograph"
    LIKELY_SAME_PHOTOGRAPH = "likely the same photograph"
    SAME_PRODUCT = "same product"


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """How an exhibit and a known picture are related.

    Parameters
    ----------
    known : Known
    known_crop : VisibleCrop
        The part of the known picture that was compared.
    relation : Relation
    bits : float
        log2 likelihood ratio of one photograph against two.
    placement : Placement
    agreement : Agreement
    motion : Motion
    evidence : Evidence
    redrawn : bool
        Whether the exhibit is the known frame, redrawn (`find_redrawn_frame`).
    """

    known: Known
    known_crop: VisibleCrop
    relation: Relation
    bits: float
    placement: Placement
    agreement: Agreement
    motion: Motion
    evidence: Evidence
    redrawn: bool = False


def features_of(known: Known) -> tuple[Features, Features]:
    """Return the features of a known picture and of its mirror image; computed once and cached on it."""
    return known.derive(_CACHE, _features_of)


def link_pair(exhibit: NDArray[np.uint8], features: Features, known: Known) -> Link | None:
    """Return how the two are related, or None if they are not.

    Parameters
    ----------
    exhibit : ndarray, shape (h, w, 3), uint8 sRGB
    features : Features
        Of the exhibit.
    known : Known
        Its features are computed once and cached on it.
    """
    best: Link | None = None
    known_features, known_mirrored = features_of(known)
    placements = propose_placements(features, known_features, known_mirrored)
    for placement in placements:
        candidate = _weigh(exhibit, known, placement)
        if candidate is not None and (best is None or candidate.bits > best.bits):
            best = candidate
        if best is not None and best.relation is Relation.SAME_PHOTOGRAPH:
            break
    if best is None or best.relation is Relation.SAME_PRODUCT:
        links = (_link_redrawn(exhibit, known, placement) for placement in placements)
        return next((one for one in links if one is not None), best)
    return best


def _weigh(exhibit: NDArray[np.uint8], known: Known, placement: Placement) -> Link | None:
    crop = known.derive(_CROP, visible_crop)
    refined = refine_homography(exhibit, crop.rgb, placement.homography)
    if refined is None:
        return None
    placement, agreement = replace(placement, homography=refined[0]), refined[1]
    motion = estimate_motion(agreement)
    evidence = gather_evidence(placement, agreement, motion, crop.rgb.shape[:2], exhibit.shape[:2])
    bits = same_photograph_bits(evidence)
    if evidence.photographed < MIN_PHOTOGRAPHED or matches_template_only(agreement):
        return None
    relation = _relation(bits, evidence, placement)
    if relation is None:
        return None
    return Link(known, crop, relation, bits, placement, agreement, motion, evidence)


def _link_redrawn(exhibit: NDArray[np.uint8], known: Known, placement: Placement) -> Link | None:
    """Return a link where the whole frame was redrawn: likely, never conclusive."""
    crop = known.derive(_CROP, visible_crop)
    found = find_redrawn_frame(exhibit, crop.rgb, placement)
    if found is None:
        return None
    framed, agreement = found
    motion = estimate_motion(agreement)
    evidence = gather_evidence(framed, agreement, motion, crop.rgb.shape[:2], exhibit.shape[:2])
    return Link(
        known=known,
        known_crop=crop,
        relation=Relation.LIKELY_SAME_PHOTOGRAPH,
        bits=REDRAWN_BITS,
        placement=framed,
        agreement=agreement,
        motion=motion,
        evidence=evidence,
        redrawn=True,
    )


def _relation(bits: float, evidence: Evidence, placement: Placement) -> Relation | None:
    levels = calibration()
    if bits >= levels.conclusive_bits:
        return Relation.SAME_PHOTOGRAPH
    if bits >= levels.link_bits:
        if static_scene_score(evidence) >= levels.conclusive_scene:
            return Relation.SAME_PHOTOGRAPH
        return Relation.LIKELY_SAME_PHOTOGRAPH
    many = placement.votes >= MIN_VOTES_SAME_PRODUCT
    if many and len(placement.inliers) >= MIN_INLIERS_SAME_PRODUCT:
        return Relation.SAME_PRODUCT
    return None


def _features_of(picture: Picture) -> tuple[Features, Features]:
    features = extract_features(visible_crop(picture).rgb)
    return features, mirrored_features(features)
