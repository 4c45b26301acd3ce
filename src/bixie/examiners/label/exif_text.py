"""Decode EXIF's text fields in all the encodings in use (Exif 3.0, 4.6; Windows' XP tags; Huawei's note)."""

import contextlib
import re
from collections.abc import Iterator
from dataclasses import replace

from bixie.imaging.limits import Limits
from bixie.imaging.structure import Node, Structure
from bixie.imaging.structure.reader import Reader
from bixie.imaging.structure.tiff import walk_tiff

__all__ = ["TEXT_TAGS", "exif_texts"]

TEXT_TAGS = {
    0x000B: "ProcessingSoftware",
    0x010D: "DocumentName",
    0x010E: "ImageDescription",
    0x010F: "Make",
    0x0110: "Model",
    0x0131: "Software",
    0x013B: "Artist",
    0x013C: "HostComputer",
    0x8298: "Copyright",
    0x9286: "UserComment",
    0x9C9B: "XPTitle",
    0x9C9C: "XPComment",
    0x9C9D: "XPAuthor",
    0x9C9E: "XPKeywords",
    0x9C9F: "XPSubject",
    0xA436: "ImageTitle",
    0xA43B: "ImageEditingSoftware",
}
_USER_COMMENT = 0x9286
_WINDOWS = range(0x9C9B, 0x9CA0)
_PREFIX = 8
_UNICODE = b"UNICODE"
_SCORED = 4096
_PLAIN = re.compile(r"[\t\n\r -~\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff00-\uffee]")
_MAKER_NOTE = 0x927C
_HUAWEI = b"HUAWEI\0\0"
_HUAWEI_AI_EDIT = 0x0212
_NOTE_LENGTH = 64 * 1024
_NOTE_FIELDS = 1000
_NOT_OF_THE_PICTURE = {"IFD1", "GPS", "Interop", "MPF"}
_FULL_SIZE = 0x00FE


def exif_texts(structure: Structure, block: Node, max_bytes: int) -> Iterator[tuple[str, str, Node]]:
    """Yield name, text and node of every text field of an EXIF block; bytes pointed to twice count once.

    Parameters
    ----------
    structure : Structure
    block : Node
        Of kind ``exif``.
    max_bytes : int
        Bytes of a value that are decoded.
    """
    seen: set[tuple[int, int]] = set()
    for directory in block.children:
        if directory.kind != "IFD" or _of_a_preview(directory):
            continue
        for entry in directory.children:
            name = TEXT_TAGS.get(entry.facts.get("tag", 0))
            if name and entry.payload[1] and entry.payload not in seen:
                seen.add(entry.payload)
                raw = structure.bytes_of(entry)[:max_bytes]
                yield name, _decoded(entry.facts["tag"], raw, directory.facts["byte_order"]), entry
            elif entry.facts.get("tag") == _MAKER_NOTE and entry.payload not in seen:
                seen.add(entry.payload)
                edited = _huawei_ai_edit(structure.bytes_of(entry)[: min(max_bytes, _NOTE_LENGTH)])
                if edited is not None:
                    yield "HwMnoteAiEdit", edited, entry


def _huawei_ai_edit(note: bytes) -> str | None:
    """Return the value of the AI edit field in the note of a Huawei phone: a TIFF block behind its name."""
    if not note.startswith(_HUAWEI):
        return None
    reader = Reader(note, replace(Limits(), nodes=_NOTE_FIELDS))
    found = walk_tiff(reader, len(_HUAWEI), len(note) - len(_HUAWEI))
    entries = [entry for directory in found.nodes for entry in directory.children] if found else []
    values = (entry.facts.get("value") for entry in entries if entry.facts.get("tag") == _HUAWEI_AI_EDIT)
    return next((str(value) for value in values), None)


def _of_a_preview(directory: Node) -> bool:
    """Return whether a directory describes a preview: in a TIFF of many pages, IFD1 is a page."""
    full = any(entry.facts.get("tag") == _FULL_SIZE for entry in directory.children)
    return directory.facts["name"] in _NOT_OF_THE_PICTURE and not full


def _decoded(tag: int, raw: bytes, byte_order: str) -> str:
    if tag in _WINDOWS:
        return _wide(raw, "little", may_be_utf8=False)
    if tag != _USER_COMMENT:
        return _letters(raw, byte_order)
    head, body = raw[:_PREFIX], raw[_PREFIX:]
    if head.startswith(_UNICODE):
        return _wide(body, byte_order, may_be_utf8=True)
    # Some writers leave the prefix out.
    return _letters(body if head.rstrip(b"\0 ") in (b"ASCII", b"JIS", b"") else raw, byte_order)


def _letters(raw: bytes, byte_order: str) -> str:
    """Decode a text that should be of single bytes; some writers put two bytes a letter there too."""
    raw = raw.rstrip(b"\0")
    if b"\0" in raw[:_SCORED] and len(raw) > 1:
        return _wide(raw + b"\0" * (len(raw) % 2), byte_order, may_be_utf8=True)
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "replace")


def _wide(raw: bytes, byte_order: str, *, may_be_utf8: bool) -> str:
    """Decode a text that should have two bytes a letter, in the order that makes letters of it.

    The file's own order is the first to be tried, but writers use the other one too, and UTF-8. A zero byte
    tells nothing: Chinese letters have none.
    """
    orders = ("utf-16-le", "utf-16-be") if byte_order == "little" else ("utf-16-be", "utf-16-le")
    read = [raw.decode(order, "replace").rstrip("\0").removeprefix("\ufeff") for order in orders]
    if may_be_utf8:
        # First: letters of single bytes look like rare Chinese letters in pairs, hardly ever the reverse.
        with contextlib.suppress(UnicodeDecodeError):
            read.insert(0, raw.rstrip(b"\0").decode("utf-8"))
    return max(read, key=_plainness)


def _plainness(text: str) -> float:
    """Return the share of letters that texts of people and programs are made of."""
    looked_at = text[:_SCORED]
    return len(_PLAIN.findall(looked_at)) / len(looked_at) if looked_at else 0.0
