"""Run cases through subjects, in several processes, with a progress bar on stderr."""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from tqdm import tqdm

from bench.baselines import PerceptualHash, PlainSift
from bench.cases import Plan, all_cases, seeded
from bench.honest_cases import HONEST_ROWS
from bench.material import Case, Material, written
from bench.scoring import overlap, overlap_of_lines
from bench.subject import Answer, Bixie, Subject

__all__ = ["SUBJECTS", "Outcome", "Result", "measure", "run"]

SUBJECTS: dict[str, Callable[[], Subject]] = {
    Bixie.name: Bixie,
    PerceptualHash.name: PerceptualHash,
    PlainSift.name: PlainSift,
}
_MIN_TRUTH = 30
"""Pixels of truth below which there is nothing to overlap with: cropped away, or covered by a sticker."""


@dataclass(frozen=True)
class Result:
    """One subject's answer to one case, in numbers.

    Parameters
    ----------
    found : bool
        It named the right known picture; for honest photos: any.
    conclusive, edited : bool
    codes : tuple of str
    f1 : float or None
        Overlap with the truth where there is a truth.
    area : float
        Part of the frame that it says was changed.
    seconds : float
    trouble : str
    verdict : str
        Of all examiners together; empty for a baseline.
    """

    found: bool
    conclusive: bool
    edited: bool
    codes: tuple[str, ...]
    f1: float | None
    area: float
    seconds: float
    trouble: str
    verdict: str = ""


@dataclass(frozen=True)
class Outcome:
    """A case and what the subjects made of it."""

    case: str
    row: str
    group: str
    what: str
    note: str
    results: dict[str, Result]

    def to_dict(self) -> dict[str, Any]:
        """Return JSON types."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "Outcome":
        """Return the outcome that `to_dict` gave."""
        results = {name: Result(**one) for name, one in values["results"].items()}
        return cls(**{**values, "results": results})


def _score(material: Material, answer: Answer, right: Path, case: Case, seconds: float) -> Result:
    honest = case.row in HONEST_ROWS
    found = bool(answer.known) if honest else right in answer.known
    f1 = None
    if material.truth is not None and np.count_nonzero(material.truth) >= _MIN_TRUTH:
        mask = answer.mask if found else None
        f1 = (overlap_of_lines if material.thin else overlap)(material.truth, mask)
    area = 0.0 if answer.mask is None else float(np.count_nonzero(answer.mask)) / answer.mask.size
    return Result(
        found=found,
        conclusive=answer.conclusive,
        edited=answer.edited,
        codes=answer.codes,
        f1=f1,
        area=area,
        seconds=seconds,
        trouble=answer.trouble,
        verdict=answer.verdict,
    )


def measure(case: Case, subjects: Sequence[Subject]) -> tuple[Outcome, Material, dict[str, Answer]]:
    """Build one case and put it before every subject."""
    material = case.build(seeded(case.name))
    answers: dict[str, Answer] = {}
    results: dict[str, Result] = {}
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        claim, known = written(material, Path(folder))
        for subject in subjects:
            started = time.perf_counter()
            answers[subject.name] = subject.answer(claim, known)
            seconds = time.perf_counter() - started
            results[subject.name] = _score(material, answers[subject.name], known[0], case, seconds)
    outcome = Outcome(case.name, case.row, case.group, case.what, material.note, results)
    return outcome, material, answers


_worker_cases: dict[str, Case] = {}
_worker_subjects: list[Subject] = []


def _start_worker(plan: Plan, split: str, names: Sequence[str]) -> None:
    cv2.setNumThreads(1)
    _worker_cases.clear()
    _worker_subjects.clear()
    _worker_cases.update({case.name: case for case in all_cases(plan, split)})
    _worker_subjects.extend(SUBJECTS[name]() for name in names)


def _work(name: str) -> Outcome:
    return measure(_worker_cases[name], _worker_subjects)[0]


def run(
    plan: Plan, split: str, names: Sequence[str], only: Sequence[str] = (), workers: int | None = None
) -> Iterator[Outcome]:
    """Yield the outcome of every case whose name begins with one of `only` (all when empty).

    Parameters
    ----------
    names : sequence of str
        Keys of `SUBJECTS`.
    workers : int, optional
        Processes; as many as there are cores when not given.
    """
    cases = [case.name for case in all_cases(plan, split) if not only or case.name.startswith(tuple(only))]
    with tqdm(total=len(cases), file=sys.stderr, unit="case", disable=None) as bar:
        for outcome in _outcomes(cases, (plan, split, names), workers or os.cpu_count() or 1):
            bar.update()
            yield outcome


def _outcomes(
    cases: Sequence[str], setting: tuple[Plan, str, Sequence[str]], workers: int
) -> Iterator[Outcome]:
    if workers == 1:
        _start_worker(*setting)
        yield from map(_work, cases)
        return
    # A forked copy of a process whose OpenCV has started threads can hang at its first call into OpenCV.
    context = get_context("spawn")
    with ProcessPoolExecutor(workers, context, _start_worker, setting) as pool:
        for future in as_completed([pool.submit(_work, name) for name in cases]):
            yield future.result()
