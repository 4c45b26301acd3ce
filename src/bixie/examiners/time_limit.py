"""A limit of time for work that cannot be trusted to end, such as an examiner of another package."""

from collections.abc import Callable
from threading import Thread
from typing import TypeVar

__all__ = ["OutOfTimeError", "within"]

Result = TypeVar("Result")


class OutOfTimeError(Exception):
    """The work took too long."""


def within(seconds: float, work: Callable[[], Result]) -> Result:
    """Return what `work` returns, or raise what it raises, if that takes no longer than `seconds`.

    A thread cannot be ended: one that takes longer goes on by itself. A child process in which that happens
    takes no further task (`bixie.kit.isolation`).

    Raises
    ------
    OutOfTimeError
    """
    results: list[Result] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:  # raised again below, in the thread that asked
            errors.append(error)

    thread = Thread(target=run, name="examiner", daemon=True)
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    if not results:
        raise OutOfTimeError
    return results[0]
