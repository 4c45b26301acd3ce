"""TIFF directories: of TIFF files, and of the EXIF, MPF and GPS blocks that use the same form.

Node kinds: ``IFD`` (facts ``name``, ``byte_order``) with one ``tag`` below it for each entry (facts ``tag``,
``type``, ``count``, and ``value`` where it is short). After TIFF 6.0, EXIF 3.0 and the BigTIFF design.
"""

import struct
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

from bixie.imaging.structure.model import Node
from bixie.imaging.structure.reader import OutOfBoundsError, Reader

__all__ = ["Directories", "walk_tiff"]

_SIZES = {
    1: 1,
    2: 1,
    3: 2,
    4: 4,
    5: 8,
    6: 1,
    7: 1,
    8: 2,
    9: 4,
    10: 8,
    11: 4,
    12: 8,
    13: 4,
    16: 8,
    17: 8,
    18: 8,
}
_LETTERS = {
    1: "B",
    3: "H",
    4: "I",
    6: "b",
    8: "h",
    9: "i",
    11: "f",
    12: "d",
    13: "I",
    16: "Q",
    17: "q",
    18: "Q",
}
_ASCII, _RATIONAL, _UNDEFINED, _SIGNED_RATIONAL = 2, 5, 7, 10
_SHORT_VALUE = 1024
"""Bytes up to which a value is decoded into facts; longer ones stay in the payload."""

_SUB_DIRECTORIES = {0x8769: "Exif", 0x8825: "GPS", 0xA005: "Interop", 0x014A: "SubIFD"}
_BLOCKS = {700: "xmp", 34675: "icc", 33723: "iptc", 34377: "photoshop", 0xCD41: "jumbf"}
_PREVIEW_AT, _PREVIEW_LENGTH = 513, 514


@dataclass(slots=True)
class Directories:
    """Directories and previews of a TIFF block.

    Parameters
    ----------
    nodes : list of Node
        The directories, each before those that it points to.
    byte_order : {"little", "big"}
    previews : list of tuple of int
        ``(offset, length)`` of JPEG previews that the directories point to.
    """

    nodes: list[Node] = field(default_factory=list)
    byte_order: Literal["little", "big"] = "big"
    previews: list[tuple[int, int]] = field(default_factory=list)


def walk_tiff(reader: Reader, start: int, length: int, *, main: str = "IFD") -> Directories | None:
    """Walk the directories of the TIFF block at ``start``.

    Parameters
    ----------
    reader : Reader
    start, length : int
        The block; offsets inside it count from `start`.
    main : str
        What the directories of the main chain are called: ``IFD0``, ``IFD1`` and so on.

    Returns
    -------
    Directories or None
        None if the block has no TIFF header.
    """
    start, length = reader.clip(start, length)
    head = reader.data[start : start + 16]
    if head[:4] in (b"II*\0", b"MM\0*"):
        wide = False
    elif head[:4] in (b"II+\0", b"MM\0+"):
        wide = True
    else:
        return None
    walk = _Walk(reader, start, start + length, "little" if head[:2] == b"II" else "big", wide)
    try:
        first = walk.number(start + (8 if wide else 4), 8 if wide else 4)
    except OutOfBoundsError:
        return None
    walk.chain(first, main, depth=1)
    return Directories(walk.nodes, walk.order, walk.previews)


class _Walk:
    """The walk of one block; `_seen` holds the visited directories, so that no cycle is followed."""

    def __init__(
        self, reader: Reader, base: int, end: int, order: Literal["little", "big"], wide: bool
    ) -> None:
        self.reader = reader
        self.base = base
        self.end = end
        self.order = order
        self.wide = wide
        self.nodes: list[Node] = []
        self.previews: list[tuple[int, int]] = []
        self._seen: set[int] = set()

    def number(self, at: int, size: int) -> int:
        return self.reader.number(at, size, self.order, self.end)

    def chain(self, offset: int, name: str, depth: int) -> None:
        """Follow a chain of directories from `offset`, counted from the block's start."""
        index = 0
        while offset and not self.reader.exhausted:
            if offset in self._seen:
                self.reader.note("imaging.structure_cycle", offset=self.base + offset)
                return
            self._seen.add(offset)
            try:
                offset = self._directory(offset, f"{name}{index}" if name == "IFD" else name, depth)
            except OutOfBoundsError:
                self.reader.note_damage(self.base + offset)
                return
            index += 1

    def _directory(self, offset: int, name: str, depth: int) -> int:
        at = self.base + offset
        head, entry = (8, 20) if self.wide else (2, 12)
        count = self.number(at, head)
        entries: list[Node] = []
        below: list[tuple[int, str]] = []
        for position in range(at + head, at + head + count * entry, entry):
            if self.reader.exhausted:
                break
            if position + entry > self.end:
                self.reader.note_damage(position)
                break
            node = self._entry(position)
            entries.append(node)
            below += self._sub_directories(node)
        after = at + head + count * entry
        self._note_preview(entries)
        self.nodes.append(
            self.reader.node(
                "IFD",
                at,
                after - at,
                children=tuple(entries),
                name=name,
                byte_order=self.order,
                base=self.base,
            )
        )
        if below and not self.reader.too_deep(depth + 1):
            for target, title in below:
                self.chain(target, title, depth + 1)
        return self.number(after, 8 if self.wide else 4) if after + 4 <= self.end else 0

    def _entry(self, at: int) -> Node:
        tag, kind = self.number(at, 2), self.number(at + 2, 2)
        field_size = 8 if self.wide else 4
        count = self.number(at + 4, field_size)
        value_at = at + 4 + field_size
        length = _SIZES.get(kind, 1) * count
        if length > field_size:
            value_at = self.base + self.number(value_at, field_size)
        inside = value_at >= self.base and value_at + length <= self.end
        if not inside:
            self.reader.note_damage(at)
        facts: dict[str, Any] = {"tag": tag, "type": kind, "count": count}
        if inside and length <= _SHORT_VALUE:
            facts["value"] = self._value(kind, count, value_at, length)
        block = _BLOCKS.get(tag)
        children = (self.reader.node(block, value_at, length),) if block and inside else ()
        payload = (value_at, length) if inside else (at, 0)
        return self.reader.node("tag", at, 20 if self.wide else 12, payload, children, **facts)

    def _value(self, kind: int, count: int, at: int, length: int) -> Any:
        raw = self.reader.data[at : at + length]
        if kind == _ASCII:
            return raw.split(b"\0", 1)[0].decode("utf-8", "replace")
        if kind == _UNDEFINED or kind not in _SIZES:
            return raw
        sign = "<" if self.order == "little" else ">"
        if kind in (_RATIONAL, _SIGNED_RATIONAL):
            pairs = struct.unpack(f"{sign}{count * 2}{'I' if kind == _RATIONAL else 'i'}", raw)
            numbers: tuple[Any, ...] = tuple(
                Fraction(above, below) if below else None
                for above, below in zip(pairs[::2], pairs[1::2], strict=True)
            )
        else:
            numbers = struct.unpack(f"{sign}{count}{_LETTERS[kind]}", raw)
        return numbers[0] if count == 1 else numbers

    def _sub_directories(self, node: Node) -> list[tuple[int, str]]:
        name = _SUB_DIRECTORIES.get(node.facts["tag"])
        if name is None:
            return []
        value = node.facts.get("value")
        targets = value if isinstance(value, tuple) else (value,)
        return [(target, name) for target in targets if isinstance(target, int)]

    def _note_preview(self, entries: list[Node]) -> None:
        values = {entry.facts["tag"]: entry.facts.get("value") for entry in entries}
        offset, length = values.get(_PREVIEW_AT), values.get(_PREVIEW_LENGTH)
        if (
            isinstance(offset, int)
            and isinstance(length, int)
            and length > 0
            and self.base + offset < self.end
        ):
            self.previews.append((self.base + offset, min(length, self.end - self.base - offset)))
