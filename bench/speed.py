"""Seconds and memory: a 12-megapixel photo on one core, everything included."""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

import cv2
import numpy as np

from bench.attacks.damage import apply_damage
from bench.attacks.delivery import deliver, encode
from bench.cases import seeded
from bench.datasets import pictures_of
from bench.markdown import Table
from bench.run_file import write_run

__all__ = ["add_arguments", "edited", "enlarged", "speed", "tables"]

_WIDTH, _HEIGHT = 4000, 3000
_FEW_KNOWN, _MANY_KNOWN = 1, 20
_TARGETS = {
    "cold_s": ("one known picture, cold", "≤ 1.2 s"),
    "cached_s": ("one known picture, its features cached", "≤ 0.6 s"),
    "cached_to_decode": ("the same, as a multiple of plain decoding", ""),
    "many_cached_s": (f"{_MANY_KNOWN} known pictures, cached", "≤ 2.5 s"),
    "decode_s": ("plain decoding of the photo", ""),
    "peak_mb": ("peak memory of the process, one known picture", "≤ 800 MB"),
    "import_s": ("`import bixie`", "≤ 0.3 s"),
}

# Runs in a process of its own: what it imports and keeps in memory is what is being measured.
_CHILD = """
import json, os, resource, sys, time
import cv2
cv2.setNumThreads(1)
import numpy as np
from bixie.report.examination import examine, load_known
claim, folder, mode, rounds = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
known = sorted(os.path.join(folder, name) for name in os.listdir(folder))
data = open(claim, "rb").read()
seconds, decoding = [], []
ready = None
if mode == "cached":
    ready = load_known(known, workers=1)
    examine([claim], ready, workers=1)
for _ in range(rounds):
    started = time.perf_counter()
    cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    decoding.append(time.perf_counter() - started)
    started = time.perf_counter()
    report = examine([claim], ready if ready is not None else load_known(known, workers=1), workers=1)
    seconds.append(time.perf_counter() - started)
if os.path.exists("/proc/self/status"):  # ru_maxrss starts at the peak of the process that started this one
    status = open("/proc/self/status").read()
    peak_mb = int(status.split("VmHWM:")[1].split()[0]) / 1024
else:
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 / 1024
codes = [finding.code for finding in report.claim.exhibits[0].findings]
print(json.dumps({"seconds": seconds, "decode": decoding, "peak_mb": peak_mb, "codes": codes}))
"""
_IMPORT = "import time; t = time.perf_counter(); import bixie; print(time.perf_counter() - t)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``speed``."""
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--samples", action="store_true", help="use bench/samples even where more is at hand")
    parser.add_argument("--json", type=Path, metavar="FILE", dest="speed_json")


def _environment() -> dict[str, str]:
    one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {**os.environ, **one, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def _child(claim: Path, known: Path, mode: str, rounds: int) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, str(claim), str(known), mode, str(rounds)],
        env=_environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def _import_seconds(rounds: int) -> float:
    runs = [
        subprocess.run(
            [sys.executable, "-c", _IMPORT], env=_environment(), capture_output=True, text=True, check=True
        )
        for _ in range(rounds)
    ]
    return median(float(one.stdout) for one in runs)


def enlarged(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return a picture as a 12-megapixel photo: enlarged, with the grain that enlarging lacks.

    Parameters
    ----------
    picture : ndarray, shape (h, w, 3), uint8
    rng : Generator

    Returns
    -------
    ndarray, shape (3000, 4000, 3), uint8
    """
    large = cv2.resize(picture, (_WIDTH, _HEIGHT), interpolation=cv2.INTER_CUBIC)
    grain = rng.normal(0, 4, large.shape[:2]).astype(np.float32)[..., None]
    photo: np.ndarray = np.clip(large + grain, 0, 255).astype(np.uint8)
    return photo


def edited(large: np.ndarray, rng: np.random.Generator) -> bytes:
    """Return a stained copy of a picture, delivered as a JPEG."""
    damaged = apply_damage(large, "stain", rng)
    delivered = deliver(damaged.rgb, {"damage": damaged.mask}, "light", rng)
    return encode(delivered.rgb, ".jpg", 85).data


def _prepare(folder: Path) -> tuple[Path, Path, Path]:
    """Write a 12-megapixel claim, a folder with its known picture, and one with twenty."""
    pictures = sorted(pictures_of(["camera_1024"], "test"), key=lambda one: -one.path.stat().st_size)
    rng = seeded("speed")
    large = enlarged(pictures[0].read(), rng)
    few, many = folder / "few", folder / "many"
    few.mkdir()
    many.mkdir()
    (few / "known.jpg").write_bytes(encode(large, ".jpg", 90).data)
    (many / "known.jpg").write_bytes((few / "known.jpg").read_bytes())
    others = [one for one in pictures_of(split="test") if one.name != pictures[0].name][: _MANY_KNOWN - 1]
    for index, other in enumerate(others):
        (many / f"other_{index:02d}.jpg").write_bytes(other.path.read_bytes())
    claim = folder / "claim.jpg"
    claim.write_bytes(edited(large, rng))
    return claim, few, many


def _middle(answer: dict[str, object], key: str) -> float:
    values = answer[key]
    assert isinstance(values, list)
    return float(median(values))


def speed(options: argparse.Namespace) -> int:
    """Measure and print."""
    if options.samples:
        os.environ["BIXIE_SHARED"] = ""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        claim, few, many = _prepare(Path(name))
        cold = _child(claim, few, "cold", options.rounds)
        cached = _child(claim, few, "cached", options.rounds)
        crowd = _child(claim, many, "cached", options.rounds)
    decode = _middle(cached, "decode")
    peaks = [answer["peak_mb"] for answer in (cold, cached)]
    numbers = {
        "cold_s": _middle(cold, "seconds"),
        "cached_s": _middle(cached, "seconds"),
        "cached_to_decode": _middle(cached, "seconds") / decode,
        "many_cached_s": _middle(crowd, "seconds"),
        "decode_s": decode,
        "peak_mb": max(float(peak) for peak in peaks if isinstance(peak, int | float)),
        "import_s": _import_seconds(options.rounds),
    }
    numbers_and_codes = {"rounds": options.rounds, "machine": platform.machine(), "codes": _codes(cached)}
    print("\n### Speed\n\n" + tables(numbers | numbers_and_codes)[0].text())
    write_run(options.speed_json, "speed", {"numbers": numbers | numbers_and_codes})
    return 0


def tables(numbers: dict[str, Any]) -> list[Table]:
    """Return the table of a run."""
    lines = [[title, target, f"{numbers[key]:.2f}"] for key, (title, target) in _TARGETS.items()]
    lines.append(["what the examiner said", "", ", ".join(map(str, numbers["codes"])) or "nothing"])
    lines.append(["medians of, on one core", "", f"{numbers['rounds']} rounds, {numbers['machine']}"])
    return [Table("", ["what", "target", "measured"], lines)]


def _codes(answer: dict[str, object]) -> list[object]:
    codes = answer["codes"]
    assert isinstance(codes, list)
    return codes
