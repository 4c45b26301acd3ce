"""The bytes of an upload while it is not whole: each part a file of its own, read as one at the end.

Each begins with a mark that no other has. So the same bytes in two parts are two files, and one can be taken
away without a look at all the others.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

from bixie.kit.ids import new_id
from bixie.kit.timestamps import Clock
from bixie.store.blobs import TEMPORARY, Blobs

__all__ = ["joined", "keep", "remove"]

_KIND = "part"
_MARK_BYTES = len(new_id(_KIND))
_BUFFER = 1 << 20


def keep(blobs: Blobs, chunks: Iterable[bytes], clock: Clock) -> tuple[str, int]:
    """Keep bytes as a part; return its SHA-256, and its size without the mark.

    Raises
    ------
    StoreError
        ``store.full`` or ``store.files``.
    """
    with blobs.receiving(_marked(chunks, clock)) as received:
        blobs.keep(TEMPORARY, received)
    return received.sha256, received.size - _MARK_BYTES


def remove(blobs: Blobs, sha256: str) -> None:
    """Take a part away; one that is not there is no matter.

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
        Their SHA-256. Each is opened when it is its turn, and held against its hash then: reading raises a
        `StoreError` where one is missing or damaged.
    """
    return io.BufferedReader(_Joined(blobs, parts), _BUFFER)


def _marked(chunks: Iterable[bytes], clock: Clock) -> Iterator[bytes]:
    yield new_id(_KIND, clock).encode()
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
