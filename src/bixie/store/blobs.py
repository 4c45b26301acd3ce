"""Files by their content: written whole or not at all, on disk before anybody is told that they are kept.

What is being received lies apart until it is kept, under a name that nobody asks for.
"""

import hashlib
import os
import re
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from cryptography.hazmat.primitives.hashes import SM3, Hash

from bixie.store.disk import file_refusals, make_folder, sync_folder
from bixie.store.errors import StoreError

__all__ = ["Blobs", "DiskBlobs", "Received"]

_INCOMING = "incoming"
_SPACE = re.compile(r"[a-z0-9][a-z0-9_]{0,99}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_STALE_SECONDS = 24 * 60 * 60
"""No upload takes a day without a byte."""


@dataclass(frozen=True, slots=True)
class Received:
    """Bytes that have arrived and are on disk, not kept yet.

    Parameters
    ----------
    size : int
        In bytes.
    sha256, sm3 : str
        Hexadecimal digits.
    place : Path
        Where they lie meanwhile.
    """

    size: int
    sha256: str
    sm3: str
    place: Path


class Blobs(Protocol):
    """Where files are kept; each space (a tenant) on its own."""

    def receiving(self, chunks: Iterable[bytes]) -> AbstractContextManager[Received]:
        """Write chunks; what was not kept when the block ends is taken away."""
        ...

    def keep(self, space: str, received: Received) -> None:
        """Keep what was received, durably, under its SHA-256."""
        ...

    def open(self, space: str, sha256: str) -> BinaryIO:
        """Open a kept file whose bytes are still those it was kept with."""
        ...


class DiskBlobs:
    """Files in a folder: ``<space>/<first two digits>/<SHA-256>``.

    Parameters
    ----------
    folder : Path
        Made when it is needed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def receiving(self, chunks: Iterable[bytes]) -> Iterator[Received]:
        """Write chunks to disk and hash them; what was not kept when the block ends is taken away.

        Parameters
        ----------
        chunks : iterable of bytes
            An exception that it raises goes through, and nothing stays behind.

        Raises
        ------
        StoreError
            ``store.full`` or ``store.files``.
        """
        with file_refusals():
            make_folder(self._folder / _INCOMING)
            _sweep(self._folder / _INCOMING)
            handle, name = tempfile.mkstemp(dir=self._folder / _INCOMING)
        place = Path(name)
        try:
            yield _write(handle, place, chunks)
        finally:
            place.unlink(missing_ok=True)

    def keep(self, space: str, received: Received) -> None:
        """Keep what was received, durably, under its SHA-256; the same bytes may be kept again.

        Raises
        ------
        ValueError
            For a space whose name cannot be a folder's.
        StoreError
            ``store.full`` or ``store.files``.
        """
        target = self._path(space, received.sha256)
        with file_refusals():
            make_folder(target.parent)
            received.place.chmod(0o440)
            # Over an older copy as well: should that one have rotted, it is whole again.
            received.place.replace(target)
            sync_folder(target.parent)

    def open(self, space: str, sha256: str) -> BinaryIO:
        """Open a kept file at its beginning, once its bytes were found to be those it was kept with.

        Raises
        ------
        StoreError
            ``store.file_missing``, ``store.file_damaged`` or ``store.files``.
        """
        with file_refusals():
            try:
                file = self._path(space, sha256).open("rb")
            except FileNotFoundError as error:
                raise StoreError("store.file_missing", sha256=sha256) from error
            try:
                if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                    raise StoreError("store.file_damaged", sha256=sha256)
                file.seek(0)
            except BaseException:
                file.close()
                raise
        return file

    def all(self) -> Iterator[tuple[str, str]]:
        """Yield space and SHA-256 of every kept file, in no order."""
        for place in self._folder.glob("*/??/*"):
            space, _, sha256 = place.relative_to(self._folder).parts
            if _SPACE.fullmatch(space) and space != _INCOMING and _SHA256.fullmatch(sha256):
                yield space, sha256

    def _path(self, space: str, sha256: str) -> Path:
        if not _SPACE.fullmatch(space) or space == _INCOMING or not _SHA256.fullmatch(sha256):
            raise ValueError(f"{space}/{sha256}")
        return self._folder / space / sha256[:2] / sha256


def _write(handle: int, place: Path, chunks: Iterable[bytes]) -> Received:
    sha256, sm3, size = hashlib.sha256(), Hash(SM3()), 0
    # buffering=0: chunks are large, and an error belongs to the write that made it.
    with open(handle, "wb", buffering=0) as file:
        for chunk in chunks:
            view = memoryview(chunk)
            sha256.update(view)
            sm3.update(view)
            size += len(view)
            with file_refusals():
                while view:
                    view = view[file.write(view) :]
        with file_refusals():
            os.fsync(file.fileno())
    return Received(size, sha256.hexdigest(), sm3.finalize().hex(), place)


def _sweep(incoming: Path) -> None:
    """Take away what processes that were killed have left behind."""
    for left in incoming.iterdir():
        # Another process may be sweeping, or keeping, at the same time.
        with suppress(FileNotFoundError):
            if time.time() - left.stat().st_mtime > _STALE_SECONDS:
                left.unlink()
