"""PNG, WebP, GIF and BMP: blocks, what they say, and what stands after them."""

import struct

import pytest
from PIL import Image
from tests.makers.imaging import (
    HEIGHT,
    LIMITS,
    WIDTH,
    XMP,
    animation,
    every_format,
    exif,
    png,
    png_with,
    saved,
    scene,
    source,
    swapped_profile,
)

from bixie.imaging.structure import walk
from bixie.imaging.structure.gif import joined


def walked(data):
    return walk(source(data), LIMITS)


def kinds(structure):
    return [node.kind for node in structure.nodes]


def of_kind(structure, kind):
    return [node for node in structure.all_nodes() if node.kind == kind]


def codes(structure):
    return [note.code for note in structure.warnings]


@pytest.mark.parametrize("name", ["png", "webp", "webp_animated", "gif", "bmp"])
def test_blocks_fill_the_file_to_its_end(name):
    structure = walked(every_format()[name])
    last = structure.nodes[-1]
    assert last.offset + last.length == len(every_format()[name])
    assert structure.trailing is None
    assert codes(structure) == []


@pytest.mark.parametrize("name", ["png", "webp", "gif", "bmp"])
def test_bytes_after_the_end_are_trailing(name):
    data = every_format()[name]
    structure = walked(data + b"more!!")
    assert structure.trailing == (len(data), 6)
    assert codes(structure) == ["imaging.trailing_bytes"]


def test_png_chunks_say_what_they_hold():
    structure = walked(
        png_with(
            (b"tEXt", b"parameters\0a cat"),
            (b"zTXt", b"Comment\0\0compressed"),
            (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP),
            (b"caBX", b"jumbf box"),
            (b"gAMA", struct.pack(">I", 45_455)),
            (b"eXIf", exif(3)[6:]),
        )
    )
    assert kinds(structure) == ["IHDR", "tEXt", "zTXt", "iTXt", "caBX", "gAMA", "eXIf", "IDAT", "IEND"]
    texts = [node.facts for node in structure.nodes if "keyword" in node.facts]
    assert [text["keyword"] for text in texts] == ["parameters", "Comment", "XML:com.adobe.xmp"]
    assert [text["compressed"] for text in texts] == [False, True, False]
    at, length = texts[0]["text_at"]
    assert structure.data[at : at + length] == b"a cat"
    assert structure.bytes_of(of_kind(structure, "xmp")[0]) == XMP
    assert structure.bytes_of(of_kind(structure, "jumbf")[0]) == b"jumbf box"
    assert of_kind(structure, "gAMA")[0].facts["gamma"] == 0.45455
    assert of_kind(structure, "tag")[0].facts["value"] == 3
    assert all(node.facts["crc_ok"] for node in structure.nodes)


def test_a_wrong_checksum_is_noted_at_its_chunk():
    data = bytearray(png_with((b"tEXt", b"a\0b")))
    data[33 + 8] ^= 1
    structure = walked(bytes(data))
    assert [node.kind for node in structure.nodes if not node.facts["crc_ok"]] == ["tEXt"]
    assert codes(structure) == ["imaging.structure_damaged"]


def test_a_chunk_cut_short_is_incomplete():
    structure = walked(png()[:-20])
    assert structure.nodes[-1].facts["complete"] is False
    assert codes(structure) == ["imaging.structure_damaged"]


def test_the_number_of_frames_of_an_animated_png_is_read():
    assert of_kind(walked(every_format()["apng"]), "acTL")[0].facts["frames"] == 3


def test_webp_chunks_say_what_they_hold():
    structure = walked(every_format()["webp"])
    assert kinds(structure) == ["VP8X", "ICCP", "VP8L", "EXIF", "XMP "]
    flags = structure.nodes[0].facts
    assert (flags["exif"], flags["xmp"], flags["icc"], flags["animation"]) == (True, True, True, False)
    assert structure.bytes_of(of_kind(structure, "icc")[0]) == swapped_profile()
    assert structure.bytes_of(of_kind(structure, "xmp")[0]) == XMP


@pytest.mark.parametrize("options", [{"lossless": True}, {"quality": 80}])
def test_sizes_of_simple_webp_pictures_are_read(options):
    structure = walked(saved(scene(), "WEBP", **options))
    assert len(structure.nodes) == 1
    assert (structure.width, structure.height) == (WIDTH, HEIGHT)


def test_frames_of_an_animated_webp_stand_below_their_chunk():
    frames = of_kind(walked(every_format()["webp_animated"]), "ANMF")
    assert len(frames) == 3
    assert all(frame.children for frame in frames)


def test_a_webp_shorter_than_it_says_is_damaged():
    structure = walked(every_format()["webp"][:-10])
    assert codes(structure) == ["imaging.structure_damaged"]


def test_gif_blocks_say_what_they_hold():
    structure = walked(every_format()["gif"])
    assert kinds(structure).count("image") == 3
    assert structure.nodes[0].facts["version"] == "89a"
    comment = of_kind(structure, "comment")[0]
    assert joined(structure.data, *comment.payload) == b"a comment"
    loop = walked(animation("GIF", loop=7))
    assert of_kind(loop, "application")[0].facts["application"] == "NETSCAPE2.0"


def test_xmp_of_a_gif_is_found_before_its_ramp():
    ramp = b"\x01" + bytes(range(255, -1, -1)) + b"\0"
    extension = b"!\xff\x0bXMP DataXMP" + XMP + ramp
    data = every_format()["gif"]
    structure = walked(data[:-1] + extension + b";")
    assert structure.bytes_of(of_kind(structure, "xmp")[0]) == XMP
    assert kinds(structure)[-1] == "trailer"


def test_a_gif_without_its_end_is_damaged():
    assert codes(walked(every_format()["gif"][:-5])) == ["imaging.structure_damaged"]


@pytest.mark.parametrize("mode", ["RGB", "L", "1", "P"])
def test_the_pixels_of_a_bmp_end_with_the_file(mode):
    structure = walked(saved(Image.fromarray(scene()).convert(mode), "BMP"))
    assert kinds(structure) == ["file", "header", "pixels"]
    assert structure.trailing is None


def test_a_bmp_stored_from_the_top_has_a_positive_height():
    data = bytearray(every_format()["bmp"])
    data[22:26] = struct.pack("<i", -HEIGHT)
    assert walked(bytes(data)).height == HEIGHT


@pytest.mark.parametrize("length", [14, 20, 40])
def test_a_bmp_header_cut_short_is_damaged(length):
    assert "imaging.structure_damaged" in codes(walked(every_format()["bmp"][: max(length, 18)]))


def test_a_name_that_belongs_to_another_format_is_noted():
    assert codes(walk(source(png(), "a.JPG"), LIMITS)) == ["imaging.name_differs_from_type"]
    for name in ("a.png", "a", "a.upload", ".png"):
        assert codes(walk(source(png(), name), LIMITS)) == []
