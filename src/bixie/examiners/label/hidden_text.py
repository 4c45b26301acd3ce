"""Read the text that generators hide in a PNG's alpha channel (``stealth_pnginfo``, NovelAI and A1111).

It stands in the lowest bits of alpha, column by column from the left: a signature of 15 bytes, the number of
bits of the text, the text, perhaps compressed. The first column alone tells whether there is any, and its
values depend on that column only (PNG, 9.2): no picture is decoded, and of most files only 120 rows are
unpacked.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from bixie.imaging.limits import Limits
from bixie.imaging.structure import Structure

__all__ = ["HiddenText", "hidden_text"]

_SIGNATURES = (b"stealth_pnginfo", b"stealth_pngcomp")
_HEAD = 19
_SIGNED_ROWS = 120
_CHANNELS = {"rgb_alpha": 4, "grey_alpha": 2}
_MAX_TEXT = 16 * 1024
_MAX_UNPACKED = 64 * 1024
_MAX_PIXELS = 32_000_000
_PIECE = 1 << 16


@dataclass(frozen=True, slots=True)
class HiddenText:
    """The signature, and the text behind it; ``?`` where the text cannot be read."""

    key: str
    text: str


def hidden_text(structure: Structure, limits: Limits) -> HiddenText | None:
    """Return the hidden text of a PNG with eight bits of alpha; None where it has none.

    Parameters
    ----------
    structure : Structure
    limits : Limits
        Larger pictures than ``pixels``, or than 32 million, are not looked at.
    """
    width, height = structure.width or 0, structure.height or 0
    header = next((node.facts for node in structure.nodes if node.kind == "IHDR"), {})
    channels = _CHANNELS.get(header.get("colour", ""))
    if channels is None or header.get("depth") != 8 or header.get("interlaced"):
        return None
    if height < _SIGNED_ROWS or not width or width * height > min(limits.pixels, _MAX_PIXELS):
        return None
    first = _columns(structure, channels, 1, _SIGNED_ROWS)
    signature = _bytes(first[0])[: len(_SIGNATURES[0])]
    if signature not in _SIGNATURES:
        return None
    return HiddenText(signature.decode(), _text(structure, channels, signature) or "?")


def _text(structure: Structure, channels: int, signature: bytes) -> str:
    width, height = structure.width or 0, structure.height or 0
    wanted = -(-8 * _HEAD // height)
    columns = _columns(structure, channels, min(wanted, width), height)
    head = _bytes(b"".join(columns))[:_HEAD]
    length = int.from_bytes(head[-4:]) // 8
    if not 0 < length <= _MAX_TEXT:
        return ""
    wanted = -(-8 * (_HEAD + length) // height)
    columns = _columns(structure, channels, min(wanted, width), height)
    raw = _bytes(b"".join(columns))[_HEAD : _HEAD + length]
    if signature.endswith(b"comp"):
        try:
            raw = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(raw, _MAX_UNPACKED)
        except zlib.error:
            return ""
    return raw.decode("utf-8", "replace")


def _bytes(values: bytes) -> bytes:
    """Return the bytes that the lowest bits of `values` make, the highest bit first."""
    bits = "".join("1" if value & 1 else "0" for value in values[: len(values) // 8 * 8])
    return int(bits, 2).to_bytes(len(bits) // 8) if bits else b""


def _columns(structure: Structure, channels: int, count: int, rows: int) -> list[bytes]:
    """Return alpha of the leftmost `count` columns, down to `rows`; less where the picture is damaged."""
    row_length = 1 + (structure.width or 0) * channels
    before = bytearray(count * channels)
    read: list[bytes] = []
    for line in _lines(structure, row_length, 1 + count * channels, rows):
        _undo_filter(line[0], line, before, channels)
        before = line[1:]
        read.append(bytes(before[channels - 1 :: channels]))
    return [bytes(column) for column in zip(*read, strict=True)] or [b""]


def _lines(structure: Structure, row_length: int, kept: int, rows: int) -> Iterator[bytearray]:
    """Yield the first `kept` bytes of each row, unpacked piece by piece."""
    unpacker = zlib.decompressobj()
    waiting = b""
    for node in structure.nodes:
        if node.kind != "IDAT":
            continue
        packed = structure.bytes_of(node)
        while packed:
            try:
                waiting += unpacker.decompress(packed, max(_PIECE, row_length))
            except zlib.error:
                return
            packed = unpacker.unconsumed_tail
            at = 0
            while len(waiting) - at >= row_length:
                yield bytearray(waiting[at : at + kept])
                at += row_length
                rows -= 1
                if rows <= 0:
                    return
            waiting = waiting[at:]


def _undo_filter(kind: int, line: bytearray, before: bytearray, step: int) -> None:
    """Undo a row's filter in place; `line` begins with the filter's number (PNG, 9.2)."""
    for at in range(len(before)):
        left = line[1 + at - step] if at >= step else 0
        above, corner = before[at], before[at - step] if at >= step else 0
        line[1 + at] = (line[1 + at] + _predicted(kind, left, above, corner)) & 0xFF


def _predicted(kind: int, left: int, above: int, corner: int) -> int:
    match kind:
        case 1:
            return left
        case 2:
            return above
        case 3:
            return (left + above) // 2
        case 4:
            near = left + above - corner
            return min((left, above, corner), key=lambda one: abs(near - one))
        case _:
            return 0
