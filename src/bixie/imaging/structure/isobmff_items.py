"""Walk items and keys of a ``meta`` box: EXIF and XMP of HEIC and AVIF, keys of MOV.

After ISO/IEC 14496-12 (iinf, iloc, pitm), 23008-12 (iprp) and Apple's QuickTime file format (keys, ilst).
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bixie.imaging.structure import blocks
from bixie.imaging.structure.jpeg import jpeg_preview
from bixie.imaging.structure.model import Node
from bixie.imaging.structure.reader import OutOfBoundsError, Reader

__all__ = ["facts", "items", "named", "primary_size"]

Extents = tuple[tuple[int, int], ...]
_XMP_TYPE = "application/rdf+xml"
_UTF8 = 1
_SHORT_TEXT = 1024
_IDAT, _FILE = 1, 0


def facts(reader: Reader, kind: bytes, at: int, end: int) -> dict[str, Any]:
    """Return the facts of an item or property box; empty for other boxes.

    Raises
    ------
    OutOfBoundsError
        If the box ends before its fields do.
    """
    parser = _PARSERS.get(kind)
    return parser(reader, at, end) if parser else {}


def named(reader: Reader, children: tuple[Node, ...]) -> tuple[Node, ...]:
    """Return `children` with the entries of ``ilst`` carrying their ``key`` and ``value``."""
    keys: list[str] = next((node.facts.get("keys", []) for node in children if node.kind == "keys"), [])
    return tuple(
        replace(node, children=tuple(_named(reader, entry, keys) for entry in node.children))
        if node.kind == "ilst"
        else node
        for node in children
    )


def items(reader: Reader, children: tuple[Node, ...]) -> tuple[Node, ...]:
    """Return an ``item`` node for every item that the boxes of a ``meta`` describe.

    Facts are ``id``, ``type``, ``name``, ``content_type`` and ``extents`` (absolute offset and length); EXIF
    and XMP items have the block below them.
    """
    by_kind = {node.kind: node for node in children}
    if "iinf" not in by_kind:
        return ()
    located = by_kind["iloc"].facts.get("items", {}) if "iloc" in by_kind else {}
    idat = by_kind["idat"].payload[0] if "idat" in by_kind else 0
    found: list[Node] = []
    for info in by_kind["iinf"].facts.get("items", []):
        if reader.exhausted:
            break
        method, extents = located.get(info["id"], (_FILE, ()))
        if method == _IDAT:
            extents = tuple((offset + idat, length) for offset, length in extents)
        found.append(_item(reader, info, extents))
    return tuple(found)


def primary_size(nodes: list[Node]) -> tuple[int, int] | None:
    """Return the size of the primary item, or of the largest one where none is primary."""
    properties = next((node.children for node in nodes if node.kind == "ipco"), ())
    primary = next((node.facts.get("item") for node in nodes if node.kind == "pitm"), None)
    linked: dict[int, list[int]] = next(
        (node.facts.get("items", {}) for node in nodes if node.kind == "ipma"), {}
    )
    of_primary = [properties[i - 1] for i in linked.get(primary or 0, []) if 0 < i <= len(properties)]
    sizes = [node.facts for node in (of_primary or properties) if node.kind == "ispe" and node.facts]
    if not sizes:
        return None
    largest = max(sizes, key=lambda size: size["width"] * size["height"])
    return largest["width"], largest["height"]


def _item(reader: Reader, info: dict[str, Any], extents: Extents) -> Node:
    offset, length = extents[0] if extents else (0, 0)
    child: tuple[Node, ...] = ()
    if len(extents) == 1 and info["type"] == "Exif" and length > 4:
        # The item begins with the distance from there to the TIFF header.
        start = offset + 4 + int.from_bytes(reader.data[offset : offset + 4])
        if start < offset + length:
            child = (blocks.exif(reader, start, offset + length - start, jpeg_preview),)
        else:
            reader.note("imaging.exif_unreadable")
    elif len(extents) == 1 and info["content_type"] == _XMP_TYPE:
        child = (blocks.leaf(reader, "xmp", offset, length),)
    return reader.node("item", offset, length, children=child, extents=extents, **info)


def _named(reader: Reader, entry: Node, keys: list[str]) -> Node:
    index = int.from_bytes(reader.data[entry.offset + 4 : entry.offset + 8])
    key = keys[index - 1] if 0 < index <= len(keys) else entry.kind
    at, length = entry.payload
    found: dict[str, Any] = {"key": key}
    if length >= 16 and reader.data[at + 4 : at + 8] == b"data":
        size = min(reader.number(at, 4), length)
        value = reader.data[at + 16 : at + max(size, 16)]
        found["value_type"] = reader.number(at + 8, 4)
        found["value_at"] = (at + 16, len(value))
        if found["value_type"] == _UTF8 and len(value) <= _SHORT_TEXT:
            found["value"] = value.decode("utf-8", "replace")
    return replace(entry, facts=found)


def _item_infos(reader: Reader, at: int, end: int) -> dict[str, Any]:
    version = reader.number(at, 1, end=end)
    step = 2 if version == 0 else 4
    count = reader.number(at + 4, step, end=end)
    at += 4 + step
    found: list[dict[str, Any]] = []
    while at + 8 <= end and len(found) < min(count, reader.limits.nodes):
        size = reader.number(at, 4)
        if size < 8 or at + size > end:
            raise OutOfBoundsError(at)
        if reader.data[at + 4 : at + 8] == b"infe":
            found.append(_item_info(reader, at + 8, at + size))
        at += size
    return {"items": found}


def _item_info(reader: Reader, at: int, end: int) -> dict[str, Any]:
    version = reader.number(at, 1, end=end)
    if version < 2:
        return {"id": reader.number(at + 4, 2, end=end), "type": "", "name": "", "content_type": ""}
    step = 2 if version == 2 else 4
    identifier = reader.number(at + 4, step, end=end)
    at += 4 + step + 2
    strings = reader.data[at + 4 : end].split(b"\0")
    name, content_type = (text[:128].decode("utf-8", "replace") for text in (*strings, b"", b"")[:2])
    return {
        "id": identifier,
        "type": reader.text(at, max(min(4, end - at), 0)),
        "type_at": at,
        "name": name,
        "content_type": content_type,
    }


def _item_locations(reader: Reader, at: int, end: int) -> dict[str, Any]:
    numbers = _Numbers(reader, at, end)
    version = numbers.take(1)
    numbers.take(3)
    sizes = numbers.take(2)
    offset_size, length_size, base_size, index_size = (sizes >> shift & 15 for shift in (12, 8, 4, 0))
    wide = 4 if version >= 2 else 2
    located: dict[int, tuple[int, Extents]] = {}
    extents_left = reader.limits.nodes
    for _ in range(min(numbers.take(wide), reader.limits.nodes)):
        identifier = numbers.take(wide)
        method = numbers.take(2) & 15 if version else _FILE
        numbers.take(2)
        base = numbers.take(base_size)
        extents: list[tuple[int, int]] = []
        for _ in range(min(numbers.take(2), extents_left)):
            numbers.take(index_size if version else 0)
            offset = base + numbers.take(offset_size)
            extents.append((offset, numbers.take(length_size)))
        extents_left -= len(extents)
        located[identifier] = (method, tuple(extents))
    return {"items": located}


def _associations(reader: Reader, at: int, end: int) -> dict[str, Any]:
    numbers = _Numbers(reader, at, end)
    version = numbers.take(1)
    wide_index = numbers.take(3) & 1
    found: dict[int, list[int]] = {}
    left = reader.limits.nodes
    for _ in range(min(numbers.take(4), reader.limits.nodes)):
        identifier = numbers.take(4 if version else 2)
        count = min(numbers.take(1), left)
        left -= count
        # The top bit marks an essential property.
        found[identifier] = [
            numbers.take(2) & 0x7FFF if wide_index else numbers.take(1) & 0x7F for _ in range(count)
        ]
    return {"items": found}


def _key_names(reader: Reader, at: int, end: int) -> dict[str, Any]:
    count = reader.number(at + 4, 4, end=end)
    at += 8
    names: list[str] = []
    while at + 8 <= end and len(names) < min(count, reader.limits.nodes):
        size = reader.number(at, 4)
        if size < 8 or at + size > end:
            raise OutOfBoundsError(at)
        names.append(reader.data[at + 8 : at + min(size, 136)].decode("utf-8", "replace"))
        at += size
    return {"keys": names}


def _primary(reader: Reader, at: int, end: int) -> dict[str, Any]:
    wide = 2 if reader.number(at, 1, end=end) == 0 else 4
    return {"item": reader.number(at + 4, wide, end=end)}


def _spatial_extents(reader: Reader, at: int, end: int) -> dict[str, Any]:
    return {"width": reader.number(at + 4, 4, end=end), "height": reader.number(at + 8, 4, end=end)}


def _rotation(reader: Reader, at: int, end: int) -> dict[str, Any]:
    return {"quarter_turns": reader.number(at, 1, end=end) & 3}


def _mirror(reader: Reader, at: int, end: int) -> dict[str, Any]:
    return {"axis": reader.number(at, 1, end=end) & 1}


class _Numbers:
    """Read consecutive integers; a size of 0 reads as 0."""

    def __init__(self, reader: Reader, at: int, end: int) -> None:
        self._reader = reader
        self._at = at
        self._end = end

    def take(self, size: int) -> int:
        value = self._reader.number(self._at, size, end=self._end)
        self._at += size
        return value


_PARSERS: dict[bytes, Callable[[Reader, int, int], dict[str, Any]]] = {
    b"iinf": _item_infos,
    b"iloc": _item_locations,
    b"ipma": _associations,
    b"keys": _key_names,
    b"pitm": _primary,
    b"ispe": _spatial_extents,
    b"irot": _rotation,
    b"imir": _mirror,
}
