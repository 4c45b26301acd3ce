"""Report the progress of a long run: the work calls back, the caller decides what to show."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

__all__ = ["MANY_FILES", "Progress", "no_progress", "progress_bar"]

MANY_FILES = 20
"""Number of files from which the bar is shown even where stderr is not a terminal."""


class Progress(Protocol):
    """Called once when the total is known, and again as items are finished."""

    def __call__(self, done: int, total: int) -> None:
        """Report that `done` of `total` items are finished."""
        ...


def no_progress(done: int, total: int) -> None:
    """Ignore progress."""


@contextmanager
def progress_bar(description: str, unit: str = "file") -> Iterator[Progress]:
    """Show a bar on stderr while the block runs.

    Parameters
    ----------
    description : str
        Text in front of the bar.
    unit : str
        Name of one item.

    Yields
    ------
    Progress
        For the work to call. The bar appears if stderr is a terminal and there is more than one item, or from
        `MANY_FILES` items.
    """
    # Imported here because tqdm takes longer to import than all of `bixie`.
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
