"""The command ``python -m bench labels``: carriers read, honest photos left alone, removals found, speed."""

import argparse
import json
import math
import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.makers.labels.examining import LIMITS, names_carrier, read, said
from tests.makers.labels.foreign import foreign_cells
from tests.makers.labels.matrix import Cell, label_cells
from tests.makers.labels.traces import removals
from tests.makers.labels.vendors import vendor_cells

from bench.datasets import data_folder, is_complete
from bench.labels.fuzz import fuzz
from bench.labels.timing import timed
from bench.markdown import Table, rate_text
from bench.run_file import write_run
from bench.scoring import clopper_pearson
from bixie.examiners.fusion import fuse_exhibit
from bixie.examiners.label import removal
from bixie.examiners.results import Grade, Verdict
from bixie.imaging.source import source_from_bytes
from bixie.imaging.structure import walk
from bixie.imaging.structure.metadata import xmp_packets

__all__ = ["add_arguments", "labels", "tables"]

FOLDERS = ("camera_originals", "camera_1024", "clothing", "grocery", "multiview_headphones")
_CACHE = Path(__file__).resolve().parents[1] / "cache"
_WEIGHTS = Path(removal.__file__).with_name("calibration.json")
_COMMAND = "python -m bench labels --write-weights"
_AI_WORDS = re.compile(rb"AIGC|TC260|ContentProducer|trainedAlgorithmicMedia|compositeSynthetic")
_TARGET = 0.95


@dataclass(frozen=True)
class Honest:
    """What was said of the camera photos of one folder.

    Parameters
    ----------
    folder : str
    photos, ai, traces, suspect, with_xmp, words : int
        Photos; of them: with an AI finding, with a weighing trace, suspect by these alone, with XMP, with a
        word of an AI mark anywhere in their bytes, in whatever part.
    informative : Counter
        Informative findings, by code.
    """

    folder: str
    photos: int
    ai: int
    traces: Counter[str]
    suspect: int
    with_xmp: int
    words: int
    informative: Counter[str]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of this part."""
    parser.add_argument("--json", metavar="FILE", help="write every figure here too")
    parser.add_argument("--write-weights", action="store_true", help="write calibration.json of the examiner")
    parser.add_argument(
        "--fuzz", metavar="COUNT", type=int, help="read so many files changed at random instead"
    )
    parser.add_argument("--seed", type=int, help="of --fuzz; a new one when left out")
    parser.add_argument("--no-speed", action="store_true", help="leave the timing out")


def labels(options: argparse.Namespace) -> int:
    """Measure and print; return 1 if a carrier was not read or an honest photo was accused."""
    if options.fuzz:
        return fuzz(options.fuzz, options.seed, _CACHE / "fuzz")
    matrix = [*label_cells(), *vendor_cells(), *foreign_cells()]
    missed = [cell for cell in matrix if not _right(cell)]
    honest = [_honest(folder) for folder in FOLDERS if _photos(folder)]
    found, tried = _removals()
    _print_matrix(matrix, missed)
    _print_honest(honest)
    packets, damaged = _honest_packets()
    wrong = sum(count for code, count in damaged.items() if code.startswith("label.removed"))
    print(f"honest XMP packets with a trace: {rate_text(wrong, packets)}")
    _print_removals(found, tried)
    speed = {} if options.no_speed else timed(_photos("camera_originals"))
    for row, (value, unit) in speed.items():
        print(f"| {row} | {value:.2f} {unit} |")
    if options.write_weights:
        _write_weights((len(matrix) - len(missed), len(matrix)), honest, (packets, damaged), (found, tried))
    if options.json:
        figures = {
            "matrix": len(matrix),
            "missed": [cell.name for cell in missed],
            "honest": [vars(one) for one in honest],
            "removals": {kind: [found[kind], tried[kind]] for kind in tried},
            "speed": speed,
        }
        write_run(Path(options.json), "labels", figures)
    return 1 if missed or any(one.ai or one.suspect for one in honest) else 0


def tables(figures: dict[str, Any]) -> list[Table]:
    """Return the tables of a run from the figures that it wrote."""
    honest = figures["honest"]
    total = sum(one["photos"] for one in honest)
    read_right = figures["matrix"] - len(figures["missed"])
    found, tried = (sum(pair[side] for pair in figures["removals"].values()) for side in (0, 1))
    lines = [
        ["marks read with code and place, every writer and place", rate_text(read_right, figures["matrix"])],
        ["camera photos with an AI finding", rate_text(sum(one["ai"] for one in honest), total)],
        ["camera photos `suspect` by marks alone", rate_text(sum(one["suspect"] for one in honest), total)],
        ["removed marks whose traces are found", rate_text(found, tried)],
        *([row, f"{value:.2f} {unit}"] for row, (value, unit) in figures["speed"].items()),
    ]
    kinds = [[kind, rate_text(*pair)] for kind, pair in figures["removals"].items()]
    return [Table("", ["what", "measured"], lines), Table("Removals by kind", ["removal", "found"], kinds)]


def _right(cell: Cell) -> bool:
    """Return whether a cell gives its code from its place, and no other code."""
    findings = said(cell.make())
    return set(findings) == {cell.expected} and names_carrier(findings[cell.expected], cell.carrier)


def _photos(folder: str) -> list[Path]:
    root = data_folder() / ("real" if is_complete() else "") / folder
    return sorted(path for path in root.glob("*") if path.is_file())


def _honest(folder: str) -> Honest:
    ai = suspect = with_xmp = words = 0
    traces: Counter[str] = Counter()
    informative: Counter[str] = Counter()
    photos = _photos(folder)
    for path in photos:
        data = path.read_bytes()
        findings = read(data)
        ai += any(finding.grade is Grade.CONCLUSIVE for finding in findings)
        traces.update({f.code for f in findings if f.grade is Grade.STATISTICAL})
        informative.update({f.code for f in findings if f.grade is Grade.INFORMATIVE})
        suspect += fuse_exhibit(findings)[0] is not Verdict.INCONCLUSIVE
        with_xmp += bool(xmp_packets(walk(source_from_bytes(path.name, data), LIMITS), LIMITS))
        words += _AI_WORDS.search(data) is not None
    return Honest(folder, len(photos), ai, traces, suspect, with_xmp, words, informative)


def _honest_packets() -> tuple[int, Counter[str]]:
    """Return how many different XMP packets honest programs wrote in the files at hand, and their traces.

    The camera photos have hardly any XMP, so the signed samples of the shared material are looked at as well:
    their marks are whole, and Photoshop, Lightroom and the like wrote their packets.
    """
    root = data_folder() / "provenance"
    paths = [path for folder in FOLDERS for path in _photos(folder)]
    paths += sorted(path for path in root.rglob("*") if path.is_file())
    packets: set[bytes] = set()
    traces: Counter[str] = Counter()
    for path in paths:
        data = path.read_bytes()
        found = frozenset(xmp_packets(walk(source_from_bytes(path.name, data), LIMITS), LIMITS)) - packets
        packets |= found
        if found:
            traces.update(said(data).keys())
    return len(packets), traces


def _removals() -> tuple[Counter[str], Counter[str]]:
    found: Counter[str] = Counter()
    tried: Counter[str] = Counter()
    for one in removals():
        tried[one.kind] += 1
        found[one.kind] += one.expected in said(one.make())
    return found, tried


def _print_matrix(matrix: Sequence[Cell], missed: Sequence[Cell]) -> None:
    print("\n| writer | cells | read with code and place |\n| --- | --- | --- |")
    for writer in dict.fromkeys(cell.writer for cell in matrix):
        mine = [cell for cell in matrix if cell.writer == writer]
        wrong = sum(cell.writer == writer for cell in missed)
        print(f"| {writer} | {len(mine)} | {rate_text(len(mine) - wrong, len(mine))} |")
    for cell in missed:
        print(f"missed: {cell.name}", file=sys.stderr)


def _print_honest(honest: Iterable[Honest]) -> None:
    rows = list(honest)
    print("\n| camera photos | files | with XMP | AI word in bytes | AI finding | weighing trace | suspect |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for one in rows:
        figures = (one.photos, one.with_xmp, one.words, one.ai, one.traces.total(), one.suspect)
        print(f"| {one.folder} | {' | '.join(map(str, figures))} |")
    total = sum(one.photos for one in rows)
    sums = (
        sum(one.ai for one in rows),
        sum(one.traces.total() for one in rows),
        sum(one.suspect for one in rows),
    )
    xmp = sum(one.with_xmp for one in rows)
    words = sum(one.words for one in rows)
    print(f"| all | {total} | {xmp} | {words} | {' | '.join(rate_text(value, total) for value in sums)} |")
    informed = sum((one.informative for one in rows), Counter())
    print("informative: " + (", ".join(f"{code} {count}" for code, count in informed.items()) or "none"))


def _print_removals(found: Counter[str], tried: Counter[str]) -> None:
    print("\n| removal | found |\n| --- | --- |")
    for kind in tried:
        print(f"| {kind} | {rate_text(found[kind], tried[kind])} |")
    print(f"| all | {rate_text(found.total(), tried.total())} |\n")


def _write_weights(
    marks: tuple[int, int],
    honest: Sequence[Honest],
    xmp: tuple[int, Counter[str]],
    removed: tuple[Counter[str], Counter[str]],
) -> None:
    """Write what each trace weighs: the lower bound of its recall over the upper bound of its false rate.

    A trace inside XMP can be false only where there is XMP, so only packets are counted for it. A photo has
    no freed boxes: for those, photos with a word of an AI mark anywhere in their bytes are counted.
    """
    packets, damaged = xmp
    found, tried = removed
    photos = sum(one.photos for one in honest)
    traces = sum((one.traces for one in honest), Counter())
    freed = _sum(found, tried, "box:")
    rows = {
        "ai_mark": _row(sum(one.ai for one in honest), photos, marks),
        "label_cut": _row(traces["label.removed.label_cut"], photos, _sum(found, tried, "label:")),
        "box_freed.ai_mark": _row(sum(one.words for one in honest), photos, freed),
        "box_freed.xmp": _row(damaged["label.removed.box_freed"], packets, freed),
        "xmp_blanked": _row(damaged["label.removed.xmp_blanked"], packets, _sum(found, tried, "xmp:")),
    }
    text = json.dumps({"command": _COMMAND, "confidence": _TARGET, "weights": rows}, indent=2)
    _WEIGHTS.write_text(text + "\n", encoding="utf-8")


def _sum(found: Counter[str], tried: Counter[str], prefix: str) -> tuple[int, int]:
    kinds = [kind for kind in tried if kind.startswith(prefix)]
    return sum(found[kind] for kind in kinds), sum(tried[kind] for kind in kinds)


def _row(false: int, photos: int, recall: tuple[int, int]) -> dict[str, Any]:
    low = clopper_pearson(*recall, _TARGET)[0]
    high = clopper_pearson(false, photos, _TARGET)[1]
    bits = max(0.0, math.log2(low / high)) if low > 0 else 0.0
    return {
        "bits": round(bits, 2), "false": false, "honest": photos, "found": recall[0], "tried": recall[1]
    }  # fmt: skip
