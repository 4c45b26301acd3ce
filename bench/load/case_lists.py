"""The part ``cases``: how long lists of cases and single cases take where there are many."""

import argparse
import json
import statistics
import time
from functools import partial
from pathlib import Path

import numpy as np
from tests.services.worker_runs import workers

from bench.load.duties import shop_with_claims
from bench.load.kill_run import free_port, server_program
from bench.load.lists import Reader, timed
from bench.load.uploading import ready
from bench.load.work import on_each_database
from bench.markdown import Table
from bench.run_file import write_run
from bixie.access.principal import Role
from bixie.access.tenancy import writing
from bixie.identity.service import add_key
from bixie.store.settings import Location
from bixie.store.unit_of_work import Store

__all__ = ["add_arguments", "cases", "tables"]

_CASES, _QUICK = 100_000, 500
_PAGES, _WARMING = 200, 10
_TARGET_MS = 100
_ANSWERS = {
    "healthz": "/healthz, for comparison",
    "page": "50 cases",
    "page_halfway": "50 cases, halfway",
    "page_by_status": "50 cases of a common status",
    "page_by_rare_status": "cases of a status that none has",
    "page_by_side": "50 cases that wait for the merchant",
    "page_by_idle_side": "cases that wait for a side that owes nothing",
    "page_of_order": "the case of an order",
    "case": "one case",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``cases``."""
    parser.add_argument("--list", type=int, metavar="COUNT", dest="cases", help=f"instead of {_CASES:,}")
    parser.add_argument("--pages", type=int, default=_PAGES, metavar="COUNT", help="of each kind")
    parser.add_argument("--quick", action="store_true", dest="cases_quick", help=f"{_QUICK} cases")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    parser.add_argument("--json", type=Path, metavar="FILE", dest="cases_json")


def cases(options: argparse.Namespace) -> int:
    """Measure and print; 1 when a run of the usual length misses the target, 2 without a measurement."""
    count = options.cases or (_QUICK if options.cases_quick else _CASES)
    found = on_each_database(options.database, partial(_measure, count, options.pages))
    if not found:
        return 2
    print("\n" + tables(found)[0].text())
    print(f"\nTarget: {_TARGET_MS} ms for 95 % of the answers, one client.")
    write_run(options.cases_json, "cases", {"numbers": found})
    slow = max(one[f"{name}_p95_ms"] for one in found.values() for name in _ANSWERS)
    return 1 if count >= _CASES and slow > _TARGET_MS else 0


def tables(found: dict[str, dict[str, float]]) -> list[Table]:
    """Return the table of a run: a line for each kind of answer."""
    columns = {"p50": "median, ms", "p95": "95 %, ms"}
    head = ["answer", *(f"{database}: {words}" for database in found for words in columns.values())]
    lines = [
        [words, *(f"{one[f'{name}_{column}_ms']:.1f}" for one in found.values() for column in columns)]
        for name, words in _ANSWERS.items()
    ]
    counts = next(iter(found.values()))
    return [Table(f"Answers about {counts['cases']:,.0f} cases", head, lines)]


def _measure(count: int, pages: int, store: Store, location: Location) -> dict[str, float]:
    begin = time.perf_counter()
    principal = shop_with_claims(store, count)
    numbers: dict[str, float] = {"cases": count, "seconds_to_file": time.perf_counter() - begin}
    with writing(store, principal) as session:
        key = add_key(session, Role.API_KEY, label="bench").text
    port = free_port()
    with workers(location, 1, server_program(port)):
        ready(port)
        reader = Reader(port, key)
        path, last = _halfway(reader, count)
        paths = {
            "healthz": "/healthz",
            "page": "/api/v1/cases",
            "page_halfway": path,
            "page_by_status": "/api/v1/cases?status=awaiting_merchant",
            "page_by_rare_status": "/api/v1/cases?status=appealed",
            "page_by_side": "/api/v1/cases?waiting_for=merchant",
            "page_by_idle_side": "/api/v1/cases?waiting_for=platform",
            "page_of_order": "/api/v1/cases?order=bench-7",
            "case": f"/api/v1/cases/{last}",
        }
        for name, path in paths.items():
            timed([reader], [path] * _WARMING)
            times = timed([reader], [path] * pages)
            numbers[f"{name}_p50_ms"] = statistics.median(times)
            numbers[f"{name}_p95_ms"] = float(np.percentile(times, 95))
    return numbers


def _halfway(reader: Reader, count: int) -> tuple[str, str]:
    """Return the path of a page in the middle, found by going there, and the id of a case before it."""
    path = "/api/v1/cases?limit=200"
    page = json.loads(reader.get(path))
    for _ in range(count // 400 - 1):
        page = json.loads(reader.get(f"{path}&cursor={page['next']}"))
    halfway = f"/api/v1/cases?cursor={page['next']}" if page["next"] else "/api/v1/cases"
    return halfway, page["items"][-1]["id"]
