"""Writing to consoles of every kind: a GBK window must not stop an examination with an encoding error."""

import sys
from typing import TextIO

__all__ = ["complain", "prepare_console", "print_bytes"]


def prepare_console() -> None:
    """Make both streams replace what their encoding lacks."""
    for stream in (sys.stdout, sys.stderr):
        _forgive(stream)


def print_bytes(data: bytes) -> None:
    """Write `data` to standard output as it is, whatever the console's encoding."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def complain(message: str) -> None:
    """Write one line to standard error."""
    print(message, file=sys.stderr)


def _forgive(stream: TextIO) -> None:
    # Streams that a caller has put in place of the real ones may lack it; they take any text anyway.
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace")
