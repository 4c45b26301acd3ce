"""Opens a file with the one decoder its content calls for, and loads as many of its pixels as can be had.

Pillow's own guess is never asked, nor its global switches: each reader gets a file that holds pixels only.
"""

import io
import struct
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pi_heif
from PIL import ExifTags, Image
from PIL.AvifImagePlugin import AvifImageFile
from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

from bixie.imaging import distil
from bixie.imaging.errors import FileNote, ImagingError, note
from bixie.imaging.limits import Limits
from bixie.imaging.structure import Node, Structure
from bixie.imaging.structure.metadata import exif_values, icc_profile, orientation

__all__ = ["Loaded", "check_size", "load"]

_SUBFILE_TYPE, _REDUCED = 254, 1
_DNG_VERSION = 50706
_MULTI_FRAME = 0x02
"""Upper byte of an MPF picture's type that means panorama, disparity or several angles; not previews."""


@dataclass(slots=True)
class Loaded:
    """A picture in memory, as stored.

    Parameters
    ----------
    image : Image
        Decoded; possibly reduced already.
    width, height : int
        As stored, before orientation and reduction.
    orientation : int
        EXIF's 1 to 8, still to be applied.
    profile : bytes or None
        ICC profile, still to be applied; empty when it cannot be read.
    rows : float
        Share of the rows that could be decoded, from the top, above 0 and up to 1.
    notes : list of FileNote
    """

    image: Image.Image
    width: int
    height: int
    orientation: int
    profile: bytes | None
    rows: float
    notes: list[FileNote]


def load(structure: Structure, limits: Limits, long_side: int | None) -> Loaded:
    """Load the first picture of a file.

    Parameters
    ----------
    structure : Structure
        Of a picture, not of a video.
    limits : Limits
        Sizes are held against them before any pixel is decoded.
    long_side : int or None
        A JPEG may be decoded smaller, but not smaller than this.

    Raises
    ------
    ImagingError
        ``imaging.too_many_pixels``, ``imaging.side_too_long`` or ``imaging.too_many_scans``.
    Exception
        Whatever a decoder raises on what it cannot read.
    """
    for width, height in _announced_sizes(structure):
        check_size(width, height, limits)
    return _LOADERS[structure.media_type](structure, limits, long_side)


def _announced_sizes(structure: Structure) -> list[tuple[int, int]]:
    sizes = [(structure.width or 0, structure.height or 0)]
    if structure.media_type in ("image/heic", "image/heif", "image/avif"):
        sizes += [_size_of(node) for node in structure.all_nodes() if node.kind == "ispe" and node.facts]
    elif structure.media_type == "image/gif":
        # A frame may reach beyond the canvas, and the canvas is then enlarged.
        frame = next((node.facts for node in structure.nodes if node.kind == "image"), {})
        if frame:
            sizes.append((frame["left"] + frame["width"], frame["top"] + frame["height"]))
    return sizes


def _size_of(node: Node) -> tuple[int, int]:
    return node.facts["width"], node.facts["height"]


def check_size(width: int, height: int, limits: Limits) -> None:
    """Refuse a picture that is larger than the limits.

    Raises
    ------
    ImagingError
        ``imaging.broken`` for a size of nothing, ``imaging.side_too_long``, ``imaging.too_many_pixels``.
    """
    if min(width, height) <= 0:
        raise ImagingError("imaging.broken")
    if max(width, height) > limits.side:
        raise ImagingError("imaging.side_too_long", width=width, height=height, limit=limits.side)
    pixels = width * height
    if pixels > limits.pixels:
        raise ImagingError(
            "imaging.too_many_pixels", width=width, height=height, pixels=pixels, limit=limits.pixels
        )


def _jpeg(structure: Structure, limits: Limits, long_side: int | None) -> Loaded:
    segments = structure.nodes[0].children
    scans = sum(node.kind == "SOS" for node in segments)
    if scans > limits.scans:
        raise ImagingError("imaging.too_many_scans", scans=scans, limit=limits.scans)
    distilled = distil.jpeg(structure)
    image = JpegImageFile(io.BytesIO(distilled.data))
    width, height = image.size
    if long_side and max(width, height) > long_side:
        factor = long_side / max(width, height)
        image.draft(None, (max(1, round(width * factor)), max(1, round(height * factor))))
    notes = [note("imaging.first_frame_only")] if _has_more_views(structure) else []
    return _finish(
        structure,
        limits,
        image,
        notes,
        complete=distilled.complete,
        full=(width, height),
        group=_mcu_rows(segments),
    )


def _png(structure: Structure, limits: Limits, long_side: int | None) -> Loaded:
    distilled = distil.png(structure)
    frames = next((node.facts.get("frames", 1) for node in structure.nodes if node.kind == "acTL"), 1)
    notes = [note("imaging.first_frame_only")] if frames > 1 else []
    return _finish(
        structure, limits, PngImageFile(io.BytesIO(distilled.data)), notes, complete=distilled.complete
    )


def _gif(structure: Structure, limits: Limits, long_side: int | None) -> Loaded:
    distilled = distil.gif(structure)
    several = sum(node.kind == "image" for node in structure.nodes) > 1
    notes = [note("imaging.first_frame_only")] if several else []
    return _finish(
        structure, limits, GifImageFile(io.BytesIO(distilled.data)), notes, complete=distilled.complete
    )


def _webp(structure: Structure, limits: Limits, long_side: int | None) -> Loaded:
    image = WebPImageFile(io.BytesIO(structure.data))
    notes = [note("imaging.first_frame_only")] if image.n_frames > 1 else []
    return _finish(structure, limits, image, notes)


def _bmp(structure: Structure, limits: Limits, long_side: int | None) -> Loaded:
    return _finish(structure, limits, BmpImageFile(io.BytesIO(structure.data)), [])


def _tiff(structure: Structure, limits: Limits, long_side: int | None) -> Loaded:
    directories = [node for node in structure.nodes[0].children if node.kind == "IFD"]
    pages = [node for node in directories if node.facts["name"].startswith("IFD")]
    values = exif_values(structure)
    notes: list[FileNote] = []
    if values.get(_SUBFILE_TYPE, 0) == _REDUCED or _DNG_VERSION in values:
        notes.append(note("imaging.preview_only"))
    elif len(pages) > 1:
        notes.append(note("imaging.first_frame_only"))
    image = _Tiff(io.BytesIO(distil.tiff(structure, limits).data))
    return _finish(structure, limits, image, notes)


def _avif(structure: Structure, limits: Limits, long_side: int | None) -> Loaded:
    image = AvifImageFile(io.BytesIO(distil.iso_media(structure).data))
    notes = [note("imaging.first_frame_only")] if image.n_frames > 1 else []
    loaded = _finish(structure, limits, image, notes)
    # Pillow tells the file's own rotation and mirror properties as an EXIF orientation.
    loaded.orientation = image.getexif().get(ExifTags.Base.Orientation, 1)
    loaded.profile = image.info.get("icc_profile")
    return loaded


def _heif(structure: Structure, limits: Limits, long_side: int | None) -> Loaded:
    opened = pi_heif.open_heif(io.BytesIO(distil.iso_media(structure).data), convert_hdr_to_8bit=True)
    picture = opened[opened.primary_index]
    width, height = picture.size
    check_size(width, height, limits)
    image = Image.frombuffer(
        picture.mode, picture.size, bytes(picture.data), "raw", picture.mode, picture.stride, 1
    )
    notes = [note("imaging.first_frame_only")] if len(opened) > 1 else []
    # The decoder has applied the file's rotation and mirror properties; EXIF has no say in this format.
    return Loaded(image, width, height, 1, picture.info.get("icc_profile"), 1.0, notes)


class _Tiff(TiffImageFile):
    """Without Pillow's own pixel limit, which would warn or refuse where ours has already been asked."""

    def load_prepare(self) -> None:
        if self._im is None:
            self.im = Image.new(self.mode, self.size).im
        super().load_prepare()


def _finish(
    structure: Structure,
    limits: Limits,
    image: ImageFile,
    notes: list[FileNote],
    *,
    complete: bool = True,
    full: tuple[int, int] | None = None,
    group: int = 1,
) -> Loaded:
    """Load the pixels and gather what is still to be applied; `group` rows are decoded together."""
    width, height = full or image.size
    check_size(width, height, limits)
    whole = _load_pixels(image)
    rows = 1.0
    if not (complete and whole):
        notes.append(note("imaging.truncated" if not complete else "imaging.damaged"))
        reduction = max(1, round(height / image.height))
        rows = _decoded_rows(np.asarray(image), -(-group // reduction)) / image.height
        if rows <= 0:
            raise ImagingError("imaging.broken")
    profile = icc_profile(structure, limits)
    return Loaded(image, width, height, orientation(structure), profile, rows, notes)


def _load_pixels(image: ImageFile) -> bool:
    """Load what can be loaded; return whether that is all of it."""
    try:
        image.load()
    except (OSError, EOFError, SyntaxError, ValueError, IndexError, struct.error):
        # Without tiles the picture counts as loaded; Pillow keeps the rows that were decoded.
        image.tile = []
        image.load()
        return False
    return True


def _decoded_rows(pixels: np.ndarray, group: int) -> int:
    """Return how many rows from the top were decoded: what is missing is one flat colour down to the end."""
    flat = np.atleast_3d(pixels) == np.atleast_3d(pixels)[-1, -1]
    filled = flat.all(axis=(1, 2))
    last = int(np.flatnonzero(~filled)[-1]) + 1 if not filled.all() else 0
    # The last group may be decoded in part: its left half picture, its right half fill.
    return max(0, last - group)


def _mcu_rows(segments: tuple[Node, ...]) -> int:
    frame = next((node.facts for node in segments if node.kind.startswith("SOF") and node.facts), None)
    return 8 * max((part["vertical"] for part in frame["components"]), default=1) if frame else 8


def _has_more_views(structure: Structure) -> bool:
    indexes = (node for node in structure.nodes[0].walk() if node.kind == "mpf")
    pictures = (picture for node in indexes for picture in node.facts["pictures"])
    return any(picture["type"] >> 16 == _MULTI_FRAME for picture in pictures)


_LOADERS: dict[str, Callable[[Structure, Limits, int | None], Loaded]] = {
    "image/jpeg": _jpeg,
    "image/png": _png,
    "image/webp": _webp,
    "image/gif": _gif,
    "image/tiff": _tiff,
    "image/bmp": _bmp,
    "image/avif": _avif,
    "image/heic": _heif,
    "image/heif": _heif,
}
