"""When a failed job is tried again. Pure: randomness is passed in."""

from dataclasses import dataclass
from datetime import timedelta

__all__ = ["Retries", "backoff"]

_MAX_EXPONENT = 60
"""Keeps the power within the range of a float."""


@dataclass(frozen=True, slots=True)
class Retries:
    """How often a job is tried, and how long it waits in between.

    Parameters
    ----------
    max_attempts : int
        At least 1; after the last one the job is given up.
    initial_wait : timedelta
        Wait after the first failure.
    max_wait : timedelta
        No wait is longer.
    multiplier : float
        Each wait is this many times the one before, at least 1.
    """

    max_attempts: int = 10
    initial_wait: timedelta = timedelta(seconds=10)
    max_wait: timedelta = timedelta(hours=6)
    multiplier: float = 2.0

    def __post_init__(self) -> None:
        if self.max_attempts < 1 or self.multiplier < 1:
            raise ValueError(str(self))
        if self.initial_wait < timedelta(0) or self.max_wait < self.initial_wait:
            raise ValueError(str(self))


def backoff(retries: Retries, failures: int, jitter: float) -> timedelta | None:
    """Return how long to wait after a failure, None when the job is to be given up.

    Parameters
    ----------
    retries : Retries
    failures : int
        So far, including this one.
    jitter : float
        Random, from 0 to 1. Spreads jobs that failed together over the second half of the wait, so that
        they do not all return at once.
    """
    if failures >= retries.max_attempts:
        return None
    grown = retries.initial_wait.total_seconds() * retries.multiplier ** min(failures - 1, _MAX_EXPONENT)
    return timedelta(seconds=min(grown, retries.max_wait.total_seconds()) * (0.5 + jitter / 2))
