"""Smaller copies of kept pictures, to look at: upright, sRGB, without metadata, as every browser shows them.

They are made in a child process, as every decoding, and kept in this process's memory only: what is erased
leaves nothing behind.
"""

import threading
from collections import OrderedDict
from enum import IntEnum
from typing import BinaryIO

from bixie.access.call import Call
from bixie.examiners.files import EXAMINING_LONG_SIDE
from bixie.imaging.children import CHILDREN
from bixie.imaging.limits import Limits
from bixie.kit.chunks import chunks
from bixie.kit.isolation.errors import CutOffError
from bixie.vault import reducing
from bixie.vault.inspection import refusal_of
from bixie.vault.models import Exhibit
from bixie.vault.service import open_for

__all__ = ["LongSide", "rendition_of"]

_WAIT_SECONDS = 20.0
_CACHE_BYTES = 64 * 1024 * 1024
_JPEG = b"\xff\xd8\xff"


class LongSide(IntEnum):
    """Pixels on the long side, at most."""

    SMALL = 320
    """For lists."""
    SCREEN = EXAMINING_LONG_SIDE
    """For a screen. Placements in reports are in pixels of this size."""
    FULL = 4096
    """For formats that browsers do not show themselves."""


class _Cache:
    """Renditions by tenant, content and side; those that were used longest ago go first."""

    def __init__(self, maximum: int) -> None:
        self._maximum, self._bytes = maximum, 0
        self._kept: OrderedDict[tuple[str, str, int], bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: tuple[str, str, int]) -> bytes | None:
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def keep(self, key: tuple[str, str, int], data: bytes) -> None:
        with self._lock:
            self._bytes += len(data) - len(self._kept.pop(key, b""))
            self._kept[key] = data
            while self._bytes > self._maximum:
                self._bytes -= len(self._kept.popitem(last=False)[1])


_CACHE = _Cache(_CACHE_BYTES)


def rendition_of(call: Call, exhibit: Exhibit, long_side: LongSide, purpose: str) -> bytes:
    """Return a kept picture as a JPEG; the ledger records the access.

    Parameters
    ----------
    call : Call
    exhibit : Exhibit
    long_side : LongSide
        A picture is never enlarged.
    purpose : str
        As `bixie.vault.service.open_for` takes it.

    Raises
    ------
    VaultError
        Those of `bixie.vault.service.open_for`.
    ImagingError
        If it cannot be decoded: ``imaging.video_not_picture`` for a video.
    IsolationError
        If the child ended while it decoded the file, or none could take it.
    """
    with open_for(call.store, call.principal, call.blobs, exhibit.id, purpose, clock=call.clock) as file:
        key = (exhibit.tenant, exhibit.sha256, long_side)
        made = _CACHE.get(key)
        if made is None:
            made = _decoded(file, exhibit.name, long_side, call.limits)
            _CACHE.keep(key, made)
    return made


def _decoded(file: BinaryIO, name: str, long_side: int, limits: Limits) -> bytes:
    answer = CHILDREN.run(
        reducing.TASK,
        reducing.Request(name, long_side, limits),
        memory_bytes=limits.memory_bytes,
        seconds=limits.seconds,
        calls={"read": lambda _: chunks(file)},
        wait_seconds=_WAIT_SECONDS,
    )
    if answer.document is not None:
        raise refusal_of(answer.document)
    data = answer.files.get(reducing.NAME, b"")
    if not data.startswith(_JPEG):  # a file may have taken over the child
        raise CutOffError("isolation.bad_answer")
    return data
