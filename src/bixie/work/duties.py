"""What a worker does again and again though nobody asks for it, such as sending what is due.

Every worker does every duty: each must bear being done twice, by two workers at the same time.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from threading import Event, Thread

from bixie.kit.errors import BixieError
from bixie.work.running import foreseen

__all__ = ["Duty", "Rounds"]

_PATIENCE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty.

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


class Rounds:
    """Does duties until it is told to stop, each in a thread of its own: a slow one holds up no other.

    Parameters
    ----------
    duties : iterable of Duty
    trouble : callable
        Told when a duty begins to fail; not again until it was done once.
    """

    def __init__(self, duties: Iterable[Duty], trouble: Callable[[BixieError], None]) -> None:
        self._trouble = trouble
        self._stopped = Event()
        # Daemons: nobody waits for a duty longer than `stop` does.
        self._threads = [
            Thread(target=self._go_round, args=(duty,), name=duty.name, daemon=True) for duty in duties
        ]

    def start(self) -> None:
        """Begin; each duty is done at once for the first time."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Begin nothing more, and wait a while for what goes on."""
        self._stopped.set()
        for thread in self._threads:
            thread.join(_PATIENCE_SECONDS)

    def _go_round(self, duty: Duty) -> None:
        in_trouble = False
        while not self._stopped.is_set():
            try:
                duty.do()
                in_trouble = False
            except Exception as error:  # one bad round does not end the duty
                if not in_trouble:
                    in_trouble = True
                    self._trouble(foreseen(error))
            self._stopped.wait(duty.every.total_seconds())
