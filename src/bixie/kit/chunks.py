"""Read a file piece by piece, whatever its size."""

from collections.abc import Iterator
from typing import Protocol

__all__ = ["chunks"]

_CHUNK = 1 << 20
"""Bytes."""


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def chunks(file: _Readable) -> Iterator[bytes]:
    """Yield the bytes of a file from its current position, at most one MiB at a time."""
    while chunk := file.read(_CHUNK):
        yield chunk
