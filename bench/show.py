"""Lay one case before a person's eyes: known, claim, true mask and answers as PNG files."""

import argparse
import os
import sys
from pathlib import Path

import cv2
import numpy as np

from bench.cases import find_case
from bench.datasets import read_rgb
from bench.material import Material, written
from bench.running import SUBJECTS, Outcome, measure
from bench.subject import Answer

__all__ = ["add_arguments", "show"]

_SIDE = 640
_CHANGED, _MARKED = (255, 40, 40), (40, 120, 255)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``show``."""
    parser.add_argument("case", help="name of a case, as the JSON file of a run gives it")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.add_argument("--samples", action="store_true", help="the case of a run on bench/samples")


def show(options: argparse.Namespace) -> int:
    """Build the case anew, ask every subject, write the pictures."""
    if options.samples:
        os.environ["BIXIE_SHARED"] = ""
    try:
        case = find_case(options.case)
    except KeyError:
        print(f"there is no case {options.case}", file=sys.stderr)
        return 2
    outcome, material, answers = measure(case, [make() for make in SUBJECTS.values()])
    options.out.mkdir(parents=True, exist_ok=True)
    claim, known = written(material, options.out)
    sheet = _sheet(read_rgb(known[0]), read_rgb(claim), material, answers)
    done, data = cv2.imencode(".png", np.ascontiguousarray(sheet[..., ::-1]))
    assert done
    (options.out / "case.png").write_bytes(data.tobytes())
    _describe(outcome)
    return 0


def _describe(outcome: Outcome) -> None:
    print(f"{outcome.case}: {outcome.note}")
    for name, result in outcome.results.items():
        f1 = "" if result.f1 is None else f", F1 {result.f1:.3f}"
        words = f"found {result.found}, conclusive {result.conclusive}, area {result.area:.2%}{f1}"
        print(f"{name:8} {words}, {result.seconds:.2f} s {' '.join(result.codes)} {result.trouble}")


def _tinted(rgb: np.ndarray, mask: np.ndarray | None, colour: tuple[int, int, int]) -> np.ndarray:
    if mask is None:
        return rgb
    mixed = rgb.copy()
    inside = mask > 127
    mixed[inside] = (0.35 * mixed[inside] + 0.65 * np.array(colour)).astype(np.uint8)
    return mixed


def _cell(rgb: np.ndarray, title: str) -> np.ndarray:
    factor = _SIDE / max(rgb.shape[:2])
    small = cv2.resize(
        rgb, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    )
    cell = np.full((_SIDE + 24, _SIDE, 3), 32, np.uint8)
    cell[24 : 24 + small.shape[0], : small.shape[1]] = small
    return np.asarray(
        cv2.putText(cell, title, (6, 17), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (230, 230, 230), 1, cv2.LINE_AA)
    )


def _sheet(
    known: np.ndarray, claim: np.ndarray, material: Material, answers: dict[str, Answer]
) -> np.ndarray:
    truth = _tinted(_tinted(claim // 2, material.annotation, _MARKED), material.truth, _CHANGED)
    cells = [_cell(known, "known"), _cell(claim, "claim"), _cell(truth, "truth")]
    for name, answer in answers.items():
        if answer.mask is not None or answer.annotation is not None or name == "bixie":
            painted = _tinted(_tinted(claim // 2, answer.annotation, _MARKED), answer.mask, _CHANGED)
            cells.append(_cell(painted, f"{name}: {'found' if answer.known else 'not found'}"))
    return np.hstack(cells)
