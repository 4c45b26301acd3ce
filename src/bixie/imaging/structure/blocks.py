"""Metadata blocks that many containers carry, as nodes of the same kind wherever they are found.

Kinds: ``exif`` (directories below it), ``xmp``, ``icc``, ``iptc``, ``photoshop`` (``8BIM`` resources below
it), ``jumbf`` (the box that holds C2PA manifests). What is parsed is bounded by `Limits.metadata_bytes`.
"""

from collections.abc import Callable

from bixie.imaging.structure.model import Node
from bixie.imaging.structure.reader import CutShortError, Reader
from bixie.imaging.structure.tiff import walk_tiff

__all__ = ["exif", "photoshop", "plain"]

_IPTC = 0x0404
_EXIF_PREFIXES = (b"Exif\0\0", b"Exif\0\xff")

PreviewWalker = Callable[[Reader, int, int], Node]


def plain(reader: Reader, kind: str, offset: int, length: int) -> Node:
    """Return a block whose inside is left to whoever reads it."""
    return reader.node(kind, offset, length)


def exif(reader: Reader, offset: int, length: int, preview: PreviewWalker | None = None) -> Node:
    """Return the EXIF block at `offset`, with or without the ``Exif`` letters that JPEG puts before it.

    Parameters
    ----------
    preview : callable, optional
        Walks a JPEG preview, ``(reader, offset, length) -> Node``; previews are plain nodes without it.
    """
    if reader.data[offset : offset + 6] in _EXIF_PREFIXES:
        offset, length = offset + 6, length - 6
    if length > reader.limits.metadata_bytes:
        reader.note("imaging.metadata_too_large", limit=reader.limits.metadata_bytes)
        return plain(reader, "exif", offset, length)
    found = walk_tiff(reader, offset, length)
    if found is None:
        reader.note("imaging.exif_unreadable")
        return plain(reader, "exif", offset, length)
    previews = [
        preview(reader, at, size) if preview else plain(reader, "preview", at, size)
        for at, size in found.previews
    ]
    return reader.node("exif", offset, length, children=(*found.nodes, *previews))


def photoshop(reader: Reader, offset: int, length: int) -> Node:
    """Return a Photoshop resource block; its IPTC record is an ``iptc`` node."""
    end = min(offset + length, reader.size)
    resources: list[Node] = []
    at = offset
    while at + 12 <= end and reader.data[at : at + 4] == b"8BIM" and not reader.exhausted:
        try:
            identifier = reader.number(at + 4, 2, end=end)
            name = reader.number(at + 6, 1, end=end)
            head = at + 6 + name + 1 + (name + 1) % 2
            size = reader.number(head, 4, end=end)
        except CutShortError:
            reader.damaged(at)
            break
        inside = (head + 4, min(size, end - head - 4))
        children = (plain(reader, "iptc", *inside),) if identifier == _IPTC else ()
        resources.append(reader.node("8BIM", at, head + 4 + size - at, inside, children, id=identifier))
        at = head + 4 + size + size % 2
    return reader.node("photoshop", offset, length, children=tuple(resources))
