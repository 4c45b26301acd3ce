"""Files by their content: written whole or not at all, safe before anybody is told that they are kept.

What is being received lies apart until it is kept, under a name that nobody asks for.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO, Protocol

from bixie.store.disk import file_refusals, make_folder, sync_folder
from bixie.store.errors import StoreError
from bixie.store.incoming import INCOMING, Incoming, Received

__all__ = ["TEMPORARY", "Blobs", "DiskBlobs", "named_by", "path_of"]

TEMPORARY = "passing"
"""Name of the space of what is taken away again before long, such as the parts of an upload: it is listed
nowhere, and no backup holds it. Every file in it must differ from all others."""

_SPACE = re.compile(r"[a-z0-9][a-z0-9_]{0,99}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


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

    def holds(self, space: str, sha256: str) -> bool:
        """Return whether a file is kept; its bytes are not looked at."""
        ...

    def remove(self, space: str, sha256: str) -> None:
        """Take a kept file away; one that is not there is no matter."""
        ...

    def check_writable(self) -> None:
        """Look whether a file could be kept now."""
        ...

    def all(self) -> Iterator[tuple[str, str]]:
        """Yield space and SHA-256 of every kept file, in no order, without those in `TEMPORARY`."""
        ...


def path_of(space: str, sha256: str) -> str:
    """Return where a file is kept: ``<space>/<first two digits>/<SHA-256>``.

    Raises
    ------
    ValueError
        For a space whose name cannot be a folder's, and for what is no hash.
    """
    if not _SPACE.fullmatch(space) or space == INCOMING or not _SHA256.fullmatch(sha256):
        raise ValueError(f"{space}/{sha256}")
    return f"{space}/{sha256[:2]}/{sha256}"


def named_by(path: str) -> tuple[str, str] | None:
    """Return the space and SHA-256 of the file that is kept at a path, None where none is kept for long."""
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
        Made when it is needed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._incoming = Incoming(folder)

    def receiving(self, chunks: Iterable[bytes]) -> AbstractContextManager[Received]:
        """Write chunks to disk and hash them; see `Incoming.receiving`."""
        return self._incoming.receiving(chunks)

    def keep(self, space: str, received: Received) -> None:
        """Keep what was received, durably, under its SHA-256; the same bytes may be kept again.

        Raises
        ------
        ValueError
            For a space whose name cannot be a folder's.
        StoreError
            ``store.full`` or ``store.files``.
        """
        target = self._folder / path_of(space, received.sha256)
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
        place = self._folder / path_of(space, sha256)
        with file_refusals():
            try:
                file = place.open("rb")
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
        """Return whether a file is kept; its bytes are not looked at.

        Raises
        ------
        StoreError
            ``store.files``.
        """
        with file_refusals():
            return (self._folder / path_of(space, sha256)).exists()

    def remove(self, space: str, sha256: str) -> None:
        """Take a kept file away; one that is not there is no matter.

        Raises
        ------
        StoreError
            ``store.files``.
        """
        with file_refusals():
            place = self._folder / path_of(space, sha256)
            place.unlink(missing_ok=True)
            if place.parent.exists():
                sync_folder(place.parent)

    def check_writable(self) -> None:
        """Look whether a file could be kept now; what is written for it is taken away.

        Raises
        ------
        StoreError
            ``store.full`` or ``store.files``.
        """
        with self.receiving([b"bixie"]):
            pass

    def all(self) -> Iterator[tuple[str, str]]:
        """Yield space and SHA-256 of every kept file, in no order."""
        for place in self._folder.glob("*/??/*"):
            kept = named_by(place.relative_to(self._folder).as_posix())
            if kept is not None:
                yield kept
