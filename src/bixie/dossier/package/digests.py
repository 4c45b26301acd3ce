"""The three sums of a file: SHA-256 and SM3 for the manifest, CRC-32 for the zip."""

import hashlib
import zlib
from concurrent.futures import Future, ThreadPoolExecutor

from cryptography.hazmat.primitives.hashes import SM3, Hash

__all__ = ["Digests"]

_BESIDE = ThreadPoolExecutor(1, "sm3")
"""SM3 takes most of the time. It holds no lock of the interpreter, so it goes on while a piece is written."""


class Digests:
    """The sums of what is passed in, piece by piece.

    A piece must not change until the next one is passed in.

    References
    ----------
    FIPS 180-4 (SHA-256); GB/T 32905-2016 (SM3).
    """

    def __init__(self) -> None:
        self.bytes, self.crc32 = 0, 0
        self._sha256, self._sm3 = hashlib.sha256(), Hash(SM3())
        self._under_way: Future[None] | None = None

    def update(self, piece: bytes) -> None:
        """Take the next piece."""
        self._wait()
        self._under_way = _BESIDE.submit(self._sm3.update, piece)
        self.bytes += len(piece)
        self.crc32 = zlib.crc32(piece, self.crc32)
        self._sha256.update(piece)

    def finish(self) -> tuple[str, str]:
        """Return SHA-256 and SM3, 64 hexadecimal digits each; nothing can follow."""
        self._wait()
        return self._sha256.hexdigest(), self._sm3.finalize().hex()

    def _wait(self) -> None:
        if self._under_way is not None:
            self._under_way.result()
