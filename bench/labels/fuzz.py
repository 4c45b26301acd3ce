"""Files of the matrix, changed at random, without end: ``python -m bench labels --fuzz 100000``.

The seed is printed; the same seed gives the same files. A file that raises anything is kept beside its seed.
"""

import random
import sys
import time
from pathlib import Path

from tests.makers.labels.corpus import CORPUS, changed
from tests.makers.labels.examining import read

from bixie.examiners.validation import validated
from bixie.imaging.errors import ImagingError

__all__ = ["fuzz"]


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
