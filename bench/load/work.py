"""The part ``work``: jobs a second, and kill -9 of workers at random instants, on both databases."""

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import asdict
from functools import partial
from pathlib import Path

from tests.services import postgresql
from tests.services.worker_runs import enqueue_counting, kill_workers, outcome, wait_for, workers

from bench.markdown import Table
from bench.run_file import write_run
from bixie.assembly.stores import ready_store
from bixie.store.settings import Location
from bixie.store.unit_of_work import Store

__all__ = ["add_arguments", "on_each_database", "tables", "work"]

_JOBS, _KILLS, _WORKERS = 300, 50, 2
_MILLISECONDS = 300
"""A job of the kills takes up to so long, so that some are always under way."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``work``."""
    parser.add_argument("--jobs", type=int, default=_JOBS, metavar="COUNT")
    parser.add_argument("--kills", type=int, default=_KILLS, metavar="COUNT")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    parser.add_argument("--json", type=Path, metavar="FILE", dest="work_json")


def work(options: argparse.Namespace) -> int:
    """Measure and print; 1 when something was lost or doubled, 2 when nothing could be measured."""
    found = on_each_database(options.database, partial(_measure, options))
    if not found:
        return 2
    write_run(options.work_json, "work", {"numbers": found})
    return (
        1 if any(one["lost"] or one["doubled"] or one["done"] < one["jobs"] for one in found.values()) else 0
    )


def tables(found: dict[str, dict[str, float]]) -> list[Table]:
    """Return the table of a run, a column for each database."""
    rows = {
        "workers killed while jobs waited": ("kills", ".0f"),
        "jobs, done": ("done", ".0f"),
        "jobs whose effect is missing": ("lost", ".0f"),
        "jobs whose effect is there twice": ("doubled", ".0f"),
        "events of the ledger, verified": ("events", ",.0f"),
        f"jobs a second with {_WORKERS} workers": ("jobs_per_s", ".0f"),
    }
    lines = [
        [words, *(format(one[key], form) for one in found.values())] for words, (key, form) in rows.items()
    ]
    return [Table("", ["what", *found], lines)]


def on_each_database(
    databases: Sequence[str] | None, measure: Callable[[Store, Location], dict[str, float]]
) -> dict[str, dict[str, float]]:
    """Measure on a new store of each database that can be had, and print what was found."""
    found: dict[str, dict[str, float]] = {}
    for database in databases or ("sqlite", "postgresql"):
        reason = postgresql.why_not() if database == "postgresql" else None
        if reason:
            print(f"{database} was left out: {reason}")
            continue
        server = postgresql.running(durable=True) if database == "postgresql" else nullcontext(None)
        with server as url, tempfile.TemporaryDirectory(prefix="bench-") as folder:
            location = Location.find(folder, url, environment={})
            store = ready_store(location)
            try:
                found[database] = measure(store, location)
            finally:
                store.close()
        print(database, *(f"{name} {value:,.5g}" for name, value in found[database].items()), sep=", ")
    return found


def _measure(options: argparse.Namespace, store: Store, location: Location) -> dict[str, float]:
    enqueue_counting(store, options.jobs, 0)
    begin = time.perf_counter()
    with workers(location, _WORKERS):
        wait_for(store)
    speed = 2 * options.jobs / (time.perf_counter() - begin)
    enqueue_counting(store, options.jobs, _MILLISECONDS)
    killed = kill_workers(store, location, options.kills)
    return {"kills": killed, **asdict(outcome(store)), "jobs_per_s": speed}
