"""Walk the metadata blocks that many containers share, into nodes of the same kinds.

Kinds: ``exif`` (directories below it), ``xmp``, ``icc``, ``iptc``, ``photoshop`` (``8BIM`` resources below
it), ``jumbf`` (the box that holds C2PA manifests). `Limits.metadata_bytes` bounds what is parsed.
"""

from collections.abc import Callable

from bixie.imaging.structure.model import Node
from bixie.imaging.structure.reader import OutOfBoundsError, Reader
from bixie.imaging.structure.tiff import walk_tiff

__all__ = ["exif", "leaf", "photoshop"]

_IPTC = 0x0404
_EXIF_PREFIXES = (b"Exif\0\0", b"Exif\0\xff")

PreviewWalker = Callable[[Reader, int, int], Node]


def leaf(reader: Reader, kind: str, offset: int, length: int) -> Node:
    """Return a block that is not parsed further."""
    return reader.node(kind, offset, length)


def exif(reader: Reader, offset: int, length: int, preview: PreviewWalker | None = None) -> Node:
    """Return the EXIF block at `offset`, with or without the ``Exif`` prefix of JPEG.

    Parameters
    ----------
    preview : callable, optional
        Walks a JPEG preview, ``(reader, offset, length) -> Node``; without it previews are leaves.
    """
    if reader.data[offset : offset + 6] in _EXIF_PREFIXES:
        offset, length = offset + 6, length - 6
    if length > reader.limits.metadata_bytes:
        reader.note("imaging.metadata_too_large", limit=reader.limits.metadata_bytes)
        return leaf(reader, "exif", offset, length)
    found = walk_tiff(reader, offset, length)
    if found is None:
        reader.note("imaging.exif_unreadable")
        return leaf(reader, "exif", offset, length)
    previews = [
        preview(reader, at, size) if preview else leaf(reader, "preview", at, size)
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
        except OutOfBoundsError:
            reader.note_damage(at)
            break
        inside = (head + 4, min(size, end - head - 4))
        children = (leaf(reader, "iptc", *inside),) if identifier == _IPTC else ()
        resources.append(reader.node("8BIM", at, head + 4 + size - at, inside, children, id=identifier))
        at = head + 4 + size + size % 2
    return reader.node("photoshop", offset, length, children=tuple(resources))
