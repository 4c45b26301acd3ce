"""The three sums of a file: SHA-256 and SM3 for the manifest, CRC-32 for the zip."""

import hashlib
import zlib

from cryptography.hazmat.primitives.hashes import SM3, Hash

__all__ = ["Digests"]


class Digests:
    """The sums of what is passed in, piece by piece.

    References
    ----------
    FIPS 180-4 (SHA-256); GB/T 32905-2016 (SM3).
    """

    def __init__(self) -> None:
        self.bytes, self.crc32 = 0, 0
        self._sha256, self._sm3 = hashlib.sha256(), Hash(SM3())

    def update(self, piece: bytes) -> None:
        """Take the next piece."""
        self.bytes += len(piece)
        self.crc32 = zlib.crc32(piece, self.crc32)
        self._sha256.update(piece)
        self._sm3.update(piece)

    def finish(self) -> tuple[str, str]:
        """Return SHA-256 and SM3, 64 hexadecimal digits each; nothing can follow."""
        return self._sha256.hexdigest(), self._sm3.finalize().hex()
