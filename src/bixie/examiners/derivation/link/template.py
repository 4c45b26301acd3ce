"""Tell two photos in one template from one photo: a shop's banner above and below is not the goods."""

import numpy as np
from numpy.typing import NDArray

from bixie.examiners.derivation.match.agreement import MIN_CORRELATION, Agreement

__all__ = ["matches_template_only"]

PARTS = 40
"""Strips that the frame is cut into, from top to bottom and from left to right."""
MIN_EXCHANGED = 0.4
"""Share of the frame from which what was exchanged is the photo itself, not a thing in it."""
NOTHING_AGREES, ALL_AGREES = 0.2, 0.8
"""Shares of a strip's texture up to which nothing agrees, chance aside, and from which all of it does.

What they let through and what they cost is counted by ``python -m training.calibration.templates``."""
WHOLE_STRIPS = 0.1
"""Share of the strips the other way that may agree wholly: the sides of a thin frame."""
STEP = 3
"""Strips at either end of what was exchanged in which the seam may lie."""


def matches_template_only(agreement: Agreement) -> bool:
    """Tell whether only whole strips along the frame agree, and between them, from side to side, nothing.

    Editors change things, whose outlines are no strips; another background leaves the goods, which hardly
    ever reach from one side of the frame to the other.

    Parameters
    ----------
    agreement : Agreement
    """
    across, along = (_agreeing(agreement, axis) for axis in (0, 1))
    return (_is_exchanged(along) and _is_cut(across)) or (_is_exchanged(across) and _is_cut(along))


def _agreeing(agreement: Agreement, axis: int) -> NDArray[np.float64]:
    """Return the share of the texture that agrees where it is, in `PARTS` strips; nan without texture."""
    agrees = agreement.textured & (agreement.correlation_rigid > MIN_CORRELATION)
    seen = np.flatnonzero(agreement.covered.any(axis=axis))
    texture, same = (mask.sum(axis=axis)[seen] for mask in (agreement.textured, agrees))
    strips = np.array_split(np.arange(len(seen)), PARTS)
    shares = [same[part].sum() / texture[part].sum() if texture[part].any() else np.nan for part in strips]
    return np.array(shares)


def _is_exchanged(shares: NDArray[np.float64]) -> bool:
    """Tell whether one long run of strips disagrees wholly and what lies beyond it agrees."""
    nothing = _evened(shares) <= NOTHING_AGREES
    edges = np.flatnonzero(np.diff(np.r_[0, nothing.astype(int), 0]))
    runs = edges.reshape(-1, 2)
    if not len(runs):
        return False
    first, end = max(runs.tolist(), key=lambda run: run[1] - run[0])
    beyond = np.r_[shares[: max(0, first - STEP)], shares[end + STEP :]]
    beyond = beyond[~np.isnan(beyond)]
    if end - first < MIN_EXCHANGED * PARTS or not len(beyond):
        return False
    return float(beyond.mean()) > ALL_AGREES


def _evened(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the median of every strip and its neighbours: two photos may agree in one strip by chance.

    Where there is no texture, nothing is known: it counts as agreeing.
    """
    known = np.where(np.isnan(shares), np.inf, shares)
    padded = np.pad(known, 1, mode="edge")
    return np.asarray(np.median([padded[:-2], known, padded[2:]], axis=0))


def _is_cut(shares: NDArray[np.float64]) -> bool:
    """Tell whether what disagrees lies across nearly every strip: a photo's whole width was exchanged."""
    return bool(np.mean(shares > ALL_AGREES) < WHOLE_STRIPS)
