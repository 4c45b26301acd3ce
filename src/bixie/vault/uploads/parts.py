"""The bytes of an incomplete upload: each part is a file of its own, and `joined` reads them as one.

Each file begins with a unique mark. The same bytes in two parts are therefore two files, and removing one
part never affects another.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

from bixie.kit.ids import new_id
from bixie.kit.timestamps import Clock
from bixie.store.blobs import TEMPORARY, Blobs

__all__ = ["joined", "keep", "remove"]

_ID_PREFIX = "part"
_MARK_BYTES = len(new_id(_ID_PREFIX))
_BUFFER = 1 << 20


def keep(blobs: Blobs, chunks: Iterable[bytes], clock: Clock) -> tuple[str, int]:
    """Store bytes as a part; return its SHA-256, and its size without the mark.

    Raises
    ------
    StoreError
        ``store.full`` or ``store.files``.
    """
    with blobs.receiving(_marked(chunks, clock)) as received:
        blobs.keep(TEMPORARY, received)
    return received.sha256, received.size - _MARK_BYTES


def remove(blobs: Blobs, sha256: str) -> None:
    """Remove a part; a missing one is ignored.

    Raises
    ------
    StoreError
        ``store.files``.
    """
    blobs.remove(TEMPORARY, sha256)


def joined(blobs: Blobs, parts: Sequence[str]) -> io.BufferedReader:
    """Return the bytes of parts, one after the other; the caller closes it.

    Parameters
    ----------
    blobs : Blobs
    parts : sequence of str
        Their SHA-256. Each is opened in its turn and checked against its hash; reading raises a `StoreError`
        where one is missing or damaged.
    """
    return io.BufferedReader(_Joined(blobs, parts), _BUFFER)


def _marked(chunks: Iterable[bytes], clock: Clock) -> Iterator[bytes]:
    yield new_id(_ID_PREFIX, clock).encode()
    yield from chunks


class _Joined(io.RawIOBase):
    def __init__(self, blobs: Blobs, parts: Sequence[str]) -> None:
        super().__init__()
        self._blobs = blobs
        self._left = iter(parts)
        self._part: BinaryIO | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        while self._part is not None or self._next():
            assert self._part is not None
            data = self._part.read(len(buffer))
            if data:
                buffer[: len(data)] = data
                return len(data)
            self._part.close()
            self._part = None
        return 0

    def close(self) -> None:
        if self._part is not None:
            self._part.close()
            self._part = None
        super().close()

    def _next(self) -> bool:
        sha256 = next(self._left, None)
        if sha256 is None:
            return False
        self._part = self._blobs.open(TEMPORARY, sha256)
        self._part.seek(_MARK_BYTES)
        return True
