"""Keeps what threads reserve small, so that a process of many threads works under a limit of address space.

The C library reserves 8 MiB of stack for each thread, and up to 64 MiB of heap for each of many arenas: a
worker with forty threads reserves more than a gigabyte and uses a tenth of it.

References
----------
mallopt(3), M_ARENA_MAX; pthread_attr_setstacksize(3).
"""

import ctypes
import sys
import threading
from contextlib import suppress

__all__ = ["reserve_little"]

_STACK_BYTES = 2 << 20
"""No thread of a server or worker recurses deeply: files are decoded in processes of their own."""
_M_ARENA_MAX = -8
_ARENAS = 2


def reserve_little() -> None:
    """Bound the stacks and heaps of the threads that this process starts from now on."""
    threading.stack_size(_STACK_BYTES)
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # another C library than glibc has no such call
            ctypes.CDLL(None).mallopt(_M_ARENA_MAX, _ARENAS)
