"""The part ``service``: uploads while server and workers are killed, and how long an upload takes."""

import argparse
import random
from dataclasses import asdict
from functools import partial
from pathlib import Path

from bench.load.kill_run import kill_run
from bench.load.latency import latency
from bench.load.work import on_each_database
from bench.markdown import Table
from bench.run_file import write_run
from bixie.store.settings import Location
from bixie.store.unit_of_work import Store

__all__ = ["add_arguments", "service", "tables"]

_SEED = 20261125
_UPLOADS, _KILLS, _TIMED = 300, 50, 300
_QUICK_UPLOADS, _QUICK_KILLS, _QUICK_TIMED = 12, 2, 20
_RATE = 10
"""Uploads a second on PostgreSQL. SQLite has one writer at a time, and is asked by one client."""
_TARGETS = {"postgresql": ("upload_p95_ms", 250), "sqlite": ("upload_p50_ms", 60)}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``service``."""
    parser.add_argument("--uploads", type=int, metavar="COUNT", help=f"instead of {_UPLOADS}, under kills")
    parser.add_argument("--kills", type=int, metavar="COUNT", help=f"instead of {_KILLS}; 0 leaves them out")
    parser.add_argument("--timed", type=int, metavar="COUNT", help=f"instead of {_TIMED}; 0 leaves them out")
    parser.add_argument("--quick", action="store_true", dest="service_quick", help="a few of each")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    parser.add_argument("--json", type=Path, metavar="FILE", dest="service_json")


def service(options: argparse.Namespace) -> int:
    """Measure and print.

    Returns
    -------
    int
        1 when something was lost or doubled, or a run of at least the usual length misses a target; 2 when
        nothing could be measured.
    """
    uploads, kills, timed = _counts(options)
    random.seed(_SEED)
    found = on_each_database(options.database, partial(_measure, uploads, kills, timed))
    if not found:
        return 2
    print("\n" + tables(found)[0].text())
    wanted = ", ".join(f"{name} {most} on {database}" for database, (name, most) in _TARGETS.items())
    print(f"\nTargets: nothing lost, nothing doubled, {wanted}; SQLite one upload after the other, ")
    print(f"PostgreSQL {_RATE} a second, timed from when each was due.")
    write_run(options.service_json, "service", {"numbers": found})
    faults = any(one.get("lost") or one.get("doubled") for one in found.values())
    # A few uploads are a look, on machines that do other things as well; only the whole run judges.
    missed = timed >= _TIMED and any(not _reached(database, one) for database, one in found.items())
    return 1 if faults or missed else 0


def _counts(options: argparse.Namespace) -> tuple[int, int, int]:
    quick = options.service_quick
    usual = (_QUICK_UPLOADS, _QUICK_KILLS, _QUICK_TIMED) if quick else (_UPLOADS, _KILLS, _TIMED)
    asked = (options.uploads, options.kills, options.timed)
    uploads, kills, timed = (
        instead if one is None else one for one, instead in zip(asked, usual, strict=True)
    )
    return uploads, kills, timed


def _measure(uploads: int, kills: int, timed: int, store: Store, location: Location) -> dict[str, float]:
    numbers: dict[str, float] = {}
    if kills:
        numbers |= asdict(kill_run(store, location, uploads, kills))
    if timed:  # afterwards, because it leaves jobs behind that nobody is to do
        rate = None if store.engine.dialect.name == "sqlite" else _RATE
        numbers |= latency(store, location, timed, rate)
    return numbers


def _reached(database: str, numbers: dict[str, float]) -> bool:
    name, most = _TARGETS[database]
    return numbers[name] <= most


def tables(found: dict[str, dict[str, float]]) -> list[Table]:
    """Return the table of a run, a column for each database."""
    rows = {
        "servers killed while uploads were under way": ("server_kills", ".0f"),
        "workers killed while jobs waited": ("worker_kills", ".0f"),
        "uploads, all answered in the end": ("uploads", ".0f"),
        "answers missed and asked for again": ("broken", ".0f"),
        "lost": ("lost", ".0f"),
        "doubled": ("doubled", ".0f"),
        "reports kept": ("reports", ".0f"),
        "events of the ledger, verified": ("events", ".0f"),
        "an upload, median, ms": ("upload_p50_ms", ".0f"),
        "an upload, 95 %, ms": ("upload_p95_ms", ".0f"),
        "an upload, worst, ms": ("upload_worst_ms", ".0f"),
        "the same bytes written plainly and the smallest commit, ms": ("plain_write_ms", ".1f"),
        "median as a multiple of that": ("upload_to_plain", ".1f"),
    }
    lines = [
        [words, *(format(one[key], form) for one in found.values())]
        for words, (key, form) in rows.items()
        if all(key in one for one in found.values())
    ]
    return [Table("Uploads while processes are killed, and their latency", ["what", *found], lines)]
