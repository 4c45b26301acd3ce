"""The part ``cases``: claims under kills, and how long lists of cases and single cases take."""

import argparse
import json
import random
import statistics
import time
from dataclasses import asdict
from functools import partial
from pathlib import Path

import numpy as np
from tests.services.worker_runs import workers

from bench.load import case_kills
from bench.load.kill_run import free_port, server_program
from bench.load.lists import Reader, timed
from bench.load.many_cases import shop_with_cases
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

_SEED = 20261130
_CASES, _CLAIMS, _KILLS = 100_000, 300, 50
_QUICK_CLAIMS, _QUICK_KILLS = 12, 2
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
    "page_newest": "50 cases, the newest first",
    "page_by_due": "50 cases by due time",
    "page_by_due_and_side": "50 cases that wait for the merchant, by due time",
    "page_of_merchant": "50 cases of a merchant's key, by due time",
    "page_by_part": "cases by a part of the order's number",
    "page_of_order": "the cases of an order",
    "case": "one case",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``cases``."""
    lists = parser.add_argument_group("lists", "alone where it is given without --claims and --kills")
    lists.add_argument("--list", type=int, metavar="COUNT", dest="cases", help=f"instead of {_CASES:,}")
    lists.add_argument("--pages", type=int, default=_PAGES, metavar="COUNT", help="of each kind")
    kills = parser.add_argument_group("claims under kills", "alone where one is given without --list")
    kills.add_argument("--claims", type=int, metavar="COUNT", help=f"instead of {_CLAIMS}")
    kills.add_argument("--kills", type=int, metavar="COUNT", help=f"instead of {_KILLS}")
    kills.add_argument("--seed", type=int, default=_SEED, help="of the instants (default: %(default)s)")
    parser.add_argument(
        "--quick",
        action="store_true",
        dest="cases_quick",
        help=f"{_QUICK_CLAIMS} claims and {_QUICK_KILLS} kills on SQLite, no lists unless asked for",
    )
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    parser.add_argument("--json", type=Path, metavar="FILE", dest="cases_json")


def cases(options: argparse.Namespace) -> int:
    """Measure and print.

    Returns
    -------
    int
        1 when something was lost or doubled, or lists of the usual length miss the target; 2 when nothing
        could be measured.
    """
    random.seed(options.seed)
    databases = options.database or (["sqlite"] if options.cases_quick else None)
    found = on_each_database(databases, partial(_measure, options))
    if not found:
        return 2
    print("\n" + "\n\n".join(one.text() for one in tables(found)))
    print(f"\nTargets: nothing lost or doubled; {_TARGET_MS} ms for 95 % of the answers, one client.")
    write_run(options.cases_json, "cases", {"numbers": found})
    faulty = any(one.get("wrong") or one.get("dead") for one in found.values())
    return 1 if faulty or any(map(_is_slow, found.values())) else 0


def _is_slow(numbers: dict[str, float]) -> bool:
    slowest = max(numbers.get(f"{name}_p95_ms", 0) for name in _ANSWERS)
    return numbers.get("cases", 0) >= _CASES and slowest > _TARGET_MS


def tables(found: dict[str, dict[str, float]]) -> list[Table]:
    """Return the tables of a run, of what it has measured."""
    numbers = next(iter(found.values()))
    made = [case_kills.table(found)] if "claims" in numbers else []
    return [*made, _table_of_answers(found)] if "cases" in numbers else made


def _table_of_answers(found: dict[str, dict[str, float]]) -> Table:
    columns = {"p50": "median, ms", "p95": "95 %, ms"}
    head = ["answer", *(f"{database}: {words}" for database in found for words in columns.values())]
    lines = [
        [words, *(f"{one[f'{name}_{column}_ms']:.1f}" for one in found.values() for column in columns)]
        for name, words in _ANSWERS.items()
    ]
    counts = next(iter(found.values()))
    return Table(f"Answers about {counts['cases']:,.0f} cases", head, lines)


def _measure(options: argparse.Namespace, store: Store, location: Location) -> dict[str, float]:
    """Measure the half that was asked for, or both."""
    asked_kills = options.claims is not None or options.kills is not None or options.cases_quick
    numbers: dict[str, float] = {}
    if asked_kills or options.cases is None:
        usual = (_QUICK_CLAIMS, _QUICK_KILLS) if options.cases_quick else (_CLAIMS, _KILLS)
        claims, kills = (
            instead if one is None else one
            for one, instead in zip((options.claims, options.kills), usual, strict=True)
        )
        numbers |= asdict(case_kills.case_kills(store, location, claims, kills))
    if options.cases is not None or not asked_kills:
        numbers |= _lists(options.cases or _CASES, options.pages, store, location)
    return numbers


def _lists(count: int, pages: int, store: Store, location: Location) -> dict[str, float]:
    begin = time.perf_counter()
    shop = shop_with_cases(store, count)
    numbers: dict[str, float] = {"cases": count, "seconds_to_file": time.perf_counter() - begin}
    with writing(store, shop.principal) as session:
        key, key_of_merchant = (
            add_key(session, Role.API_KEY, label="bench", party=party).text for party in (None, shop.merchant)
        )
    port = free_port()
    with workers(location, 1, server_program(port)):
        ready(port)
        reader, merchant = Reader(port, key), Reader(port, key_of_merchant)
        path, last = _halfway(reader, count)
        paths = {
            "healthz": "/healthz",
            "page": "/api/v1/cases",
            "page_halfway": path,
            "page_by_status": "/api/v1/cases?status=awaiting_merchant",
            "page_by_rare_status": "/api/v1/cases?status=appealed",
            "page_by_side": "/api/v1/cases?waiting_for=merchant",
            "page_by_idle_side": "/api/v1/cases?waiting_for=platform",
            "page_newest": "/api/v1/cases?sort=newest",
            "page_by_due": "/api/v1/cases?sort=due",
            "page_by_due_and_side": "/api/v1/cases?sort=due&waiting_for=merchant",
            "page_of_merchant": "/api/v1/cases?sort=due",
            "page_by_part": f"/api/v1/cases?order_part={count // 5}",
            "page_of_order": "/api/v1/cases?order=bench-7",
            "case": f"/api/v1/cases/{last}",
        }
        for name, path in paths.items():
            asking = merchant if name == "page_of_merchant" else reader
            timed([asking], [path] * _WARMING)
            times = timed([asking], [path] * pages)
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
