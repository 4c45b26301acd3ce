"""Periodic tasks: what a worker repeats without a job, such as erasing what was kept long enough.

Every worker does every task, so each task must allow two workers to do it at the same time.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from threading import Event, Thread
from typing import TypeVar

from bixie.jobs.errors import typed_error
from bixie.kit.errors import BixieError

__all__ = ["PeriodicTask", "Scheduler", "for_each"]

_STOP_TIMEOUT_SECONDS = 30.0

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class PeriodicTask:
    """One task.

    Parameters
    ----------
    name : str
        ``vault.check``.
    every : timedelta
        How long to wait after each time it was done.
    do : callable
        Does it once. When it raises, it is tried again after `every`.
    """

    name: str
    every: timedelta
    do: Callable[[], None]


def _never(_error: Exception) -> bool:
    return False


def for_each(
    items: Iterable[_Item],
    do: Callable[[_Item], object],
    *,
    stops: Callable[[Exception], bool] = _never,
) -> None:
    """Do something for each item. One that fails, for a damaged row perhaps, does not stop the others.

    Parameters
    ----------
    items : iterable
    do : callable
    stops : callable
        Whether the other items would fail for the same reason, such as a place that cannot be reached.

    Raises
    ------
    Exception
        The last one that `do` raised, after all items.
    """
    failure: Exception | None = None
    for item in items:
        try:
            do(item)
        except Exception as error:  # whatever it is, it is this item's
            failure = error
            if stops(error):
                break
    if failure is not None:
        raise failure


class Scheduler:
    """Runs periodic tasks until it is stopped, each in its own thread: a slow one never delays another.

    Parameters
    ----------
    periodic_tasks : iterable of PeriodicTask
    on_error : callable
        Called when a task begins to fail, and not again before it succeeded.
    """

    def __init__(
        self, periodic_tasks: Iterable[PeriodicTask], on_error: Callable[[BixieError], None]
    ) -> None:
        self._on_error = on_error
        self._stopped = Event()
        # Daemon threads: a task that outlasts the timeout of `stop` does not keep the process alive.
        self._threads = [
            Thread(target=self._repeat, args=(task,), name=task.name, daemon=True) for task in periodic_tasks
        ]

    def start(self) -> None:
        """Start the tasks; each is done at once for the first time."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Start nothing more, and wait up to 30 s for each task to end."""
        self._stopped.set()
        for thread in self._threads:
            if thread.ident is not None:  # where the system had no room for a thread, it never started
                thread.join(_STOP_TIMEOUT_SECONDS)

    def _repeat(self, task: PeriodicTask) -> None:
        failing = False
        while not self._stopped.is_set():
            try:
                task.do()
                failing = False
            except Exception as error:  # a failure does not end the task
                if not failing:
                    failing = True
                    self._on_error(typed_error(error))
            self._stopped.wait(task.every.total_seconds())
