"""The part ``direction``: which pairs say that the exhibit is older, and what each level costs and catches.

Every pair is read twice: as it is, the altered picture against the older one, and with the roles swapped, as
if somebody had altered the buyer's photo and called the result the listing.
"""

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from tqdm import tqdm

from bench.cases import Plan, all_cases, seeded
from bench.markdown import Table, rate_text
from bench.material import Case, written
from bench.run_file import write_run
from bixie.examiners.derivation.direction.estimation import CONTRADICTION_BITS
from bixie.examiners.derivation.examiner import EXAMINER
from bixie.examiners.files import EXAMINING_LONG_SIDE
from bixie.examiners.known import load_known
from bixie.examiners.protocol import Context, Exhibit
from bixie.examiners.results import Finding
from bixie.imaging.decode import decode
from bixie.imaging.limits import Limits
from bixie.imaging.source import read_source
from bixie.imaging.structure import walk

__all__ = ["add_arguments", "direction", "tables"]

LEVELS = (-8.0, -6.0, -4.0, CONTRADICTION_BITS, -2.5, -1.5, -0.5)
_EDITED = "derivation.known_picture_edited"
_ROWS = {
    "found.local": "edited here",
    "found.quarter": "edited here",
    "found.cutout": "edited here",
    "found.other_hand": "damaged by another hand",
    "found.inpainted": "spliced back",
    "found.regenerated": "whole frame rewritten",
    "found.editor": "real editor",
    "found.editor_partly": "real editor, scene partly kept",
}


@dataclass(frozen=True)
class Reading:
    """One pair, read both ways.

    Parameters
    ----------
    case, row, group : str
    bits, swapped_bits : float or None
        Below 0: the exhibit looks older. None where the pair is not conclusively "edited" in that order, so
        that nothing is refuted whatever the direction.
    """

    case: str
    row: str
    group: str
    bits: float | None
    swapped_bits: float | None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``direction``."""
    parser.add_argument("--split", default="test", choices=("train", "calibrate", "test"))
    parser.add_argument("--local", type=int, default=12, help="pairs of each delivery")
    parser.add_argument("--workers", type=int, help="processes (default: one a core)")
    parser.add_argument("--json", type=Path, metavar="FILE", dest="direction_json")


def direction(options: argparse.Namespace) -> int:
    """Measure and print."""
    plan = replace(Plan.full(), local=options.local, severe=2 * options.local, held_out=40, regenerated=2)
    cases = [case for case in all_cases(plan, options.split) if case.row in _ROWS]
    readings = list(_read_all(cases, options.workers))
    numbers = {"readings": [asdict(reading) for reading in readings]}
    for one in tables(numbers):
        print(one.text(), end="\n\n")
    write_run(options.direction_json, "direction", {"numbers": numbers})
    return 0


def _read_all(cases: Sequence[Case], workers: int | None) -> Iterator[Reading]:
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        # Cases hold closures over pictures: they are cheap to send, and built where they are read.
        yield from tqdm(pool.map(read_pair, cases, chunksize=4), total=len(cases), unit="pair")


def read_pair(case: Case) -> Reading:
    """Build a case and read it both ways."""
    with tempfile.TemporaryDirectory() as folder:
        claim, known = written(case.build(seeded(case.name)), Path(folder))
        bits, swapped = _bits(claim, known[0]), _bits(known[0], claim)
    return Reading(case.name, case.row, case.group, bits, swapped)


def _bits(exhibit: Path, known: Path) -> float | None:
    """Return the bits of the direction where the pair would be refuted on the caller's word alone."""
    limits = Limits()
    source = read_source(str(exhibit), limits)
    structure = walk(source, limits)
    picture = decode(source, limits, long_side=EXAMINING_LONG_SIDE, structure=structure)
    # On record, so that the direction changes no code here.
    pictures = [replace(one, vouched_by="record") for one in load_known([str(known)], workers=1).pictures]
    said = EXAMINER.examine(Exhibit(str(exhibit), source, structure, picture), Context(known=pictures))
    edited = [one for one in said if isinstance(one, Finding) and one.code == _EDITED]
    return edited[0].data["direction"]["known_looks_older_bits"] if edited else None


def tables(numbers: dict[str, Any]) -> list[Table]:
    """Return the tables of a run; honest photos in swapped roles come first."""
    readings = [Reading(**one) for one in numbers["readings"]]
    return [_by_level(readings), _by_row(readings)]


def _by_level(readings: Sequence[Reading]) -> Table:
    lines = []
    for level in LEVELS:
        shipped = " (shipped)" if level == CONTRADICTION_BITS else ""
        lines.append((f"{level:g}{shipped}", *_cells(readings, level)))
    head = ("level, bits", "roles swapped: still refuted", "altered photos no longer refuted")
    return Table("Direction: what each level costs and catches", head, lines)


def _by_row(readings: Sequence[Reading]) -> Table:
    groups: dict[str, list[Reading]] = {}
    for one in readings:
        # The group of the other hand is the look of its damage, of which there are too few each.
        group = "" if one.row == "found.other_hand" else f", {one.group}"
        groups.setdefault(_ROWS[one.row] + group, []).append(one)
    lines = [(name, *_cells(group, CONTRADICTION_BITS)) for name, group in groups.items()]
    head = ("pairs", "roles swapped: still refuted", "altered photos no longer refuted")
    return Table("Direction: by kind of pair, at the shipped level", head, lines)


def _cells(readings: Sequence[Reading], level: float) -> tuple[str, str]:
    """Return the share of swapped pairs that the level lets pass, and of true pairs that it stops."""
    swapped = [one.swapped_bits for one in readings if one.swapped_bits is not None]
    straight = [one.bits for one in readings if one.bits is not None]
    passed, stopped = sum(bits > level for bits in swapped), sum(bits <= level for bits in straight)
    return rate_text(passed, len(swapped)), rate_text(stopped, len(straight))
