import struct
import zlib

import pytest
from tests.makers.imaging import (
    LIMITS,
    XMP,
    every_format,
    exif,
    jpeg,
    jpeg_with,
    png,
    png_with,
    source,
    swapped_profile,
)

from bixie.imaging.limits import Limits
from bixie.imaging.structure import walk
from bixie.imaging.structure.metadata import (
    exif_values,
    icc_profile,
    jumbf_stores,
    orientation,
    xmp_packets,
)


def walked(data):
    return walk(source(data), LIMITS)


@pytest.mark.parametrize("name", ["jpeg", "png", "webp", "tiff", "avif"])
def test_profile_and_values_are_found_in_every_container(name):
    structure = walked(every_format()[name])
    assert icc_profile(structure, LIMITS) == swapped_profile()
    if name != "tiff":
        assert exif_values(structure)[0x010F] == "Maker"
    # AVIF turns pictures by a property of its own; Pillow says so when writing, and leaves EXIF upright.
    assert orientation(structure) == (1 if name == "avif" else 6)


def test_a_profile_in_pieces_is_joined_by_their_numbers():
    profile = swapped_profile()
    pieces = [
        b"ICC_PROFILE\0" + bytes([n, 3]) + profile[(n - 1) * 200 :][: 200 if n < 3 else None]
        for n in (1, 2, 3)
    ]
    for order in ((0, 1, 2), (2, 0, 1)):
        structure = walked(jpeg_with(*[(0xE2, pieces[index]) for index in order]))
        assert icc_profile(structure, LIMITS) == profile
    assert icc_profile(walked(jpeg_with((0xE2, pieces[0]), (0xE2, pieces[2]))), LIMITS) == b""


def test_a_picture_without_a_profile_has_none():
    assert icc_profile(walked(jpeg()), LIMITS) is None


def test_a_compressed_profile_unpacks_no_further_than_the_limit():
    bomb = b"bomb\0\0" + zlib.compress(bytes(10_000_000))
    structure = walked(png_with((b"iCCP", bomb)))
    assert len(icc_profile(structure, Limits(metadata_bytes=5000)) or b"") == 5000


def test_a_profile_that_does_not_unpack_is_empty():
    assert icc_profile(walked(png_with((b"iCCP", b"name\0\0not zlib"))), LIMITS) == b""


def test_a_preview_inside_lends_nothing_to_the_picture():
    preview = jpeg(icc_profile=swapped_profile(), exif=exif(8))
    head = b"Exif\0\0MM\0*\0\0\0\x08\0\2"
    entries = struct.pack(">HHIIHHII", 513, 4, 1, 38, 514, 4, 1, len(preview)) + bytes(4)
    structure = walked(jpeg_with((0xE1, head + entries + preview)))
    assert any(node.kind == "icc" for node in structure.all_nodes())
    assert icc_profile(structure, LIMITS) is None
    assert orientation(structure) == 1


def test_a_second_picture_lends_nothing_to_the_first():
    assert icc_profile(walked(jpeg() + jpeg(icc_profile=swapped_profile())), LIMITS) is None


def test_xmp_is_found_plain_compressed_and_extended():
    assert xmp_packets(walked(every_format()["webp"]), LIMITS) == [XMP]
    packed = b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(XMP)
    assert xmp_packets(walked(png_with((b"iTXt", packed))), LIMITS) == [XMP]
    guid = b"0123456789ABCDEF0123456789ABCDEF"
    parts = [
        (0xE1, b"http://ns.adobe.com/xmp/extension/\0" + guid + struct.pack(">II", 10, at) + text)
        for at, text in ((5, b"world"), (0, b"hello"))
    ]
    assert xmp_packets(walked(jpeg_with(*parts)), LIMITS) == [b"helloworld"]


def test_a_jumbf_box_in_several_segments_is_joined():
    content = bytes(range(100))
    head = struct.pack(">I", 108) + b"jumb"
    parts = [
        (0xEB, b"JP\0\7" + struct.pack(">I", number) + head + piece)
        for number, piece in ((2, content[60:]), (1, content[:60]))
    ]
    assert jumbf_stores(walked(jpeg_with(*parts)), LIMITS) == [head + content]
    assert jumbf_stores(walked(png_with((b"caBX", head + content))), LIMITS) == [head + content]


@pytest.mark.parametrize("value", [0, 9])
def test_an_orientation_outside_one_to_eight_is_one(value):
    assert orientation(walked(png(exif=exif(value)))) == 1


def test_values_of_a_directory_that_is_not_there_are_none():
    assert exif_values(walked(jpeg()), "GPS") == {}
