"""Receives files: hashes bytes while it writes them to a folder apart from the kept files."""

import hashlib
import os
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from cryptography.hazmat.primitives.hashes import SM3, Hash

from bixie.store.disk import file_refusals, make_folder

__all__ = ["INCOMING", "Incoming", "Received"]

INCOMING = "incoming"
"""Name of the folder beside those of the spaces; no space has this name."""

_STALE_SECONDS = 24 * 60 * 60
"""Age at which a file left by a killed process is removed; no upload is silent for a day."""


@dataclass(frozen=True, slots=True)
class Received:
    """A file that has arrived and is on disk, but is not kept yet.

    Parameters
    ----------
    size : int
        In bytes.
    sha256, sm3 : str
        Hexadecimal digits.
    path : Path
        Where they lie meanwhile.
    """

    size: int
    sha256: str
    sm3: str
    path: Path


class Incoming:
    """A folder for arriving files, which have temporary names.

    Parameters
    ----------
    folder : Path
        In which ``incoming`` is made when it is needed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder / INCOMING

    @contextmanager
    def receiving(self, chunks: Iterable[bytes]) -> Iterator[Received]:
        """Write chunks to disk and hash them; unless kept, they are removed after the block.

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
            make_folder(self._folder)
            _sweep(self._folder)
            handle, name = tempfile.mkstemp(dir=self._folder)
        path = Path(name)
        try:
            yield _write(handle, path, chunks)
        finally:
            path.unlink(missing_ok=True)

    def scratch(self) -> BinaryIO:
        """Open a temporary file to write and read; it is deleted when closed.

        Raises
        ------
        StoreError
            ``store.full`` or ``store.files``.
        """
        with file_refusals():
            make_folder(self._folder)
            # On Windows its type is a wrapper that does what a BinaryIO does.
            return cast("BinaryIO", tempfile.TemporaryFile(dir=self._folder))


def _write(handle: int, path: Path, chunks: Iterable[bytes]) -> Received:
    sha256, sm3, size = hashlib.sha256(), Hash(SM3()), 0
    # buffering=0: chunks are large, and an error must be raised by the write that causes it.
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
    return Received(size, sha256.hexdigest(), sm3.finalize().hex(), path)


def _sweep(incoming: Path) -> None:
    """Remove files that killed processes have left behind."""
    for left in incoming.iterdir():
        # Another process may sweep or keep files at the same time.
        with suppress(FileNotFoundError):
            if time.time() - left.stat().st_mtime > _STALE_SECONDS:
                left.unlink()
