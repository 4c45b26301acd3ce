"""Files of the matrix and how they are changed at random: what fuzzing and the property tests begin with."""

import random
from functools import cache

from tests.makers.labels.matrix import label_cells
from tests.makers.labels.traces import removals
from tests.makers.labels.vendors import vendor_cells

__all__ = ["CORPUS", "changed"]


@cache
def _corpus() -> dict[str, bytes]:
    cells = [*label_cells(), *vendor_cells()]
    # One of a kind: the forms of one place differ in a few letters only.
    kept = {cell.name.rsplit("/", 1)[0]: cell.make() for cell in cells}
    return kept | {f"removed/{one.kind}": one.make() for one in removals()}


CORPUS = _corpus()
"""The files that are changed, by name."""

_PIECES = (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"{", b"}", b'"', b"<", b">", b"&#x41;",
           b"AIGC", b" " * 80, b"\0" * 16, b"</", b"]]>", b"\xff\xd8\xff", b"\x1c\x02")  # fmt: skip


def changed(data: bytes, chance: random.Random) -> bytes:
    """Return `data` with one to eight places of it replaced, removed, repeated or filled."""
    content = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(content) or 1)
        length = chance.randint(1, 64)
        match chance.randrange(5):
            case 0:
                content[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                piece = chance.choice(_PIECES)
                content[at : at + len(piece)] = piece
            case 2:
                del content[at : at + length]
            case 3:
                content[at:at] = content[at : at + length] * chance.randint(1, 4)
            case _:
                content[at:at] = chance.choice(_PIECES)
    return bytes(content)
