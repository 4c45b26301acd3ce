"""Photos with EXIF notes, made up for the tests."""

import io
import struct

import numpy as np
from PIL import Image
from PIL.TiffImagePlugin import IFDRational


def scene(seed=1, size=(240, 180)):
    """Return a picture of large soft patches; each seed another."""
    small = np.random.default_rng(seed).integers(0, 255, (6, 8, 3), np.uint8)
    return Image.fromarray(small).resize(size, Image.Resampling.BICUBIC)


def photo(main=None, exif=None, gps=None, image=None, **options):
    """Return a JPEG with the given tags as bytes."""
    tags = Image.Exif()
    for tag, value in (main or {}).items():
        tags[tag] = value
    for place, values in ((0x8769, exif), (0x8825, gps)):
        if values:
            tags.get_ifd(place).update(values)
    stream = io.BytesIO()
    (image or scene()).save(stream, "JPEG", exif=tags.tobytes(), **{"quality": 90} | options)
    return stream.getvalue()


CAMERA = {0x010F: "Canon", 0x0110: "EOS R6"}
EXPOSURE = {0x829A: IFDRational(1, 125), 0x829D: IFDRational(28, 10), 0x9003: "2026:11:14 20:00:00"}


def gps(lat, lon, lat_ref="N", lon_ref="E"):
    """Return GPS tags of degrees; each a triple or a number."""

    def triple(value):
        parts = value if isinstance(value, tuple) else (int(value), int(value % 1 * 60), 0)
        return tuple(IFDRational(part) for part in parts)

    return {1: lat_ref, 2: triple(lat), 3: lon_ref, 4: triple(lon)}


def with_thumbnail(image, small):
    """Return a JPEG of `image` whose EXIF block carries a preview of `small`."""
    preview, whole = io.BytesIO(), io.BytesIO()
    small.resize((160, 120)).save(preview, "JPEG")
    image.save(whole, "JPEG", quality=90)
    data = preview.getvalue()
    entries = [(0x0103, 3, 1, 6 << 16), (0x0201, 4, 1, 56), (0x0202, 4, 1, len(data))]
    tiff = b"MM\0*" + struct.pack(">IHI", 8, 0, 14)
    tiff += struct.pack(">H", len(entries)) + b"".join(struct.pack(">HHII", *entry) for entry in entries)
    tiff = (tiff + struct.pack(">I", 0)).ljust(56, b"\0") + data
    body = b"Exif\0\0" + tiff
    plain = whole.getvalue()
    return plain[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + plain[2:]
