"""The children of a process: started when they are needed, used for many tasks, replaced when they end."""

import atexit
import os
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from bixie.kit.isolation.child import Answer, Task
from bixie.kit.isolation.errors import UnavailableError
from bixie.kit.isolation.process import Call, ChildProcess

__all__ = ["Pool"]

_MIN_SIZE, _MAX_SIZE = 2, 4
_MAX_TASKS = 200
"""A child is replaced after so many: what a file may have done to it does not last."""
_WAIT_SECONDS = 30.0
_START_SECONDS = 1.0
"""Starting a child takes one to two: one that is at work may be free before."""
_ANSWER_BYTES = 256 * 1024 * 1024


class Pool:
    """Children that wait for tasks.

    Parameters
    ----------
    preload : sequence of str
        Modules that a child imports when it starts.
    environment : mapping of str to str
        Set in a child, on top of the parent's.
    size : int, optional
        Children at the same time; by default one a core, from 2 to 4.
    """

    def __init__(
        self,
        preload: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
        size: int | None = None,
    ) -> None:
        self._preload, self._environment = tuple(preload), dict(environment or {})
        self._size = size or min(max(os.cpu_count() or 1, _MIN_SIZE), _MAX_SIZE)
        self._idle: list[ChildProcess] = []
        self._used = 0
        self._changed = threading.Condition()
        atexit.register(self.close)

    def grow(self, size: int) -> None:
        """Allow at least so many children at the same time."""
        with self._changed:
            self._size = max(self._size, size)
            self._changed.notify_all()

    def warm(self, *modules: str) -> None:
        """Start a child before it is needed: its imports take a second.

        Parameters
        ----------
        *modules : str
            What it imports as well, and so does every child that starts later.
        """
        with self._changed, suppress(UnavailableError):
            self._preload = tuple(dict.fromkeys((*self._preload, *modules)))
            if not self._idle and not self._used:
                self._idle.append(ChildProcess(self._preload, self._environment))

    def run(
        self,
        task: str,
        request: Any,
        *,
        memory_bytes: int,
        seconds: float,
        calls: Mapping[str, Call] | None = None,
        max_calls: int = 1,
        wait_seconds: float = _WAIT_SECONDS,
        answer_bytes: int = _ANSWER_BYTES,
    ) -> Answer:
        """Have a task done by a child.

        Parameters
        ----------
        task : str
            ``module:function``; see `bixie.kit.isolation.child`.
        request : object
            Anything that can be pickled.
        memory_bytes : int
            What the task may take, where the system can limit it.
        seconds : float
            How long the task may last until it ends or calls the parent; the time of `calls` is not counted.
        calls : mapping of str to callable
            What the task may call.
        max_calls : int
            How often, at most.
        wait_seconds : float
            How long to wait for a child that is free.
        answer_bytes : int
            Of the answer's files together, at most.

        Raises
        ------
        CutOffError
            The child ended or was ended during the task.
        UnavailableError
            ``isolation.busy`` or ``isolation.not_started``.
        TaskError
            ``isolation.failed`` if the task raised an exception.
        Exception
            Whatever one of `calls` raises.
        """
        given = Task(task, request, memory_bytes, seconds, max_calls)
        child, keeps = self._take(wait_seconds), False
        try:
            answer, keeps = child.run(given, calls or {}, answer_bytes)
        finally:
            self._give_back(child, keeps=keeps and child.tasks < _MAX_TASKS)
        return answer

    def close(self) -> None:
        """End the children that are idle; those at work end with their tasks."""
        with self._changed:
            idle, self._idle = self._idle, []
        for child in idle:
            child.end()

    def _take(self, wait_seconds: float) -> ChildProcess:
        give_up = time.monotonic() + wait_seconds
        with self._changed:
            self._changed.wait_for(lambda: self._idle or not self._used, min(_START_SECONDS, wait_seconds))
            while self._used >= self._size:
                if not self._changed.wait(give_up - time.monotonic()):
                    raise UnavailableError("isolation.busy")
            self._used += 1
            idle = self._idle.pop() if self._idle else None
        if idle is not None:
            if idle.is_alive():
                return idle
            idle.end()
        try:
            return ChildProcess(self._preload, self._environment)
        except BaseException:
            self._release()
            raise

    def _give_back(self, child: ChildProcess, *, keeps: bool) -> None:
        replacement = None
        try:
            if not keeps:
                child.end()
                with suppress(UnavailableError):  # the next task tries again
                    replacement = ChildProcess(self._preload, self._environment)
        finally:
            self._release(child if keeps else replacement)

    def _release(self, idle: ChildProcess | None = None) -> None:
        with self._changed:
            self._used -= 1
            if idle is not None:
                self._idle.append(idle)
            self._changed.notify()
