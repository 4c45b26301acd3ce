"""Find what is left in a container of a mark that was cut or blanked.

Only what a removal leaves behind counts: neither a whole label nor a file without any mark is a trace.
``calibration.json`` holds the weight of each kind, with its counts.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from bixie.examiners.label.aigc import Label, is_label_key
from bixie.examiners.label.carriers import Gathered, XmpBlock
from bixie.examiners.label.xmp import decoded
from bixie.imaging.structure import Node, Structure
from bixie.imaging.structure.metadata import position_is_blanked

__all__ = ["Trace", "removal_traces", "strength_of"]

_EMPTIED = re.compile(r"<([\w-]+):AIGC\b[^<>]*>[\s\0]*</")
_PACKET = re.compile(r"<\?xpacket begin=[^>]*\?>(.*?)(?:<\?xpacket end=|\Z)", re.DOTALL)
# Possessive, and begun at the first blank only: the time grows with the length, not with its square.
_GAP = re.compile(r"(?<=[>\"'\r\n\t])[ \0]{64,}+(?=[<>/\w])|(?<!\0)\0{8,}+")
_POSITION_NAMESPACE = "http://ns.adobe.com/exif/1.0/"
_AI_NAMESPACE = re.compile("AIGC|TC260", re.IGNORECASE)
_REDACTION, _LONG_REDACTION = 128, 1024
"""Characters of a property of a position in XMP, and of all in a row where EXIF's position is blanked too."""
_END_OF_PACKET = "</x:xmpmeta>"
_MIN_PACKET = 16
_PADDING = frozenset({"free", "skip", "wide", "Void", "JUNK"})
_REMNANT = re.compile(
    rb"AIGC|TC260|ContentProducer|trainedAlgorithmicMedia|compositeSynthetic"
    rb"|(?P<xmp><x:xmpmeta|<rdf:RDF|<\?xpacket|\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac)"
)
_LOOKED_AT = 256 * 1024
_MAX_TRACES = 8
_CRITICAL = frozenset({"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "acTL", "fcTL", "fdAT"})


@dataclass(frozen=True, slots=True)
class Trace:
    """One trace.

    Parameters
    ----------
    kind : str
        Last part of the code: ``label_cut``, ``xmp_blanked``, ``box_freed``, ``block_missing``, ``bare_png``.
    how : str
        What was met: ``cut``, ``blanked``, ``values_blanked``, ``emptied``; ``whole``, ``body``, ``gap``;
        ``ai_mark``, ``xmp``; empty where there is only one way.
    place : dict
        Where, as findings carry it.
    """

    kind: str
    how: str
    place: dict[str, Any] = field(default_factory=dict)


def removal_traces(structure: Structure, gathered: Gathered, labels: Iterable[Label]) -> list[Trace]:
    """Return the traces that a file's container holds.

    Parameters
    ----------
    structure : Structure
    gathered : Gathered
        Its fields and packets.
    labels : iterable of Label
        Whole and damaged ones.
    """
    found = [Trace("label_cut", label.damage, label.place.place()) for label in labels if label.damage]
    found += _unset_keys(structure, gathered)
    longest_redaction = _LONG_REDACTION if position_is_blanked(structure) else _REDACTION
    for packet in gathered.packets:
        found += _of_packet(packet, longest_redaction)
    found += _of_padding(structure)
    found += _missing_blocks(structure)
    if structure.media_type == "image/png" and _bare(structure):
        found.append(Trace("bare_png", ""))
    return found


def strength_of(kind: str, how: str = "") -> float:
    """Return what a trace weighs, in bits; 0 for those that only inform."""
    weights = _weights()
    return weights.get(f"{kind}.{how}", weights.get(kind, 0.0))


@cache
def _weights() -> dict[str, float]:
    text = resources.files("bixie.examiners.label").joinpath("calibration.json").read_text(encoding="utf-8")
    return {name: float(row["bits"]) for name, row in json.loads(text)["weights"].items()}


def _unset_keys(structure: Structure, gathered: Gathered) -> Iterator[Trace]:
    """Yield a trace for each key ``AIGC`` that is declared and has no value."""
    said = {one.key for one in gathered.fields if one.carrier == "isobmff.keys"}
    for node in structure.all_nodes():
        if node.kind == "keys":
            for name in node.facts.get("keys", []):
                if is_label_key(name) and name not in said:
                    yield Trace("label_cut", "emptied", _place("isobmff.keys", node))


def _of_packet(packet: XmpBlock, longest_redaction: int) -> Iterator[Trace]:
    place = {"carrier": "xmp", "key": "", "part": packet.node, "offset": packet.offset}
    text = decoded(packet.raw)
    if len(packet.raw) >= _MIN_PACKET and not text.strip(" \0\t\r\n"):
        yield Trace("xmp_blanked", "whole", place)
        return
    if _EMPTIED.search(text):
        yield Trace("label_cut", "emptied", place)
    wrapped = _PACKET.search(text)
    if wrapped and not wrapped[1].strip(" \0\t\r\n"):
        yield Trace("xmp_blanked", "body", place)
    else:
        honest = _redacted(text, longest_redaction)
        if any(len(gap[0]) > honest for gap in _GAP.finditer(text, 0, _end_of(text))):
            yield Trace("xmp_blanked", "gap", place)


def _redacted(text: str, longest: int) -> int:
    """Return the length of gaps that a system may have left which keeps the place from an app.

    Android overwrites each property of the position with zeros; the packet still declares EXIF's namespace.
    A label is longer than such a property, and a packet that held one mostly still declares its namespace.
    """
    may_be_position = _POSITION_NAMESPACE in text and not _AI_NAMESPACE.search(text)
    return longest if may_be_position else 0


def _end_of(text: str) -> int:
    """Return where the packet's own padding begins: blanks after the last tag are normal."""
    end = text.rfind(_END_OF_PACKET)
    return end if end >= 0 else max(text.rfind("</"), 0)


def _of_padding(structure: Structure) -> Iterator[Trace]:
    """Yield a trace for each padding box in which a label or an XMP packet can still be read."""
    found = 0
    for node in structure.all_nodes():
        if node.kind in _PADDING and found < _MAX_TRACES:
            at, length = node.payload
            remnant = _REMNANT.search(structure.data, at, at + min(length, _LOOKED_AT))
            if remnant:
                found += 1
                how = "xmp" if remnant["xmp"] and not _names_ai(structure.data, node) else "ai_mark"
                yield Trace("box_freed", how, _place("padding", node))


def _names_ai(data: bytes, node: Node) -> bool:
    at, length = node.payload
    matches = _REMNANT.finditer(data, at, at + min(length, _LOOKED_AT))
    return any(match["xmp"] is None for match in matches)


def _missing_blocks(structure: Structure) -> Iterator[Trace]:
    """Yield a trace when a WebP's header announces XMP that is not there (RFC 9649, 2.7)."""
    header = next((node for node in structure.nodes if node.kind == "VP8X"), None)
    if header is not None and header.facts.get("xmp") and not any(n.kind == "XMP " for n in structure.nodes):
        yield Trace("block_missing", "", _place("xmp", header))


def _bare(structure: Structure) -> bool:
    kinds = {node.kind for node in structure.nodes}
    return "IEND" in kinds and kinds <= _CRITICAL


def _place(carrier: str, node: Node) -> dict[str, Any]:
    return {"carrier": carrier, "key": "", "part": node.kind, "offset": node.offset}
