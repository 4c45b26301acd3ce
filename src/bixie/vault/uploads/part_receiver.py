"""Receives the body of one request of an upload and stores it as parts.

The event loop waits for the network; threads serve the disk only, so slow clients occupy none. Memory: one
message of the server and a small buffer for each request, however large it is.
"""

import hashlib
import tempfile
from collections.abc import AsyncIterable, Iterator

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from bixie.access.call import Call
from bixie.kit.chunks import chunks
from bixie.store.disk import file_refusals
from bixie.vault.uploads.errors import UploadError
from bixie.vault.uploads.service import UploadProgress, keep_part
from bixie.vault.uploads.tus import Checksum

__all__ = ["PART_BYTES", "PartReceiver"]

PART_BYTES = 16 << 20
"""A longer request is stored in parts of this size: its progress is visible, and a crash loses one part."""
_IN_MEMORY = 256 << 10


class PartReceiver:
    """Stores the bytes of one request; a context manager.

    Parameters
    ----------
    call : Call
    found : UploadProgress
        Of the upload, when the request begins.
    checksum : Checksum or None
        If given, the bytes of the request are stored all together or not at all.
    """

    def __init__(self, call: Call, found: UploadProgress, checksum: Checksum | None) -> None:
        self._call = call
        self._upload = found.upload
        self._offset = found.offset
        self._checksum = checksum
        self._digest = hashlib.new(checksum.algorithm, usedforsecurity=False) if checksum else None
        self._size = 0
        # Closed by `__exit__`.
        self._file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115

    def __enter__(self) -> "PartReceiver":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    async def receive(self, chunks: AsyncIterable[bytes]) -> int:
        """Store everything; return the new offset of the upload.

        Raises
        ------
        ClientDisconnect
            The client is gone. What arrived is stored unless a checksum was given: it cannot be compared.
        UploadError
            ``vault.checksum_mismatch``: nothing was stored. ``vault.beyond_length`` and those of `keep_part`:
            parts stored before stay.
        StoreError
            When the disk or the database refuses.
        """
        try:
            async for chunk in chunks:
                self._check_room(len(chunk))
                await run_in_threadpool(self._write, chunk)
                if self._digest is None and self._size >= PART_BYTES:
                    await run_in_threadpool(self._keep)
        except ClientDisconnect:
            if self._digest is None:
                await run_in_threadpool(self._keep)
            raise
        if self._checksum and self._digest and self._digest.digest() != self._checksum.digest:
            raise UploadError("vault.checksum_mismatch")
        await run_in_threadpool(self._keep)
        return self._offset

    def _check_room(self, more: int) -> None:
        length = self._upload.length
        if self._offset + self._size + more > length:
            raise UploadError("vault.beyond_length", length=length)

    def _write(self, chunk: bytes) -> None:
        with file_refusals():
            self._file.write(chunk)
        self._size += len(chunk)
        if self._digest is not None:
            self._digest.update(chunk)

    def _keep(self) -> None:
        if self._size == 0:
            return
        self._offset = keep_part(self._call, self._upload.id, self._offset, self._chunks())
        self._size = 0
        with file_refusals():
            self._file.seek(0)
            self._file.truncate()

    def _chunks(self) -> Iterator[bytes]:
        with file_refusals():
            self._file.seek(0)
        yield from chunks(self._file)
