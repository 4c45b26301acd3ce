"""Open a file with the decoder of its media type, and load as many of its pixels as possible.

Pillow neither guesses the format nor reads its global switches: each decoder gets a file with pixels only.
"""

import io
import struct
from collections.abc import Callable
from dataclasses import dataclass, field

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

__all__ = ["Loaded", "check_memory", "check_size", "load"]

_SUBFILE_TYPE, _REDUCED = 254, 1
_DNG_VERSION = 50706
_MULTI_FRAME = 0x02
"""Upper byte of an MPF picture's type that means panorama, disparity or several angles; not previews."""

_MODE_BYTES = {"1": 2, "L": 4, "LA": 17, "PA": 17, "RGBA": 17, "CMYK": 13, "I;16": 15, "I": 22, "F": 22}
_OTHER_MODE_BYTES = 10
_DECODER_BYTES = {"image/webp": 8, "image/avif": 3, "image/heic": 3, "image/heif": 3, "image/bmp": 3}
"""What decoding takes for each pixel at its peak: by the mode, and more by the decoder. Measured with ones
of 12 and 50 megapixels, rounded down."""
_ALLOCATES_WHEN_OPENED = ("image/webp", "image/heic", "image/heif")
_COEFFICIENT_BYTES = 2
"""More for each sample of a JPEG that is stored in several passes, however small it is decoded."""
_MIB = 1024 * 1024


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
        Checked before any pixel is decoded.
    long_side : int or None
        A JPEG may be decoded smaller, but not smaller than this.

    Raises
    ------
    ImagingError
        ``imaging.too_many_pixels``, ``imaging.side_too_long``, ``imaging.too_many_scans`` or
        ``imaging.too_much_memory``.
    Exception
        Anything that a decoder raises on bytes it cannot read.
    """
    for width, height in _announced_sizes(structure):
        check_size(width, height, limits)
        if structure.media_type in _ALLOCATES_WHEN_OPENED:
            check_memory(width, height, _pixel_bytes(structure, "RGB"), limits)
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
    """Refuse a picture that exceeds the limits.

    Raises
    ------
    ImagingError
        ``imaging.broken`` for an empty picture, ``imaging.side_too_long``, ``imaging.too_many_pixels``.
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


def check_memory(width: int, height: int, bytes_per_pixel: int, limits: Limits) -> None:
    """Refuse a picture that would take more memory than is allowed.

    Raises
    ------
    ImagingError
        ``imaging.too_much_memory``.
    """
    needed = width * height * bytes_per_pixel
    if needed > limits.memory_bytes:
        raise ImagingError(
            "imaging.too_much_memory",
            width=width,
            height=height,
            needed=-(-needed // _MIB),
            limit=limits.memory_bytes // _MIB,
        )


@dataclass(slots=True)
class _Opened:
    """A file that a decoder has opened but not decoded.

    Parameters
    ----------
    image : ImageFile
    size : tuple of int
        Full size as stored, before any reduction in decoding.
    several : bool
        Whether the file holds more than one picture.
    complete : bool
        False if the file ends before its end mark.
    group : int
        Rows that are decoded together.
    in_rows : bool
        False if the picture is interlaced: a part of the file is then no part of the picture.
    notes : list of FileNote
    """

    image: ImageFile
    size: tuple[int, int]
    several: bool = False
    complete: bool = True
    group: int = 1
    in_rows: bool = True
    notes: list[FileNote] = field(default_factory=list)


def _jpeg(structure: Structure, limits: Limits, long_side: int | None) -> Loaded:
    segments = structure.nodes[0].children
    scans = sum(node.kind == "SOS" for node in segments)
    if scans > limits.scans:
        raise ImagingError("imaging.too_many_scans", scans=scans, limit=limits.scans)
    distilled = distil.jpeg(structure)
    image = JpegImageFile(io.BytesIO(distilled.data))
    opened = _Opened(image, image.size, complete=distilled.complete, group=_mcu_rows(segments))
    opened.several = _has_more_views(structure)
    if scans > 1 or any(node.kind == "SOF2" for node in segments):
        check_memory(image.width, image.height, _coefficient_bytes(segments), limits)
    if long_side and max(image.size) > long_side:
        factor = long_side / max(image.size)
        image.draft(None, (max(1, round(image.width * factor)), max(1, round(image.height * factor))))
    return _finish(structure, limits, opened)


def _png(structure: Structure, limits: Limits, long_side: int | None) -> Loaded:
    distilled = distil.png(structure)
    image = PngImageFile(io.BytesIO(distilled.data))
    opened = _Opened(image, image.size, complete=distilled.complete)
    opened.several = any(node.facts.get("frames", 1) > 1 for node in structure.nodes if node.kind == "acTL")
    opened.in_rows = not structure.nodes[0].facts["interlaced"]
    return _finish(structure, limits, opened)


def _gif(structure: Structure, limits: Limits, long_side: int | None) -> Loaded:
    distilled = distil.gif(structure)
    frames = [node for node in structure.nodes if node.kind == "image"]
    image = GifImageFile(io.BytesIO(distilled.data))
    opened = _Opened(image, image.size, several=len(frames) > 1, complete=distilled.complete)
    opened.in_rows = not frames[0].facts["interlaced"]
    return _finish(structure, limits, opened)


def _webp(structure: Structure, limits: Limits, long_side: int | None) -> Loaded:
    image = WebPImageFile(io.BytesIO(structure.data))
    return _finish(structure, limits, _Opened(image, image.size, several=image.n_frames > 1))


def _bmp(structure: Structure, limits: Limits, long_side: int | None) -> Loaded:
    image = BmpImageFile(io.BytesIO(structure.data))
    return _finish(structure, limits, _Opened(image, image.size))


def _tiff(structure: Structure, limits: Limits, long_side: int | None) -> Loaded:
    image = _Tiff(io.BytesIO(distil.tiff(structure, limits).data))
    opened = _Opened(image, image.size)
    values = exif_values(structure)
    if values.get(_SUBFILE_TYPE, 0) == _REDUCED or _DNG_VERSION in values:
        opened.notes.append(note("imaging.preview_only"))
    else:
        pages = (node for node in structure.nodes[0].children if node.kind == "IFD")
        opened.several = sum(node.facts["name"].startswith("IFD") for node in pages) > 1
    return _finish(structure, limits, opened)


def _avif(structure: Structure, limits: Limits, long_side: int | None) -> Loaded:
    image = AvifImageFile(io.BytesIO(distil.iso_media(structure).data))
    loaded = _finish(structure, limits, _Opened(image, image.size, several=image.n_frames > 1))
    # Pillow reports the file's rotation and mirror properties as an EXIF orientation.
    loaded.orientation = image.getexif().get(ExifTags.Base.Orientation, 1)
    loaded.profile = image.info.get("icc_profile")
    return loaded


def _heif(structure: Structure, limits: Limits, long_side: int | None) -> Loaded:
    opened = pi_heif.open_heif(io.BytesIO(distil.iso_media(structure).data), convert_hdr_to_8bit=True)
    picture = opened[opened.primary_index]
    width, height = picture.size
    check_size(width, height, limits)
    check_memory(width, height, _pixel_bytes(structure, picture.mode), limits)
    image = Image.frombuffer(
        picture.mode, picture.size, bytes(picture.data), "raw", picture.mode, picture.stride, 1
    )
    notes = [note("imaging.first_frame_only")] if len(opened) > 1 else []
    # The decoder has applied the file's rotation and mirror properties; this format ignores EXIF orientation.
    return Loaded(image, width, height, 1, picture.info.get("icc_profile"), 1.0, notes)


class _Tiff(TiffImageFile):
    """A TIFF without Pillow's own pixel limit; `check_size` has already checked ours."""

    def load_prepare(self) -> None:
        if self._im is None:
            self.im = Image.new(self.mode, self.size).im
        super().load_prepare()


def _finish(structure: Structure, limits: Limits, opened: _Opened) -> Loaded:
    """Load the pixels and gather orientation, profile and notes."""
    width, height = opened.size
    check_size(width, height, limits)
    image = opened.image  # a JPEG may be decoded smaller
    check_memory(image.width, image.height, _pixel_bytes(structure, image.mode), limits)
    whole = _load_pixels(image)
    notes = opened.notes
    if opened.several:
        notes.append(note("imaging.first_frame_only"))
    rows = 1.0
    if not (opened.complete and whole):
        notes.append(note("imaging.damaged" if opened.complete else "imaging.truncated"))
        rows = _decoded_share(opened) if opened.in_rows else 0.0
        if rows <= 0:
            raise ImagingError("imaging.broken")
    profile = icc_profile(structure, limits)
    return Loaded(opened.image, width, height, orientation(structure), profile, rows, notes)


def _pixel_bytes(structure: Structure, mode: str) -> int:
    return _MODE_BYTES.get(mode, _OTHER_MODE_BYTES) + _DECODER_BYTES.get(structure.media_type, 0)


def _load_pixels(image: ImageFile) -> bool:
    """Load as many pixels as possible; return whether that is all of them."""
    try:
        image.load()
    except (OSError, EOFError, SyntaxError, ValueError, IndexError, struct.error):
        # Without tiles Pillow counts the picture as loaded and keeps the decoded rows.
        image.tile = []
        image.load()
        return False
    return True


def _decoded_share(opened: _Opened) -> float:
    """Return the share of rows, from the top, that were decoded: the rest is one flat colour."""
    pixels = np.atleast_3d(np.asarray(opened.image))
    filled = (pixels == pixels[-1, -1]).all(axis=(1, 2))
    last = 0 if filled.all() else int(np.flatnonzero(~filled)[-1]) + 1
    # The last group may be decoded in part, and colour at half the resolution bleeds
    # over the border by a row.
    reduction = max(1, round(opened.size[1] / opened.image.height))
    return max(0, last - -(-opened.group // reduction) - 2) / opened.image.height


def _mcu_rows(segments: tuple[Node, ...]) -> int:
    frame = next((node.facts for node in segments if node.kind.startswith("SOF") and node.facts), None)
    return 8 * max((part["vertical"] for part in frame["components"]), default=1) if frame else 8


def _coefficient_bytes(segments: tuple[Node, ...]) -> int:
    """Return the bytes for each pixel of the coefficients, which several passes keep in memory."""
    frame = next((node.facts for node in segments if node.kind.startswith("SOF") and node.facts), None)
    areas = [part["horizontal"] * part["vertical"] for part in frame.get("components", [])] if frame else []
    return -(-_COEFFICIENT_BYTES * sum(areas) // max(areas)) if areas and max(areas) else 0


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
