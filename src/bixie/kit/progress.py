"""Telling a person how far a long run has come.

The work calls back; where that goes is the caller's choice.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

__all__ = ["MANY_FILES", "Progress", "no_progress", "progress_bar"]

MANY_FILES = 20
"""From this many files on the bar is shown even where stderr is a log file: the run takes a while."""


class Progress(Protocol):
    """Called once when the number of files (or other things) is known and once after each or some."""

    def __call__(self, done: int, total: int) -> None:
        """Take note that `done` of `total` are finished."""
        ...


def no_progress(done: int, total: int) -> None:
    """Take no note of anything."""


@contextmanager
def progress_bar(description: str, unit: str = "file") -> Iterator[Progress]:
    """Show a bar on stderr while the block runs.

    Parameters
    ----------
    description : str
        Stands in front of the bar.
    unit : str
        What is counted.

    Yields
    ------
    Progress
        To be called by the work. The bar appears if stderr is a terminal and there is more than one
        file, or if there are `MANY_FILES`.
    """
    # Here, not above: importing tqdm costs more than importing all of `bixie`.
    from tqdm import tqdm  # noqa: PLC0415

    bar: tqdm | None = None

    def advance(done: int, total: int) -> None:
        nonlocal bar
        if bar is None and (total >= MANY_FILES or (total > 1 and sys.stderr.isatty())):
            bar = tqdm(total=total, desc=description, unit=unit, file=sys.stderr, leave=False)
        if bar is not None:
            bar.update(done - bar.n)

    try:
        yield advance
    finally:
        if bar is not None:
            bar.close()
