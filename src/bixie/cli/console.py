"""Writes to any console: a GBK window must not stop an examination with an encoding error."""

import sys
from typing import TextIO

__all__ = ["complain", "prepare_console", "print_bytes"]


def prepare_console() -> None:
    """Make both streams replace what their encoding lacks."""
    for stream in (sys.stdout, sys.stderr):
        _replace_unencodable(stream)


def print_bytes(data: bytes) -> None:
    """Write `data` to standard output as it is, whatever the console's encoding."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def complain(message: str) -> None:
    """Write one line to standard error."""
    print(message, file=sys.stderr)


def _replace_unencodable(stream: TextIO) -> None:
    # Replacements of the real streams may lack it; they take any text anyway.
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace")
