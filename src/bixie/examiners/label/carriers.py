"""Gather every text of a file that may hold a mark, as one list of fields for any container.

`Limits.metadata_bytes` bounds what is gathered from the whole file: tables that point to the same bytes a
thousand times cost no more than one that does so once.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

from bixie.examiners.label.boxes import BoxText, iso_media_texts, matroska_texts
from bixie.examiners.label.exif_text import exif_texts
from bixie.examiners.label.fields import Field
from bixie.examiners.label.hidden_text import hidden_text
from bixie.examiners.label.samsung import samsung_records
from bixie.examiners.label.xmp import decoded, read_packet
from bixie.imaging.limits import Limits
from bixie.imaging.structure import Node, Structure, blocks
from bixie.imaging.structure.gif import joined
from bixie.imaging.structure.metadata import (
    RAW_PROFILE,
    exif_alone,
    raw_profile,
    unpacked_text,
    xmp_blocks,
)
from bixie.imaging.structure.reader import Reader

__all__ = ["CARRIERS", "Gathered", "XmpBlock", "gather"]

CARRIERS = (
    "xmp.element",
    "xmp.attribute",
    "exif.user_comment",
    "exif.image_description",
    "exif.other",
    "iptc",
    "png.text",
    "jpeg.segment",
    "jpeg.comment",
    "gif.comment",
    "isobmff.keys",
    "isobmff.list",
    "isobmff.user_data",
    "isobmff.uuid",
    "matroska.tag",
    "matroska.info",
    "samsung.record",
    "png.alpha",
    "trailing",
)
"""The kinds of places that are read; docs/reference/labels.md says which format has which."""

_PICTURE_DATA = frozenset({"IDAT", "mdat", "VP8 ", "VP8L", "ECS", "image", "Cluster"})
_EXIF_CARRIERS = {"UserComment": "exif.user_comment", "ImageDescription": "exif.image_description"}
_OPEN_SEGMENTS = frozenset({None, "jfif", "jfxx", "ducky", "flashpix"})
_MARKS = re.compile(rb"AIGC|TC260|ContentProducer|genAIType")
_MAX_LOOSE = 8
_LOOSE_LENGTH = 64 * 1024
MP_BEGINS = re.compile(rb"<x:xmpmeta|<rdf:RDF")
MP_SIGNATURE = b"http://ns.adobe.com/xap/1.0/\0"
_MANY_VALUES = 20_000
_MAX_BLOCKS = 16
_BLOCK_NODES = 1000


@dataclass(frozen=True, slots=True)
class XmpBlock:
    """One XMP packet as it stands in the file: its bytes, the part that holds it, where that is."""

    raw: bytes
    node: str
    offset: int


@dataclass(slots=True)
class Gathered:
    """What the metadata of a file says.

    Parameters
    ----------
    fields : list of Field
        In file order by kind of place.
    packets : list of XmpBlock
    complete : bool
        False when there was more than `Limits.metadata_bytes`, or a packet of too many tags.
    """

    fields: list[Field] = field(default_factory=list)
    packets: list[XmpBlock] = field(default_factory=list)
    complete: bool = True


def gather(structure: Structure, limits: Limits) -> Gathered:
    """Return every text field of `structure` that may hold a mark."""
    gathering = _FieldCollector(structure, limits)
    gathering.all()
    return gathering.found


class _FieldCollector:
    """One file being gathered, with what is left of its budget."""

    def __init__(self, structure: Structure, limits: Limits) -> None:
        self.found = Gathered()
        self._structure = structure
        self._limits = limits
        self._left = limits.metadata_bytes
        self._tags_left = limits.nodes
        self._blocks_left = _MAX_BLOCKS
        starts = (node.offset for node in structure.all_nodes() if node.kind in _PICTURE_DATA)
        self._picture_at = min(starts, default=len(structure.data))

    def all(self) -> None:
        """Gather from every kind of place the format has."""
        packets = xmp_blocks(self._structure, self._limits)
        self.found.complete = self._all_packets(packets)
        for node, raw in packets:
            self._xmp(raw, node.kind, node.offset)
        for node in _of_the_picture(self._structure):
            self._part(node)
        for one in self._boxes():
            self._add(one.carrier, one.key, one.text, one.node)
            if not self.found.complete:
                break
        hidden = hidden_text(self._structure, self._limits)
        if hidden:
            self._add_at("png.alpha", hidden.key, hidden.text, ("IDAT", self._picture_at))
        if self._structure.trailing:
            self._trailing(*self._structure.trailing)

    def _part(self, node: Node) -> None:
        """Gather from one part of the file, by its kind."""
        match node.kind:
            case "exif":
                self._exif(self._structure, node)
            case "iptc" if node.payload[1] <= self._left:
                self._iptc(self._structure.bytes_of(node), node.offset)
            case "tEXt" | "zTXt" | "iTXt":
                self._png_text(node)
            case "COM":
                self._add("jpeg.comment", "", _text(self._structure.bytes_of(node)), node)
            case "comment":
                text = joined(self._structure.data, *node.payload)
                self._add("gif.comment", "", _text(text), node)
            case kind if kind.startswith("APP") and node.facts.get("signature") in _OPEN_SEGMENTS:
                self._loose("jpeg.segment", kind, *node.payload)
            case "sefd":
                self._samsung(*node.payload)
            case "gap":
                self._loose("trailing", "gap", *node.payload)

    def _all_packets(self, read: list[tuple[Node, bytes]]) -> bool:
        """Return whether no packet was left out or cut for its size."""
        places = {node.payload for node in self._structure.all_nodes() if node.kind == "xmp"}
        whole = all(len(raw) < self._limits.metadata_bytes for _, raw in read)
        return whole and len(places) == sum(node.kind == "xmp" for node, _ in read)

    def _boxes(self) -> Iterator[BoxText]:
        media_type = self._structure.media_type
        if media_type in ("video/x-matroska", "video/webm"):
            return matroska_texts(self._structure, self._limits.metadata_bytes)
        iso = media_type.startswith("video/") or media_type in ("image/heic", "image/heif", "image/avif")
        return iso_media_texts(self._structure, self._limits.metadata_bytes) if iso else iter(())

    def _add(self, carrier: str, key: str, text: str, node: Node) -> None:
        self._add_at(carrier, key, text, (node.kind, node.offset))

    def _add_at(self, carrier: str, key: str, text: str, place: tuple[str, int], namespace: str = "") -> None:
        if not self._spend(len(text) + len(key)) or len(self.found.fields) >= _MANY_VALUES:
            self.found.complete = False
            return
        late = place[1] > self._picture_at
        self.found.fields.append(Field(carrier, key, text, *place, namespace, late))

    def _spend(self, amount: int) -> bool:
        """Take `amount` from the budget; return whether it sufficed."""
        self._left -= amount
        self.found.complete &= self._left >= 0
        return self._left >= 0

    def _xmp(self, raw: bytes, kind: str, offset: int) -> None:
        self.found.packets.append(XmpBlock(raw, kind, offset))
        packet = read_packet(decoded(raw), self._tags_left)
        self._tags_left -= packet.tags
        self.found.complete &= self._tags_left > 0
        for one in packet.properties:
            self._add_at(f"xmp.{one.form}", one.name, one.value, (kind, offset), one.namespace)

    def _exif(self, structure: Structure, block: Node, moved: int = 0) -> None:
        for name, text, node in exif_texts(structure, block, max(self._left, 0)):
            carrier = _EXIF_CARRIERS.get(name, "exif.other")
            self._add_at(carrier, name, text, ("exif", node.offset + moved))
            if not self.found.complete:
                return

    def _iptc(self, raw: bytes, offset: int) -> None:
        if not self._spend(len(raw)):
            return
        for name, value in islice(_datasets(raw), _MANY_VALUES):
            self._add_at("iptc", name, _text(value), ("iptc", offset))

    def _png_text(self, node: Node) -> None:
        keyword = node.facts["keyword"]
        if keyword == "XML:com.adobe.xmp":
            return
        raw = unpacked_text(self._structure, node, max(self._left, 0))
        profile = RAW_PROFILE.fullmatch(keyword)
        if profile:
            self._raw_profile(raw, node)
        else:
            self._add("png.text", keyword, _text(raw), node)

    def _raw_profile(self, text: bytes, node: Node) -> None:
        """Read a block that ImageMagick wrote into a text chunk."""
        if not self._spend(len(text)):
            return
        raw = raw_profile(text)
        if raw.startswith(MP_SIGNATURE) or raw.lstrip()[:1] == b"<":
            self._xmp(raw.removeprefix(MP_SIGNATURE), node.kind, node.offset)
        elif raw[:1] == b"\x1c":
            self._iptc(raw, node.offset)
        elif raw[:4] == b"8BIM":
            self._photoshop(raw, node.offset)
        elif raw:
            self._exif_alone(raw, node.offset)

    def _photoshop(self, raw: bytes, offset: int) -> None:
        """Read the IPTC records of a Photoshop block that no container lists."""
        block = blocks.photoshop(Reader(raw, replace(self._limits, nodes=_BLOCK_NODES)), 0, len(raw))
        for node in block.walk():
            if node.kind == "iptc":
                begin, length = node.payload
                self._iptc(raw[begin : begin + length], offset)

    def _exif_alone(self, raw: bytes, offset: int) -> None:
        """Read an EXIF block that no container lists; offsets are those of the node around it."""
        self._blocks_left -= 1
        if self._blocks_left < 0:
            self.found.complete = False
            return
        structure = exif_alone(raw, self._limits)
        self._exif(structure, structure.nodes[0], offset)

    def _loose(self, carrier: str, kind: str, offset: int, length: int) -> None:
        """Add texts around marks in bytes of no known form."""
        end, at = offset + length, offset
        for _ in range(_MAX_LOOSE):
            mark = _MARKS.search(self._structure.data, at, end)
            if mark is None:
                return
            begin = max(offset, at, mark.start() - 2)
            stop = min(end, mark.start() + _LOOSE_LENGTH)
            text = _text(self._structure.data[begin:stop].split(b"\0\0\0\0", 1)[0])
            self._add_at(carrier, "", text, (kind, mark.start()))
            # The rest of this label names its own fields: the next label begins behind them.
            at = min(end, mark.start() + (text.find("}") + 1 or max(len(text), len(mark[0]))))

    def _trailing(self, offset: int, length: int) -> None:
        data, end = self._structure.data, offset + length
        at = offset
        while at + 8 <= end and self._blocks_left > 0 and data[at : at + 4] in (b"XMP ", b"EXIF"):
            size = int.from_bytes(data[at + 4 : at + 8], "little")
            if data[at : at + 4] == b"EXIF":
                self._exif_alone(data[at + 8 : min(at + 8 + size, end)][: max(self._left, 0)], at)
            at += 8 + size + size % 2
        self.found.complete &= self._blocks_left > 0
        packet = MP_BEGINS.search(data, offset, end)
        if packet:
            begin = packet.start()
            self._xmp(data[begin : min(end, begin + max(self._left, 0))], "trailing", begin)
        else:
            end = self._samsung(at, end - at)
            self._loose("trailing", "trailing", at, end - at)

    def _samsung(self, offset: int, length: int) -> int:
        """Add Samsung's records at the end of these bytes; return where what stands before them ends."""
        block = samsung_records(self._structure.data, offset, length)
        for record in block.records if block else ():
            self._add_at("samsung.record", record.name, record.text, ("SEF", record.offset))
        return block.begin if block else offset + length


def _of_the_picture(structure: Structure) -> Iterator[Node]:
    """Yield the nodes of the file but not those of previews inside its metadata."""
    waiting = list(structure.nodes)[::-1]
    while waiting:
        node = waiting.pop()
        yield node
        if node.kind == "exif":
            waiting.extend(child for child in node.children if child.kind == "IFD")
        else:
            waiting.extend(child for child in reversed(node.children) if child.kind != "preview")


def _datasets(raw: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield record:dataset and value of an IPTC-IIM record (IIM 4.2, 1.5); stop at the first damage."""
    at = 0
    while at + 5 <= len(raw) and raw[at] == 0x1C:
        size = int.from_bytes(raw[at + 3 : at + 5])
        if size & 0x8000:
            return
        yield f"{raw[at + 1]}:{raw[at + 2]}", raw[at + 5 : at + 5 + size]
        at += 5 + size


def _text(raw: bytes) -> str:
    try:
        return raw.rstrip(b"\0").decode("utf-8")
    except UnicodeDecodeError:
        # What PNG's older chunks, JPEG's comments and IIM are by their standards.
        return raw.rstrip(b"\0").decode("latin-1")
