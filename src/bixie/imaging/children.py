"""The child processes in which files are decoded: what a file does to its decoder ends one of these."""

import os

from bixie.kit.isolation.pool import Pool

__all__ = ["CHILDREN"]

_MAX_OPENCV_THREADS = 4
"""In each child. Each thread's stack counts as memory, and several children share the cores."""

CHILDREN = Pool(
    preload=("bixie.imaging.decode",),
    environment={"OPENCV_FOR_THREADS_NUM": str(min(os.cpu_count() or 1, _MAX_OPENCV_THREADS))},
)
"""Those of this process."""
