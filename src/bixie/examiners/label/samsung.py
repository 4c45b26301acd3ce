"""Read the records that Samsung phones append to a picture: in a ``sefd`` box, or behind the end of the file.

A directory at the very end (``SEFH`` … ``SEFT``) lists them by their distance from it, backwards.
"""

from dataclasses import dataclass

__all__ = ["Record", "Records", "samsung_records"]

_ENTRY = 12
_MAX_RECORDS = 64
_MAX_LENGTH = 64 * 1024
_MAX_NAME = 64


@dataclass(frozen=True, slots=True)
class Record:
    """One record that is text: its name, its text, its offset in the file in bytes."""

    name: str
    text: str
    offset: int


@dataclass(frozen=True, slots=True)
class Records:
    """The records of one block, in its order, and where the block begins."""

    records: tuple[Record, ...]
    begin: int


def samsung_records(data: bytes, offset: int, length: int) -> Records | None:
    """Return the records whose directory ends the given bytes; None where they end otherwise.

    Parameters
    ----------
    data : bytes
        The file.
    offset, length : int
        In bytes.
    """
    end = offset + length
    if length < 20 or data[end - 4 : end] != b"SEFT":
        return None
    head = end - 8 - int.from_bytes(data[end - 8 : end - 4], "little")
    if head < offset or data[head : head + 4] != b"SEFH":
        return None
    count = int.from_bytes(data[head + 8 : head + 12], "little")
    found: list[Record] = []
    begin = head
    for index in range(min(count, _MAX_RECORDS)):
        at = head + 12 + index * _ENTRY
        if at + _ENTRY > end - 8:
            break
        back, size = (int.from_bytes(data[at + skip : at + skip + 4], "little") for skip in (4, 8))
        if offset <= head - back <= head - back + size <= head:
            begin = min(begin, head - back)
            found += _record(data, head - back, size)
    return Records(tuple(found), begin)


def _record(data: bytes, at: int, size: int) -> tuple[Record, ...]:
    """Return a record that is short text; pictures and videos are records too, and are left out."""
    name = int.from_bytes(data[at + 4 : at + 8], "little")
    if name > _MAX_NAME or not 8 + name <= size <= _MAX_LENGTH:
        return ()
    try:
        title, text = (
            data[a:b].rstrip(b"\0").decode("utf-8")
            for a, b in ((at + 8, at + 8 + name), (at + 8 + name, at + size))
        )
    except UnicodeDecodeError:
        return ()
    return (Record(title, text, at),)
