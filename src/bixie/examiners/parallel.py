"""Process many files at once and return the results in the order of the files.

Threads suffice: reading, decoding and OpenCV release the interpreter's lock.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from threading import Lock
from typing import TypeVar

import cv2

from bixie.kit.progress import Progress

__all__ = ["MAX_WORKERS", "map_in_order", "worker_count"]

MAX_WORKERS = 4
"""A 12-megapixel photo takes about 400 MB at its peak (``python -m bench speed``); so does each worker."""

Item = TypeVar("Item")
Result = TypeVar("Result")


def worker_count(files: int, asked: int | None = None) -> int:
    """Return the number of workers for so many files: `asked`, or one a core up to `MAX_WORKERS`."""
    return max(1, min(files, asked or min(_cores(), MAX_WORKERS)))


def map_in_order(
    work: Callable[[Item], Result], items: Sequence[Item], *, workers: int | None, progress: Progress
) -> list[Result]:
    """Call `work` for every item and return the results in the order of `items`.

    Parameters
    ----------
    work : callable
        Must not raise for bad input: the first exception ends the run.
    workers : int or None
        As for `worker_count`.
    progress : Progress
        Called on this thread.
    """
    count = worker_count(len(items), workers)
    progress(0, len(items))
    if count == 1:
        results = []
        for done, item in enumerate(items, start=1):
            results.append(work(item))
            progress(done, len(items))
        return results
    with _OPENCV_THREADS.single(), ThreadPoolExecutor(count) as pool:
        futures = [pool.submit(work, item) for item in items]
        try:
            for done, future in enumerate(as_completed(futures), start=1):
                future.result()
                progress(done, len(items))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
        return [future.result() for future in futures]


def _cores() -> int:
    # A container or `taskset` may grant fewer cores than the machine has; not every system can tell.
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _OpenCvThreads:
    """OpenCV's number of threads, a setting of the whole process.

    Several runs may overlap: the first sets it to one, the last restores it.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._runs = 0
        self._before = 0

    @contextmanager
    def single(self) -> Iterator[None]:
        """Keep OpenCV at one thread for each of ours."""
        with self._lock:
            if self._runs == 0:
                self._before = cv2.getNumThreads()
                cv2.setNumThreads(1)
            self._runs += 1
        try:
            yield
        finally:
            with self._lock:
                self._runs -= 1
                if self._runs == 0:
                    cv2.setNumThreads(self._before)


_OPENCV_THREADS = _OpenCvThreads()
