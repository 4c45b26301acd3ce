"""The canonical zip: one spelling for the same members, so that no byte of it can change unseen.

Members are stored, not compressed, without gaps, extra fields, comments or attributes, and with one date.
Readers refuse every other zip: what they do not read nobody could check.

References
----------
PKWARE APPNOTE 6.3.10, sections 4.3.7 (local header), 4.3.12 (central directory), 4.3.16 (end).
"""

import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from bixie.dossier.errors import PackageFaultError

__all__ = [
    "MAX_BYTES",
    "MAX_MEMBERS",
    "Entry",
    "central_directory",
    "chunks_of",
    "is_member_name",
    "local_header",
    "read_directory",
]

MAX_BYTES = (1 << 32) - 1
"""Of a package: sizes and places have 32 bits; zip64 is a second spelling that few readers agree about."""
MAX_MEMBERS = 20_000
MAX_NAME = 200

_PIECE = 1 << 20
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*(\.[a-z0-9_-]+)*(/[a-z0-9][a-z0-9_-]*(\.[a-z0-9_-]+)*)*")
_DATE = 0x21  # 1 January 1980, the first that a zip can write
_VERSION, _UTF8 = 20, 0x800
_LOCAL = struct.Struct("<IHHHHHIIIHH")
_CENTRAL = struct.Struct("<IHHHHHHIIIHHHHHII")
_END = struct.Struct("<IHHHHIIH")


@dataclass(frozen=True, slots=True)
class Entry:
    """A member.

    Parameters
    ----------
    name : str
    bytes : int
    crc32 : int
    offset : int
        Of its local header.
    """

    name: str
    bytes: int
    crc32: int
    offset: int

    @property
    def data(self) -> int:
        """Offset of the member's first byte."""
        return self.offset + _LOCAL.size + len(self.name)


def is_member_name(name: str) -> bool:
    """Return whether a member may have this name: lower-case ASCII, no upward or absolute path."""
    return len(name) <= MAX_NAME and _NAME.fullmatch(name) is not None


def local_header(entry: Entry) -> bytes:
    """Return what stands before a member's data."""
    facts = (_VERSION, _UTF8, 0, 0, _DATE, entry.crc32, entry.bytes, entry.bytes, len(entry.name), 0)
    return _LOCAL.pack(0x04034B50, *facts) + entry.name.encode()


def central_directory(entries: Sequence[Entry], offset: int) -> bytes:
    """Return what stands after the last member, which ends at `offset`."""
    listed = b"".join(map(_central, entries))
    return listed + _END.pack(0x06054B50, 0, 0, len(entries), len(entries), len(listed), offset, 0)


def _central(entry: Entry) -> bytes:
    facts = (_VERSION, _VERSION, _UTF8, 0, 0, _DATE, entry.crc32, entry.bytes, entry.bytes, len(entry.name))
    return _CENTRAL.pack(0x02014B50, *facts, 0, 0, 0, 0, 0, entry.offset) + entry.name.encode()


def read_directory(file: BinaryIO) -> list[Entry]:
    """Return the members of a canonical zip, after comparing every byte that is not a member's data.

    Raises
    ------
    PackageFaultError
        ``package.not_a_zip``, ``package.trailing``, ``package.too_large``, ``package.not_canonical``,
        ``package.name``, ``package.duplicate``.
    """
    length = file.seek(0, 2)
    if length > MAX_BYTES:
        raise PackageFaultError("package.too_large", limit=MAX_BYTES)
    count, size, offset = _end(file, length)
    directory = _at(file, offset, size)
    entries = list(_listed(directory, count))
    seen: set[str] = set()
    place = 0
    for entry in entries:
        if entry.name in seen:
            raise PackageFaultError("package.duplicate", entry.name)
        seen.add(entry.name)
        if entry.offset != place or _at(file, place, entry.data - place) != local_header(entry):
            raise PackageFaultError("package.not_canonical", entry.name)
        place = entry.data + entry.bytes
    found = directory + _at(file, offset + size, _END.size)
    if place != offset or found != central_directory(entries, offset):
        raise PackageFaultError("package.not_canonical")
    return entries


def chunks_of(file: BinaryIO, entry: Entry) -> Iterator[bytes]:
    """Yield a member's data in pieces."""
    file.seek(entry.data)
    left = entry.bytes
    while left:
        piece = file.read(min(left, _PIECE))
        if not piece:
            return
        left -= len(piece)
        yield piece


def _end(file: BinaryIO, length: int) -> tuple[int, int, int]:
    """Return number of members, size and place of the central directory."""
    if _at(file, 0, 4) != b"PK\x03\x04":
        raise PackageFaultError("package.not_a_zip")
    end = _at(file, max(0, length - _END.size), _END.size)
    if len(end) < _END.size or not end.startswith(b"PK\x05\x06"):
        raise PackageFaultError("package.trailing")
    _, _, _, _, count, size, offset, _ = _END.unpack(end)
    if offset + size + _END.size != length:
        raise PackageFaultError("package.trailing")
    if count > MAX_MEMBERS or size > MAX_MEMBERS * (_CENTRAL.size + MAX_NAME):
        raise PackageFaultError("package.too_large", limit=MAX_MEMBERS)
    return count, size, offset


def _listed(directory: bytes, count: int) -> Iterator[Entry]:
    place = 0
    for _ in range(count):
        fixed = directory[place : place + _CENTRAL.size]
        if len(fixed) < _CENTRAL.size:
            raise PackageFaultError("package.not_canonical")
        facts = _CENTRAL.unpack(fixed)
        name = directory[place + _CENTRAL.size : place + _CENTRAL.size + facts[10]].decode("ascii", "replace")
        if not is_member_name(name):
            raise PackageFaultError("package.name", name[:MAX_NAME])
        entry = Entry(name, facts[9], facts[7], facts[16])
        # Encrypted and compressed members, links and extra fields differ here.
        if directory[place : place + _CENTRAL.size + len(name)] != _central(entry):
            raise PackageFaultError("package.not_canonical", name)
        place += _CENTRAL.size + len(name)
        yield entry


def _at(file: BinaryIO, offset: int, size: int) -> bytes:
    file.seek(offset)
    return file.read(size)
