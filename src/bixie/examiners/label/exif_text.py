"""Decode EXIF's text fields in all the encodings in use (Exif 3.0, 4.6; Windows' XP tags)."""

from collections.abc import Iterator

from bixie.imaging.structure import Node, Structure

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


def _of_a_preview(directory: Node) -> bool:
    """Return whether a directory describes a preview: in a TIFF of many pages, IFD1 is a page."""
    full = any(entry.facts.get("tag") == _FULL_SIZE for entry in directory.children)
    return directory.facts["name"] in _NOT_OF_THE_PICTURE and not full


def _decoded(tag: int, raw: bytes, byte_order: str) -> str:
    if tag in _WINDOWS:
        return raw.decode("utf-16-le", "replace").rstrip("\0")
    if tag != _USER_COMMENT:
        return _letters(raw)
    head, body = raw[:_PREFIX], raw[_PREFIX:]
    if head.startswith(_UNICODE):
        return _wide(body, byte_order)
    # Some writers leave the prefix out.
    return _letters(body if head.rstrip(b"\0 ") in (b"ASCII", b"JIS", b"") else raw)


def _letters(raw: bytes) -> str:
    raw = raw.rstrip(b"\0")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode("gb18030")
    except UnicodeDecodeError:
        return raw.decode("utf-8", "replace")


def _wide(body: bytes, byte_order: str) -> str:
    """Decode a comment marked UNICODE: in the file's byte order, in the other one, or not wide at all."""
    if b"\0" not in body[:64].rstrip(b"\0"):
        return _letters(body)
    orders = ("utf-16-le", "utf-16-be") if byte_order == "little" else ("utf-16-be", "utf-16-le")
    return max((body.decode(order, "replace") for order in orders), key=_plainness).rstrip("\0")


def _plainness(text: str) -> int:
    return sum(" " <= letter < "\x7f" for letter in text[:256])
