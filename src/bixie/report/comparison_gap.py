"""Whether a claim was held against the pictures that the caller knows, and what was left out.

“Compared with nothing” must never read like “compared, nothing found”.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

__all__ = ["Compared", "ComparisonGap", "comparison_gap"]


class ComparisonGap(StrEnum):
    """What was not compared."""

    NONE_GIVEN = "none_given"
    """There was no known picture."""
    NONE_READ = "none_read"
    """None of the known pictures could be read."""
    SOME_UNREAD = "some_unread"
    """Some of them could not be read."""


class Compared(Protocol):
    """A known picture, as a result or in a document."""

    @property
    def error(self) -> object | None:
        """Why it could not be read; None if it could."""


def comparison_gap(known: Sequence[Compared]) -> ComparisonGap | None:
    """Return what was not compared; None where every known picture was read."""
    unread = sum(one.error is not None for one in known)
    if not known:
        return ComparisonGap.NONE_GIVEN
    if unread == len(known):
        return ComparisonGap.NONE_READ
    return ComparisonGap.SOME_UNREAD if unread else None
