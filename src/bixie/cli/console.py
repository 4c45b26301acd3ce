"""Writes to any console: a GBK window must not stop an examination with an encoding error."""

import json
import os
import sys
from pathlib import Path
from typing import Any, TextIO

__all__ = ["complain", "drop_output", "prepare_console", "print_bytes", "print_document"]


def prepare_console() -> None:
    """Make both streams replace what their encoding lacks; a stream that the caller closed takes nothing."""
    sys.stdout = sys.stdout or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - until the end
    sys.stderr = sys.stderr or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        _replace_unencodable(stream)


def print_bytes(data: bytes) -> None:
    """Write `data` to standard output as it is, whatever the console's encoding."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def print_document(document: Any) -> None:
    """Write a document as JSON to standard output, in UTF-8 whatever the console's encoding."""
    print_bytes((json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode())


def drop_output() -> None:
    """Discard what standard output still holds: Python would complain again when it closes the stream."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def complain(message: str) -> None:
    """Write one line to standard error."""
    print(message, file=sys.stderr)


def _replace_unencodable(stream: TextIO) -> None:
    # Replacements of the real streams may lack it; they take any text anyway.
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace")
