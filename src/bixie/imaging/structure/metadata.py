"""Read metadata blocks, whatever their container.

Each function gathers the pieces that a container splits a block into, and undoes its compression.
"""

import binascii
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from typing import Any

from bixie.imaging.limits import Limits
from bixie.imaging.structure import blocks
from bixie.imaging.structure.gif import joined
from bixie.imaging.structure.model import Node, Structure
from bixie.imaging.structure.reader import Reader

__all__ = [
    "RAW_PROFILE",
    "exif_alone",
    "exif_values",
    "icc_profile",
    "jumbf_stores",
    "orientation",
    "position_is_blanked",
    "raw_profile",
    "unpacked_text",
    "xmp_blocks",
    "xmp_packets",
]

_ORIENTATION = 0x0112
_COORDINATES = (2, 4)
_PREVIEWS = frozenset({"JPEG", "preview"})
_PROFILE_NODES = 1000
_TEXT_CHUNKS = frozenset({"tEXt", "zTXt", "iTXt"})

RAW_PROFILE = re.compile(r"Raw profile type (exif|xmp|iptc|APP1)")
"""Keyword of the PNG text chunks that ImageMagick writes other formats' blocks into."""


def exif_values(structure: Structure, directory: str = "IFD0") -> dict[int, Any]:
    """Return the values of the first EXIF directory of that name (``IFD0``, ``Exif``, ``GPS``, …) by tag.

    Only values of up to 1 KiB; longer ones are payloads of their ``tag`` nodes. A PNG without an EXIF
    block is read in ImageMagick's text chunk.
    """
    for block in chain(_main_nodes(structure, "exif"), _exif_profiles(structure)):
        for child in block.children:
            if child.kind == "IFD" and child.facts["name"] == directory:
                entries = [entry for entry in child.children if "value" in entry.facts]
                # The first entry wins, as in common picture viewers.
                return {entry.facts["tag"]: entry.facts["value"] for entry in reversed(entries)}
    return {}


def position_is_blanked(structure: Structure) -> bool:
    """Return whether the coordinates of the GPS directory are there and overwritten with zeros.

    Android hands such copies to apps that may not know the place: fractions of nought over nought.
    """
    written = [value for tag, value in exif_values(structure, "GPS").items() if tag in _COORDINATES]
    return bool(written) and all(isinstance(value, tuple) and set(value) == {None} for value in written)


def orientation(structure: Structure) -> int:
    """Return the EXIF orientation, 1 to 8; 1 where it is missing or invalid."""
    value = exif_values(structure).get(_ORIENTATION, 1)
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def icc_profile(structure: Structure, limits: Limits) -> bytes | None:
    """Return the ICC profile; None where there is none, empty where it is incomplete or too large."""
    pieces = [node for node in _main_nodes(structure, "icc") if node.length]
    if not pieces:
        return None
    numbered = {node.facts["sequence"]: node for node in pieces if "sequence" in node.facts}
    if numbered:
        count = pieces[0].facts["count"]
        if sorted(numbered) != list(range(1, count + 1)):
            return b""
        pieces = [numbered[number] for number in sorted(numbered)]
    else:
        pieces = pieces[:1]
    return b"".join(_content(structure, node, limits) for node in pieces)[: limits.metadata_bytes]


def xmp_packets(structure: Structure, limits: Limits) -> list[bytes]:
    """Return the XMP packets in file order; JPEG's extended packet is joined and comes last.

    Together they have at most `Limits.metadata_bytes`; the rest is left out.
    """
    return [packet for _, packet in xmp_blocks(structure, limits)]


def xmp_blocks(structure: Structure, limits: Limits) -> list[tuple[Node, bytes]]:
    """Return the XMP packets, each with the node it begins in."""
    packets = ((node, _content(structure, node, limits)) for node in _distinct(structure, "xmp", limits))
    parts: dict[str, list[Node]] = {}
    for node in _distinct(structure, "xmp_extended", limits):
        parts.setdefault(node.facts["guid"], []).append(node)
    ordered = (sorted(mine, key=_position) for mine in parts.values())
    extended = ((mine[0], b"".join(structure.bytes_of(node) for node in mine)) for mine in ordered)
    total = 0
    kept: list[tuple[Node, bytes]] = []
    for node, packet in chain(packets, extended):
        total += len(packet)
        if total > limits.metadata_bytes:
            break
        kept.append((node, packet))
    return kept


def unpacked_text(structure: Structure, node: Node, max_bytes: int) -> bytes:
    """Return the text of a PNG chunk, decompressed; empty if it cannot be decompressed.

    Parameters
    ----------
    structure : Structure
    node : Node
        A ``tEXt``, ``zTXt`` or ``iTXt`` chunk.
    max_bytes : int
        Limit of the text; the rest is dropped.
    """
    if max_bytes <= 0:
        return b""  # zlib takes 0 as unlimited
    at, length = node.facts["text_at"]
    raw = structure.data[at : at + length]
    if not node.facts["compressed"]:
        return raw[:max_bytes]
    try:
        return zlib.decompressobj().decompress(raw, max_bytes)
    except zlib.error:
        return b""


def raw_profile(text: bytes) -> bytes:
    """Return the block in ImageMagick's text: a name, a length, hexadecimal digits; empty if it is none."""
    parts = text.split(None, 2)
    try:
        return binascii.unhexlify(b"".join(parts[2].split())) if len(parts) == 3 else b""
    except binascii.Error:
        return b""


def exif_alone(raw: bytes, limits: Limits) -> Structure:
    """Return the structure of an EXIF block that no container lists; offsets count from its own start."""
    reader = Reader(raw, replace(limits, nodes=_PROFILE_NODES))
    return Structure("image/tiff", raw, (blocks.exif(reader, 0, len(raw)),))


def _exif_profiles(structure: Structure) -> Iterator[Node]:
    """Yield the EXIF block of the first of ImageMagick's text chunks that has one."""
    limits = Limits()
    for node in structure.nodes:
        match = RAW_PROFILE.fullmatch(node.facts.get("keyword", "")) if node.kind in _TEXT_CHUNKS else None
        if match and match[1] in ("exif", "APP1"):
            raw = raw_profile(unpacked_text(structure, node, limits.metadata_bytes))
            if raw:
                yield exif_alone(raw, limits).nodes[0]
                return


def jumbf_stores(structure: Structure, limits: Limits) -> list[bytes]:
    """Return the JUMBF superboxes of the file, JPEG's segments joined (ISO/IEC 19566-5, annex D).

    Together they have at most `Limits.metadata_bytes`; the rest is left out.
    """
    nodes = _distinct(structure, "jumbf", limits)
    whole = (_content(structure, node, limits) for node in nodes if "instance" not in node.facts)
    parts: dict[int, list[bytes]] = {}
    for node in sorted((node for node in nodes if "instance" in node.facts), key=_sequence):
        pieces = parts.setdefault(node.facts["instance"], [])
        # Every segment repeats the box's own header of eight bytes.
        pieces.append(structure.bytes_of(node)[8 if pieces else 0 :])
    return _within(chain(whole, map(b"".join, parts.values())), limits)


def _distinct(structure: Structure, kind: str, limits: Limits) -> list[Node]:
    """Return the nodes of `kind`, each byte range once, up to `Limits.metadata_bytes` together."""
    distinct = {node.payload: node for node in structure.all_nodes() if node.kind == kind}
    found: list[Node] = []
    left = limits.metadata_bytes
    for node in distinct.values():
        left -= node.payload[1]
        if left < 0:
            break
        found.append(node)
    return found


def _within(blocks: Iterable[bytes], limits: Limits) -> list[bytes]:
    """Return the first blocks that together fit into `Limits.metadata_bytes`."""
    total = 0
    kept: list[bytes] = []
    for block in blocks:
        total += len(block)
        if total > limits.metadata_bytes:
            break
        kept.append(block)
    return kept


def _main_nodes(structure: Structure, kind: str) -> Iterator[Node]:
    """Yield nodes of `kind` of the main picture, not of a preview or of a picture that follows it."""
    waiting = list(structure.nodes[:1] if structure.media_type == "image/jpeg" else structure.nodes)[::-1]
    while waiting:
        node = waiting.pop()
        if node.kind == kind:
            yield node
        waiting.extend(child for child in reversed(node.children) if child.kind not in _PREVIEWS)


def _content(structure: Structure, node: Node, limits: Limits) -> bytes:
    if node.facts.get("sub_blocks"):
        return joined(structure.data, *node.payload)[: limits.metadata_bytes]
    raw = structure.bytes_of(node)
    if not node.facts.get("compressed"):
        return raw[: limits.metadata_bytes]
    try:
        return zlib.decompressobj().decompress(raw, limits.metadata_bytes)
    except zlib.error:
        return b""


def _position(node: Node) -> int:
    return int(node.facts["position"])


def _sequence(node: Node) -> int:
    return int(node.facts["sequence"])
