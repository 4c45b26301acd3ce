"""The clock of a story: it stands in the past and is moved forward by hand."""

from datetime import datetime

__all__ = ["StoryClock"]


class StoryClock:
    """A clock that is set by hand.

    Parameters
    ----------
    start : datetime
        With its zone.
    """

    def __init__(self, start: datetime) -> None:
        self._now = start

    def __call__(self) -> datetime:
        """Return the time."""
        return self._now

    def move_to(self, moment: datetime) -> None:
        """Set the clock; it does not go back."""
        self._now = max(self._now, moment)
