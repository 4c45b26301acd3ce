"""Draw again what came out too faint, too small or out of the frame: `plainest`."""

from collections.abc import Callable
from typing import TypeVar

__all__ = ["plainest"]

Drawn = TypeVar("Drawn")


def plainest(draw: Callable[[], tuple[float, Drawn]], attempts: int) -> Drawn:
    """Draw until something is plain enough, and keep the plainest: what nobody sees measures nothing.

    Parameters
    ----------
    draw : callable
        Returns how plain its work is, 1 or more where it will do, and the work.
    attempts : int
        At least one; how often it is asked at most.
    """
    best, kept = draw()
    for _ in range(attempts - 1):
        if best >= 1.0:
            break
        score, drawn = draw()
        if score > best:
            best, kept = score, drawn
    return kept
