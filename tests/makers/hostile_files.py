"""The hostile files, made in memory; docs/reference/hostile-fixtures.md lists them by their names here.

`DECODES` are examined all the same, with the warnings given; `REFUSED` are refused with the code given.
"""

import io
import struct
import zipfile
import zlib

from tests.makers.imaging import (
    XMP,
    animation,
    box,
    chunk,
    element,
    every_format,
    jpeg,
    jpeg_with,
    noisy,
    png,
    png_with,
    segment,
    swapped_profile,
)

HUGE = 60_000
DEEP = 10_000
PAGE = b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>"


def archive():
    """Return a zip archive with one text in it."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("note.txt", "text")
    return file.getvalue()


def huge_png():
    """Return a PNG header of 60,000 × 60,000 with ten bytes of picture."""
    header = struct.pack(">IIBBBBB", HUGE, HUGE, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", bytes(10)) + chunk(b"IEND", b"")


def huge(name, offset, size):
    """Return a file of every_format() with its width and height, at `offset`, set to the largest."""
    data = bytearray(every_format()[name])
    data[offset : offset + len(size)] = size
    return bytes(data)


def huge_webp():
    """Return a WebP whose canvas says 16,777,216 × 16,777,216."""
    return huge("webp", every_format()["webp"].index(b"VP8X") + 12, b"\xff" * 6)


def huge_tiff():
    """Return a TIFF whose directory says 4,294,967,295 pixels in width."""
    data = every_format()["tiff_big"]
    at = data.index(struct.pack("<HHQ", 256, 4, 1)) if struct.pack("<HHQ", 256, 4, 1) in data else -1
    if at < 0:
        at = data.index(struct.pack("<HHQ", 256, 3, 1))
        return data[:at] + struct.pack("<HHQI", 256, 4, 1, 0xFFFFFFFF) + data[at + 16 :]
    return data[: at + 12] + b"\xff" * 4 + data[at + 16 :]


def huge_box(name):
    """Return a HEIC or AVIF whose spatial extents say 4,294,967,295 × 4,294,967,295."""
    return huge(name, every_format()[name].index(b"ispe") + 8, b"\xff" * 8)


def many_scans():
    """Return a progressive JPEG whose first scan is repeated a thousand times."""
    whole = jpeg(progressive=True)
    first = whole.index(b"\xff\xda")
    second = (
        whole.index(b"\xff\xc4", first)
        if b"\xff\xc4" in whole[first:]
        else whole.index(b"\xff\xda", first + 2)
    )
    return whole[:second] + whole[first:second] * 1000 + b"\xff\xd9"


def nested_boxes():
    """Return a movie whose boxes are nested ten thousand deep."""
    inner = b""
    for _ in range(DEEP):
        inner = struct.pack(">I", len(inner) + 8) + b"moov" + inner
    return box(b"ftyp", b"isom", bytes(4)) + inner


def nested_picture():
    """Return an AVIF with ten thousand nested boxes after its own."""
    return every_format()["avif"] + nested_boxes()[16:]


def nested_elements():
    """Return a Matroska file whose tags are nested ten thousand deep."""
    inner = b""
    for _ in range(DEEP):
        inner = element(0x67C8, inner)
    return element(0x1A45DFA3, element(0x4282, b"webm")) + element(0x18538067, element(0x1254C367, inner))


def nested_previews():
    """Return a JPEG with a preview in its EXIF block, which has one in its EXIF block, and so on."""
    inner = jpeg()
    for _ in range(200):
        entries = struct.pack(">HHIIHHII", 513, 4, 1, 38, 514, 4, 1, len(inner)) + bytes(4)
        block = b"Exif\0\0MM\0*\0\0\0\x08\0\2" + entries + inner
        if len(block) > 65_000:
            break
        inner = jpeg_with((0xE1, block))
    return inner


def cyclic_directories():
    """Return a JPEG whose EXIF directories lead to each other and to themselves."""
    entries = struct.pack(">HHII", 0x8769, 4, 1, 8) + struct.pack(">HHII", 0x014A, 4, 1, 38)
    first = struct.pack(">H", 2) + entries + struct.pack(">I", 8)
    second = struct.pack(">HHHIII", 1, 0x8825, 4, 1, 8, 38)
    return jpeg_with((0xE1, b"Exif\0\0MM\0*\0\0\0\x08" + first + second))


def cyclic_tiff():
    """Return a TIFF file whose only directory is followed by itself."""
    data = bytearray(every_format()["tiff"])
    order = "<" if data[:2] == b"II" else ">"
    at = struct.unpack_from(f"{order}I", data, 4)[0]
    count = struct.unpack_from(f"{order}H", data, at)[0]
    struct.pack_into(f"{order}I", data, at + 2 + 12 * count, at)
    return bytes(data)


def endless_directory():
    """Return a JPEG whose EXIF directory announces 65,535 entries and holds as many as fit."""
    entry = struct.pack(">HHII", 0x010F, 3, 1, 0)
    return jpeg_with((0xE1, b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + entry * 5000))


def one_preview_pointed_to_often():
    """Return a TIFF whose 1,000 directories all point to the same JPEG of 2 MB as their preview."""
    preview = b"\xff\xd8\xff\xda\0\x02" + bytes(2 << 20) + b"\xff\xd9"
    data = bytearray(every_format()["tiff"])
    order = "<" if data[:2] == b"II" else ">"
    first = struct.unpack_from(f"{order}I", data, 4)[0]
    count = struct.unpack_from(f"{order}H", data, first)[0]
    at = len(data) + len(data) % 2
    struct.pack_into(f"{order}I", data, first + 2 + 12 * count, at)
    data += bytes(at - len(data))
    target = at + 30 * 1000
    for index in range(1000):
        following = at + 30 * (index + 1) if index < 999 else 0
        entries = (513, 4, 1, target, 514, 4, 1, len(preview))
        data += struct.pack(f"{order}HHHIIHHIII", 2, *entries, following)
    return bytes(data) + preview


def xmp_bombs():
    """Return a PNG with 300 XMP texts that each unpack to 16 MB."""
    packed = zlib.compress(bytes(16 << 20), 9)
    return png_with(*[(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + packed)] * 300)


def heic_with_unprintable_metadata():
    """Return a HEIC whose XMP item has a content type that is no text: one decoder falls over it."""
    return every_format()["heic"].replace(b"application/rdf+xml", b"application/\xff\xfe\xfd+xml")


def compressed_profile_bomb():
    """Return a PNG whose colour profile unpacks to 200 MB."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(1 << 20)) for _ in range(200)) + packer.flush()
    return png_with((b"iCCP", b"bomb\0\0" + packed))


def gif_beyond_its_canvas():
    """Return a GIF whose first frame lies at 60,000, 60,000 on a canvas of 48 × 32."""
    data = bytearray(every_format()["gif"])
    at = data.index(b"\x2c\0\0\0\0")
    data[at + 1 : at + 5] = struct.pack("<HH", HUGE, HUGE)
    return bytes(data)


DECODES = {
    "zip_after_jpeg": (lambda: jpeg() + archive(), {"imaging.trailing_bytes"}),
    "html_after_jpeg": (lambda: jpeg() + PAGE, {"imaging.trailing_bytes"}),
    "html_inside_jpeg": (lambda: jpeg_with((0xFE, PAGE)), set()),
    "zip_after_png": (lambda: png() + archive(), {"imaging.trailing_bytes"}),
    "gif_of_5000_frames": (lambda: animation("GIF", 5000), {"imaging.first_frame_only"}),
    "exif_of_noise": (
        lambda: jpeg_with((0xE1, b"Exif\0\0" + noisy(64, 64).tobytes())),
        {"imaging.exif_unreadable"},
    ),
    "exif_entries_of_noise": (
        lambda: jpeg_with((0xE1, b"Exif\0\0MM\0*\0\0\0\x08\0\x30" + noisy(64, 64).tobytes())),
        {"imaging.structure_damaged"},
    ),
    "icc_of_noise": (
        lambda: jpeg_with((0xE2, b"ICC_PROFILE\0\1\1" + noisy(64, 64).tobytes())),
        {"imaging.icc_unreadable"},
    ),
    "icc_piece_missing": (
        lambda: jpeg_with((0xE2, b"ICC_PROFILE\0\1\2" + swapped_profile())),
        {"imaging.icc_unreadable"},
    ),
    "icc_bomb": (compressed_profile_bomb, {"imaging.icc_unreadable"}),
    "xmp_not_well_formed": (
        lambda: jpeg_with((0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP[:60] + b"<<&&" + bytes(40))),
        set(),
    ),
    "xmp_of_entities": (
        lambda: jpeg_with(
            (0xE1, b'http://ns.adobe.com/xap/1.0/\0<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>')
        ),
        set(),
    ),
    "directories_in_a_circle": (cyclic_directories, {"imaging.structure_cycle"}),
    "tiff_in_a_circle": (cyclic_tiff, {"imaging.structure_cycle"}),
    "directory_without_end": (endless_directory, {"imaging.structure_damaged"}),
    "previews_in_previews": (nested_previews, set()),
    "preview_pointed_to_often": (one_preview_pointed_to_often, {"imaging.first_frame_only"}),
    "xmp_bombs": (xmp_bombs, set()),
    "boxes_nested_in_avif": (nested_picture, {"imaging.structure_too_deep"}),
    "heic_metadata_not_text": (heic_with_unprintable_metadata, set()),
    "jpeg_without_end": (lambda: jpeg()[:-2], {"imaging.truncated"}),
    "jpeg_segment_of_length_nothing": (
        lambda: jpeg()[:2] + b"\xff\xe5\0\0" + jpeg()[2:],
        {"imaging.structure_damaged"},
    ),
    "png_wrong_checksums": (
        lambda: png()[:29] + b"\0\0\0\0" + png()[33:],
        {"imaging.structure_damaged"},
    ),
}

REFUSED = {
    "empty": (bytes, "imaging.empty_file"),
    "text": ("这是一段文字, not a picture.".encode, "imaging.unknown_format"),
    "zip": (archive, "imaging.unknown_format"),
    "zip_before_jpeg": (lambda: archive() + jpeg(), "imaging.unknown_format"),
    "html_before_jpeg": (lambda: PAGE + jpeg(), "imaging.unknown_format"),
    "svg": (lambda: b'<svg xmlns="http://www.w3.org/2000/svg"/>', "imaging.unknown_format"),
    "zeros": (lambda: bytes(4096), "imaging.unknown_format"),
    "jpeg_of_only_a_start": (lambda: b"\xff\xd8\xff", "imaging.broken"),
    "jpeg_of_only_segments": (lambda: b"\xff\xd8" + segment(0xE0, b"JFIF\0") * 50, "imaging.broken"),
    "jpeg_with_1000_scans": (many_scans, "imaging.too_many_scans"),
    "png_of_only_a_signature": (lambda: png()[:8], "imaging.broken"),
    "png_60000": (huge_png, "imaging.side_too_long"),
    "gif_65535": (lambda: huge("gif", 6, b"\xff" * 4), "imaging.side_too_long"),
    "gif_beyond_its_canvas": (gif_beyond_its_canvas, "imaging.side_too_long"),
    "bmp_2147483647": (lambda: huge("bmp", 18, b"\xff\xff\xff\x7f" * 2), "imaging.side_too_long"),
    "webp_16777216": (huge_webp, "imaging.side_too_long"),
    "tiff_4294967295": (huge_tiff, "imaging.side_too_long"),
    "heic_4294967295": (lambda: huge_box("heic"), "imaging.side_too_long"),
    "avif_4294967295": (lambda: huge_box("avif"), "imaging.side_too_long"),
}

WALKED_ONLY = {
    "boxes_nested_10000_deep": (nested_boxes, {"imaging.structure_too_deep"}),
    "elements_nested_10000_deep": (nested_elements, {"imaging.structure_too_deep"}),
}

PATHS = (
    "missing",
    "folder_as_file",
    "link_to_itself",
    "folder_linked_into_itself",
    "folder_without_pictures",
    "not_permitted",
    "pipe",
    "device",
    "name_with_zero_byte",
    "name_not_encodable",
    "grows_while_read",
)
"""Names of the hostile paths, each made by the test of that name."""

CUT = ("cut_at_every_tenth",)
