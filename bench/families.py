"""The command ``python -m bench.families FILE...``: entries for a file of quantisation-table families.

Files of one camera have one fingerprint; files of the common library are left out, since they tell nothing.
"""

import sys
from collections import defaultdict

from bixie.examiners.camera.exif import capture_of
from bixie.examiners.camera.tables import compression_of
from bixie.imaging.limits import Limits
from bixie.imaging.source import read_source
from bixie.imaging.structure import walk

__all__ = ["entries", "main"]


def entries(paths: list[str]) -> dict[str, dict[str, int]]:
    """Return, for each fingerprint, who wrote files with it and how many."""
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for path in paths:
        structure = walk(read_source(path, Limits()), Limits())
        capture, compression = capture_of(structure), compression_of(structure)
        if compression is not None and compression.family != "ijg":
            camera = " ".join(part for part in (capture.make, capture.model) if part)
            program = capture.software if "capture nx" in (capture.software or "").lower() else None
            found[compression.fingerprint][program or camera or "?"] += 1
    return found


def main(paths: list[str]) -> int:
    """Print the entries as TOML."""
    for mark, seen in sorted(entries(paths).items()):
        names = ", ".join(f'"{name.replace(chr(34), "")}"' for name in sorted(seen))
        print(f'\n[[families]]\nfingerprint = "{mark}"\nseen = [{names}]\nfiles = {sum(seen.values())}')
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
