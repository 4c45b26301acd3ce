"""What a worker does again and again though nobody asks for it, such as sending what is due.

Every worker does every task: each must bear being done twice, by two workers at the same time.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from threading import Event, Thread

from bixie.jobs.running import foreseen
from bixie.kit.errors import BixieError

__all__ = ["PeriodicTask", "Scheduler"]

_PATIENCE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class PeriodicTask:
    """One task.

    Parameters
    ----------
    name : str
        ``notices.send``.
    every : timedelta
        How long to wait once it was done.
    do : callable
        Raises what keeps it from being done; it is tried again at the next round.
    """

    name: str
    every: timedelta
    do: Callable[[], None]


class Scheduler:
    """Runs periodic tasks until it is stopped, each in its own thread: a slow one never delays another.

    Parameters
    ----------
    periodic_tasks : iterable of PeriodicTask
    trouble : callable
        Told when a task begins to fail; not again until it was done once.
    """

    def __init__(self, periodic_tasks: Iterable[PeriodicTask], trouble: Callable[[BixieError], None]) -> None:
        self._trouble = trouble
        self._stopped = Event()
        # Daemons: nobody waits for a task longer than `stop` does.
        self._threads = [
            Thread(target=self._go_round, args=(task,), name=task.name, daemon=True)
            for task in periodic_tasks
        ]

    def start(self) -> None:
        """Begin; each task is done at once for the first time."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Begin nothing more, and wait a while for what goes on."""
        self._stopped.set()
        for thread in self._threads:
            thread.join(_PATIENCE_SECONDS)

    def _go_round(self, task: PeriodicTask) -> None:
        in_trouble = False
        while not self._stopped.is_set():
            try:
                task.do()
                in_trouble = False
            except Exception as error:  # one bad round does not end the task
                if not in_trouble:
                    in_trouble = True
                    self._trouble(foreseen(error))
            self._stopped.wait(task.every.total_seconds())
