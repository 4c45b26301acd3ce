"""Weigh the evidence with a logistic model: one photograph, or two photographs of one thing.

``python -m training.calibration`` fits the model to generated deliveries of real photographs (one photograph)
and to real and rendered second photographs (two). `calibration.json` holds the weights and the counts.
Every term is written so that more of it speaks for one photograph; the fit allows no weight below zero.
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

_SKEW_SCALE = 0.03
"""Skew that lenses and drifting frames make by themselves; the term saturates beyond it."""
_REFINED_SKEW_SCALE = 0.003
"""Skew that a refined homography keeps where one picture was only turned, scaled or cropped."""
_MAX_INLIERS = 300
_MAX_LIGHT = 0.6
_MAX_GROUND = 0.5
"""Values from which the terms grow no further."""
_FRAMES_NEAR, _FRAMES_MEET = 0.85, 0.97
"""Product of the overlap shares from which two frames begin to coincide, and from which they do."""
_TURN_SCALE = 0.01
"""Turn (radians, about half a degree) or skew that keypoints and stretched sides make by themselves."""
_CORNER_SCALE = 0.02
"""Share of its sides by which the corners of a redrawn frame move: an editor cuts or pads to round sizes."""


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """Weights and levels of the calibration.

    Parameters
    ----------
    weights : ndarray, shape (n,)
        Of `model_terms`, bits.
    intercept : float
        Bits.
    link_bits, conclusive_bits : float
        Bits from which a pair counts as one photograph, and from which that is conclusive.
    conclusive_scene : float
        `static_scene_score` from which a pair that counts as one photograph does so conclusively.
    max_bits : float
        Limit of a pair's bits, either way.
    """

    weights: NDArray[np.float64]
    intercept: float
    link_bits: float
    conclusive_bits: float
    conclusive_scene: float
    max_bits: float


@cache
def calibration() -> Calibration:
    """Return the calibration that ships with the examiner."""
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
    """Return the terms of the model, shape (n,), each bounded so that no single number dominates.

    Parameters
    ----------
    evidence : Evidence
    """
    return np.array(list(_terms(evidence).values()))


def term_names() -> tuple[str, ...]:
    """Return the names of `model_terms`, in order: the keys of the weights in `calibration.json`."""
    zeros = Evidence(**dict.fromkeys(Evidence.__slots__, 0))
    return tuple(_terms(zeros))


def same_photograph_bits(evidence: Evidence) -> float:
    """Return the log2 likelihood ratio of one photograph against two.

    Parameters
    ----------
    evidence : Evidence
    """
    model = calibration()
    bits = float(model_terms(evidence) @ model.weights) + model.intercept
    return max(-model.max_bits, min(model.max_bits, bits))


def static_scene_score(evidence: Evidence) -> float:
    """Return how far the whole scene, background included, is rigid under an unskewed view, 0..1.

    Two photographs of one thing stay far below 1: neither their backgrounds nor their viewpoints agree.

    Parameters
    ----------
    evidence : Evidence
    """
    unskewed = 1 - float(np.tanh(evidence.skew / _SKEW_SCALE))
    same_light = float(np.clip(1 - evidence.light_rest / _MAX_LIGHT, 0, 1))
    return evidence.vouched * evidence.rigid * unskewed * same_light


def _terms(evidence: Evidence) -> dict[str, float]:
    """Return the terms by name.

    Skew and uneven light count against one photograph only as far as the background does not agree: an
    editor turns and relights whole pictures, while two shots of one print differ in both and in background.
    Skew that is left after refinement (`skewed_at_all`) counts by itself. A redrawn frame stays upright and
    in place, background included, whatever its light; a hand-held camera returns to neither.
    """
    other_rim = 1 - evidence.border
    other_scene = 1 - evidence.scene_border
    skew = float(np.tanh(evidence.skew / _SKEW_SCALE))
    light = min(evidence.light_rest, _MAX_LIGHT)
    frame = (evidence.known_share * evidence.exhibit_share - _FRAMES_NEAR) / (_FRAMES_MEET - _FRAMES_NEAR)
    upright = 1 / (1 + (evidence.turned / _TURN_SCALE) ** 2)
    redrawn = evidence.scene_border / (1 + (evidence.frames_apart / _CORNER_SCALE) ** 2)
    return {
        "rigid": evidence.rigid,
        "inliers": float(np.log1p(min(evidence.inliers, _MAX_INLIERS))),
        "core": min(evidence.core, 0.6) * evidence.core_purity,
        "enlargement": float(np.log(np.clip(evidence.enlargement, 1.0, 4.0))),
        "frame": float(np.clip(frame, 0.0, 1.0)),
        "seam": evidence.seam,
        "continues": -evidence.continues,
        "skewed_at_all": -float(np.tanh(evidence.skew / _REFINED_SKEW_SCALE)),
        "skew_unvouched": -skew * (1 - evidence.vouched),
        "skew_elsewhere": -skew * other_rim,
        "skew_other_scene": -skew * other_scene,
        "light": -light,
        "light_moved": -light * (1 - redrawn),
        "upright_scene": upright * evidence.scene_border,
        "redrawn_in_place": redrawn,
        "ground_agrees": min(evidence.ground_agrees, _MAX_GROUND),
        "ground": -min(evidence.ground, _MAX_GROUND),
    }
