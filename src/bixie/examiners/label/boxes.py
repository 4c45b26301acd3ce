"""Texts in ISO base media files (keys, lists, user data) and in Matroska's tags."""

from collections.abc import Iterator
from dataclasses import dataclass

from bixie.imaging.structure import Node, Structure

__all__ = ["BoxText", "iso_media_texts", "matroska_texts"]

_FREEFORM = "----"
_UTF16 = 2
_KNOWN_UUIDS = frozenset({"be7acfcb97a942e89c71999491e3afac", "d8fec3d61b0e483c92975828877ec481"})
_MARK = "aigc"


@dataclass(frozen=True, slots=True)
class BoxText:
    """One text in a box or element: the kind of place, its name there, its bytes decoded, its node."""

    carrier: str
    key: str
    text: str
    node: Node


def iso_media_texts(structure: Structure, max_bytes: int) -> Iterator[BoxText]:
    """Yield the texts of metadata lists, user data and unknown uuid boxes, up to `max_bytes` bytes each."""
    for node in structure.all_nodes():
        if node.kind == "ilst":
            for entry in node.children:
                yield _list_entry(structure, entry, max_bytes)
        elif node.kind.startswith("©") and "text" in node.facts:
            text = structure.bytes_of(node)[4:max_bytes].decode("utf-8", "replace")
            yield BoxText("isobmff.user_data", node.kind, text, node)
        elif node.kind == "uuid" and node.facts.get("uuid") not in _KNOWN_UUIDS:
            raw = structure.bytes_of(node)[16:max_bytes]
            if _MARK.upper().encode() in raw[:4096]:
                yield BoxText("isobmff.uuid", "", raw.decode("utf-8", "replace"), node)
        elif _MARK in node.kind.lower():
            text = structure.bytes_of(node)[:max_bytes].decode("utf-8", "replace")
            yield BoxText("isobmff.user_data", node.kind, text.lstrip("\0"), node)


def matroska_texts(structure: Structure, max_bytes: int) -> Iterator[BoxText]:
    """Yield Matroska's tags by name, and what wrote the file; each decoded up to `max_bytes` bytes."""
    for node in structure.all_nodes():
        if node.kind == "SimpleTag":
            parts = {child.kind: child for child in node.children}
            if "TagName" in parts and "TagString" in parts:
                name, value = (
                    _string(structure, parts[kind], max_bytes) for kind in ("TagName", "TagString")
                )
                yield BoxText("matroska.tag", name, value, node)
        elif node.kind in ("Title", "MuxingApp", "WritingApp"):
            yield BoxText("matroska.info", node.kind, _string(structure, node, max_bytes), node)


def _list_entry(structure: Structure, entry: Node, max_bytes: int) -> BoxText:
    key = str(entry.facts.get("key", entry.kind))
    keyed = key != entry.kind
    if entry.kind == _FREEFORM:
        key, at, length = _freeform(structure, entry)
    else:
        at, length = entry.facts.get("value_at", (0, 0))
    raw = structure.data[at : at + min(length, max_bytes)]
    encoding = "utf-16-be" if entry.facts.get("value_type") == _UTF16 else "utf-8"
    carrier = "isobmff.keys" if keyed else "isobmff.list"
    return BoxText(carrier, key, raw.decode(encoding, "replace"), entry)


def _freeform(structure: Structure, entry: Node) -> tuple[str, int, int]:
    """Return name, offset and length of iTunes' freeform entry: boxes ``mean``, ``name``, ``data``."""
    name, place = "", (0, 0)
    at, length = entry.payload
    end = at + length
    for _ in range(4):
        size = int.from_bytes(structure.data[at : at + 4])
        if size < 12 or at + size > end:
            break
        kind = structure.data[at + 4 : at + 8]
        if kind == b"name":
            name = structure.data[at + 12 : at + min(size, 140)].decode("utf-8", "replace")
        elif kind == b"data":
            place = (at + 16, max(size - 16, 0))
        at += size
    return name, *place


def _string(structure: Structure, node: Node, max_bytes: int) -> str:
    return structure.bytes_of(node)[:max_bytes].rstrip(b"\0").decode("utf-8", "replace")
