"""ISO-BMFF and Matroska: boxes, items, keys and tags."""

import struct

import pytest
from tests.makers.imaging import (
    HEIGHT,
    LIMITS,
    WIDTH,
    XMP,
    box,
    element,
    every_format,
    exif,
    matroska,
    movie,
    source,
)

from bixie.imaging.limits import Limits
from bixie.imaging.structure import walk


def walked(data, limits=LIMITS):
    return walk(source(data, "a"), limits)


def kinds(structure):
    return [node.kind for node in structure.nodes]


def of_kind(structure, kind):
    return [node for node in structure.all_nodes() if node.kind == kind]


def codes(structure):
    return [note.code for note in structure.warnings]


def items_file(exif_item, xmp_item, *, version=1, in_idat=False):
    """Return a picture of two metadata items, in ``mdat`` or in ``idat``."""
    content = exif_item + xmp_item
    infos = [box(b"infe", struct.pack(">HH", 1, 0), b"Exif", b"\0", full=2)]
    infos.append(box(b"infe", struct.pack(">HH", 2, 0), b"mime", b"\0application/rdf+xml\0", full=2))

    def locations(base):
        wide = ">I" if version == 2 else ">H"
        parts = [b"\x44\x00", struct.pack(wide, 2)]
        for identifier, at, length in ((1, 0, len(exif_item)), (2, len(exif_item), len(xmp_item))):
            method = struct.pack(">H", 1 if in_idat else 0) if version else b""
            parts.append(
                struct.pack(wide, identifier) + method + struct.pack(">HHII", 0, 1, base + at, length)
            )
        return box(b"iloc", *parts, full=version)

    def meta(base):
        handler = box(b"hdlr", bytes(4), b"pict", bytes(13), full=0)
        idat = box(b"idat", content) if in_idat else b""
        return box(b"meta", handler, locations(base), box(b"iinf", b"\0\2", *infos, full=0), idat, full=0)

    start = box(b"ftyp", b"mif1", bytes(4), b"heic")
    return start + meta(0 if in_idat else len(start) + len(meta(0)) + 8) + box(b"mdat", content)


def test_boxes_fill_a_movie_and_say_what_they_hold():
    structure = walked(movie())
    assert kinds(structure) == ["ftyp", "free", "moov"]
    assert (structure.width, structure.height) == (640, 360)
    assert of_kind(structure, "mvhd")[0].facts["timescale"] == 600
    assert of_kind(structure, "ftyp")[0].facts["compatible"] == ["isom"]
    assert of_kind(structure, "©mak")[0].facts["text"] == "手机"
    assert codes(structure) == []


def test_boxes_of_sixty_four_bits_and_boxes_to_the_end_are_read():
    wide = struct.pack(">I", 1) + b"mdat" + struct.pack(">Q", 20) + b"abcd"
    last = struct.pack(">I", 0) + b"mdat" + b"to the end"
    structure = walked(movie(b"isom", wide, last))
    assert kinds(structure)[-2:] == ["mdat", "mdat"]
    assert [structure.bytes_of(node) for node in structure.nodes[-2:]] == [b"abcd", b"to the end"]


def test_what_is_no_box_after_the_last_one_is_trailing():
    structure = walked(movie() + b"\0\0\0\x40\x01\x02\x03\x04 not a box")
    assert structure.trailing == (len(movie()), 18)
    assert codes(structure) == ["imaging.trailing_bytes"]


@pytest.mark.parametrize(("version", "in_idat"), [(0, False), (1, False), (2, False), (1, True), (2, True)])
def test_items_lead_to_exif_and_xmp(version, in_idat):
    structure = walked(items_file(bytes(4) + exif(6, make="M")[6:], XMP, version=version, in_idat=in_idat))
    assert [node.facts["type"] for node in of_kind(structure, "item")] == ["Exif", "mime"]
    assert {node.facts["tag"]: node.facts["value"] for node in of_kind(structure, "tag")} == {
        274: 6,
        271: "M",
    }
    assert structure.bytes_of(of_kind(structure, "xmp")[0]) == XMP
    assert codes(structure) == []


def test_an_exif_item_that_points_beyond_itself_is_unreadable():
    assert codes(walked(items_file(b"\xff\xff\xff\xff" + bytes(20), XMP))) == ["imaging.exif_unreadable"]


def test_heic_and_avif_tell_size_items_and_turns():
    heic = walked(every_format()["heic"])
    assert of_kind(heic, "irot")[0].facts["quarter_turns"] == 3
    assert [node.facts["type"] for node in of_kind(heic, "item")] == ["hvc1", "Exif", "mime"]
    avif = walked(every_format()["avif"])
    assert (avif.width, avif.height) == (WIDTH, HEIGHT)
    assert any(node.kind == "icc" for node in avif.all_nodes())
    assert [avif.bytes_of(node) for node in of_kind(avif, "xmp")] == [XMP]


def test_keys_of_quicktime_name_the_values_of_its_list():
    keys = box(
        b"keys", struct.pack(">I", 2), *(box(b"mdta", name) for name in (b"com.make", b"AIGC")), full=0
    )
    values = [
        box(struct.pack(">I", index), box(b"data", struct.pack(">II", 1, 0), text))
        for index, text in ((1, "相机".encode()), (2, b'{"Label":"1"}'))
    ]
    handler = box(b"hdlr", bytes(4), b"mdta", bytes(13), full=0)
    meta = box(b"meta", handler, keys, box(b"ilst", *values))
    structure = walked(box(b"ftyp", b"qt  ", bytes(4)) + box(b"moov", meta))
    entries = of_kind(structure, "ilst")[0].children
    assert [(node.facts["key"], node.facts["value"]) for node in entries] == [
        ("com.make", "相机"),
        ("AIGC", '{"Label":"1"}'),
    ]


def test_uuid_boxes_of_xmp_and_content_credentials_are_named():
    xmp = box(b"uuid", bytes.fromhex("be7acfcb97a942e89c71999491e3afac"), XMP)
    store = b"\0\0\0\x0cjumbabcd"
    c2pa = box(
        b"uuid", bytes.fromhex("d8fec3d61b0e483c92975828877ec481"), bytes(4), b"manifest\0", bytes(8), store
    )
    structure = walked(movie(b"isom", xmp, c2pa))
    assert [structure.bytes_of(node) for node in of_kind(structure, "xmp")] == [XMP]
    assert [structure.bytes_of(node) for node in of_kind(structure, "jumbf")] == [store]
    assert of_kind(structure, "uuid")[1].facts["purpose"] == "manifest"


def test_a_box_longer_than_its_parent_is_clipped():
    inner = struct.pack(">I", 1 << 20) + b"free"
    structure = walked(box(b"ftyp", b"isom", bytes(4)) + box(b"moov", inner))
    assert of_kind(structure, "free")[0].length == 8
    assert codes(structure) == ["imaging.structure_damaged"]


def test_a_box_of_size_nothing_inside_another_ends_the_walk_there():
    structure = walked(box(b"ftyp", b"isom", bytes(4)) + box(b"moov", struct.pack(">I", 4) + b"free"))
    assert of_kind(structure, "moov")[0].children == ()
    assert codes(structure) == ["imaging.structure_damaged"]


def test_matroska_tells_tracks_tags_and_writer():
    structure = walked(matroska((b"AIGC", b'{"Label":"1"}')))
    assert kinds(structure) == ["EBML", "Segment"]
    assert (structure.width, structure.height) == (640, 360)
    assert of_kind(structure, "MuxingApp")[0].facts["value"] == "maker"
    tag = of_kind(structure, "SimpleTag")[0]
    assert [child.facts["value"] for child in tag.children] == ["AIGC", '{"Label":"1"}']
    assert codes(structure) == []


def test_matroska_written_live_is_read_to_its_end():
    unknown = b"\x18\x53\x80\x67\x01" + b"\xff" * 7
    cluster = b"\x1f\x43\xb6\x75\x01" + b"\xff" * 7 + element(0xE7, b"\0") + element(0xA3, b"block")
    info = element(0x1549A966, element(0x4D80, b"live"))
    structure = walked(element(0x1A45DFA3, element(0x4282, b"webm")) + unknown + info + cluster + cluster)
    assert [node.kind for node in structure.nodes[1].children].count("Cluster") == 2
    assert of_kind(structure, "MuxingApp")[0].facts["value"] == "live"
    assert codes(structure) == []


def test_an_element_longer_than_its_parent_is_clipped():
    data = bytearray(matroska((b"a", b"b")))
    structure = walked(bytes(data[:-3]))
    assert codes(structure) == ["imaging.structure_damaged"]


@pytest.mark.parametrize("depth", [3, 8])
def test_nesting_is_bounded(depth):
    inner = b""
    for _ in range(200):
        inner = box(b"moov", inner)
    structure = walked(box(b"ftyp", b"isom", bytes(4)) + inner, Limits(depth=depth))
    assert len(of_kind(structure, "moov")) == depth
    assert codes(structure) == ["imaging.structure_too_deep"]
