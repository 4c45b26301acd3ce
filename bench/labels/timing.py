"""How many files of one to three megabytes a core reads, beside plain hashing of the same files."""

import hashlib
import io
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image
from tests.makers.labels.blocks import label_json, xmp_aigc
from tests.makers.labels.containers import movie_with, segment
from tests.makers.labels.examining import read
from tests.makers.labels.matrix import XMP_HEAD

__all__ = ["timed"]

_MIB = 1 << 20
_ROUNDS = 3


def timed(photos: Sequence[Path]) -> dict[str, tuple[float, str]]:
    """Return processor time for files of 1 to 3 MB: camera originals, and labelled JPEG, PNG and MP4."""
    files = [path.read_bytes() for path in photos if _MIB // 2 <= path.stat().st_size <= 3 * _MIB]
    files += _labelled()
    megabytes = sum(map(len, files)) / 1e6
    hashing = _seconds(lambda data: hashlib.sha256(data).digest(), files)
    reading = _seconds(read, files)
    return {
        "files timed": (len(files), f"files, {megabytes / len(files):.1f} MB each"),
        "files a second on one core": (len(files) / reading, "files/s"),
        "hashing the same files": (len(files) / hashing, "files/s"),
        "ratio to hashing": (reading / hashing, "x"),
    }


def _seconds(work: Callable[[bytes], object], files: Sequence[bytes]) -> float:
    best = float("inf")
    for _ in range(_ROUNDS):
        begin = time.process_time()
        for data in files:
            work(data)
        best = min(best, time.process_time() - begin)
    return best


def _labelled() -> list[bytes]:
    noise = np.random.default_rng(0).integers(0, 256, (900, 900, 3), dtype=np.uint8)
    packet = xmp_aigc(label_json()).encode()
    saved = {}
    for form, options in (("JPEG", {"quality": 95, "subsampling": 0}), ("PNG", {"compress_level": 1})):
        file = io.BytesIO()
        Image.fromarray(noise).save(file, form, **options)
        saved[form] = file.getvalue()
    jpeg = saved["JPEG"][:2] + segment(0xE1, XMP_HEAD + packet) + saved["JPEG"][2:]
    movie = movie_with(media=np.random.default_rng(1).bytes(2 * _MIB))
    return [jpeg, saved["PNG"], movie]
