"""Whether a claim was held against the pictures that the caller knows, and what was left out.

“Compared with nothing” must never read like “compared, nothing found”.
"""

from collections.abc import Sequence
from enum import StrEnum

from bixie.examiners.results import KnownResult

__all__ = ["ComparisonGap", "comparison_gap"]


class ComparisonGap(StrEnum):
    """What was not compared."""

    NONE_GIVEN = "none_given"
    """There was no known picture."""
    NONE_READ = "none_read"
    """None of the known pictures could be read."""
    SOME_UNREAD = "some_unread"
    """Some of them could not be read."""


def comparison_gap(known: Sequence[KnownResult]) -> ComparisonGap | None:
    """Return what was not compared; None where every known picture was read."""
    unread = sum(one.error is not None for one in known)
    if not known:
        return ComparisonGap.NONE_GIVEN
    if unread == len(known):
        return ComparisonGap.NONE_READ
    return ComparisonGap.SOME_UNREAD if unread else None
