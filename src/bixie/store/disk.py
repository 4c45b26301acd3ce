"""Durable writes to disk, and the disk's errors as typed ones."""

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from bixie.kit.reasons import plain_reason
from bixie.store.errors import StoreError

__all__ = ["durable", "file_refusals", "make_folder", "sync_folder", "write_whole"]

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@contextmanager
def file_refusals() -> Iterator[None]:
    """Turn the disk's errors inside the block into a `StoreError`.

    Raises
    ------
    StoreError
        ``store.full`` or ``store.files``.
    """
    try:
        yield
    except OSError as error:
        code = "store.full" if error.errno in _FULL else "store.files"
        raise StoreError(code, reason=plain_reason(error)) from error


@contextmanager
def durable(path: Path, mode: int = 0o666) -> Iterator[BinaryIO]:
    """Open a new file to write, with that mode less the umask; it is on disk after the block."""
    make_folder(path.parent)
    with open(path, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)


def write_whole(path: Path, data: bytes, mode: int = 0o666) -> None:
    """Write a file in place of what was there: readers see all of it or nothing, and it is on disk.

    A process that is killed meanwhile may leave a file beside it whose name ends in ``.new``.
    """
    new = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    with durable(new, mode) as file:
        file.write(data)
    new.replace(path)
    sync_folder(path.parent)


def make_folder(folder: Path) -> None:
    """Create a folder and its parents durably."""
    missing = [one for one in (folder, *folder.parents) if not one.is_dir()]
    for one in reversed(missing):
        one.mkdir(mode=0o700, exist_ok=True)
        sync_folder(one.parent)


def sync_folder(folder: Path) -> None:
    """Wait until the entries of a folder are on disk."""
    if os.name == "nt":  # Windows cannot sync a folder
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
