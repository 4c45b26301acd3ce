"""Blocks into containers, byte by byte: what the files of the matrix are made of."""

import gzip
import io
import struct
import zlib
from functools import cache

import numpy as np
from PIL import Image

__all__ = [
    "box",
    "chunk",
    "gif_with",
    "heif_with",
    "jpeg_with",
    "matroska_with",
    "movie_with",
    "picture",
    "png_hiding",
    "png_with",
    "riff",
    "segment",
    "tiff_with",
    "webp_with",
]

_SIZE = 24


@cache
def picture(form: str) -> bytes:
    """Return a small photograph-like picture in Pillow's format `form`, without any metadata."""
    rows, columns = np.mgrid[0:_SIZE, 0:_SIZE]
    rgb = np.dstack([rows * 9, columns * 9, (rows + columns) * 4]).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(rgb).save(file, form)
    return file.getvalue()


def segment(marker: int, content: bytes) -> bytes:
    """Return a JPEG segment."""
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(content) + 2) + content


def jpeg_with(*segments: tuple[int, bytes], after_jfif: bool = True, tail: bytes = b"") -> bytes:
    """Return a JPEG with `segments` (marker, content) behind its JFIF segment or before it."""
    plain = picture("JPEG")
    at = 20 if after_jfif else 2
    return plain[:at] + b"".join(segment(*one) for one in segments) + plain[at:] + tail


def chunk(kind: bytes, content: bytes) -> bytes:
    """Return a PNG chunk."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png_with(*chunks: tuple[bytes, bytes], late: bool = False, tail: bytes = b"") -> bytes:
    """Return a PNG with `chunks` (kind, content) behind its header, or behind the picture data."""
    plain = picture("PNG")
    at = len(plain) - 12 if late else 33
    return plain[:at] + b"".join(chunk(*one) for one in chunks) + plain[at:] + tail


def png_hiding(text: str, *, packed: bool = False, height: int = 160) -> bytes:
    """Return a PNG with `text` in the lowest bits of alpha, as generators' stealth writers put it there."""
    raw = gzip.compress(text.encode(), mtime=0) if packed else text.encode()
    head = b"stealth_pngcomp" if packed else b"stealth_pnginfo"
    bits = np.unpackbits(np.frombuffer(head + (8 * len(raw)).to_bytes(4) + raw, np.uint8))
    width = -(-len(bits) // height) + 8
    rgba = np.random.default_rng(0).integers(0, 256, (height, width, 4), dtype=np.uint8)
    alpha = np.full(height * width, 254, np.uint8)
    alpha[: len(bits)] |= bits
    # Column by column, from the left.
    rgba[..., 3] = alpha.reshape(width, height).T
    file = io.BytesIO()
    Image.fromarray(rgba).save(file, "PNG")
    return file.getvalue()


def riff(kind: bytes, content: bytes) -> bytes:
    """Return a RIFF chunk, padded to an even length."""
    return kind + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def webp_with(*chunks: tuple[bytes, bytes], tail: bytes = b"", flags: int | None = None) -> bytes:
    """Return an extended WebP with `chunks` behind the picture; `tail` lies beyond the announced length."""
    data = picture("WEBP")[12:]
    kinds = {kind for kind, _ in chunks}
    said = (0x04 if b"XMP " in kinds else 0) | (0x08 if b"EXIF" in kinds else 0) if flags is None else flags
    side = (_SIZE - 1).to_bytes(3, "little")
    head = riff(b"VP8X", bytes([said, 0, 0, 0]) + side * 2)
    inside = b"WEBP" + head + data + b"".join(riff(*one) for one in chunks)
    return b"RIFF" + struct.pack("<I", len(inside)) + inside + tail


def gif_with(*extensions: bytes) -> bytes:
    """Return a GIF89a with `extensions` before its picture."""
    plain = b"GIF89a" + picture("GIF")[6:]
    at = 13 + (3 << (plain[10] & 7) + 1 if plain[10] & 0x80 else 0)
    return plain[:at] + b"".join(extensions) + plain[at:]


def tiff_with(block: bytes) -> bytes:
    """Return a TIFF whose only directory is that of `block`; it has no picture, its metadata are whole."""
    return block


def box(kind: bytes, *contents: bytes, full: int | None = None) -> bytes:
    """Return an ISO box; `full` is the version of a full box."""
    head = b"" if full is None else bytes([full, 0, 0, 0])
    content = head + b"".join(contents)
    return struct.pack(">I", len(content) + 8) + kind + content


def heif_with(*items: tuple[bytes, bytes, bytes], brand: bytes = b"heic", in_idat: bool = False) -> bytes:
    """Return a HEIF file of metadata items (type, content type, content) without a coded picture."""
    infos = b"".join(
        box(b"infe", struct.pack(">HH", number, 0), kind, b"\0", media + b"\0" if media else b"", full=2)
        for number, (kind, media, _) in enumerate(items, start=1)
    )
    first = box(b"ftyp", brand, bytes(4), b"mif1", brand)
    lengths = [len(content) for _, _, content in items]

    def meta(start: int) -> bytes:
        places = b"".join(
            struct.pack(
                ">HHHHII", number, int(in_idat), 0, 1, start + sum(lengths[: number - 1]), lengths[number - 1]
            )
            for number in range(1, len(items) + 1)
        )
        location = box(b"iloc", b"\x44\x00", struct.pack(">H", len(items)), places, full=1)
        more = box(b"idat", *(content for _, _, content in items)) if in_idat else b""
        handler = box(b"hdlr", bytes(4), b"pict", bytes(13), full=0)
        return box(
            b"meta",
            handler,
            box(b"iinf", struct.pack(">H", len(items)), infos, full=0),
            location,
            more,
            full=0,
        )

    if in_idat:
        return first + meta(0)
    start = len(first) + len(meta(0)) + 8
    return first + meta(start) + box(b"mdat", *(content for _, _, content in items))


def movie_with(*in_moov: bytes, after: bytes = b"", brand: bytes = b"isom", media: bytes = b"") -> bytes:
    """Return a movie without tracks: `in_moov` inside its header box, `after` at the end of the file."""
    header = box(b"mvhd", struct.pack(">IIII", 1, 2, 600, 6000), bytes(80), full=0)
    ftyp = box(b"ftyp", brand, bytes(4), brand)
    return ftyp + box(b"mdat", media or bytes(16)) + box(b"moov", header, *in_moov) + after


def matroska_with(*tags: tuple[bytes, bytes], kind: bytes = b"matroska", more: bytes = b"") -> bytes:
    """Return a Matroska file of a header and `tags` (name, text); `more` is put into the segment."""
    simple = b"".join(
        _element(0x67C8, _element(0x45A3, name) + _element(0x4487, text)) for name, text in tags
    )
    info = _element(0x1549A966, _element(0x4D80, b"writer"))
    tagged = _element(0x1254C367, _element(0x7373, simple)) if tags else b""
    return _element(0x1A45DFA3, _element(0x4282, kind)) + _element(0x18538067, info + more + tagged)


def _element(identifier: int, content: bytes) -> bytes:
    name = identifier.to_bytes((identifier.bit_length() + 7) // 8)
    return name + (1 << 56 | len(content)).to_bytes(8) + content
