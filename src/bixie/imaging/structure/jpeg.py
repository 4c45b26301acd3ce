"""JPEG: segments of every picture in the file (ITU-T T.81), MPF pictures and previews included.

Top nodes are ``JPEG`` (facts ``width``, ``height``, ``complete``) and ``gap`` (bytes between two pictures).
Below a picture stand its segments by marker name; ``ECS`` is the entropy-coded data after ``SOS``.
"""

import re
from collections import deque
from typing import Any

import numpy as np

from bixie.imaging.structure import blocks, jpeg_tables
from bixie.imaging.structure.model import Node, QuantisationTable, Structure
from bixie.imaging.structure.reader import OutOfBoundsError, Reader
from bixie.imaging.structure.tiff import walk_tiff

__all__ = ["jpeg_preview", "walk_jpeg"]

_SOI, _EOI, _SOS, _DQT, _DHT, _DRI, _COM = 0xD8, 0xD9, 0xDA, 0xDB, 0xC4, 0xDD, 0xFE
_START = b"\xff\xd8\xff"
_FRAMES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC9, 0xCA, 0xCB})
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_NAMES = {
    0xC4: "DHT", 0xC8: "JPG", 0xCC: "DAC", 0xD8: "SOI", 0xD9: "EOI", 0xDA: "SOS", 0xDB: "DQT", 0xDC: "DNL",
    0xDD: "DRI", 0xDE: "DHP", 0xDF: "EXP", 0xFE: "COM", 0x01: "TEM",
    **{0xE0 + n: f"APP{n}" for n in range(16)},
    **{0xC0 + n: f"SOF{n}" for n in (0, 1, 2, 3, 5, 6, 7, 9, 10, 11, 13, 14, 15)},
    **{0xD0 + n: f"RST{n}" for n in range(8)},
}  # fmt: skip
_ECS_END = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_MARKER = re.compile(rb"\xff[\x01\xc0-\xfe]")
_SIGNATURES = {
    (0, b"JFIF\0"): "jfif",
    (0, b"JFXX\0"): "jfxx",
    (1, b"Exif\0"): "exif",
    (1, b"http://ns.adobe.com/xap/1.0/\0"): "xmp",
    (1, b"http://ns.adobe.com/xmp/extension/\0"): "xmp_extended",
    (2, b"ICC_PROFILE\0"): "icc",
    (2, b"MPF\0"): "mpf",
    (2, b"FPXR\0"): "flashpix",
    (2, b"urn:iso:std:iso:ts:21496:-1\0"): "gain_map",
    (11, b"JP"): "jumbf",
    (12, b"Ducky"): "ducky",
    (13, b"Photoshop 3.0\0"): "photoshop",
    (14, b"Adobe"): "adobe",
}
_MP_ENTRIES = 0xB002


def walk_jpeg(reader: Reader) -> Structure:
    """Return the structure of a JPEG file."""
    nodes: list[Node] = []
    at = 0
    listed: deque[int] = deque()
    while not reader.exhausted:
        image, end = _image(reader, at, reader.size, depth=1)
        # The index of the first picture lists all of them; later pictures have none of their own.
        listed = listed if nodes else deque(sorted(_listed_pictures(image)))
        nodes.append(image)
        following = end if _starts(reader, end) else _next_listed(reader, listed, end)
        at = end
        if following is None:
            break
        if following > end:
            nodes.append(reader.node("gap", end, following - end))
        at = following
    first = nodes[0].facts if nodes else {}
    return Structure(
        "image/jpeg",
        reader.data,
        tuple(nodes),
        _tables(nodes),
        (at, reader.size - at) if at < reader.size else None,
        (),
        first.get("width"),
        first.get("height"),
    )


def jpeg_preview(reader: Reader, offset: int, length: int, depth: int = 2) -> Node:
    """Return a JPEG inside another file, or a ``preview`` leaf if it is no JPEG."""
    if not reader.data.startswith(_START, offset) or reader.too_deep(depth) or not reader.may_revisit(length):
        return reader.node("preview", offset, length)
    return _image(reader, offset, min(offset + length, reader.size), depth)[0]


def _next_listed(reader: Reader, listed: deque[int], end: int) -> int | None:
    """Return the first listed start of a picture from `end` on.

    Earlier entries are removed from `listed`: an index may name a million places, and each is read once.
    """
    while listed and (listed[0] < end or not _starts(reader, listed[0])):
        listed.popleft()
    return listed[0] if listed else None


def _starts(reader: Reader, at: int) -> bool:
    return reader.data.startswith(_START, at)


def _image(reader: Reader, start: int, end: int, depth: int) -> tuple[Node, int]:
    """Walk one picture from its SOI; return its node and its end."""
    segments = [reader.node("SOI", start, 2, (start + 2, 0))]
    facts: dict[str, Any] = {"complete": False}
    at = start + 2
    while at < end and not reader.exhausted:
        marker_at = _next_marker(reader, at, end)
        if marker_at is None:
            at = end
            break
        marker = reader.data[marker_at + 1]
        if marker == _SOI:
            at = marker_at
            break
        node = _segment(reader, marker_at, marker, end, depth)
        segments.append(node)
        at = node.offset + node.length
        if marker in _FRAMES and "width" not in facts and node.facts:
            facts |= {"width": node.facts["width"], "height": node.facts["height"]}
        if marker == _EOI:
            facts["complete"] = True
            break
        if marker == _SOS:
            segments.append(_entropy_coded(reader, at, end, segments))
            at = segments[-1].offset + segments[-1].length
    return reader.node("JPEG", start, at - start, children=tuple(segments), **facts), at


def _next_marker(reader: Reader, at: int, end: int) -> int | None:
    data = reader.data
    found = _MARKER.search(data, at, end)
    if found is None:
        return None
    # Any number of 0xFF may fill the space before a marker (B.1.1.2); anything else is damage.
    if data[at : found.start()].strip(b"\xff"):
        reader.note_damage(at)
    return found.start()


def _segment(reader: Reader, at: int, marker: int, end: int, depth: int) -> Node:
    name = _NAMES.get(marker, f"{marker:02X}")
    if marker == _EOI or marker in _ALONE:
        return reader.node(name, at, 2, (at + 2, 0))
    try:
        length = reader.number(at + 2, 2, end=end)
    except OutOfBoundsError:
        reader.note_damage(at)
        return reader.node(name, at, end - at, (end, 0))
    if length < 2 or at + 2 + length > end:
        reader.note_damage(at)
        length = min(max(length, 2), end - at - 2)
    payload = (at + 4, length - 2)
    children, facts = _content(reader, marker, payload, depth)
    return reader.node(name, at, length + 2, payload, children, **facts)


def _content(  # noqa: PLR0911 - one return a marker
    reader: Reader, marker: int, payload: tuple[int, int], depth: int
) -> tuple[tuple[Node, ...], dict[str, Any]]:
    raw = reader.data[payload[0] : payload[0] + payload[1]]
    if marker == _DQT:
        return (), {"tables": jpeg_tables.quantisation_tables(raw)}
    if marker == _DHT:
        return (), {"tables": jpeg_tables.huffman_tables(raw)}
    if marker == _SOS:
        return (), jpeg_tables.scan(raw)
    if marker == _DRI:
        return (), {"interval": int.from_bytes(raw[:2])}
    if marker in _FRAMES:
        return (), jpeg_tables.frame(marker, raw)
    if 0xE0 <= marker <= 0xEF:
        return _application(reader, marker - 0xE0, payload, depth)
    return (), {}


def _application(
    reader: Reader, number: int, payload: tuple[int, int], depth: int
) -> tuple[tuple[Node, ...], dict[str, Any]]:
    offset, length = payload
    for (expected, letters), signature in _SIGNATURES.items():
        if number == expected and reader.data.startswith(letters, offset) and length >= len(letters):
            inside = offset + len(letters), length - len(letters)
            child = _block(reader, signature, payload, inside, depth)
            return ((child,) if child else ()), {"signature": signature}
    return (), {"signature": None, "begins": reader.text(offset, min(length, 32))}


def _block(  # noqa: PLR0911 - one return a signature
    reader: Reader, signature: str, whole: tuple[int, int], inside: tuple[int, int], depth: int
) -> Node | None:
    offset, length = inside
    match signature:
        case "exif":
            return blocks.exif(reader, *whole, lambda r, at, size: jpeg_preview(r, at, size, depth + 1))
        case "xmp":
            return blocks.leaf(reader, "xmp", offset, length)
        case "photoshop":
            return blocks.photoshop(reader, offset, length)
        case "mpf":
            return _multi_picture(reader, offset, length)
        case "icc" if length >= 2:
            sequence, count = reader.data[offset], reader.data[offset + 1]
            return reader.node(
                "icc", offset, length, (offset + 2, length - 2), sequence=sequence, count=count
            )
        case "xmp_extended" if length >= 40:
            return reader.node(
                "xmp_extended", offset, length, (offset + 40, length - 40),
                guid=reader.text(offset, 32), position=reader.number(offset + 36, 4),
            )  # fmt: skip
        case "jumbf" if length >= 6:
            return reader.node(
                "jumbf", offset, length, (offset + 6, length - 6),
                instance=reader.number(offset, 2), sequence=reader.number(offset + 2, 4),
            )  # fmt: skip
    return None


def _entropy_coded(reader: Reader, at: int, end: int, segments: list[Node]) -> Node:
    found = _ECS_END.search(reader.data, at, end)
    stop = found.start() if found else end
    # Fill bytes before the marker belong to the marker, not to the data.
    while found and stop > at and reader.data[stop - 1] == 0xFF:
        stop -= 1
    interval = next((node.facts["interval"] for node in reversed(segments) if node.kind == "DRI"), 0)
    return reader.node("ECS", at, stop - at, restarts=_restarts(reader.data, at, stop) if interval else 0)


def _restarts(data: bytes, at: int, stop: int) -> int:
    raw = np.frombuffer(data, np.uint8, max(stop - at, 0), at)
    return int(np.count_nonzero((raw[:-1] == 0xFF) & (raw[1:] & 0xF8 == 0xD0)))


def _multi_picture(reader: Reader, offset: int, length: int) -> Node:
    """Return the multi-picture index; fact ``pictures``: ``type``, absolute ``offset``, ``length``."""
    found = walk_tiff(reader, offset, length, main="MPF")
    pictures: list[dict[str, int]] = []
    for entry in (entry for node in (found.nodes if found else ()) for entry in node.children):
        value = entry.facts.get("value")
        if found and entry.facts["tag"] == _MP_ENTRIES and isinstance(value, bytes):
            for at in range(0, len(value) - 15, 16):
                kind, size, start = (
                    int.from_bytes(value[at + i : at + i + 4], found.byte_order) for i in (0, 4, 8)
                )
                # Offset 0 is the first picture, which holds the index.
                pictures.append(
                    {"type": kind & 0xFFFFFF, "offset": offset + start if start else 0, "length": size}
                )
    return reader.node("mpf", offset, length, children=tuple(found.nodes) if found else (), pictures=pictures)


def _listed_pictures(image: Node) -> list[int]:
    """Return the starts of further pictures in the multi-picture index of `image` (CIPA DC-007)."""
    indexes = (node for node in image.walk() if node.kind == "mpf")
    return [picture["offset"] for node in indexes for picture in node.facts["pictures"] if picture["offset"]]


def _tables(nodes: list[Node]) -> tuple[QuantisationTable, ...]:
    images = [node for node in nodes if node.kind == "JPEG"]
    return tuple(
        QuantisationTable(index, table["identifier"], table["bits"], table["values"])
        for index, image in enumerate(images)
        for segment in image.children
        if segment.kind == "DQT"
        for table in segment.facts["tables"]
    )
