"""Ends work that takes too long. One thread watches all of it, so that starting and pausing cost nothing."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["Deadline"]

_TICK_SECONDS = 0.1


class Deadline:
    """Calls `on_passed`, once, when a block has run for so many seconds, or for so many after a pause.

    Parameters
    ----------
    seconds : float
    on_passed : callable
        Called in another thread; must not block. It is not called any more once the block has ended.
    """

    def __init__(self, seconds: float, on_passed: Callable[[], None]) -> None:
        self.passed = False
        self.on_passed = on_passed
        self._seconds = seconds
        self._end = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Count the time of the block."""
        self._start()
        try:
            yield
        finally:
            self._stop()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Do not count the time of a block inside that of `running`; begin anew after it."""
        self._stop()
        try:
            yield
        finally:
            self._start()

    def is_over(self) -> bool:
        """Return whether the time has passed."""
        return time.monotonic() >= self._end

    def _start(self) -> None:
        self._end = time.monotonic() + self._seconds
        _WATCH.add(self)

    def _stop(self) -> None:
        _WATCH.remove(self)


class _Watch:
    """The thread that looks at the deadlines that are running."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._running: set[Deadline] = set()
        self._is_started = self._is_idle = False

    def add(self, deadline: Deadline) -> None:
        with self._changed:
            self._running.add(deadline)
            if not self._is_started:
                self._is_started = True
                threading.Thread(target=self._watch, name="deadlines", daemon=True).start()
            elif self._is_idle:
                self._changed.notify()

    def remove(self, deadline: Deadline) -> None:
        with self._changed:
            self._running.discard(deadline)

    def _watch(self) -> None:
        while True:
            with self._changed:
                while not self._running:
                    self._is_idle = True
                    self._changed.wait()
                self._is_idle = False
                # The lock is held: nobody ends a block while its `on_passed` is called.
                for deadline in [one for one in self._running if one.is_over()]:
                    self._running.discard(deadline)
                    deadline.passed = True
                    deadline.on_passed()
            time.sleep(_TICK_SECONDS)


_WATCH = _Watch()
