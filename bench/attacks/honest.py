"""Honest photographs of the same printed product, taken twice: the negatives that look like positives.

Plain feature matching links them, because the print is the same; everything else differs.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bench.attacks.damage import DAMAGE_KINDS, apply_damage
from bench.attacks.scene import PACKAGES, photograph

__all__ = ["PACKAGE_KINDS", "Rephotographed", "rephotograph"]

PACKAGE_KINDS = tuple(PACKAGES)


@dataclass(frozen=True)
class Rephotographed:
    """The seller's and the buyer's photograph of two units of one product.

    Parameters
    ----------
    known, claim : ndarray, shape (h, w, 3), uint8
    damaged : bool
        Whether the buyer's unit is truly damaged.
    """

    known: np.ndarray
    claim: np.ndarray
    damaged: bool


def _size(rng: np.random.Generator) -> tuple[int, int]:
    long_side = int(rng.integers(480, 860))
    short_side = round(long_side * rng.uniform(0.66, 0.8))
    return (long_side, short_side) if rng.random() < 0.35 else (short_side, long_side)


def rephotograph(
    artwork: np.ndarray, kind: str, rng: np.random.Generator, others: Sequence[np.ndarray]
) -> Rephotographed:
    """Print `artwork` on a package and photograph it in two independent scenes.

    Parameters
    ----------
    artwork : ndarray, shape (h, w, 3), uint8
    kind : str
        One of `PACKAGE_KINDS`.
    others : sequence of pictures
        At least two: one background each; the seller's is a studio's in half of the cases.

    Returns
    -------
    Rephotographed
        In two of five the buyer's unit is damaged: real damage must not make a link.
    """
    package = PACKAGES[kind](artwork, rng)
    first, second = rng.permutation(len(others))[:2]
    studio = rng.random() < 0.5
    known = photograph(
        package, rng, None if studio else others[first], _size(rng), fill=rng.uniform(0.6, 0.95)
    )
    claim = photograph(package, rng, others[second], _size(rng), fill=rng.uniform(0.5, 0.95))
    damaged = bool(rng.random() < 0.4)
    if damaged:
        claim = apply_damage(claim, str(rng.choice(DAMAGE_KINDS)), rng).rgb
    return Rephotographed(known, claim, damaged)
