"""Files by their SHA-256: written completely or not at all, and durable before `keep` returns.

A file that is being received has a temporary name in a folder of its own.
"""

import hashlib
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol

from bixie.store.disk import file_refusals, make_folder, sync_folder
from bixie.store.errors import StoreError
from bixie.store.incoming import INCOMING, Incoming, Received

__all__ = ["SHA256", "TEMPORARY", "Blobs", "DiskBlobs", "DiskSpace", "ListedFile", "named_by", "path_of"]

TEMPORARY = "passing"
"""Name of the space for files that expire soon, such as the parts of an upload: neither `all` nor a backup
contains it. Every file in it must be unique."""

_SPACE = re.compile(r"[a-z0-9][a-z0-9_]{0,99}", re.ASCII)
SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
"""The name of every kept file."""


class ListedFile(NamedTuple):
    """A kept file as `Blobs.listed` finds it.

    Parameters
    ----------
    sha256 : str
    written_at : datetime
    """

    sha256: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class DiskSpace:
    """How full a disk is, in bytes."""

    total: int
    free: int


class Blobs(Protocol):
    """Storage of files, separate for each space (a tenant)."""

    def receiving(self, chunks: Iterable[bytes]) -> AbstractContextManager[Received]:
        """Write chunks; unless kept, they are removed after the block."""
        ...

    def keep(self, space: str, received: Received) -> None:
        """Keep a received file durably under its SHA-256."""
        ...

    def open(self, space: str, sha256: str) -> BinaryIO:
        """Open a kept file after checking its bytes against the hash."""
        ...

    def holds(self, space: str, sha256: str) -> bool:
        """Return whether a file is kept, without reading it."""
        ...

    def remove(self, space: str, sha256: str) -> None:
        """Remove a kept file; a missing one is ignored."""
        ...

    def check_writable(self) -> None:
        """Check that a file could be kept now."""
        ...

    def disk(self) -> DiskSpace | None:
        """Return how full the disk is that files lie on; None where they lie elsewhere."""
        ...

    def all(self) -> Iterator[tuple[str, str]]:
        """Yield space and SHA-256 of every kept file, in no order, without those in `TEMPORARY`."""
        ...

    def listed(self, space: str) -> Iterator[ListedFile]:
        """Yield the kept files of a space, in no order."""
        ...


def path_of(space: str, sha256: str) -> str:
    """Return the path of a kept file: ``<space>/<first two digits>/<SHA-256>``.

    Raises
    ------
    ValueError
        If the space is no valid folder name, or the hash is malformed.
    """
    if not _SPACE.fullmatch(space) or space == INCOMING or not SHA256.fullmatch(sha256):
        raise ValueError(f"{space}/{sha256}")
    return f"{space}/{sha256[:2]}/{sha256}"


def named_by(path: str) -> tuple[str, str] | None:
    """Return the space and SHA-256 of the file at a path; None for other paths and for `TEMPORARY`."""
    space, _, rest = path.partition("/")
    sha256 = rest.rpartition("/")[2]
    if space == TEMPORARY:
        return None
    try:
        return (space, sha256) if path_of(space, sha256) == path else None
    except ValueError:
        return None


class DiskBlobs:
    """Files in a folder.

    Parameters
    ----------
    folder : Path
        Created when needed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._incoming = Incoming(folder)

    def receiving(self, chunks: Iterable[bytes]) -> AbstractContextManager[Received]:
        """Write chunks to disk and hash them; see `Incoming.receiving`."""
        return self._incoming.receiving(chunks)

    def keep(self, space: str, received: Received) -> None:
        """Keep a received file durably under its SHA-256; the same bytes may be kept again.

        Raises
        ------
        ValueError
            If the space is no valid folder name.
        StoreError
            ``store.full`` or ``store.files``.
        """
        target = self._folder / path_of(space, received.sha256)
        with file_refusals():
            make_folder(target.parent)
            received.path.chmod(0o440)
            # Overwrite an older copy too: it is repaired if it was damaged.
            received.path.replace(target)
            sync_folder(target.parent)

    def open(self, space: str, sha256: str) -> BinaryIO:
        """Open a kept file at its beginning after checking its bytes against the hash.

        Raises
        ------
        StoreError
            ``store.file_missing``, ``store.file_damaged`` or ``store.files``.
        """
        path = self._folder / path_of(space, sha256)
        with file_refusals():
            try:
                file = path.open("rb")
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

    def holds(self, space: str, sha256: str) -> bool:
        """Return whether a file is kept, without reading it.

        Raises
        ------
        StoreError
            ``store.files``.
        """
        with file_refusals():
            return (self._folder / path_of(space, sha256)).exists()

    def remove(self, space: str, sha256: str) -> None:
        """Remove a kept file; a missing one is ignored.

        Raises
        ------
        StoreError
            ``store.files``.
        """
        with file_refusals():
            path = self._folder / path_of(space, sha256)
            path.unlink(missing_ok=True)
            if path.parent.exists():
                sync_folder(path.parent)

    def check_writable(self) -> None:
        """Check that a file could be kept now, by writing one and removing it.

        Raises
        ------
        StoreError
            ``store.full`` or ``store.files``.
        """
        with self.receiving([b"bixie"]):
            pass

    def disk(self) -> DiskSpace:
        """Return how full the disk is that files lie on.

        Raises
        ------
        StoreError
            ``store.files``.
        """
        with file_refusals():
            place = next(one for one in (self._folder, *self._folder.absolute().parents) if one.exists())
            found = shutil.disk_usage(place)
        return DiskSpace(found.total, found.free)

    def all(self) -> Iterator[tuple[str, str]]:
        """Yield space and SHA-256 of every kept file, in no order."""
        for path in self._folder.glob("*/??/*"):
            kept = named_by(path.relative_to(self._folder).as_posix())
            if kept is not None:
                yield kept

    def listed(self, space: str) -> Iterator[ListedFile]:
        """Yield the kept files of a space, in no order.

        Raises
        ------
        StoreError
            ``store.files``.
        """
        for path in (self._folder / space).glob("??/*"):
            if not SHA256.fullmatch(path.name):
                continue
            with file_refusals(), suppress(FileNotFoundError):  # it may be removed meanwhile
                yield ListedFile(path.name, datetime.fromtimestamp(path.stat().st_mtime, UTC))
