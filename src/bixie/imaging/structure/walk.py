"""Choose the walker of a file's media type, and note what applies to every container."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from bixie.imaging.limits import Limits
from bixie.imaging.sniff import EXTENSIONS
from bixie.imaging.source import Source
from bixie.imaging.structure.bmp import walk_bmp
from bixie.imaging.structure.gif import walk_gif
from bixie.imaging.structure.isobmff import walk_iso_media
from bixie.imaging.structure.jpeg import walk_jpeg
from bixie.imaging.structure.matroska import walk_matroska
from bixie.imaging.structure.model import Structure
from bixie.imaging.structure.png import walk_png
from bixie.imaging.structure.reader import Reader
from bixie.imaging.structure.riff import walk_webp
from bixie.imaging.structure.tiff_file import walk_tiff_file

__all__ = ["walk"]

_NOT_ZERO = re.compile(rb"[^\0]")
_WALKERS: dict[str, Callable[[Reader], Structure]] = {
    "image/jpeg": walk_jpeg,
    "image/png": walk_png,
    "image/webp": walk_webp,
    "image/gif": walk_gif,
    "image/tiff": walk_tiff_file,
    "image/bmp": walk_bmp,
    "image/heic": walk_iso_media,
    "image/heif": walk_iso_media,
    "image/avif": walk_iso_media,
    "video/mp4": walk_iso_media,
    "video/quicktime": walk_iso_media,
    "video/x-matroska": walk_matroska,
    "video/webm": walk_matroska,
}


def walk(source: Source, limits: Limits) -> Structure:
    """Return the container structure of `source`.

    Damage, cycles, nesting beyond `Limits.depth` and more parts than `Limits.nodes` become warnings; what was
    read until then is returned.
    """
    reader = Reader(source.data, limits)
    structure = _WALKERS[source.media_type](reader)
    if reader.exhausted:
        # A stopped walk does not know the end of the container.
        structure = replace(structure, trailing=None)
    if structure.trailing:
        offset, length = structure.trailing
        # Some cameras align their files with zeros; that is no finding.
        if _NOT_ZERO.search(source.data, offset):
            reader.note("imaging.trailing_bytes", bytes=length)
    _compare_name(reader, source)
    return replace(structure, media_type=source.media_type, warnings=reader.warnings)


def _compare_name(reader: Reader, source: Source) -> None:
    extension = Path(source.path).suffix.lower()
    known = any(extension in names for names in EXTENSIONS.values())
    if known and extension not in EXTENSIONS[source.media_type]:
        reader.note("imaging.name_differs_from_type", extension=extension, media_type=source.media_type)
