"""Rebuild files from only what their pixels need, so that a decoder never meets hostile metadata.

Every function takes a walked file and returns bytes; other modules read profile, orientation and the rest.
"""

import struct
import zlib
from dataclasses import dataclass

from bixie.imaging.limits import Limits
from bixie.imaging.structure import Node, Structure

__all__ = ["Distilled", "gif", "iso_media", "jpeg", "png", "tiff"]

_JPEG_PARTS = ("SOF", "DHT", "DQT", "DRI", "DAC", "SOS", "ECS", "DNL")
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = (b"PLTE", b"tRNS")
_METADATA_NAMES = (b"Exif", b"mime", b"cdsc")
"""Item types of metadata, and the reference by which such an item describes a picture (ISO/IEC 23008-12)."""
_TIFF_PIXEL_TAGS = {
    256, 257, 258, 259, 262, 266, 273, 277, 278, 279, 284, 292, 293, 317, 320, 322, 323, 324, 325, 332, 338,
    339, 347, 512, 513, 514, 515, 517, 518, 519, 520, 521, 530, 532,
}  # fmt: skip
_TIFF_SINGLE = {256, 257, 259, 262, 266, 277, 278, 284, 317, 322, 323, 332}
_TIFF_TILE_SIDES = (322, 323)


@dataclass(frozen=True, slots=True)
class Distilled:
    """A rebuilt file.

    Parameters
    ----------
    data : bytes
    complete : bool
        False if the original ends before its end mark.
    """

    data: bytes
    complete: bool = True


def jpeg(structure: Structure) -> Distilled:
    """Return the first picture of a JPEG file with its tables and scans, and an end mark.

    The colour transform is decided by the ``JFIF`` and ``Adobe`` segments, so these two stay.
    """
    image = structure.nodes[0]
    kept = [node for node in image.children if _is_jpeg_part(node)]
    data = structure.data
    pieces = [data[node.offset : node.offset + node.length] for node in kept]
    # With an end mark the decoder fills the missing part instead of failing.
    return Distilled(b"\xff\xd8" + b"".join(pieces) + b"\xff\xd9", complete=image.facts["complete"])


def png(structure: Structure) -> Distilled:
    """Return a PNG of header, palette, transparency and picture data, with correct checksums."""
    data = structure.data
    header = structure.nodes[0]
    pieces = [_PNG_SIGNATURE, *_png_chunk(b"IHDR", structure.bytes_of(header)[:13])]
    pixels: list[bytes] = []
    at, size = header.offset + header.length, len(data)
    # Not by nodes: a long picture may have more IDAT chunks than the structure lists.
    while at + 8 <= size:
        length = int.from_bytes(data[at : at + 4])
        kind = data[at + 4 : at + 8]
        if kind == b"IDAT":
            pixels.append(data[at + 8 : at + 8 + length])
        elif kind in _PNG_KEPT and not pixels:
            pieces += _png_chunk(kind, data[at + 8 : at + 8 + length])
        elif kind == b"IEND":
            break
        at += 12 + length
    else:
        at = -1
    pieces += _png_chunk(b"IDAT", b"".join(pixels)) + _png_chunk(b"IEND", b"")
    return Distilled(b"".join(pieces), complete=at >= 0)


def gif(structure: Structure) -> Distilled:
    """Return a GIF of the first frame, its transparency kept."""
    data = structure.data
    image = next(node for node in structure.nodes if node.kind == "image")
    before = structure.nodes[: structure.nodes.index(image)]
    control = [node for node in before if node.kind == "graphic_control"][-1:]
    pieces = [data[node.offset : node.offset + node.length] for node in (structure.nodes[0], *control, image)]
    complete = data[image.offset + image.length - 1] == 0
    return Distilled(b"".join(pieces) + (b";" if complete else b"\0;"), complete)


def tiff(structure: Structure, limits: Limits) -> Distilled:
    """Return the TIFF with one new directory: the tags that its first picture's pixels need.

    Raises
    ------
    ValueError
        If the file has no directory, or tiles of an impossible size.
    """
    directory = next(node for node in structure.nodes[0].children if node.kind == "IFD")
    little = directory.facts["byte_order"] == "little"
    wide = structure.data[2:4] in (b"+\0", b"\0+")
    entries: dict[int, bytes] = {}
    for entry in directory.children:
        tag = entry.facts["tag"]
        if tag in _TIFF_PIXEL_TAGS and tag not in entries and entry.payload[1]:
            if tag in _TIFF_TILE_SIDES and not 0 < _first(entry) <= 2 * limits.side:
                raise ValueError(f"tile side in tag {tag}")
            entries[tag] = _tiff_entry(structure, entry, little=little, wide=wide)
    return Distilled(_with_directory(structure.data, [entries[tag] for tag in sorted(entries)], little, wide))


def iso_media(structure: Structure) -> Distilled:
    """Return the HEIC or AVIF with its metadata items renamed, so that no decoder looks into them.

    Rotation, mirroring and colour are properties of their own and stay. Lengths stay too: all offsets hold.
    """
    data = bytearray(structure.data)
    for node in structure.nodes:
        if node.kind == "meta":
            end = node.offset + node.length
            meta = data[node.offset : end]
            for name in _METADATA_NAMES:
                meta = meta.replace(name, b"skip")
            data[node.offset : end] = meta
    return Distilled(bytes(data))


def _is_jpeg_part(node: Node) -> bool:
    return node.kind.startswith(_JPEG_PARTS) or node.facts.get("signature") in ("jfif", "adobe")


def _png_chunk(kind: bytes, content: bytes) -> list[bytes]:
    """Return the pieces of a chunk; joined once, a long picture is copied once."""
    checksum = zlib.crc32(content, zlib.crc32(kind))
    return [struct.pack(">I", len(content)), kind, content, struct.pack(">I", checksum)]


def _first(entry: Node) -> int:
    value = entry.facts.get("value", 0)
    return int(value[0] if isinstance(value, tuple) else value)


def _tiff_entry(structure: Structure, entry: Node, *, little: bool, wide: bool) -> bytes:
    sign = "<" if little else ">"
    offset, length = entry.payload
    kind, count = entry.facts["type"], entry.facts["count"]
    if entry.facts["tag"] in _TIFF_SINGLE and count > 1:
        length, count = length // count, 1
    room = 8 if wide else 4
    if length <= room:
        value = structure.data[offset : offset + length].ljust(room, b"\0")
    else:
        value = struct.pack(f"{sign}{'Q' if wide else 'I'}", offset)
    return struct.pack(f"{sign}HH{'Q' if wide else 'I'}", entry.facts["tag"], kind, count) + value


def _with_directory(data: bytes, entries: list[bytes], little: bool, wide: bool) -> bytes:
    sign = "<" if little else ">"
    number = "Q" if wide else "I"
    padding = b"\0" * (-len(data) % 8)
    at = len(data) + len(padding)
    header = data[: 8 if wide else 4] + struct.pack(f"{sign}{number}", at)
    count = struct.pack(f"{sign}{'Q' if wide else 'H'}", len(entries))
    end = struct.pack(f"{sign}{number}", 0)
    return b"".join([header, data[len(header) :], padding, count, *entries, end])
