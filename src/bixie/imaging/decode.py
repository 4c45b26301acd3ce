"""Bytes to pixels: upright, sRGB, three channels, at the size that is asked for."""

import io
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image, ImageCms, ImageOps

from bixie.imaging.errors import FileNote, ImagingError, note
from bixie.imaging.limits import Limits
from bixie.imaging.sniff import is_video
from bixie.imaging.source import Source

__all__ = ["Picture", "decode"]

_FORMATS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WEBP",
    "image/gif": "GIF",
    "image/tiff": "TIFF",
    "image/bmp": "BMP",
    "image/avif": "AVIF",
}


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
    """

    rgb: np.ndarray
    width: int
    height: int
    warnings: tuple[FileNote, ...] = ()

    @property
    def scale(self) -> float:
        """Pixels of `rgb` for one pixel of the displayed grid, at most 1."""
        return float(self.rgb.shape[1]) / self.width


def decode(source: Source, limits: Limits, *, long_side: int | None = None) -> Picture:
    """Decode `source`, reduced so that its longer side has at most `long_side` pixels."""
    if is_video(source.media_type):
        raise ImagingError("imaging.video_not_picture")
    warnings: list[FileNote] = []
    try:
        image = _open(source)
        _check(image.size, limits)
        full = image.size
        if long_side and source.media_type == "image/jpeg" and max(full) > long_side:
            factor = long_side / max(full)
            image.draft(None, (int(full[0] * factor), int(full[1] * factor)))
        if getattr(image, "n_frames", 1) > 1:
            warnings.append(note("imaging.first_frame_only"))
        profile = image.info.get("icc_profile")
        exif = image.getexif().get(274, 1)
        image = ImageOps.exif_transpose(image)
        if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
            above = image.convert("RGBA")
            white = Image.new("RGBA", above.size, "white")
            image = Image.alpha_composite(white, above).convert("RGB")
        if profile:
            srgb = ImageCms.createProfile("sRGB")
            image = ImageCms.profileToProfile(image, io.BytesIO(profile), srgb, outputMode="RGB") or image
        rgb = np.ascontiguousarray(np.asarray(image.convert("RGB")))
    except ImagingError:
        raise
    except Exception as error:
        raise ImagingError("imaging.broken", path=source.path) from error
    width, height = full if exif < 5 else full[::-1]
    if long_side and max(rgb.shape[:2]) > long_side:
        factor = long_side / max(width, height)
        size = max(1, round(width * factor)), max(1, round(height * factor))
        rgb = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    return Picture(rgb, width, height, tuple(warnings))


def _open(source: Source) -> Image.Image:
    if source.media_type in ("image/heic", "image/heif"):
        import pi_heif

        return pi_heif.open_heif(io.BytesIO(source.data))[0].to_pillow()
    return Image.open(io.BytesIO(source.data), formats=[_FORMATS[source.media_type]])


def _check(size: tuple[int, int], limits: Limits) -> None:
    width, height = size
    if max(size) > limits.side:
        raise ImagingError("imaging.side_too_long", width=width, height=height, limit=limits.side)
    if width * height > limits.pixels:
        raise ImagingError(
            "imaging.too_many_pixels", width=width, height=height, pixels=width * height, limit=limits.pixels
        )
