"""Boxes of the ISO base media file format (ISO/IEC 14496-12): HEIC, AVIF, MP4, and QuickTime's MOV.

Kinds are the boxes' own four letters. What items, properties and metadata keys say is read by
`bixie.imaging.structure.isobmff_items`.
"""

from collections.abc import Callable
from typing import Any

from bixie.imaging.structure import blocks, isobmff_items
from bixie.imaging.structure.model import Node, Structure
from bixie.imaging.structure.reader import OutOfBoundsError, Reader

__all__ = ["walk_boxes", "walk_iso_media"]

_CONTAINERS = frozenset(
    b"moov trak mdia minf stbl dinf edts udta mvex moof traf mfra iprp ipco ilst tapt clip matt gmhd".split()
)
_TEXT_MARK = 0xA9
_XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_C2PA_UUID = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
_SHORT_TEXT = 1024
_MAX_BRANDS = 64


def walk_iso_media(reader: Reader) -> Structure:
    """Return the structure of an ISO base media file."""
    nodes, at = walk_boxes(reader, 0, reader.size, depth=1)
    trailing = (at, reader.size - at) if at < reader.size else None
    width, height = _size(nodes)
    return Structure("video/mp4", reader.data, nodes, (), trailing, (), width, height)


def walk_boxes(reader: Reader, at: int, end: int, depth: int) -> tuple[tuple[Node, ...], int]:
    """Return the boxes between `at` and `end`, and the end of the last one."""
    nodes: list[Node] = []
    if reader.too_deep(depth):
        return (), end
    while at + 8 <= end and not reader.exhausted:
        try:
            node = _box(reader, at, end, depth)
        except OutOfBoundsError:
            reader.note_damage(at)
            break
        if node is None:
            break
        nodes.append(node)
        at = node.offset + node.length
    return tuple(nodes), at


def _box(reader: Reader, at: int, end: int, depth: int) -> Node | None:
    size = reader.number(at, 4)
    kind = reader.data[at + 4 : at + 8]
    head = 8
    if size == 1:
        size, head = reader.number(at + 8, 8, end=end), 16
    elif size == 0:
        size = end - at
    if size < head or (depth == 1 and not _is_type(kind)):
        # At the top level foreign bytes may follow the boxes; further down this is damage.
        if depth > 1:
            reader.note_damage(at)
        return None
    if at + size > end:
        reader.note_damage(at)
        size = end - at
    inside = (at + head, size - head)
    facts, children = _content(reader, kind, inside, depth)
    return reader.node(reader.text(at + 4, 4), at, size, inside, children, **facts)


def _is_type(kind: bytes) -> bool:
    return all(0x20 <= letter < 0x7F or letter == _TEXT_MARK for letter in kind)


def _content(
    reader: Reader, kind: bytes, inside: tuple[int, int], depth: int
) -> tuple[dict[str, Any], tuple[Node, ...]]:
    at, length = inside
    if kind in _CONTAINERS:
        return {}, walk_boxes(reader, at, at + length, depth + 1)[0]
    if kind == b"meta":
        return _meta(reader, at, at + length, depth)
    special = _SPECIAL.get(kind[:1] if kind[0] == _TEXT_MARK else kind)
    return special(reader, at, length) if special else (_facts(reader, kind, at, at + length), ())


def _facts(reader: Reader, kind: bytes, at: int, end: int) -> dict[str, Any]:
    parser = _PARSERS.get(kind)
    try:
        return parser(reader, at, end) if parser else isobmff_items.facts(reader, kind, at, end)
    except OutOfBoundsError:
        reader.note_damage(at)
        return {}


def _brands(reader: Reader, at: int, end: int) -> dict[str, Any]:
    brands = [reader.text(i, 4) for i in range(at + 8, min(end, at + 8 + 4 * _MAX_BRANDS) - 3, 4)]
    return {"major": reader.text(at, 4), "minor": reader.number(at + 4, 4, end=end), "compatible": brands}


def _handler(reader: Reader, at: int, end: int) -> dict[str, Any]:
    return {"handler": reader.text(at + 8, max(min(4, end - at - 8), 0))}


def _track_header(reader: Reader, at: int, end: int) -> dict[str, Any]:
    size_at = at + (88 if reader.number(at, 1, end=end) == 1 else 76)
    # Fixed point, 16.16 bits.
    width, height = (reader.number(size_at + i, 4, end=end) >> 16 for i in (0, 4))
    return {"width": width, "height": height}


def _sample_format(reader: Reader, at: int, end: int) -> dict[str, Any]:
    return {"format": reader.text(at + 12, max(min(4, end - at - 12), 0))}


def _movie_header(reader: Reader, at: int, end: int) -> dict[str, Any]:
    wide = reader.number(at, 1, end=end) == 1
    step = 8 if wide else 4
    return {
        # Seconds since 1904-01-01; many phones write 0.
        "created": reader.number(at + 4, step, end=end),
        "modified": reader.number(at + 4 + step, step, end=end),
        "timescale": reader.number(at + 4 + 2 * step, 4, end=end),
        "duration": reader.number(at + 8 + 2 * step, step, end=end),
    }


def _meta(reader: Reader, at: int, end: int, depth: int) -> tuple[dict[str, Any], tuple[Node, ...]]:
    # QuickTime's meta has no version and flags, ISO's has: the position of the handler tells them apart.
    start = at if reader.data[at + 4 : at + 8] == b"hdlr" else at + 4
    children, _ = walk_boxes(reader, start, end, depth + 1)
    return {}, (*isobmff_items.named(reader, children), *isobmff_items.items(reader, children))


def _uuid(reader: Reader, at: int, length: int) -> tuple[dict[str, Any], tuple[Node, ...]]:
    if length < 16:
        return {}, ()
    identifier = reader.data[at : at + 16]
    facts = {"uuid": identifier.hex()}
    inside, rest = at + 16, length - 16
    if identifier == _XMP_UUID:
        return facts, (blocks.leaf(reader, "xmp", inside, rest),)
    if identifier == _C2PA_UUID:
        # Version and flags, the purpose as a zero-terminated name, the offset of the Merkle box, the store.
        stop = reader.data.find(b"\0", inside + 4, inside + 36)
        start = stop + 9 if stop >= 0 else inside
        purpose = reader.text(inside + 4, max(stop - inside - 4, 0))
        return facts | {"purpose": purpose}, (blocks.leaf(reader, "jumbf", start, at + length - start),)
    return facts, ()


def _colour(reader: Reader, at: int, length: int) -> tuple[dict[str, Any], tuple[Node, ...]]:
    kind = reader.text(at, 4)
    profile = kind in ("prof", "rICC")
    return {"type": kind}, (blocks.leaf(reader, "icc", at + 4, length - 4),) if profile else ()


def _user_text(reader: Reader, at: int, length: int) -> tuple[dict[str, Any], tuple[Node, ...]]:
    """Read QuickTime's user text (``©xyz``, ``©mak``): a length, a language, the letters."""
    if length < 4:
        return {}, ()
    count = min(int.from_bytes(reader.data[at : at + 2]), length - 4, _SHORT_TEXT)
    return {"text": reader.data[at + 4 : at + 4 + count].decode("utf-8", "replace")}, ()


def _xmp(reader: Reader, at: int, length: int) -> tuple[dict[str, Any], tuple[Node, ...]]:
    return {}, (blocks.leaf(reader, "xmp", at, length),)


def _size(nodes: tuple[Node, ...]) -> tuple[int | None, int | None]:
    every = [node for top in nodes if top.kind in ("meta", "moov") for node in top.walk()]
    primary = isobmff_items.primary_size(every)
    if primary:
        return primary
    tracks = [node.facts for node in every if node.kind == "tkhd" and node.facts.get("width")]
    return (tracks[0]["width"], tracks[0]["height"]) if tracks else (None, None)


_SPECIAL: dict[bytes, Callable[[Reader, int, int], tuple[dict[str, Any], tuple[Node, ...]]]] = {
    b"uuid": _uuid,
    b"XMP_": _xmp,
    b"colr": _colour,
    bytes((_TEXT_MARK,)): _user_text,
}
_PARSERS: dict[bytes, Callable[[Reader, int, int], dict[str, Any]]] = {
    b"ftyp": _brands,
    b"styp": _brands,
    b"hdlr": _handler,
    b"mvhd": _movie_header,
    b"tkhd": _track_header,
    b"stsd": _sample_format,
}
