"""WebP: RIFF chunks (RFC 9649), frames of an animation below their ``ANMF``.

Facts: ``VP8X`` flags by name, size of ``VP8 ``, ``VP8L`` and ``ANMF`` pictures.
"""

from typing import Any

from bixie.imaging.structure import blocks
from bixie.imaging.structure.jpeg import jpeg_preview
from bixie.imaging.structure.model import Node, Structure
from bixie.imaging.structure.reader import OutOfBoundsError, Reader

__all__ = ["walk_webp"]

_HEADER = 12
_FLAGS = {"animation": 0x02, "xmp": 0x04, "exif": 0x08, "alpha": 0x10, "icc": 0x20}
_FRAME_HEADER = 16


def walk_webp(reader: Reader) -> Structure:
    """Return the structure of a WebP file."""
    announced = 8 + int.from_bytes(reader.data[4:8], "little")
    if announced > reader.size:
        reader.note_damage(4)
    end = min(announced, reader.size)
    nodes = _chunks(reader, _HEADER, end, depth=1)
    width, height = _size(nodes)
    # A byte of padding follows a chunk of odd length; some writers leave it out of the file's length.
    after = end + end % 2
    trailing = (after, reader.size - after) if after < reader.size else None
    return Structure("image/webp", reader.data, nodes, (), trailing, (), width, height)


def _chunks(reader: Reader, at: int, end: int, depth: int) -> tuple[Node, ...]:
    nodes: list[Node] = []
    while at + 8 <= end and not reader.exhausted:
        kind = reader.text(at, 4)
        length = reader.number(at + 4, 4, "little")
        if at + 8 + length > end:
            reader.note_damage(at)
            length = end - at - 8
        try:
            facts, children = _content(reader, kind, at + 8, length, depth)
        except OutOfBoundsError:
            reader.note_damage(at)
            facts, children = {}, ()
        whole = min(8 + length + length % 2, end - at)
        nodes.append(reader.node(kind, at, whole, (at + 8, length), children, **facts))
        at += 8 + length + length % 2
    return tuple(nodes)


def _content(  # noqa: PLR0911 - one return a chunk
    reader: Reader, kind: str, at: int, length: int, depth: int
) -> tuple[dict[str, Any], tuple[Node, ...]]:
    end = at + length
    match kind:
        case "VP8X":
            flags = reader.number(at, 1, end=end)
            facts: dict[str, Any] = {name: bool(flags & bit) for name, bit in _FLAGS.items()}
            return facts | _canvas(reader, at + 4, end), ()
        case "VP8 ":
            word = reader.number(at + 6, 4, "little", end)
            return {"width": word & 0x3FFF, "height": word >> 16 & 0x3FFF}, ()
        case "VP8L":
            word = reader.number(at + 1, 4, "little", end)
            return {"width": (word & 0x3FFF) + 1, "height": (word >> 14 & 0x3FFF) + 1}, ()
        case "ANMF":
            facts = _canvas(reader, at + 6, end)
            inside = at + _FRAME_HEADER
            deep = reader.too_deep(depth + 1)
            return facts, () if deep else _chunks(reader, inside, end, depth + 1)
        case "EXIF":
            return {}, (blocks.exif(reader, at, length, jpeg_preview),)
        case "XMP ":
            return {}, (blocks.leaf(reader, "xmp", at, length),)
        case "ICCP":
            return {}, (blocks.leaf(reader, "icc", at, length),)
        case "C2PA":
            return {}, (blocks.leaf(reader, "jumbf", at, length),)
    return {}, ()


def _canvas(reader: Reader, at: int, end: int) -> dict[str, Any]:
    return {
        "width": reader.number(at, 3, "little", end) + 1,
        "height": reader.number(at + 3, 3, "little", end) + 1,
    }


def _size(nodes: tuple[Node, ...]) -> tuple[int | None, int | None]:
    for kind in ("VP8X", "VP8 ", "VP8L"):
        for node in nodes:
            if node.kind == kind and "width" in node.facts:
                return node.facts["width"], node.facts["height"]
    return None, None
