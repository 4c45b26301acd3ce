"""What comes in with one request of an upload, on its way from the network to parts that are kept.

The event loop waits for the network; threads are used for the disk alone, so that many slow clients hold
none. Memory: one message of the server and a small buffer for each request, however large it is.
"""

import hashlib
import tempfile
from collections.abc import AsyncIterable, Iterator

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from bixie.access.call import Call
from bixie.store.disk import file_refusals
from bixie.vault.uploads.errors import UploadError
from bixie.vault.uploads.service import UploadProgress, keep_part
from bixie.vault.uploads.tus import Checksum

__all__ = ["PART_BYTES", "PartReceiver"]

PART_BYTES = 16 << 20
"""Of a longer request so much is kept at a time: whoever asks meanwhile sees how far it is, and no more than
this is lost with the server."""
_IN_MEMORY = 256 << 10
_CHUNK = 1 << 20


class PartReceiver:
    """The bytes of one request; a context manager.

    Parameters
    ----------
    call : Call
    found : UploadProgress
        Of the upload, when the request began.
    checksum : Checksum or None
        With one, the bytes of the request are kept whole or not at all.
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

    async def take(self, chunks: AsyncIterable[bytes]) -> int:
        """Take everything in; return where the upload stands then.

        Raises
        ------
        ClientDisconnect
            The client has gone. What had come is kept, unless there is a checksum, which nobody can compare.
        UploadError
            ``vault.checksum_mismatch``: nothing was kept. ``vault.beyond_length``, and as `keep_part`: what
            was kept before in parts stays.
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
        while chunk := self._file.read(_CHUNK):
            yield chunk
