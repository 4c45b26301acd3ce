"""Weigh the evidence: the known photograph itself, or another photograph of the same thing.

Every term is written so that more of it speaks for one photograph; the fit allows no weight below zero.

A logistic model over the numbers of `Evidence`, fitted by ``python -m training.calibration`` on generated
deliveries of real photographs (the same one) and on real and rendered second photographs (not the same
one); `calibration.json` holds its weights with the counts behind them.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from bixie.examiners.derivation.link.evidence import Evidence

__all__ = [
    "Calibration",
    "calibration",
    "model_terms",
    "same_photograph_bits",
    "static_scene_score",
    "term_names",
]

_PLAIN_SKEW = 0.03
"""Departure from a similarity that lenses and drifting frames make by themselves; more of it says no more."""
_SETTLED_SKEW = 0.003
"""What a settled placement keeps of it where one picture was only turned, scaled or cut out."""
_MANY_INLIERS = 300
_MAX_LIGHT = 0.6
_MAX_GROUND = 0.5
_LOOSE_FRAME, _FULL_FRAME = 0.85, 0.97
"""Share of both frames from which two frames begin to coincide, and from which they do."""
_UPRIGHT = 0.01
"""Turn (radians, about half a degree) or skew that keypoints and stretched sides make by themselves."""
_COINCIDES = 0.02
"""Share of its sides by which a redrawn frame's corners move: whole multiples, a rim cut or made up."""


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """What the calibration run wrote down.

    Parameters
    ----------
    weights : ndarray, shape (n,)
        Of the values of `model_terms`, in bits.
    intercept : float
        In bits.
    link_bits, conclusive_bits : float
        From where a pair counts as one photograph, and from where that is conclusive.
    conclusive_scene : float
        Value of `static_scene_score` from where a pair that counts as one photograph does so conclusively.
    max_bits : float
        No pair says more than the calibration's counts can carry.
    """

    weights: NDArray[np.float64]
    intercept: float
    link_bits: float
    conclusive_bits: float
    conclusive_scene: float
    max_bits: float


@cache
def calibration() -> Calibration:
    """Return the weights that ship with the examiner."""
    text = (
        resources.files("bixie.examiners.derivation").joinpath("calibration.json").read_text(encoding="utf-8")
    )
    data = json.loads(text)
    return Calibration(
        weights=np.array([data["weights"][name] for name in term_names()]),
        intercept=data["intercept"],
        link_bits=data["link_bits"],
        conclusive_bits=data["conclusive_bits"],
        conclusive_scene=data["conclusive_scene"],
        max_bits=data["most_bits"],
    )


def model_terms(evidence: Evidence) -> NDArray[np.float64]:
    """Return the model's view of the evidence, shape (n,): bounded, so that no single number runs away."""
    return np.array(list(_terms(evidence).values()))


def term_names() -> tuple[str, ...]:
    """Return the names of the values of `model_terms`, in order."""
    zeros = Evidence(**dict.fromkeys(Evidence.__slots__, 0))
    return tuple(_terms(zeros))


def same_photograph_bits(evidence: Evidence) -> float:
    """Return the log2 likelihood ratio of "one photograph" against "two photographs"."""
    model = calibration()
    bits = float(model_terms(evidence) @ model.weights) + model.intercept
    return max(-model.max_bits, min(model.max_bits, bits))


def static_scene_score(evidence: Evidence) -> float:
    """Return how far the whole scene, background and all, stands still under an unskewed view, 0..1.

    No two photographs of one thing come near 1: neither their backgrounds nor their points of view agree.
    """
    unskewed = 1 - float(np.tanh(evidence.skew / _PLAIN_SKEW))
    same_light = float(np.clip(1 - evidence.light_rest / _MAX_LIGHT, 0, 1))
    return evidence.vouched * evidence.rigid * unskewed * same_light


def _terms(evidence: Evidence) -> dict[str, float]:
    """Return the numbers that are weighed, by name.

    Skew and uneven light speak against one photograph only as far as the background does not vouch for it:
    an editor turns and relights whole pictures; two shots of one print differ in both, and in background.
    What a settled placement still keeps of skew (`skewed_at_all`) speaks against it by itself.
    A frame that is redrawn stays upright and in its place, background and all, whatever its light; a camera
    in a hand comes back to neither.
    """
    elsewhere = 1 - evidence.border
    other_scene = 1 - evidence.scene_border
    skew = float(np.tanh(evidence.skew / _PLAIN_SKEW))
    light = min(evidence.light_rest, _MAX_LIGHT)
    frame = (evidence.known_share * evidence.exhibit_share - _LOOSE_FRAME) / (_FULL_FRAME - _LOOSE_FRAME)
    upright = 1 / (1 + (evidence.turned / _UPRIGHT) ** 2)
    redrawn = evidence.scene_border / (1 + (evidence.frames_apart / _COINCIDES) ** 2)
    return {
        "rigid": evidence.rigid,
        "inliers": float(np.log1p(min(evidence.inliers, _MANY_INLIERS))),
        "core": min(evidence.core, 0.6) * evidence.core_purity,
        "enlargement": float(np.log(np.clip(evidence.enlargement, 1.0, 4.0))),
        "frame": float(np.clip(frame, 0.0, 1.0)),
        "seam": evidence.seam,
        "continues": -evidence.continues,
        "skewed_at_all": -float(np.tanh(evidence.skew / _SETTLED_SKEW)),
        "skew_unvouched": -skew * (1 - evidence.vouched),
        "skew_elsewhere": -skew * elsewhere,
        "skew_other_scene": -skew * other_scene,
        "light": -light,
        "light_moved": -light * (1 - redrawn),
        "upright_scene": upright * evidence.scene_border,
        "redrawn_in_place": redrawn,
        "ground_agrees": min(evidence.ground_agrees, _MAX_GROUND),
        "ground": -min(evidence.ground, _MAX_GROUND),
    }
