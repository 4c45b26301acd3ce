"""Convert any mode and profile to 8-bit sRGB. Alpha is composited over white, as on a page.

LittleCMS, through Pillow, applies profiles with relative colorimetric intent, as browsers do.
"""

import io

import numpy as np
from PIL import Image, ImageCms

__all__ = ["apply_profile", "flatten", "to_rgb"]

_SPACES = {"RGB": "RGB ", "L": "GRAY", "CMYK": "CMYK"}
_MAX_SRGB_DEVIATION = 2
"""Levels of 255 up to which a profile may move a colour and still count as sRGB."""
_LATTICE_SIDE = 16


def flatten(image: Image.Image) -> Image.Image:
    """Return `image` in mode ``L``, ``RGB`` or ``CMYK``, 8 bits a channel, without alpha or palette.

    Notes
    -----
    16-bit values keep their upper byte, rounded. 32-bit and floating point pictures have no agreed white: the
    smallest of 1 (floating point only), 255 and 65,535 that is not below the largest value is taken.
    """
    if image.mode == "1":
        return image.convert("L")
    if image.mode.startswith("I;16"):
        wide = np.asarray(image).astype(np.uint32)
        return Image.fromarray(((wide + 128) // 257).astype(np.uint8))
    if image.mode in ("I", "F"):
        return Image.fromarray(_to_bytes(np.asarray(image)))
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        return _over_white(image)
    if image.mode == "LAB":
        lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, lab, srgb, outputMode="RGB") or image.convert("RGB")
    return image if image.mode in _SPACES else image.convert("RGB")


def apply_profile(image: Image.Image, profile: bytes) -> Image.Image:
    """Return `image` (``L``, ``RGB`` or ``CMYK``) as sRGB in mode ``RGB``.

    Raises
    ------
    ValueError
        If the profile cannot be read or is for another colour space.
    """
    try:
        opened = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if opened.profile.xcolor_space != _SPACES[image.mode]:
            raise ValueError(f"a profile for {opened.profile.xcolor_space} on {image.mode}")
        transform = ImageCms.buildTransform(
            opened,
            ImageCms.createProfile("sRGB"),
            image.mode,
            "RGB",
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        )
        if image.mode == "RGB" and _is_identity(transform):
            return image
        return ImageCms.applyTransform(image, transform) or image
    except (ImageCms.PyCMSError, OSError) as error:
        raise ValueError("unreadable profile") from error


def to_rgb(image: Image.Image) -> np.ndarray:
    """Return `image` as an array of shape (h, w, 3), uint8, contiguous."""
    return np.ascontiguousarray(np.asarray(image if image.mode == "RGB" else image.convert("RGB")))


def _to_bytes(values: np.ndarray) -> np.ndarray:
    finite = np.nan_to_num(values.astype(np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    largest = float(finite.max(initial=0.0))
    if values.dtype.kind == "f" and largest <= 1:
        white = 1.0
    else:
        white = next((white for white in (255.0, 65_535.0) if largest <= white), largest)
    scaled: np.ndarray = np.clip(finite * (255.0 / white) + 0.5, 0, 255)
    return scaled.astype(np.uint8)


def _over_white(image: Image.Image) -> Image.Image:
    above = image.convert("RGBA")
    white = Image.new("RGBA", above.size, "white")
    white.alpha_composite(above)
    return white.convert("L" if image.mode in ("L", "LA", "La") else "RGB")


def _is_identity(transform: ImageCms.ImageCmsTransform) -> bool:
    levels = np.linspace(0, 255, _LATTICE_SIDE).round().astype(np.uint8)
    grid = np.stack(np.meshgrid(levels, levels, levels, indexing="ij"), axis=-1)
    lattice = np.ascontiguousarray(grid.reshape(_LATTICE_SIDE**2, _LATTICE_SIDE, 3))
    moved = ImageCms.applyTransform(Image.fromarray(lattice), transform)
    if moved is None:
        return False
    return bool(np.abs(lattice.astype(np.int16) - np.asarray(moved)).max() <= _MAX_SRGB_DEVIATION)
