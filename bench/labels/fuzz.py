"""Files of the matrix, changed at random, without end: ``python -m bench labels --fuzz 100000``.

The seed is printed; the same seed gives the same files. A file that raises anything is kept beside its seed.
"""

import random
import sys
import time
from functools import cache
from pathlib import Path

from bench.labels.matrix import label_cells
from bench.labels.reading import read
from bench.labels.traces import removals
from bench.labels.vendors import vendor_cells
from bixie.examiners.validation import validated
from bixie.imaging.errors import ImagingError

__all__ = ["CORPUS", "changed", "fuzz"]


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


def fuzz(count: int, seed: int | None, folder: Path) -> int:
    """Read `count` changed files; return 1 if one of them raised something.

    Parameters
    ----------
    count : int
    seed : int or None
        A new one when not given.
    folder : Path
        Where a file that raised something is kept.
    """
    seed = random.SystemRandom().randrange(1 << 32) if seed is None else seed
    chance, names = random.Random(seed), sorted(CORPUS)
    slowest, failures = 0.0, 0
    for number in range(count):
        name = chance.choice(names)
        data = changed(CORPUS[name], chance)
        begin = time.process_time()
        try:
            validated(read(data))
        except ImagingError:
            continue
        except Exception as error:  # whatever it is, it is what this looks for
            failures += 1
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{seed}-{number}.bin").write_bytes(data)
            print(f"{name}: {type(error).__name__}: {error}", file=sys.stderr)
        slowest = max(slowest, time.process_time() - begin)
    print(f"seed {seed}: {count} files, {failures} failures, slowest {1000 * slowest:.1f} ms")
    return 1 if failures else 0
