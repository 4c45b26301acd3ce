"""One thing that happens in the demo, at its time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from bixie.assembly.demo.scene import Scene

__all__ = ["Happening"]


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happens.

    Parameters
    ----------
    before : timedelta
        So long before the demo was made.
    play : callable
        Makes it happen, unless it has happened.
    """

    before: timedelta
    play: Callable[[Scene], None]
