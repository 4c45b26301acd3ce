"""Files of lines in a backup, whose number, SHA-256 and size stand in its manifest."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from bixie.store.backups.folder import open_plain
from bixie.store.disk import durable, file_refusals
from bixie.store.errors import StoreError

__all__ = ["HashedLines", "open_lines", "write_lines"]


class HashedLines:
    """Hashes a file while it is read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int) -> bytes:
        """Return up to so many bytes."""
        data = self._file.read(size)
        self.digest.update(data)
        return data

    def readline(self, size: int) -> bytes:
        """Return a line, cut off after so many bytes."""
        line = self._file.readline(size)
        self.digest.update(line)
        return line


@contextmanager
def open_lines(source: Path, *names: str, about: Mapping[str, Any]) -> Iterator[HashedLines]:
    """Open a file of a backup; after the block it must have been what the manifest says.

    Parameters
    ----------
    source : Path
        Folder of the backup.
    *names : str
        Folders inside of it and the file.
    about : mapping
        ``sha256``, and ``bytes`` unless an earlier version wrote it.

    Raises
    ------
    StoreError
        ``store.backup_damaged`` or ``store.backup_not_plain``.
    """
    try:
        with open_plain(source, *names, size=about.get("bytes")) as file:
            lines = HashedLines(file)
            yield lines
    except OSError as error:
        raise StoreError("store.backup_damaged", file=names[-1]) from error
    if lines.digest.hexdigest() != about["sha256"]:
        raise StoreError("store.backup_damaged", file=names[-1])


def write_lines(path: Path, lines: Iterable[bytes]) -> dict[str, Any]:
    """Write lines durably into a new file; return what the manifest is to say about it.

    Raises
    ------
    StoreError
        ``store.full`` or ``store.files``.
    """
    digest, rows, size = hashlib.sha256(), 0, 0
    with file_refusals(), durable(path) as file:
        for line in lines:
            file.write(line)
            digest.update(line)
            rows += 1
            size += len(line)
    return {"rows": rows, "sha256": digest.hexdigest(), "bytes": size}
