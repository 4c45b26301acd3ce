"""Files of a few bytes that announce a picture of 119 million pixels, in every format."""

import struct
import zlib

import numpy as np
from tests.makers.imaging import chunk, every_format, saved

SIDE = 10_900
"""Below the limits on pixels and side; 119 million pixels."""
_SMALL = (64, 64)


def costly_files():
    """Return a file for each format, by name: its first bytes are a picture's, and its header is patched."""
    small = np.zeros((*_SMALL, 3), np.uint8)
    return {
        "jpeg": _jpeg(saved(small, "JPEG"), 0xC0),
        "jpeg_progressive": _jpeg(saved(small, "JPEG", progressive=True), 0xC2),
        "png": _png(2),
        "png_alpha": _png(6),
        "gif": _gif(saved(small, "GIF")),
        "tiff": _tiff(saved(small, "TIFF", compression="tiff_lzw")),
        "bmp": _patched(saved(small, "BMP"), 18, struct.pack("<ii", SIDE, SIDE)),
        "webp": _webp(saved(small, "WEBP", lossless=True)),
        "avif": _boxes(every_format()["avif"]),
        "heic": _boxes(every_format()["heic"]),
    }


def _patched(data, at, content):
    return data[:at] + content + data[at + len(content) :]


def _jpeg(data, marker):
    return _patched(data, data.index(bytes((0xFF, marker))) + 5, struct.pack(">HH", SIDE, SIDE))


def _png(colour_type):
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, colour_type, 0, 0, 0)
    rows = zlib.compress(bytes(4 * SIDE * 100))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def _gif(data):
    size = struct.pack("<HH", SIDE, SIDE)
    return _patched(_patched(data, 6, size), data.index(b",\0\0\0\0") + 5, size)


def _tiff(data):
    for tag in (256, 257):
        at = next(data.index(head) for kind in (3, 4) if (head := struct.pack("<HHI", tag, kind, 1)) in data)
        data = _patched(data, at, struct.pack("<HHII", tag, 4, 1, SIDE))
    return data


def _webp(data):
    # VP8L: a byte 0x2F, then 14 bits of width and 14 of height, each less one (RFC 9649).
    at = data.index(b"VP8L") + 9
    bits = int.from_bytes(data[at : at + 4], "little") >> 28 << 28
    return _patched(data, at, (bits | (SIDE - 1) << 14 | (SIDE - 1)).to_bytes(4, "little"))


def _boxes(data):
    at = -1
    while (at := data.find(b"ispe", at + 1)) >= 0:
        data = _patched(data, at + 8, struct.pack(">II", SIDE, SIDE))
    return data
