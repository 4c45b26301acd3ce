"""Clocks that go back: noticed and told; the ledger's order stands whatever they say."""

from dataclasses import dataclass
from datetime import timedelta

from bixie.kit.timestamps import parse_timestamp

__all__ = ["TOLERANCE", "ClockSteps", "time_back"]

TOLERANCE = timedelta(seconds=1)
"""Clocks of servers that NTP keeps differ by less."""

_NONE = timedelta()


@dataclass(slots=True)
class ClockSteps:
    """Where a clock went back in the ledgers that were walked.

    Parameters
    ----------
    steps : int
        How often an event's time is before that of the event before it, by more than `TOLERANCE`.
    first : tuple of str and int, or None
        Tenant and sequence of the first such event.
    largest : timedelta
    """

    steps: int = 0
    first: tuple[str, int] | None = None
    largest: timedelta = _NONE

    def follow(self, tenant: str, sequence: int, before: str | None, time: str) -> None:
        """Take in an event's time and that of the event before it; None if there is none."""
        back = _NONE if before is None else time_back(before, time)
        if back:
            self.steps += 1
            self.first = self.first or (tenant, sequence)
            self.largest = max(self.largest, back)


def time_back(before: str, time: str) -> timedelta:
    """Return by how much the time of an event is before that of an earlier event; zero within `TOLERANCE`.

    Parameters
    ----------
    before, time : str
        As `bixie.kit.timestamps.format_timestamp` writes them; zero for any other text.
    """
    if time >= before:  # they sort as text
        return _NONE
    try:
        back = parse_timestamp(before) - parse_timestamp(time)
    except ValueError:
        return _NONE
    return back if back > TOLERANCE else _NONE
