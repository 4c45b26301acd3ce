import struct
from fractions import Fraction

import pytest
from tests.makers.imaging import LIMITS, XMP, animation, every_format, jpeg_with, saved, scene, source

from bixie.imaging.limits import Limits
from bixie.imaging.structure import walk


def block(entries, *, order=">", after=0, extra=b""):
    """Return a TIFF block of one directory; `entries` are (tag, type, count, value bytes)."""
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}IH", 8, len(entries))
    body = b"".join(struct.pack(f"{order}HHI", *entry[:3]) + entry[3].ljust(4, b"\0") for entry in entries)
    return head + body + struct.pack(f"{order}I", after) + extra


def walked(tiff, limits=LIMITS):
    return walk(source(jpeg_with((0xE1, b"Exif\0\0" + tiff))), limits)


def tags(structure):
    return {
        node.facts["tag"]: node.facts.get("value") for node in structure.all_nodes() if node.kind == "tag"
    }


def directories(structure):
    return [node.facts["name"] for node in structure.all_nodes() if node.kind == "IFD"]


def codes(structure):
    return [note.code for note in structure.warnings]


@pytest.mark.parametrize("order", ["<", ">"])
def test_values_of_every_type_are_read_in_both_byte_orders(order):
    extra_at = 8 + 2 + 12 * 7 + 4
    extra = struct.pack(f"{order}II", 1, 3) + "Ünï中".encode() + b"\0pad"
    entries = [
        (1, 1, 2, b"\x07\x08"),
        (2, 2, 4, b"abc\0"),
        (3, 3, 2, struct.pack(f"{order}HH", 5, 60_000)),
        (4, 4, 1, struct.pack(f"{order}I", 1 << 31)),
        (5, 5, 1, struct.pack(f"{order}I", extra_at)),
        (6, 9, 1, struct.pack(f"{order}i", -5)),
        (7, 2, 9, struct.pack(f"{order}I", extra_at + 8)),
    ]
    assert tags(walked(block(entries, order=order, extra=extra))) == {
        1: (7, 8),
        2: "abc",
        3: (5, 60_000),
        4: 1 << 31,
        5: Fraction(1, 3),
        6: -5,
        7: "Ünï中",
    }


def test_a_fraction_with_nothing_below_is_no_number():
    extra = struct.pack(">II", 1, 0)
    assert tags(walked(block([(9, 5, 1, struct.pack(">I", 26))], extra=extra))) == {9: None}


def test_directories_below_are_named():
    inner = struct.pack(">HHHIHHI", 1, 0x9003, 2, 2, 0x4100, 0, 0)
    entries = [(0x8769, 4, 1, struct.pack(">I", 38)), (0x8825, 4, 1, struct.pack(">I", 38 + len(inner)))]
    structure = walked(block(entries, extra=inner + inner))
    assert directories(structure) == ["IFD0", "Exif", "GPS"]


def test_a_directory_that_leads_to_itself_is_read_once():
    structure = walked(block([(1, 3, 1, b"\0\1")], after=8))
    assert directories(structure) == ["IFD0"]
    assert codes(structure) == ["imaging.structure_cycle"]


def test_directories_that_lead_to_each_other_are_read_once_each():
    structure = walked(block([(0x8769, 4, 1, struct.pack(">I", 8)), (0x014A, 4, 1, struct.pack(">I", 8))]))
    assert directories(structure) == ["IFD0"]
    assert codes(structure) == ["imaging.structure_cycle"]


def test_a_chain_deeper_than_the_limit_is_not_followed():
    links = b"".join(struct.pack(">HHHIII", 1, 0x8769, 4, 1, 8 + 18 * (level + 1), 0) for level in range(40))
    structure = walked(b"MM\0*\0\0\0\x08" + links, Limits(depth=10))
    assert len(directories(structure)) == 10
    assert codes(structure) == ["imaging.structure_too_deep"]


def test_a_value_beyond_the_block_is_left_out_and_noted():
    structure = walked(block([(1, 2, 400, struct.pack(">I", 20)), (2, 3, 1, b"\0\1")]))
    assert tags(structure) == {1: None, 2: 1}
    assert codes(structure) == ["imaging.structure_damaged"]


def test_more_entries_than_the_block_holds_end_with_it():
    tiff = bytearray(block([(1, 3, 1, b"\0\1")]))
    tiff[8:10] = b"\xff\xff"
    structure = walked(bytes(tiff))
    assert tags(structure)[1] == 1
    assert "imaging.structure_damaged" in codes(structure)


def test_a_block_that_is_no_tiff_is_noted_as_unreadable():
    assert codes(walked(b"nothing like it")) == ["imaging.exif_unreadable"]


def test_a_block_beyond_the_metadata_limit_is_not_read():
    structure = walked(block([(1, 3, 1, b"\0\1")]), Limits(metadata_bytes=20))
    assert directories(structure) == []
    assert codes(structure) == ["imaging.metadata_too_large"]


def test_long_values_are_payloads_only():
    extra = bytes(range(256)) * 8
    structure = walked(block([(0x927C, 7, 2048, struct.pack(">I", 26))], extra=extra))
    node = next(node for node in structure.all_nodes() if node.kind == "tag")
    assert "value" not in node.facts
    assert structure.bytes_of(node) == extra


def test_tiff_files_list_their_pages_and_blocks():
    structure = walk(source(animation("TIFF")), LIMITS)
    assert directories(structure) == ["IFD0", "IFD1", "IFD2"]
    with_profile = walk(source(every_format()["tiff"]), LIMITS)
    assert any(node.kind == "icc" for node in with_profile.all_nodes())


def test_xmp_of_a_tiff_file_is_found():
    structure = walk(source(saved(scene(), "TIFF", tiffinfo={700: XMP})), LIMITS)
    assert [structure.bytes_of(n) for n in structure.all_nodes() if n.kind == "xmp"] == [XMP]


def test_big_tiff_is_read_as_tiff_is():
    structure = walk(source(every_format()["tiff_big"]), LIMITS)
    assert directories(structure) == ["IFD0"]
    assert tags(structure)[0x0100] == 48
