"""Writes a package: files in their order, then manifest, time stamps and seal."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import BinaryIO, Protocol

from bixie.dossier.errors import DossierError
from bixie.dossier.package.digests import Digests
from bixie.dossier.package.manifest import MANIFEST, FileFacts, Manifest
from bixie.dossier.package.seal import SEAL, Seal, Token
from bixie.dossier.package.zip_format import (
    MAX_BYTES,
    MAX_MEMBERS,
    Entry,
    central_directory,
    is_member_name,
    local_header,
)
from bixie.ledger.errors import LedgerError
from bixie.ledger.signing import Signer

__all__ = ["PackageWriter", "Stamper"]


class Stamper(Protocol):
    """A time-stamp authority; `bixie.ledger.timestamps.Authority` is one."""

    @property
    def url(self) -> str:
        """Its address."""

    def stamp(self, message: bytes) -> bytes:
        """Return the response over a message, in DER."""


class PackageWriter:
    """Writes a package into a file that can be sought.

    Files must come in the order of their paths: the same content gives the same bytes.

    Parameters
    ----------
    file : BinaryIO
        Empty.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._entries: list[Entry] = []
        self._files: dict[str, FileFacts] = {}
        self._offset, self._last = 0, ""

    def add(self, path: str, pieces: Iterable[bytes]) -> FileFacts:
        """Write a file; each piece is read once and passed on.

        Raises
        ------
        ValueError
            For a path out of order, or one that no member may have.
        DossierError
            ``package.too_large``.
        """
        if not is_member_name(path) or path <= self._last:
            raise ValueError(path)
        facts = self._write(path, pieces)
        self._files[path], self._last = facts, path
        return facts

    def finish(
        self, case: str, created_at: str, version: str, signer: Signer, authorities: Sequence[Stamper] = ()
    ) -> tuple[Manifest, list[str]]:
        """Write manifest, time stamps and seal.

        Returns
        -------
        Manifest
        list of str
            Addresses of the authorities that gave no time stamp: the seal says which the package has.
        """
        manifest = Manifest(case, created_at, version, self._files)
        written = manifest.encode()
        facts = self._write(MANIFEST, [written])
        tokens, failed = list[Token](), list[str]()
        for one in authorities:
            try:
                tokens.append(self._stamped(len(tokens) + 1, one, written))
            except LedgerError:
                failed.append(one.url)
        self._write(SEAL, [Seal.over(facts.sha256, tokens, signer).encode()])
        self._file.write(central_directory(self._entries, self._offset))
        self._file.flush()
        return manifest, failed

    def _stamped(self, number: int, authority: Stamper, manifest: bytes) -> Token:
        response = authority.stamp(manifest)
        path = f"timestamps/{number}.tsr"
        self._write(path, [response])
        return Token(authority.url, path, hashlib.sha256(response).hexdigest())

    def _write(self, path: str, pieces: Iterable[bytes]) -> FileFacts:
        if len(self._entries) == MAX_MEMBERS:
            raise DossierError("package.too_large", limit=MAX_MEMBERS)
        unknown = Entry(path, 0, 0, self._offset)
        self._file.write(local_header(unknown))
        digests = Digests()
        for piece in pieces:
            digests.update(piece)
            if unknown.data + digests.bytes > MAX_BYTES:
                raise DossierError("package.too_large", limit=MAX_BYTES)
            self._file.write(piece)
        entry = Entry(path, digests.bytes, digests.crc32, self._offset)
        self._file.seek(entry.offset)
        self._file.write(local_header(entry))  # size and sum are known only now
        self._offset = self._file.seek(entry.data + entry.bytes)
        self._entries.append(entry)
        return FileFacts(digests.bytes, *digests.finish())
