"""Measure the derivation examiner and its baselines: tables on stdout, everything else in a JSON file."""

import argparse
import os
import sys
import time
from pathlib import Path

from bench import gate
from bench.cases import Plan
from bench.datasets import is_complete
from bench.run_file import command, commit, write_run
from bench.running import SUBJECTS, Outcome, run
from bench.tables import markdown, summary
from bixie.version import __version__

__all__ = ["add_arguments", "derivation"]

_HERE = Path(__file__).resolve().parent


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of a measuring run."""
    parser.add_argument(
        "--quick",
        action="store_true",
        help="a small plan on bench/samples, Bixie alone, then the accuracy gate",
    )
    parser.add_argument("--samples", action="store_true", help="use bench/samples even where more is at hand")
    parser.add_argument(
        "--only", action="append", default=[], metavar="NAME", help="cases whose name begins so"
    )
    parser.add_argument("--split", default="test", choices=("train", "calibrate", "test"))
    parser.add_argument("--subject", action="append", choices=tuple(SUBJECTS), help="measure only these")
    parser.add_argument("--workers", type=int, help="processes (default: one a core)")
    parser.add_argument("--json", type=Path, default=_HERE / "cache" / "derivation.json", metavar="FILE")


def derivation(options: argparse.Namespace) -> int:
    """Run, print, write."""
    if options.quick or options.samples:
        os.environ["BIXIE_SHARED"] = ""
    plan = Plan.quick() if options.quick else Plan.full()
    subjects = options.subject or ([gate.SUBJECT] if options.quick else list(SUBJECTS))
    started = time.perf_counter()
    outcomes = sorted(
        run(plan, options.split, subjects, options.only, options.workers), key=lambda outcome: outcome.case
    )
    if not outcomes:
        print(f"no case begins with {' or '.join(options.only)}", file=sys.stderr)
        return 2
    print(_head(len(outcomes), time.perf_counter() - started))
    print(markdown(outcomes, subjects))
    cases = [outcome.to_dict() for outcome in outcomes]
    write_run(options.json, "derivation", {"summary": summary(outcomes, subjects), "cases": cases})
    print(f"\nEverything, case by case: {os.path.relpath(options.json)}", file=sys.stderr)
    whole = options.quick and options.split == "test" and not options.only and gate.SUBJECT in subjects
    return _gated(outcomes) if whole else 0


def _gated(outcomes: list[Outcome]) -> int:
    listed = gate.checks(outcomes, gate.read_floors())
    print(f"\n{gate.markdown(listed)}")
    return 0 if all(one.passed for one in listed) else 1


def _head(cases: int, seconds: float) -> str:
    material = "full material" if is_complete() else "bench/samples"
    return (
        f"`{command()}` · version {__version__}, commit {commit()} · {material}, {cases} cases, "
        f"{seconds / 60:.1f} min\n"
    )
