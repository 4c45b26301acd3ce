"""Tell two photos in one template from one photo: a shop's banner above and below is not the goods."""

import numpy as np
from numpy.typing import NDArray

from bixie.examiners.derivation.match.agreement import MIN_CORRELATION, Agreement

__all__ = ["matches_template_only"]

STRIPS = 40
"""Strips that the overlap is cut into, from top to bottom and from left to right."""
MIN_EXCHANGED_SHARE = 0.4
"""Share of the overlap's side from which a run of disagreeing strips is the photo, not a thing in it."""
MAX_DISAGREEING, MIN_AGREEING = 0.2, 0.8
"""Share of a strip's texture up to which the strip disagrees, and above which it agrees.

``python -m training.calibration.templates`` counts the templates that they let through and the photographs
that they cost.
"""
MAX_AGREEING_STRIPS = 0.1
"""Share of the strips across the exchanged photo that may agree: the sides of a thin frame."""
SEAM_MARGIN = 3
"""Strips at either end of the exchanged run that are not asked to agree: the seam lies in them."""


def matches_template_only(agreement: Agreement) -> bool:
    """Tell whether whole strips along the frame agree and nothing between them does, from side to side.

    An edit changes things whose outlines are no strips. Another background leaves the goods, which hardly
    ever reach from one side of the frame to the other.

    Parameters
    ----------
    agreement : Agreement
    """
    columns, rows = (_agreeing_shares(agreement, axis) for axis in (0, 1))
    return (_has_exchanged_run(rows) and _is_cut(columns)) or (_has_exchanged_run(columns) and _is_cut(rows))


def _agreeing_shares(agreement: Agreement, axis: int) -> NDArray[np.float64]:
    """Return the share of texture that agrees in place, shape (`STRIPS`,); nan without texture."""
    agrees = agreement.textured & (agreement.correlation_rigid > MIN_CORRELATION)
    covered = np.flatnonzero(agreement.covered.any(axis=axis))
    texture, same = (mask.sum(axis=axis)[covered] for mask in (agreement.textured, agrees))
    strips = np.array_split(np.arange(len(covered)), STRIPS)
    shares = [same[part].sum() / texture[part].sum() if texture[part].any() else np.nan for part in strips]
    return np.array(shares)


def _has_exchanged_run(shares: NDArray[np.float64]) -> bool:
    """Tell whether one long run of strips disagrees and the strips outside it agree."""
    disagrees = _median_of_three(shares) <= MAX_DISAGREEING
    edges = np.flatnonzero(np.diff(np.r_[0, disagrees.astype(int), 0]))
    runs = edges.reshape(-1, 2)
    if not len(runs):
        return False
    first, end = max(runs.tolist(), key=lambda run: run[1] - run[0])
    outside = np.r_[shares[: max(0, first - SEAM_MARGIN)], shares[end + SEAM_MARGIN :]]
    outside = outside[~np.isnan(outside)]
    if end - first < MIN_EXCHANGED_SHARE * STRIPS or not len(outside):
        return False
    return float(outside.mean()) > MIN_AGREEING


def _median_of_three(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the median of every strip and its neighbours: two photos may agree in one strip by chance.

    A strip without texture says nothing; it counts as agreeing.
    """
    known = np.where(np.isnan(shares), np.inf, shares)
    padded = np.pad(known, 1, mode="edge")
    return np.asarray(np.median([padded[:-2], known, padded[2:]], axis=0))


def _is_cut(shares: NDArray[np.float64]) -> bool:
    """Tell whether nearly every strip disagrees somewhere: the whole width of a photo was exchanged."""
    return bool(np.mean(shares > MIN_AGREEING) < MAX_AGREEING_STRIPS)
