"""A file's bytes on their way from the browser to the disk, held to the limits before they are kept."""

import shutil
from collections.abc import AsyncIterator
from errno import ENOSPC
from pathlib import Path

from starlette.concurrency import run_in_threadpool

from bixie.imaging.errors import ImagingError
from bixie.imaging.limits import Limits
from bixie.imaging.sniff import HEAD_BYTES
from bixie.imaging.source import byte_limit, check_bytes
from bixie.web.check.errors import CheckError

__all__ = ["receive"]

_SPARE_BYTES = 512 * 1024 * 1024
"""So much of the disk is left to others."""


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
        ``imaging.empty_file`` or ``imaging.too_many_bytes``.
    CheckError
        ``check.disk_full``, or ``check.no_such_run`` for a run that was dropped meanwhile.
    """
    largest = limits.max_file_bytes
    check_bytes(announced, largest)
    size, head, limit = 0, b"", largest
    try:
        if shutil.disk_usage(path.parent).free - announced < _SPARE_BYTES:
            raise CheckError("check.disk_full", 409)
        with path.open("xb") as file:
            async for chunk in chunks:
                if len(head) < HEAD_BYTES:
                    head += chunk[: HEAD_BYTES - len(head)]
                    limit = byte_limit(head, limits)
                size += len(chunk)
                check_bytes(size, limit)
                await run_in_threadpool(file.write, chunk)
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
