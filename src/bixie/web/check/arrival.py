"""A file's bytes on their way from the browser to the disk, held to the limits before they are kept."""

import shutil
from collections.abc import AsyncIterator
from errno import ENOSPC
from pathlib import Path

from starlette.concurrency import run_in_threadpool

from bixie.imaging.errors import ImagingError
from bixie.imaging.limits import Limits
from bixie.imaging.sniff import HEAD_BYTES, sniff
from bixie.imaging.source import byte_limit, check_bytes
from bixie.web.check.errors import CheckError

__all__ = ["receive"]

_SPARE_BYTES = 512 * 1024 * 1024
"""So much of the disk is left to others."""
_WRITE_BYTES = 1024 * 1024
"""Written at a time: each write goes to another thread, and chunks are small."""


async def receive(chunks: AsyncIterator[bytes], path: Path, limits: Limits, announced: int) -> int:
    """Write a body to `path`; nothing of a refused one stays.

    Parameters
    ----------
    chunks : async iterator of bytes
    path : Path
    limits : Limits
    announced : int
        Bytes that are coming, at most.

    Returns
    -------
    int
        Bytes written.

    Raises
    ------
    ImagingError
        ``imaging.empty_file``, ``imaging.too_many_bytes``, or ``imaging.unknown_format`` for a large file
        that is neither a picture nor a video.
    CheckError
        ``check.disk_full``, or ``check.no_such_run`` for a run that was dropped meanwhile.
    """
    largest = limits.max_file_bytes
    check_bytes(announced, largest)
    size, head, limit, pending = 0, b"", largest, bytearray()
    try:
        if shutil.disk_usage(path.parent).free - announced < _SPARE_BYTES:
            raise CheckError("check.disk_full", 409)
        with path.open("xb") as file:
            async for chunk in chunks:
                if len(head) < HEAD_BYTES:
                    head += chunk[: HEAD_BYTES - len(head)]
                    limit = byte_limit(head, limits)
                size += len(chunk)
                if size > limit and sniff(head) is None:
                    raise ImagingError("imaging.unknown_format", path="")  # the reason, rather than its size
                check_bytes(size, limit)
                pending += chunk
                if len(pending) >= _WRITE_BYTES:
                    await run_in_threadpool(file.write, pending)
                    pending = bytearray()
            await run_in_threadpool(file.write, pending)
        if not size:
            raise ImagingError("imaging.empty_file", path="")
    except BaseException as error:
        path.unlink(missing_ok=True)
        if isinstance(error, FileNotFoundError):
            raise CheckError("check.no_such_run", 404) from error
        if isinstance(error, OSError) and error.errno == ENOSPC:
            raise CheckError("check.disk_full", 409) from error
        raise
    return size
