"""BMP: file header, information header, pixels, and the colour profile of version 5."""

from typing import Any

from bixie.imaging.structure import blocks
from bixie.imaging.structure.model import Node, Structure
from bixie.imaging.structure.reader import OutOfBoundsError, Reader

__all__ = ["walk_bmp"]

_FILE_HEADER = 14
_CORE_HEADER = 12
_EMBEDDED = int.from_bytes(b"MBED")
_UNCOMPRESSED = (0, 3, 6)


def walk_bmp(reader: Reader) -> Structure:
    """Return the structure of a BMP file."""
    try:
        header, pixels_at = _header(reader), reader.number(10, 4, "little")
    except OutOfBoundsError:
        reader.note_damage(0)
        return Structure("image/bmp", reader.data)
    nodes = [reader.node("file", 0, _FILE_HEADER), header]
    end = _end_of_pixels(reader, header, pixels_at)
    if end > reader.size or pixels_at < _FILE_HEADER:
        reader.note_damage(pixels_at)
        end = reader.size
    nodes.append(reader.node("pixels", pixels_at, end - pixels_at))
    end = max([end, *(child.offset + child.length for child in header.children)])
    trailing = (end, reader.size - end) if end < reader.size else None
    width, height = header.facts["width"], header.facts["height"]
    return Structure("image/bmp", reader.data, tuple(nodes), (), trailing, (), width, height)


def _header(reader: Reader) -> Node:
    at = _FILE_HEADER
    size = reader.number(at, 4, "little")
    if size == _CORE_HEADER:
        width, height = reader.number(at + 4, 2, "little"), reader.number(at + 6, 2, "little")
        bits, compression, image = reader.number(at + 10, 2, "little"), 0, 0
    else:
        width, height = reader.number(at + 4, 4, "little"), reader.number(at + 8, 4, "little")
        bits = reader.number(at + 14, 2, "little")
        compression = reader.number(at + 16, 4, "little") if size >= 40 else 0
        image = reader.number(at + 20, 4, "little") if size >= 40 else 0
        # A negative height means that rows are stored top down.
        height = (1 << 32) - height if height >> 31 else height
    facts: dict[str, Any] = {
        "width": width,
        "height": height,
        "bits": bits,
        "compression": compression,
        "image_bytes": image,
    }
    return reader.node("header", at, size, children=_profile(reader, at, size), **facts)


def _profile(reader: Reader, at: int, size: int) -> tuple[Node, ...]:
    if size < 124 or reader.number(at + 56, 4, "little") != _EMBEDDED:
        return ()
    offset, length = reader.number(at + 112, 4, "little"), reader.number(at + 116, 4, "little")
    return (blocks.leaf(reader, "icc", at + offset, length),)


def _end_of_pixels(reader: Reader, header: Node, pixels_at: int) -> int:
    facts = header.facts
    height = int(facts["height"])
    if facts["compression"] in _UNCOMPRESSED:
        row = (facts["width"] * facts["bits"] + 31) // 32 * 4
        return pixels_at + int(row) * height
    return pixels_at + int(facts["image_bytes"]) if facts["image_bytes"] else reader.size
