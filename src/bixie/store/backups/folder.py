"""Reads the folder of a backup, which may come from anywhere: plain files inside of it, and nothing else.

A symbolic link could lead to any file of this machine, and a pipe or a device has no end.
"""

import os
import stat
from pathlib import Path
from typing import BinaryIO

from bixie.store.errors import StoreError

__all__ = ["open_plain"]

_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)  # a pipe does not block before it is recognised as one
)


def open_plain(folder: Path, *names: str, size: int | None = None) -> BinaryIO:
    """Open a plain file inside a folder to read.

    Parameters
    ----------
    folder : Path
        May itself be reached by a link: it is what the caller named.
    *names : str
        Folders inside of it and the file.
    size : int, optional
        That the file must have, in bytes; it is not read otherwise.

    Raises
    ------
    StoreError
        ``store.backup_not_plain`` for a link at any level and for whatever else is no plain file;
        ``store.backup_damaged`` if the file has another size.
    OSError
        If it is missing or cannot be read.
    """
    entry, path = "/".join(names), folder
    for name in names[:-1]:
        path /= name
        if not stat.S_ISDIR(_status(path, entry).st_mode):
            raise StoreError("store.backup_not_plain", file=entry)
    path /= names[-1]
    seen = _status(path, entry)
    if not stat.S_ISREG(seen.st_mode):
        raise StoreError("store.backup_not_plain", file=entry)
    handle = os.open(path, _FLAGS)
    try:
        opened = os.fstat(handle)
        # Another one may have taken the place of what was looked at.
        if not stat.S_ISREG(opened.st_mode) or not os.path.samestat(seen, opened):
            raise StoreError("store.backup_not_plain", file=entry)
        if size is not None and opened.st_size != size:
            raise StoreError("store.backup_damaged", file=entry)
        return os.fdopen(handle, "rb")
    except BaseException:
        os.close(handle)
        raise


def _status(path: Path, entry: str) -> os.stat_result:
    """Return what is at a path itself, not what a link leads to."""
    found = path.lstat()
    if getattr(found, "st_reparse_tag", False):  # Windows: a junction says that it is a folder
        raise StoreError("store.backup_not_plain", file=entry)
    return found
