"""Labels taken out badly: what programs that cut, blank or free a mark in place leave behind."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.makers.labels.blocks import PRODUCER, label_json, xmp_aigc, xmp_property
from tests.makers.labels.containers import (
    box,
    jpeg_with,
    matroska_with,
    movie_with,
    png_with,
    riff,
    webp_with,
)
from tests.makers.labels.matrix import Cell, label_cells, xmp_holders
from tests.makers.labels.vendors import IPTC_EXT, VOCABULARY

__all__ = ["Removal", "removals"]

_JSON = re.compile(rb"\{(?:\"|&quot;|&#34;|&amp;quot;)(?:AIGC|Label).*?\}\}?", re.DOTALL)
_PACKET = re.compile(rb"<x:xmpmeta.*</x:xmpmeta>", re.DOTALL)
_WHOLE = re.compile(rb"<\?xpacket begin.*<\?xpacket end=\"w\"\?>", re.DOTALL)
_BLOCK_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_PLAIN = ("raw", "wrapped", "bare", "element", "plain", "user_comment", "image_description", "keys", "list")


@dataclass(frozen=True)
class Removal:
    """One file with a trace.

    Parameters
    ----------
    kind : str
        Row of the table.
    name : str
    make : callable
    expected : str
        Code of the finding.
    """

    kind: str
    name: str
    make: Callable[[], bytes]
    expected: str


def removals() -> list[Removal]:
    """Return a file for each way of removing and each place it is done in."""
    return [*_in_labels(), *_in_packets(), *_in_boxes()]


def _in_labels() -> Iterator[Removal]:
    cells = [cell for cell in label_cells() if _readable_in_place(cell)]
    for way, change in (
        ("cut_by_blanks", lambda found: found[: len(found) // 2] + b" " * (len(found) - len(found) // 2)),
        ("cut_by_zeros", lambda found: found[: len(found) // 2] + bytes(len(found) - len(found) // 2)),
        ("beginning_blanked", lambda found: b" " * (len(found) // 3) + found[len(found) // 3 :]),
        ("middle_blanked", _middle),
        ("producer_blanked", lambda found: found.replace(PRODUCER.encode(), b" " * len(PRODUCER))),
        ("blanked", lambda found: b" " * len(found)),
        ("zeroed", lambda found: bytes(len(found))),
    ):
        for cell in cells:
            if cell.name.startswith("jpeg_extended") or ("zero" in way and cell.name.startswith("gif/xmp")):
                continue  # split by a segment's header, or ended by a zero: the container itself would break
            if way in ("blanked", "zeroed") and not _own_key(cell):
                continue  # nothing that names a label is left: a blank comment is every other camera's
            yield Removal(
                f"label: {way}",
                cell.name,
                lambda c=cell, f=change: _changed(c.make(), f),
                "label.removed.label_cut",
            )


def _readable_in_place(cell: Cell) -> bool:
    return cell.name.endswith(_PLAIN) and _JSON.search(cell.make()) is not None


def _own_key(cell: Cell) -> bool:
    data = cell.make()
    found = _JSON.search(data)
    assert found is not None
    before = data[max(0, found.start() - 40) : found.start()]
    return b"AIGC" in before and cell.carrier not in (
        "jpeg.segment",
        "trailing",
        "jpeg.comment",
        "isobmff.uuid",
    )


def _middle(found: bytes) -> bytes:
    third = len(found) // 3
    return found[:third] + b" " * third + found[2 * third :]


def _changed(data: bytes, change: Callable[[bytes], bytes]) -> bytes:
    return _JSON.sub(lambda match: change(match[0]), data, count=1)


def _in_packets() -> Iterator[Removal]:
    uri = VOCABULARY + "trainedAlgorithmicMedia"
    packets = {
        "aigc": xmp_aigc(label_json()),
        "iptc": xmp_property("Iptc4xmpExt", IPTC_EXT, "DigitalSourceType", uri),
    }
    code = "label.removed.xmp_blanked"
    in_place = ("jpeg", "png", "webp", "tiff", "gif", "heic", "avif", "mp4_uuid", "mov_user_data")
    for holder in in_place:
        for name, packet in packets.items():
            whole = xmp_holders()[holder](packet)
            for way, pattern, filler in (
                ("body blanked", _PACKET, b" "),
                ("body zeroed", _PACKET, b"\0"),
                ("packet blanked", _WHOLE, b" "),
                ("packet zeroed", _WHOLE, b"\0"),
            ):
                if holder == "gif" and filler == b"\0":
                    continue  # a zero ends the block: what follows is no GIF any more
                yield Removal(
                    f"xmp: {way}",
                    f"{holder}/{name}",
                    lambda d=whole, p=pattern, f=filler: p.sub(lambda match: f * len(match[0]), d),
                    code,
                )
        tagged = re.compile(rb"<Iptc4xmpExt:DigitalSourceType>.*</Iptc4xmpExt:DigitalSourceType>")
        whole = xmp_holders()[holder](packets["iptc"])
        yield Removal(
            "xmp: property blanked",
            holder,
            lambda d=whole, t=tagged: t.sub(lambda match: b" " * len(match[0]), d),
            code,
        )


def _in_boxes() -> Iterator[Removal]:
    code = "label.removed.box_freed"
    value = b"AIGC" + label_json().encode()
    packet = xmp_aigc(label_json()).encode()
    other = xmp_property("dc", "http://purl.org/dc/elements/1.1/", "title", "a mug").encode()
    for kind in (b"free", b"skip"):
        name = kind.decode()
        for what, content in (
            ("label", value),
            ("packet", _BLOCK_UUID + packet),
            ("xmp", _BLOCK_UUID + other),
        ):
            yield Removal(
                f"box: {name}", f"{what}/end", lambda k=kind, c=content: movie_with(after=box(k, c)), code
            )
            yield Removal(
                f"box: {name}",
                f"{what}/udta",
                lambda k=kind, c=content: movie_with(box(b"udta", box(k, c))),
                code,
            )
    void = b"\xec" + (1 << 56 | len(value)).to_bytes(8) + value
    yield Removal("box: Void", "label", lambda: matroska_with(more=void), code)
    yield Removal("box: JUNK", "webp", lambda: webp_with((b"JUNK", packet), flags=0), code)
    yield Removal(
        "box: JUNK", "webp_tail", lambda: webp_with(tail=riff(b"JUNK", value)), "label.aigc.compliant"
    )
    cut = label_json().encode()[:70]
    for name, make in (
        ("jpeg/app15", lambda: jpeg_with((0xEF, b"AIGC" + cut))),
        ("jpeg/tail", lambda: jpeg_with(tail=b"AIGC" + cut)),
        ("png/tEXt", lambda: png_with((b"tEXt", b"AIGC\0" + cut))),
    ):
        yield Removal("label: cut off", name, make, "label.removed.label_cut")
