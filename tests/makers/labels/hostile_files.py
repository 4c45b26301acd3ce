"""Files that were made to break a reader of marks; docs/reference/labels.md lists them by their names here.

Each is read within bounds; the codes given, and no others, are said of it. `INCOMPLETE` ones are said to have
more metadata than are read.
"""

import struct
import zlib

from tests.makers.labels.blocks import aigc, exif, iim, label_json, xmp, xmp_aigc
from tests.makers.labels.containers import (
    box,
    chunk,
    gif_with,
    jpeg_with,
    movie_with,
    picture,
    png_with,
    riff,
    webp_with,
)
from tests.makers.labels.matrix import XMP_KEYWORD, exif_holders, xmp_holders

MEGABYTE = 1 << 20
DEEP = 10_000
_ITXT = XMP_KEYWORD + bytes(5)


def png_packet(packet):
    """Return a PNG with an XMP packet of any size."""
    return png_with((b"iTXt", _ITXT + packet))


def entities():
    """Return XMP whose document type declares entities of entities (a billion laughs)."""
    layers = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    head = f'<!DOCTYPE x [<!ENTITY l0 "lol">{layers}<!ENTITY file SYSTEM "file:///etc/hostname">]>'
    return png_packet((head + xmp_aigc(label_json()).replace("0a1b2c3d", "&l9;&file;")).encode())


def many_tags():
    """Return an XMP packet of three million tags."""
    return png_packet(b"<x:xmpmeta>" + b"<a:b>" * 3_000_000)


def many_attributes():
    """Return an XMP packet of one tag with a million attributes."""
    return png_packet(b"<a " + b'b="" ' * MEGABYTE + b">")


def one_name():
    """Return an XMP packet of one tag whose name, and one attribute's, are four megabytes long."""
    return png_packet(b"<a " + b"b" * 4 * MEGABYTE + b">")


def blanks():
    """Return an XMP packet with eight megabytes of blanks before a letter that ends them wrongly."""
    return png_packet(b"<x:xmpmeta><a>" + b" " * 8 * MEGABYTE + b"&</a></x:xmpmeta>")


def hundred_megabytes():
    """Return a PNG with six packets of 17 MB."""
    return png_with(*[(b"iTXt", _ITXT + b"<a>" + b"x" * 17 * MEGABYTE) for _ in range(6)])


def bombs():
    """Return a PNG of 200 texts that each unpack to 32 MB, half of them as ImageMagick's profiles."""
    packed = zlib.compress(bytes(32 * MEGABYTE))
    names = (b"AIGC", b"Raw profile type exif")
    return png_with(*[(b"zTXt", names[n % 2] + b"\0\0" + packed) for n in range(200)])


def label_of_a_megabyte():
    """Return a label whose reserved field is a megabyte long."""
    return png_with((b"tEXt", b"AIGC\0" + label_json(ReservedCode1="x" * MEGABYTE).encode()))


def label_nested():
    """Return a label that is a hundred thousand lists inside each other."""
    return png_with((b"tEXt", b"AIGC\0" + b'{"AIGC":' + b"[" * 100_000))


def label_number():
    """Return a label whose Label is a number of fifty thousand digits."""
    return png_with((b"tEXt", b'AIGC\0{"Label":' + b"1" * 50_000 + b',"ProduceID":"x"}'))


def thousand_labels():
    """Return a PNG of a thousand labels."""
    return png_with(*[(b"tEXt", b"AIGC\0" + label_json(ProduceID=str(n)).encode()) for n in range(1000)])


def one_value_pointed_to_often():
    """Return an EXIF directory of 5,000 comments that all point to the same megabyte."""
    count = 5000
    entry = struct.pack("<HHII", 0x010E, 2, MEGABYTE, 8 + 2 + 12 * count + 4)
    block = b"II*\0\x08\0\0\0" + struct.pack("<H", count) + entry * count + bytes(4) + b"x" * MEGABYTE
    return exif_holders()["png"](block)


def values_that_overlap():
    """Return an EXIF directory of 5,000 comments, each a megabyte that begins one byte further on."""
    count = 5000
    start = 8 + 2 + 12 * count + 4
    table = b"".join(struct.pack("<HHII", 0x010E, 2, MEGABYTE, start + n) for n in range(count))
    block = b"II*\0\x08\0\0\0" + struct.pack("<H", count) + table + bytes(4) + b"x" * (MEGABYTE + count)
    return exif_holders()["png"](block)


def directory_in_a_circle():
    """Return an EXIF block whose directory names itself as the next, with a label in it."""
    block = bytearray(exif(ImageDescription=aigc().encode()))
    at = 8 + 2 + 12
    block[at : at + 4] = struct.pack("<I", 8)
    return exif_holders()["jpeg"](bytes(block))


def boxes_nested():
    """Return a movie of 10,000 boxes inside each other."""
    inside = b""
    for _ in range(DEEP):
        inside = box(b"udta", inside)
    return movie_with(inside)


def box_past_the_end():
    """Return a movie whose last box, with a label in it, says that it is four gigabytes long."""
    return (
        movie_with() + struct.pack(">I", 0xFFFFFFF0) + b"uuid" + bytes(16) + b"AIGC" + label_json().encode()
    )


def wrong_checksum():
    """Return a PNG whose text chunk has a checksum of zero."""
    good = chunk(b"tEXt", b"AIGC\0" + label_json().encode())
    plain = picture("PNG")
    return plain[:33] + good[:-4] + bytes(4) + plain[33:]


def chunk_past_the_end():
    """Return a PNG that ends inside a label."""
    whole = png_with((b"tEXt", b"AIGC\0" + label_json().encode()))
    return whole[: whole.index(b"ProduceID")]


def tails():
    """Return a WebP followed by 100,000 EXIF chunks."""
    return webp_with(tail=riff(b"EXIF", exif(Make=b"Maker\0")) * 20_000)


def many_datasets():
    """Return a JPEG of IPTC datasets that are as many as fit."""
    content = iim(2, 25, b"") * 12_000
    resource = b"Photoshop 3.0\x008BIM\x04\x04\0\0" + len(content).to_bytes(4) + content
    return jpeg_with((0xED, resource))


def not_utf8():
    """Return a label with bytes that are no UTF-8 in its fields."""
    raw = label_json().encode().replace(b"0a1b2c3d", b"\xff\xfe\xc3\x28")
    return png_with((b"tEXt", b"AIGC\0" + raw))


def comment_of_marks():
    """Return a JPEG whose bare segments hold the mark again and again."""
    return jpeg_with(*[(0xEF, b"AIGC{" * 12_000)] * 20)


def packets_alike():
    """Return a JPEG of 300 XMP segments, each of 60 KB of tags."""
    packet = xmp("<a:b/>" * 10_000).encode()
    return jpeg_with(*[(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + packet)] * 300)


def animated_comments():
    """Return a GIF of 10,000 comments."""
    return gif_with(b"\x21\xfe\x08comment.\0" * 10_000)


def extended_packet_in_pieces():
    """Return a JPEG whose extended XMP says that its pieces lie where they do not."""
    data = bytearray(xmp_holders()["jpeg_extended"](xmp_aigc(label_json())))
    at = data.index(b"0123456789ABCDEF0123456789ABCDEF") + 36
    data[at : at + 4] = b"\xff\xff\xff\xff"
    return bytes(data)


NONE, COMPLIANT, WRONG = (
    frozenset(),
    frozenset({"label.aigc.compliant"}),
    frozenset({"label.aigc.noncompliant"}),
)
CUT, UNCLEAR = frozenset({"label.removed.label_cut"}), frozenset({"label.aigc.inconclusive"})
READ = {
    "entities": (entities, COMPLIANT),
    "one_name": (one_name, NONE),
    "blanks": (blanks, NONE),
    "label_of_a_megabyte": (label_of_a_megabyte, WRONG),
    "label_nested": (label_nested, UNCLEAR),
    "label_number": (label_number, UNCLEAR),
    "thousand_labels": (thousand_labels, WRONG),
    "one_value_pointed_to_often": (one_value_pointed_to_often, NONE),
    "directory_in_a_circle": (directory_in_a_circle, COMPLIANT),
    "boxes_nested": (boxes_nested, NONE),
    "box_past_the_end": (box_past_the_end, COMPLIANT),
    "wrong_checksum": (wrong_checksum, COMPLIANT),
    "chunk_past_the_end": (chunk_past_the_end, WRONG | CUT),
    "many_datasets": (many_datasets, NONE),
    "not_utf8": (not_utf8, WRONG),
    "comment_of_marks": (comment_of_marks, UNCLEAR | CUT),
    "animated_comments": (animated_comments, NONE),
    "extended_packet_in_pieces": (extended_packet_in_pieces, None),
}
"""Name to what makes the file, and the codes said of it; None where any will do."""
INCOMPLETE = {
    "many_tags": many_tags,
    "many_attributes": many_attributes,
    "hundred_megabytes": hundred_megabytes,
    "bombs": bombs,
    "values_that_overlap": values_that_overlap,
    "tails": tails,
    "packets_alike": packets_alike,
}
