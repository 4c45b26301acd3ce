import struct

import numpy as np
import pytest
from PIL import Image
from tests.makers.imaging import (
    HEIGHT,
    LIMITS,
    WIDTH,
    XMP,
    every_format,
    exif,
    jpeg,
    jpeg_with,
    noisy,
    source,
    swapped_profile,
)

from bixie.imaging.limits import Limits
from bixie.imaging.structure import walk


def walked(data, limits=LIMITS):
    return walk(source(data), limits)


def kinds(structure):
    return [node.kind for node in structure.nodes[0].children]


def of_kind(structure, kind):
    return [node for node in structure.all_nodes() if node.kind == kind]


def codes(structure):
    return [note.code for note in structure.warnings]


def test_segments_follow_each_other_without_a_gap_to_the_end():
    data = jpeg(exif=exif(1), xmp=XMP, icc_profile=swapped_profile())
    structure = walked(data)
    at = 0
    for node in structure.nodes[0].children:
        assert node.offset == at
        at += node.length
    assert at == len(data)
    assert kinds(structure)[0] == "SOI"
    assert kinds(structure)[-2:] == ["ECS", "EOI"]
    assert structure.nodes[0].facts == {"complete": True, "width": WIDTH, "height": HEIGHT}
    assert structure.trailing is None
    assert codes(structure) == []


def test_quantisation_tables_are_those_that_were_written_in_natural_order():
    table = list(range(1, 65))
    structure = walked(jpeg(qtables=[table, table[::-1]], quality=-1))
    assert [(t.image, t.identifier, t.bits) for t in structure.quantisation_tables] == [(0, 0, 8), (0, 1, 8)]
    assert [list(t.values) for t in structure.quantisation_tables] == [table, table[::-1]]


def test_sixteen_bit_tables_are_read():
    table = [300 + value for value in range(64)]
    content = b"\x12" + struct.pack(">64H", *table)
    tables = walked(jpeg_with((0xDB, content))).quantisation_tables
    assert (tables[0].identifier, tables[0].bits) == (2, 16)
    # Zigzag: the second step of the file stands right of the first, the third below it.
    assert [tables[0].values[i] for i in (0, 1, 8, 63)] == [300, 301, 302, 363]


@pytest.mark.parametrize(("subsampling", "factors"), [(0, (1, 1)), (1, (2, 1)), (2, (2, 2))])
def test_the_frame_header_says_size_process_and_sampling(subsampling, factors):
    frame = of_kind(walked(jpeg(subsampling=subsampling)), "SOF0")[0].facts
    first = frame["components"][0]
    assert (frame["width"], frame["height"], frame["process"]) == (WIDTH, HEIGHT, "baseline")
    assert (first["horizontal"], first["vertical"]) == factors


def test_a_progressive_jpeg_shows_its_scans():
    structure = walked(jpeg(progressive=True))
    scans = of_kind(structure, "SOS")
    assert of_kind(structure, "SOF2")[0].facts["process"] == "progressive"
    assert len(scans) == len(of_kind(structure, "ECS")) > 5
    assert scans[0].facts["spectrum"] == (0, 0)


def test_huffman_tables_hold_as_many_symbols_as_their_lengths_say():
    tables = [table for node in of_kind(walked(jpeg()), "DHT") for table in node.facts["tables"]]
    assert {(table["class"], table["identifier"]) for table in tables} == {
        ("dc", 0),
        ("ac", 0),
        ("dc", 1),
        ("ac", 1),
    }
    assert all(sum(table["lengths"]) == len(table["symbols"]) for table in tables)


def test_restart_markers_are_counted_and_do_not_end_the_data():
    structure = walked(jpeg(noisy(128, 128), restart_marker_blocks=8))
    assert of_kind(structure, "DRI")[0].facts["interval"] == 8
    assert of_kind(structure, "ECS")[0].facts["restarts"] == 16 * 16 // 8 - 1


def test_metadata_blocks_are_named_and_hold_what_was_written():
    structure = walked(
        jpeg(exif=exif(6, make="Maker"), xmp=XMP, icc_profile=swapped_profile(), comment=b"note")
    )
    assert structure.bytes_of(of_kind(structure, "xmp")[0]) == XMP
    assert structure.bytes_of(of_kind(structure, "icc")[0]) == swapped_profile()
    assert structure.bytes_of(of_kind(structure, "COM")[0]) == b"note"
    values = {node.facts["tag"]: node.facts["value"] for node in of_kind(structure, "tag")}
    assert values == {0x0112: 6, 0x010F: "Maker"}


def test_application_segments_carry_their_signature():
    segments = [
        (0xEE, b"Adobe\0\x64\0\0\0\0\0"),
        (0xED, b"Photoshop 3.0\0" + b"8BIM" + struct.pack(">HHI", 0x0404, 0, 5) + b"\x1c\x02\x00\0\0\0"),
        (0xEB, b"JP\0\1" + struct.pack(">I", 1) + b"\0\0\0\x10jumb12345678"),
        (0xEC, b"Ducky\0\1"),
        (0xE7, b"Vendor's own"),
    ]
    structure = walked(jpeg_with(*segments))
    names = [node.facts["signature"] for node in structure.nodes[0].children if node.kind.startswith("APP")]
    assert names == ["adobe", "photoshop", "jumbf", "ducky", None, "jfif"]
    assert structure.bytes_of(of_kind(structure, "iptc")[0]) == b"\x1c\x02\x00\0\0"
    assert structure.bytes_of(of_kind(structure, "jumbf")[0]) == b"\0\0\0\x10jumb12345678"
    unknown = next(node for node in structure.all_nodes() if node.kind == "APP7")
    assert unknown.facts["begins"] == "Vendor's own"


def test_bytes_after_the_end_are_trailing_and_noted_unless_they_are_padding():
    assert walked(jpeg() + b"PK\x03\x04more").trailing == (len(jpeg()), 8)
    assert codes(walked(jpeg() + b"PK\x03\x04more")) == ["imaging.trailing_bytes"]
    assert walked(jpeg() + bytes(40)).trailing == (len(jpeg()), 40)
    assert codes(walked(jpeg() + bytes(40))) == []


def test_pictures_of_a_multi_picture_file_are_all_walked():
    structure = walked(every_format()["mpo"])
    assert [node.kind for node in structure.nodes] == ["JPEG", "JPEG"]
    assert {table.image for table in structure.quantisation_tables} == {0, 1}
    pictures = of_kind(structure, "mpf")[0].facts["pictures"]
    assert [picture["offset"] for picture in pictures] == [0, structure.nodes[1].offset]


def test_a_listed_picture_behind_a_gap_is_found():
    data = bytearray(every_format()["mpo"])
    second = walked(bytes(data)).nodes[1].offset
    base = data.index(b"MPF\0") + 4
    data[data.index(struct.pack("<I", second - base)) :][:4]
    at = data.index(struct.pack("<I", second - base))
    data[at : at + 4] = struct.pack("<I", second - base + 6)
    structure = walked(bytes(data[:second]) + b"gap..." + bytes(data[second:]))
    assert [node.kind for node in structure.nodes] == ["JPEG", "gap", "JPEG"]


def test_a_preview_inside_the_exif_block_is_walked_but_its_tables_are_not_the_pictures():
    preview = jpeg(noisy(16, 16), quality=30)
    block = b"Exif\0\0MM\0*\0\0\0\x08\0\0" + struct.pack(">I", 14)
    entries = struct.pack(">HHIIHHII", 513, 4, 1, 44, 514, 4, 1, len(preview))
    block += b"\0\2" + entries + bytes(4)
    structure = walked(jpeg_with((0xE1, block + preview)))
    previews = [node for node in of_kind(structure, "exif")[0].children if node.kind == "JPEG"]
    assert [(node.facts["width"], node.facts["complete"]) for node in previews] == [(16, True)]
    assert len(structure.quantisation_tables) == 2


def test_a_truncated_jpeg_is_incomplete():
    structure = walked(jpeg(noisy(64, 64))[:-200])
    assert structure.nodes[0].facts["complete"] is False
    assert kinds(structure)[-1] == "ECS"


def test_a_segment_longer_than_the_file_is_clipped_and_noted():
    structure = walked(jpeg()[:2] + b"\xff\xe1\xff\xff" + b"Exif")
    assert codes(structure) == ["imaging.structure_damaged"]
    assert structure.nodes[0].children[-1].payload == (6, 4)


def test_bytes_between_segments_are_noted_and_passed_over():
    data = jpeg()
    structure = walked(data[:20] + b"junk" + data[20:])
    assert codes(structure) == ["imaging.structure_damaged"]
    assert kinds(structure)[-1] == "EOI"


def test_fill_bytes_before_a_marker_are_no_damage():
    data = jpeg()
    assert codes(walked(data[:20] + b"\xff\xff\xff" + data[20:])) == []


def test_the_number_of_nodes_is_bounded():
    structure = walked(jpeg_with(*[(0xFE, b"x")] * 500), Limits(nodes=100))
    assert len(list(structure.all_nodes())) <= 102
    assert codes(structure) == ["imaging.structure_too_large"]


def test_the_decoder_and_the_walker_agree_on_sizes():
    for name, data in every_format().items():
        if name.startswith(("jpeg", "png", "webp", "gif", "tiff", "bmp", "avif")):
            structure = walk(source(data), LIMITS)
            assert (structure.width, structure.height) == (WIDTH, HEIGHT), name


def test_grey_and_cmyk_have_as_many_components_as_they_should():
    for mode, count in (("L", 1), ("RGB", 3), ("CMYK", 4)):
        data = jpeg(Image.fromarray(np.full((8, 8), 9, np.uint8)).convert(mode))
        assert len(of_kind(walked(data), "SOF0")[0].facts["components"]) == count
