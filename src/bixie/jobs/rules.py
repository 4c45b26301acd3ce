"""When a failed job is tried again. Pure: the same in, the same out; randomness is passed in."""

from dataclasses import dataclass
from datetime import timedelta

__all__ = ["Retries", "pause"]

_DOUBLINGS = 60
"""Floats have an end, and a millisecond doubled so often is longer than anything."""


@dataclass(frozen=True, slots=True)
class Retries:
    """How often a kind of job is tried, and how long is waited in between.

    Parameters
    ----------
    most : int
        Tries in all, at least 1; after the last one the job is given up.
    first : timedelta
        Wait after the first failure; doubled after each further one.
    longest : timedelta
        Never more than this.
    """

    most: int = 10
    first: timedelta = timedelta(seconds=10)
    longest: timedelta = timedelta(hours=6)

    def __post_init__(self) -> None:
        if self.most < 1 or self.first < timedelta(0) or self.longest < self.first:
            raise ValueError(str(self))


def pause(retries: Retries, failures: int, chance: float) -> timedelta | None:
    """Return how long to wait after a failure, None when the job is to be given up.

    Parameters
    ----------
    retries : Retries
    failures : int
        So far, the one just now among them.
    chance : float
        From 0 to below 1: spreads what failed together over the second half of the wait, so that it does not
        come back together.
    """
    if failures >= retries.most:
        return None
    doubled = retries.first.total_seconds() * 2.0 ** min(failures - 1, _DOUBLINGS)
    return timedelta(seconds=min(doubled, retries.longest.total_seconds()) * (0.5 + chance / 2))
