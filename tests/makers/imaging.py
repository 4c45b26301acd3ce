"""Small files of every format, made in memory; the hostile and the property tests break them.

The scene has four corners of different colours, so that every turn, mirror and crop of it can be told apart.
"""

import functools
import io
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms

from bixie.imaging.limits import Limits
from bixie.imaging.source import source_from_bytes

WIDTH, HEIGHT = 48, 32
RED, BLUE, GREEN, GREY = (200, 40, 40), (40, 60, 200), (40, 180, 70), (220, 220, 210)
LIMITS = Limits()
FILES = Path(__file__).parent / "files"
XMP = (
    b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></x:xmpmeta><?xpacket end="w"?>'
)


def scene(width=WIDTH, height=HEIGHT):
    """Return red, blue, green and grey corners, clockwise from the upper left: (height, width, 3) uint8."""
    rgb = np.empty((height, width, 3), np.uint8)
    rgb[: height // 2, : width // 2], rgb[: height // 2, width // 2 :] = RED, BLUE
    rgb[height // 2 :, width // 2 :], rgb[height // 2 :, : width // 2] = GREEN, GREY
    return rgb


def noisy(width, height, seed=0):
    """Return a picture without a flat place, so that missing rows show."""
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def source(data, path="a"):
    """Return the source of bytes in memory."""
    return source_from_bytes(path, data)


def saved(image, form, **options):
    """Return `image` (array or Pillow image) saved in Pillow's format `form`."""
    image = Image.fromarray(image) if isinstance(image, np.ndarray) else image
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def exif(orientation=1, **text):
    """Return an EXIF block with an orientation and, by name, other tags of the first directory."""
    block = Image.Exif()
    block[0x0112] = orientation
    for tag, value in text.items():
        block[{"make": 0x010F, "software": 0x0131}[tag]] = value
    return block.tobytes()


def jpeg(image=None, **options):
    """Return a JPEG at full chroma resolution, so that the corners keep their colours."""
    return saved(scene() if image is None else image, "JPEG", **({"quality": 95, "subsampling": 0} | options))


def png(image=None, **options):
    """Return a PNG."""
    return saved(scene() if image is None else image, "PNG", **options)


@functools.cache
def swapped_profile():
    """Return an ICC profile whose red and blue primaries are exchanged: its effect cannot be overlooked.

    Made once: a profile holds the second it was made in.
    """
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = int.from_bytes(profile[128:132])
    for index in range(count):
        at = 132 + 12 * index
        name = bytes(profile[at : at + 4])
        profile[at : at + 4] = {b"rXYZ": b"bXYZ", b"bXYZ": b"rXYZ"}.get(name, name)
    return bytes(profile)


def chunk(kind, content):
    """Return a PNG chunk with its checksum."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png_with(*chunks):
    """Return the scene as PNG with `chunks` (kind, content) after the header."""
    plain = png()
    return plain[:33] + b"".join(chunk(*one) for one in chunks) + plain[33:]


def segment(marker, content):
    """Return a JPEG segment."""
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(content) + 2) + content


def jpeg_with(*segments, **options):
    """Return the scene as JPEG with `segments` (marker, content) after its start."""
    plain = jpeg(**options)
    return plain[:2] + b"".join(segment(*one) for one in segments) + plain[2:]


def box(kind, *contents, full=None):
    """Return an ISO-BMFF box; `full` is the version of a full box."""
    head = b"" if full is None else bytes([full, 0, 0, 0])
    content = head + b"".join(contents)
    return struct.pack(">I", len(content) + 8) + kind + content


def element(identifier, content):
    """Return an EBML element with a size of eight bytes."""
    name = identifier.to_bytes((identifier.bit_length() + 7) // 8)
    return name + (1 << 56 | len(content)).to_bytes(8) + content


def movie(brand=b"isom", *more):
    """Return a movie's boxes without a frame in it: a brand, a track of 640 × 360, a writer's name."""
    track = box(b"tkhd", bytes(72), struct.pack(">II", 640 << 16, 360 << 16), full=0)
    header = box(b"mvhd", struct.pack(">IIII", 1, 2, 600, 6000), bytes(80), full=0)
    name = "手机".encode()
    text = box(b"\xa9mak", struct.pack(">HH", len(name), 0), name)
    moov = box(b"moov", header, box(b"trak", track), box(b"udta", text))
    return box(b"ftyp", brand, bytes(4), brand) + box(b"free", bytes(8)) + moov + b"".join(more)


def matroska(*tags, kind=b"webm"):
    """Return a Matroska file of header, track and `tags` (name, text)."""
    video = element(0xE0, element(0xB0, b"\x02\x80") + element(0xBA, b"\x01\x68"))
    track = element(0x1654AE6B, element(0xAE, element(0x83, b"\x01") + video))
    simple = [element(0x67C8, element(0x45A3, name) + element(0x4487, text)) for name, text in tags]
    segment_ = element(0x18538067, element(0x1549A966, element(0x4D80, b"maker")) + track +
                       element(0x1254C367, element(0x7373, b"".join(simple))))  # fmt: skip
    return element(0x1A45DFA3, element(0x4282, kind)) + segment_


def animation(form, count=3, **options):
    """Return an animation of `count` frames, the scene first."""
    frames = [Image.fromarray(np.roll(scene(), 4 * index, axis=1)) for index in range(count)]
    return saved(frames[0], form, save_all=True, append_images=frames[1:], duration=40, **options)


@functools.cache
def every_format():
    """Return one small file for each format and kind that the decoder and the walker know, by name."""
    rgba = np.dstack([scene(), np.full((HEIGHT, WIDTH), 200, np.uint8)])
    meta = {"exif": exif(6, make="Maker"), "icc_profile": swapped_profile()}
    return {
        "jpeg": jpeg(**meta, xmp=XMP),
        "jpeg_progressive": jpeg(progressive=True),
        "jpeg_grey": jpeg(scene()[..., 0]),
        "jpeg_cmyk": jpeg(Image.fromarray(scene()).convert("CMYK")),
        "mpo": saved(scene(), "MPO", save_all=True, append_images=[Image.fromarray(scene()[::-1])]),
        "png": png(**meta),
        "png_palette": png(Image.fromarray(scene()).quantize(4)),
        "png_16": png(scene()[..., 0].astype(np.uint16) * 257),
        "apng": animation("PNG"),
        "webp": saved(scene(), "WEBP", lossless=True, **meta, xmp=XMP),
        "webp_lossy": saved(rgba, "WEBP", quality=80),
        "webp_animated": animation("WEBP"),
        "gif": animation("GIF", comment=b"a comment"),
        "tiff": saved(scene(), "TIFF", compression="tiff_lzw", **meta),
        "tiff_big": saved(rgba, "TIFF", big_tiff=True),
        "tiff_jpeg": saved(scene(), "TIFF", compression="jpeg"),
        "bmp": saved(scene(), "BMP"),
        "avif": saved(scene(), "AVIF", quality=90, subsampling="4:4:4", **meta, xmp=XMP),
        "heic": (FILES / "turned.heic").read_bytes(),
        "heic_alpha": (FILES / "alpha.heic").read_bytes(),
        "mov": movie(b"qt  "),
        "mp4": movie(),
        "matroska": matroska((b"ENCODER", b"test")),
    }
