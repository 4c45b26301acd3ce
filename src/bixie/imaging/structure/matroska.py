"""Matroska and WebM: EBML elements (RFC 8794, RFC 9559) down to tracks, tags and attachments.

Kinds are the elements' names, or ``0x…`` where this reader has none. Pictures and sound in clusters are not
listed one by one: a cluster is one node.
"""

import struct
from typing import Any

from bixie.imaging.structure.model import Node, Structure
from bixie.imaging.structure.reader import OutOfBoundsError, Reader

__all__ = ["walk_matroska"]

# identifier: (name, type of its content)
_ELEMENTS = {
    0x1A45DFA3: ("EBML", "master"), 0x4282: ("DocType", "text"), 0x18538067: ("Segment", "master"),
    0x114D9B74: ("SeekHead", "skip"), 0x1549A966: ("Info", "master"),
    0x2AD7B1: ("TimestampScale", "number"), 0x4489: ("Duration", "float"), 0x4461: ("DateUTC", "signed"),
    0x7BA9: ("Title", "text"), 0x4D80: ("MuxingApp", "text"), 0x5741: ("WritingApp", "text"),
    0x1654AE6B: ("Tracks", "master"), 0xAE: ("TrackEntry", "master"), 0xD7: ("TrackNumber", "number"),
    0x83: ("TrackType", "number"), 0x86: ("CodecID", "text"), 0x258688: ("CodecName", "text"),
    0xE0: ("Video", "master"), 0xB0: ("PixelWidth", "number"), 0xBA: ("PixelHeight", "number"),
    0xE1: ("Audio", "master"), 0x1254C367: ("Tags", "master"), 0x7373: ("Tag", "master"),
    0x63C0: ("Targets", "master"), 0x67C8: ("SimpleTag", "master"), 0x45A3: ("TagName", "text"),
    0x4487: ("TagString", "text"), 0x1941A469: ("Attachments", "master"),
    0x61A7: ("AttachedFile", "master"), 0x466E: ("FileName", "text"), 0x4660: ("FileMediaType", "text"),
    0x465C: ("FileData", "skip"), 0x1043A770: ("Chapters", "skip"), 0x1C53BB6B: ("Cues", "skip"),
    0x1F43B675: ("Cluster", "skip"), 0xEC: ("Void", "skip"), 0xBF: ("CRC-32", "skip"),
}  # fmt: skip
_CLUSTER = 0x1F43B675
_SHORT_TEXT = 1024


def walk_matroska(reader: Reader) -> Structure:
    """Return the structure of a Matroska or WebM file."""
    nodes, at = _elements(reader, 0, reader.size, depth=1)
    found = {node.kind: node.facts.get("value") for top in nodes for node in top.walk()}
    width, height = found.get("PixelWidth"), found.get("PixelHeight")
    trailing = (at, reader.size - at) if at < reader.size else None
    return Structure("video/x-matroska", reader.data, nodes, (), trailing, (), width, height)


def _elements(reader: Reader, at: int, end: int, depth: int) -> tuple[tuple[Node, ...], int]:
    nodes: list[Node] = []
    if reader.too_deep(depth):
        return (), end
    while at < end and not reader.exhausted:
        try:
            node = _element(reader, at, end, depth)
        except OutOfBoundsError:
            if depth > 1:
                reader.note_damage(at)
            break
        nodes.append(node)
        at = node.offset + node.length
    return tuple(nodes), at


def _element(reader: Reader, at: int, end: int, depth: int) -> Node:
    identifier, id_length = _variable(reader, at, end, keep_marker=True)
    size, size_length = _variable(reader, at + id_length, end, keep_marker=False)
    start = at + id_length + size_length
    name, content = _ELEMENTS.get(identifier, (f"0x{identifier:X}", "skip"))
    if size is None:
        # A live recording has no size; a cluster's blocks then follow as elements of its parent.
        size = 0 if identifier == _CLUSTER else end - start
    if start + size > end:
        reader.note_damage(at)
        size = end - start
    if depth == 1 and identifier not in _ELEMENTS:
        raise OutOfBoundsError(at)
    if content == "master":
        children, _ = _elements(reader, start, start + size, depth + 1)
        return reader.node(name, at, start + size - at, (start, size), children)
    facts = _value(reader, content, start, size)
    return reader.node(name, at, start + size - at, (start, size), **facts)


def _variable(reader: Reader, at: int, end: int, *, keep_marker: bool) -> tuple[Any, int]:
    """Return a variable-length integer and its size in bytes; None for an unknown size."""
    first = reader.number(at, 1, end=end)
    length = 9 - first.bit_length()
    if length > (4 if keep_marker else 8):
        raise OutOfBoundsError(at)
    value = reader.number(at, length, end=end)
    if keep_marker:
        return value, length
    value &= (1 << 7 * length) - 1
    return (None if value == (1 << 7 * length) - 1 else value), length


def _value(reader: Reader, content: str, at: int, length: int) -> dict[str, Any]:
    raw = reader.data[at : at + min(length, _SHORT_TEXT)]
    if content == "text":
        return {"value": raw.rstrip(b"\0").decode("utf-8", "replace")}
    if content in ("number", "signed") and length <= 8:
        return {"value": int.from_bytes(raw, signed=content == "signed")}
    if content == "float" and length in (4, 8):
        return {"value": struct.unpack(">f" if length == 4 else ">d", raw)[0]}
    return {}
