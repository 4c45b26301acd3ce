"""GIF: the blocks of GIF89a, application extensions with their data included.

Kinds: ``header`` (size, colour table), ``image``, ``graphic_control``, ``comment``, ``plain_text``,
``application`` (fact ``application``, eleven letters), ``trailer``. A payload holds sub-blocks with their
length bytes; `joined` takes them out.
"""

from typing import Any

from bixie.imaging.structure import blocks
from bixie.imaging.structure.model import Node, Structure
from bixie.imaging.structure.reader import OutOfBoundsError, Reader

__all__ = ["joined", "walk_gif"]

_HEADER = 13
_EXTENSION, _IMAGE, _TRAILER = 0x21, 0x2C, 0x3B
_LABELS = {0xF9: "graphic_control", 0xFE: "comment", 0x01: "plain_text", 0xFF: "application"}
_XMP = "XMP DataXMP"
_XMP_TRAILER = 258
"""Bytes after an XMP packet, which has no sub-blocks: they lead readers past it (XMP part 3)."""
_ICC = "ICCRGBG1012"
_C2PA = "C2PA_GIF\x01\0\0"


def walk_gif(reader: Reader) -> Structure:
    """Return the structure of a GIF file."""
    nodes: list[Node] = []
    trailing: tuple[int, int] | None = None
    try:
        nodes.append(_header(reader))
        at = nodes[0].length
        while not reader.exhausted:
            nodes.append(_block(reader, at))
            at = nodes[-1].offset + nodes[-1].length
            if nodes[-1].kind == "trailer":
                trailing = (at, reader.size - at) if at < reader.size else None
                break
    except OutOfBoundsError:
        reader.note_damage(nodes[-1].offset if nodes else 0)
    first = nodes[0].facts if nodes else {}
    return Structure(
        "image/gif", reader.data, tuple(nodes), (), trailing, (), first.get("width"), first.get("height")
    )


def joined(data: bytes, offset: int, length: int) -> bytes:
    """Return the content of the sub-blocks in ``data[offset:offset + length]``, without length bytes."""
    end = min(offset + length, len(data))
    pieces: list[bytes] = []
    while offset < end and data[offset]:
        pieces.append(data[offset + 1 : min(offset + 1 + data[offset], end)])
        offset += 1 + data[offset]
    return b"".join(pieces)


def _header(reader: Reader) -> Node:
    width, height = reader.number(6, 2, "little"), reader.number(8, 2, "little")
    flags = reader.number(10, 1)
    table = 3 << (flags & 7) + 1 if flags & 0x80 else 0
    facts: dict[str, Any] = {"version": reader.text(3, 3), "width": width, "height": height}
    return reader.node("header", 0, _HEADER + table, (_HEADER, table), **facts)


def _block(reader: Reader, at: int) -> Node:
    introducer = reader.number(at, 1)
    if introducer == _TRAILER:
        return reader.node("trailer", at, 1, (at + 1, 0))
    if introducer == _IMAGE:
        return _image(reader, at)
    if introducer == _EXTENSION:
        return _extension(reader, at)
    reader.note_damage(at)
    raise OutOfBoundsError(at)


def _image(reader: Reader, at: int) -> Node:
    left, top, width, height = (reader.number(at + 1 + 2 * i, 2, "little") for i in range(4))
    flags = reader.number(at + 9, 1)
    table = 3 << (flags & 7) + 1 if flags & 0x80 else 0
    data_at = at + 10 + table + 1
    end = _end_of_sub_blocks(reader, data_at)
    facts: dict[str, Any] = {
        "left": left,
        "top": top,
        "width": width,
        "height": height,
        "interlaced": bool(flags & 0x40),
    }
    return reader.node("image", at, end - at, (data_at, end - data_at), **facts)


def _extension(reader: Reader, at: int) -> Node:
    label = reader.number(at + 1, 1)
    kind = _LABELS.get(label, f"extension_{label:02x}")
    if kind == "application" and reader.number(at + 2, 1) == 11:
        return _application(reader, at)
    end = _end_of_sub_blocks(reader, at + 2)
    facts: dict[str, Any] = {}
    if kind == "graphic_control" and end - at >= 8:
        facts = {"delay": reader.number(at + 4, 2, "little"), "disposal": reader.number(at + 3, 1) >> 2 & 7}
    return reader.node(kind, at, end - at, (at + 2, end - at - 2), **facts)


def _application(reader: Reader, at: int) -> Node:
    name = reader.data[at + 3 : at + 14].decode("latin-1")
    data_at = at + 14
    end = _end_of_sub_blocks(reader, data_at)
    child: tuple[Node, ...] = ()
    if name == _XMP:
        child = (blocks.leaf(reader, "xmp", data_at, max(end - data_at - _XMP_TRAILER, 0)),)
    elif name in (_ICC, _C2PA):
        kind = "icc" if name == _ICC else "jumbf"
        child = (reader.node(kind, data_at, end - data_at, sub_blocks=True),)
    return reader.node(
        "application", at, end - at, (data_at, end - data_at), child, application=reader.text(at + 3, 11)
    )


def _end_of_sub_blocks(reader: Reader, at: int) -> int:
    """Return the end of the sub-blocks that begin at `at`; the end of the file if they are truncated."""
    data, size = reader.data, reader.size
    while at < size and data[at]:
        at += data[at] + 1
    if at >= size:
        reader.note_damage(size)
        return size
    return at + 1
