"""TIFF files, BigTIFF and DNG among them: the directories and the metadata blocks their tags hold."""

from bixie.imaging.structure.jpeg import jpeg_preview
from bixie.imaging.structure.model import Node, Structure
from bixie.imaging.structure.reader import Reader
from bixie.imaging.structure.tiff import walk_tiff

__all__ = ["walk_tiff_file"]

_WIDTH, _HEIGHT = 256, 257


def walk_tiff_file(reader: Reader) -> Structure:
    """Return the structure of a TIFF file.

    The directories stand below one ``exif`` node, as they do in every other container.
    """
    found = walk_tiff(reader, 0, reader.size)
    if found is None or not found.nodes:
        reader.note_damage(0)
        return Structure("image/tiff", reader.data)
    previews = [jpeg_preview(reader, at, length) for at, length in found.previews]
    root = reader.node("exif", 0, reader.size, children=(*found.nodes, *previews))
    first = {entry.facts["tag"]: entry.facts.get("value") for entry in _main(found.nodes).children}
    width, height = first.get(_WIDTH), first.get(_HEIGHT)
    return Structure(
        "image/tiff",
        reader.data,
        (root,),
        width=width if isinstance(width, int) else None,
        height=height if isinstance(height, int) else None,
    )


def _main(directories: list[Node]) -> Node:
    return next((node for node in directories if node.facts["name"] == "IFD0"), directories[0])
