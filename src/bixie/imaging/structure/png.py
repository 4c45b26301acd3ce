"""PNG: chunks with their checksums (W3C PNG, third edition), C2PA's ``caBX`` and XMP text included.

Facts of a chunk: ``crc_ok``; of text chunks ``keyword``, ``compressed`` and ``text_at`` (offset, length).
"""

import zlib
from typing import Any

from bixie.imaging.structure import blocks
from bixie.imaging.structure.jpeg import jpeg_preview
from bixie.imaging.structure.model import Node, Structure
from bixie.imaging.structure.reader import OutOfBoundsError, Reader

__all__ = ["walk_png"]

_SIGNATURE = 8
_COLOURS = {0: "grey", 2: "rgb", 3: "palette", 4: "grey_alpha", 6: "rgb_alpha"}
_XMP_KEYWORD = "XML:com.adobe.xmp"


def walk_png(reader: Reader) -> Structure:
    """Return the structure of a PNG file."""
    nodes: list[Node] = []
    at = _SIGNATURE
    ended = False
    while at < reader.size and not ended and not reader.exhausted:
        try:
            node = _chunk(reader, at)
        except OutOfBoundsError:
            reader.note_damage(at)
            at = reader.size
            break
        nodes.append(node)
        at = node.offset + node.length
        ended = node.kind == "IEND"
    header = nodes[0].facts if nodes and nodes[0].kind == "IHDR" else {}
    trailing = (at, reader.size - at) if ended and at < reader.size else None
    return Structure(
        "image/png", reader.data, tuple(nodes), (), trailing, (), header.get("width"), header.get("height")
    )


def _chunk(reader: Reader, at: int) -> Node:
    length = reader.number(at, 4)
    kind = reader.text(at + 4, 4)
    payload = (at + 8, length)
    whole = min(at + 12 + length, reader.size) - at
    raw = memoryview(reader.data)[at + 4 : at + 8 + length]
    complete = at + 12 + length <= reader.size
    crc_ok = complete and zlib.crc32(raw) == reader.number(at + 8 + length, 4)
    if not crc_ok:
        reader.note_damage(at)
    facts, children = _content(reader, kind, reader.clip(*payload))
    return reader.node(kind, at, whole, payload, children, crc_ok=crc_ok, complete=complete, **facts)


def _content(  # noqa: PLR0911 - one return a chunk
    reader: Reader, kind: str, payload: tuple[int, int]
) -> tuple[dict[str, Any], tuple[Node, ...]]:
    offset, length = payload
    match kind:
        case "IHDR" if length >= 13:
            return _header(reader, offset), ()
        case "eXIf":
            return {}, (blocks.exif(reader, offset, length, jpeg_preview),)
        case "caBX":
            return {}, (blocks.leaf(reader, "jumbf", offset, length),)
        case "iCCP":
            start = offset + _name_length(reader, offset, length) + 2
            node = reader.node("icc", start, offset + length - start, compressed=True)
            return {}, (node,)
        case "tEXt" | "zTXt" | "iTXt":
            return _text(reader, kind, offset, length)
        case "acTL" if length >= 8:
            return {"frames": reader.number(offset, 4)}, ()
        case "gAMA" if length >= 4:
            return {"gamma": reader.number(offset, 4) / 100_000}, ()
        case "pHYs" if length >= 9:
            numbers = reader.number(offset, 4), reader.number(offset + 4, 4)
            return {"pixels_per_unit": numbers, "unit": reader.number(offset + 8, 1)}, ()
    return {}, ()


def _header(reader: Reader, at: int) -> dict[str, Any]:
    return {
        "width": reader.number(at, 4),
        "height": reader.number(at + 4, 4),
        "depth": reader.number(at + 8, 1),
        "colour": _COLOURS.get(reader.number(at + 9, 1), "unknown"),
        "interlaced": reader.number(at + 12, 1) == 1,
    }


def _name_length(reader: Reader, offset: int, length: int) -> int:
    """Return the keyword: the bytes before the first zero, at most 79."""
    end = reader.data.find(b"\0", offset, offset + min(length, 80))
    return (end if end >= 0 else offset + min(length, 79)) - offset


def _text(reader: Reader, kind: str, offset: int, length: int) -> tuple[dict[str, Any], tuple[Node, ...]]:
    name = _name_length(reader, offset, length)
    facts: dict[str, Any] = {"keyword": reader.text(offset, name), "compressed": kind == "zTXt"}
    end = offset + length
    at = offset + name + 1
    if kind == "zTXt":
        at += 1
    elif kind == "iTXt":
        facts["compressed"] = reader.data[at : at + 1] == b"\1"
        at += 2
        for _ in ("language", "translated keyword"):
            stop = reader.data.find(b"\0", at, end)
            at = stop + 1 if stop >= 0 else end
    at = min(at, end)
    facts["text_at"] = (at, end - at)
    if facts["keyword"] == _XMP_KEYWORD:
        return facts, (reader.node("xmp", at, end - at, compressed=facts["compressed"]),)
    return facts, ()
