"""Notices a clock that jumps ahead, before it ends duties whose time is not over."""

import logging
import time
from collections.abc import Callable
from datetime import timedelta

from bixie.kit.timestamps import Clock, format_timestamp

__all__ = ["Steadiness"]

_TOLERANCE = timedelta(minutes=5)
"""More than this is no correction of a clock that runs a little wrong."""
_WAIT_SECONDS = 15 * 60.0
"""So long a person or NTP has to set a clock right that has jumped ahead."""

_log = logging.getLogger(__name__)


class Steadiness:
    """Compares a clock with one that only runs.

    After a jump ahead it waits, and then takes the new time as right: the machine may have slept, or the
    clock may have been wrong before. A jump back ends the wait: what has not happened happens at its time.

    Parameters
    ----------
    clock : callable
    steady : callable
        Returns seconds that nobody sets.
    """

    def __init__(self, clock: Clock, steady: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._steady = clock, steady
        self._offset = self._offset_now()
        self._wait_until = steady()

    def is_trusted(self) -> bool:
        """Return whether the clock can be acted upon now."""
        offset = self._offset_now()
        jump, self._offset = offset - self._offset, offset
        if jump > _TOLERANCE:
            now = format_timestamp(self._clock())
            _log.warning("the clock jumped ahead by %s to %s; nothing is due for a while", jump, now)
            self._wait_until = self._steady() + _WAIT_SECONDS
        elif jump < -_TOLERANCE:
            self._wait_until = self._steady()
        return self._steady() >= self._wait_until

    def _offset_now(self) -> timedelta:
        return timedelta(seconds=self._clock().timestamp() - self._steady())
