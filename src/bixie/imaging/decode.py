"""Decode a file to pixels: upright, sRGB, three channels, at the requested size.

Limits are checked against the header before anything is decoded. Problems become an `ImagingError` or a note.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image

from bixie.imaging import colour
from bixie.imaging.errors import FileNote, ImagingError, note
from bixie.imaging.limits import Limits
from bixie.imaging.loader import Loaded, load
from bixie.imaging.sniff import is_video
from bixie.imaging.source import Source
from bixie.imaging.structure import Structure, walk

__all__ = ["Picture", "decode"]

Box = tuple[int, int, int, int]

_MIN_ROWS = 2
"""Rows that a truncated picture must have at the requested size; fewer may round to nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A decoded picture on its displayed grid.

    Parameters
    ----------
    rgb : ndarray, shape (h, w, 3), uint8, sRGB, contiguous
        Upright; possibly a reduced version.
    width, height : int
        The full displayed grid in pixels, orientation applied, even when `rgb` is reduced.
    warnings : tuple of FileNote
    missing : tuple of int or None
        ``(left, top, right, bottom)`` on the displayed grid: the part that a truncated or damaged file lacks.
        The pixels of `rgb` there are filler.
    """

    rgb: np.ndarray
    width: int
    height: int
    warnings: tuple[FileNote, ...] = ()
    missing: Box | None = None

    @property
    def scale(self) -> float:
        """Pixels of `rgb` for one pixel of the displayed grid, at most 1."""
        return float(self.rgb.shape[1]) / self.width


def decode(
    source: Source, limits: Limits, *, long_side: int | None = None, structure: Structure | None = None
) -> Picture:
    """Decode the first picture of a file.

    Parameters
    ----------
    source : Source
    limits : Limits
    long_side : int, optional
        Reduce so that the longer side has this many pixels; never enlarged.
    structure : Structure, optional
        The walk of the same file, if the caller has it already.

    Raises
    ------
    ImagingError
        ``imaging.video_not_picture``, ``imaging.too_many_pixels``, ``imaging.side_too_long``,
        ``imaging.too_many_scans``, ``imaging.too_much_memory``, ``imaging.out_of_memory`` or
        ``imaging.broken``.
    """
    if is_video(source.media_type):
        raise ImagingError("imaging.video_not_picture", path=source.path)
    try:
        loaded = load(structure or walk(source, limits), limits, long_side)
        return _picture(loaded, long_side)
    except ImagingError:
        raise
    except MemoryError as error:  # says nothing about the file
        raise ImagingError("imaging.out_of_memory", path=source.path) from error
    except Exception as error:
        # Decoders raise anything on hostile bytes (SyntaxError, KeyError, …): this file cannot be read, and
        # the next one still can.
        raise ImagingError("imaging.broken", path=source.path) from error


def _picture(loaded: Loaded, long_side: int | None) -> Picture:
    notes = list(loaded.notes)
    image = _reduced(colour.flatten(loaded.image), (loaded.width, loaded.height), long_side)
    if loaded.profile is not None:
        try:
            image = colour.apply_profile(image, loaded.profile)
        except ValueError:
            notes.append(note("imaging.icc_unreadable"))
    rgb = np.ascontiguousarray(_upright(colour.to_rgb(image), loaded.orientation))
    turned = loaded.orientation >= 5
    width, height = (loaded.height, loaded.width) if turned else (loaded.width, loaded.height)
    if loaded.rows < 1 and loaded.rows * image.height < _MIN_ROWS:
        raise ImagingError("imaging.broken")
    return Picture(rgb, width, height, tuple(notes), _missing(loaded))


def _reduced(image: Image.Image, full: tuple[int, int], long_side: int | None) -> Image.Image:
    if not long_side or max(full) <= long_side:
        return image
    factor = long_side / max(full)
    size = max(1, round(full[0] * factor)), max(1, round(full[1] * factor))
    if image.size == size:
        return image
    smaller = cv2.resize(np.asarray(image), size, interpolation=cv2.INTER_AREA)
    if image.mode == "CMYK":
        return Image.frombytes("CMYK", size, smaller.tobytes())
    return Image.fromarray(smaller)


def _upright(rgb: np.ndarray, orientation: int) -> np.ndarray:
    """Apply the EXIF orientation: 2 to 8 mean mirrored and turned storage (EXIF 3.0)."""
    if orientation >= 5:
        rgb = rgb.transpose(1, 0, 2)
    if orientation in (2, 3, 6, 7):
        rgb = rgb[:, ::-1]
    if orientation in (3, 4, 7, 8):
        rgb = rgb[::-1]
    return rgb


def _missing(loaded: Loaded) -> Box | None:
    if loaded.rows >= 1:
        return None
    width, height = loaded.width, loaded.height
    left, top, right, bottom = 0, round(loaded.rows * height), width, height
    if loaded.orientation >= 5:
        left, top, right, bottom = top, left, bottom, right
        width, height = height, width
    if loaded.orientation in (2, 3, 6, 7):
        left, right = width - right, width - left
    if loaded.orientation in (3, 4, 7, 8):
        top, bottom = height - bottom, height - top
    return left, top, right, bottom
