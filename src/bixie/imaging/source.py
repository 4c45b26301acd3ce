"""Read files into memory and list folders, without decoding.

Sizes are checked before reading, and only regular files are opened: a pipe or a device never blocks a run.
"""

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from bixie.imaging.errors import ImagingError
from bixie.imaging.limits import Limits
from bixie.imaging.sniff import EXTENSIONS, HEAD_BYTES, is_video, sniff

__all__ = [
    "Source",
    "byte_limit",
    "check_bytes",
    "list_pictures",
    "open_file",
    "read_source",
    "source_from_bytes",
]

_NAMES = frozenset(name for names in EXTENSIONS.values() for name in names)
# Windows error of a link that cannot be resolved (ERROR_CANT_RESOLVE_FILENAME).
_WINDOWS_LINK_LOOP = 1921


@dataclass(frozen=True, slots=True)
class Source:
    """One file as it was received.

    Parameters
    ----------
    path : str
        Exactly as the caller gave it.
    data : bytes
        The whole file.
    sha256 : str
        Of `data`, 64 lower-case hexadecimal digits.
    media_type : str
        Detected from the content, never from the name.
    """

    path: str
    data: bytes
    sha256: str
    media_type: str


def read_source(path: str, limits: Limits) -> Source:
    """Read one file.

    Raises
    ------
    ImagingError
        ``imaging.missing``, ``imaging.unreadable_path``, ``imaging.empty_file``,
        ``imaging.too_many_bytes`` or ``imaging.unknown_format``.
    """
    with open_file(path) as file:
        try:
            head = file.read(HEAD_BYTES)
            limit = byte_limit(head, limits)
            check_bytes(os.fstat(file.fileno()).st_size, limit)
            data = head + file.read(limit + 1 - len(head))
        except OSError as error:
            raise _refusal(path, error) from error
    check_bytes(len(data), limit)
    return source_from_bytes(path, data)


def open_file(path: str) -> BinaryIO:
    """Open a regular file for reading, without waiting for a pipe or a device.

    Raises
    ------
    ImagingError
        ``imaging.missing`` or ``imaging.unreadable_path``.
    """
    _regular(path)
    try:
        # O_NONBLOCK: the file may have become a pipe since the check above.
        flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
        file = open(os.open(path, flags), "rb")  # noqa: PTH123, SIM115 - a descriptor, and the caller closes
    except (OSError, ValueError) as error:
        raise _refusal(path, error) from error
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise ImagingError("imaging.unreadable_path", path=path)
    return file


def byte_limit(head: bytes, limits: Limits) -> int:
    """Return the size limit, bytes, of a file that begins with `head`."""
    media_type = sniff(head)
    return limits.video_bytes if media_type and is_video(media_type) else limits.file_bytes


def check_bytes(size: int, limit: int) -> None:
    """Refuse a file that exceeds its limit.

    Raises
    ------
    ImagingError
        ``imaging.too_many_bytes``.
    """
    if size > limit:
        raise ImagingError("imaging.too_many_bytes", bytes=size, limit=limit)


def source_from_bytes(path: str, data: bytes) -> Source:
    """Return the `Source` of bytes in memory; reports call it `path`.

    Raises
    ------
    ImagingError
        ``imaging.empty_file`` or ``imaging.unknown_format``.
    """
    if not data:
        raise ImagingError("imaging.empty_file", path=path)
    media_type = sniff(data[:HEAD_BYTES])
    if media_type is None:
        raise ImagingError("imaging.unknown_format", path=path)
    return Source(path, data, hashlib.sha256(data).hexdigest(), media_type)


def list_pictures(folder: str, limits: Limits) -> list[str]:
    """Return the pictures and videos of `folder` and its subfolders, sorted.

    A file counts by its content or by its name, so that a broken ``.jpg`` is reported. Hidden files and
    folders are left out. Linked folders are not followed, which prevents cycles. A subfolder that cannot be
    listed is in the list itself, so that reading it gives the reason.

    Parameters
    ----------
    folder : str
        As the caller gave it; the paths returned are joined to it.

    Raises
    ------
    ImagingError
        ``imaging.missing``, ``imaging.unreadable_path``, ``imaging.too_many_files`` or
        ``imaging.no_pictures``.
    """
    try:
        os.stat(folder)  # noqa: PTH116 - the path is kept exactly as given
        with os.scandir(folder):
            pass
    except (OSError, ValueError) as error:
        raise _refusal(folder, error) from error
    found: list[str] = []
    closed: list[str] = []
    for count, path in enumerate(_files(folder, closed), start=1):
        if count > limits.folder_files:
            raise ImagingError("imaging.too_many_files", limit=limits.folder_files)
        if Path(path).suffix.lower() in _NAMES or _looks_like_picture(path):
            found.append(path)
    found += closed
    if not found:
        raise ImagingError("imaging.no_pictures", path=folder)
    return sorted(found)


def _files(folder: str, closed: list[str]) -> Iterator[str]:
    """Yield the files below `folder`; add subfolders that cannot be listed to `closed`."""
    seen: set[tuple[int, int]] = set()
    for parent, folders, names in os.walk(folder, onerror=lambda error: closed.append(error.filename)):
        # Links are not followed; Windows junctions are no links but can form cycles too.
        state = os.stat(parent)  # noqa: PTH116 - the path is kept exactly as given
        if (state.st_dev, state.st_ino) in seen:
            folders.clear()
            continue
        seen.add((state.st_dev, state.st_ino))
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith("."):
                yield os.path.join(parent, name)  # noqa: PTH118 - Path would rewrite "./a" to "a"


def _looks_like_picture(path: str) -> bool:
    try:
        _regular(path)
        with Path(path).open("rb") as file:
            return sniff(file.read(HEAD_BYTES)) is not None
    except (ImagingError, OSError, ValueError):
        return False


def _regular(path: str) -> None:
    try:
        state = os.stat(path)  # noqa: PTH116 - the path is kept exactly as given
    except (OSError, ValueError) as error:
        raise _refusal(path, error) from error
    if not stat.S_ISREG(state.st_mode):
        raise ImagingError("imaging.unreadable_path", path=path)


def _refusal(path: str, error: OSError | ValueError) -> ImagingError:
    gone = isinstance(error, FileNotFoundError) and getattr(error, "winerror", None) != _WINDOWS_LINK_LOOP
    return ImagingError("imaging.missing" if gone else "imaging.unreadable_path", path=path)
