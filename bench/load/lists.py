"""The part ``lists``: how long the pages of long lists take, alone and with several clients at once."""

import argparse
import http.client
import json
import statistics
import time
from collections.abc import Iterable
from functools import partial
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote

import numpy as np
from tests.services.worker_runs import workers

from bench.load.kill_run import free_port, server_program
from bench.load.long_lists import fill
from bench.load.uploading import open_shop, ready, together
from bench.load.work import on_each_database
from bench.markdown import Table
from bench.run_file import write_run
from bixie.store.settings import Location
from bixie.store.unit_of_work import Store

__all__ = ["Reader", "add_arguments", "lists", "tables", "timed"]

_ORDERS, _QUICK_ORDERS = 100_000, 2_000
_CLIENTS, _PAGES, _WARMING = 4, 400, 20
_TARGET_MS = 100
"""On SQLite, of 95 % of the pages, with several clients."""

_LISTS = {
    "orders": "50 orders",
    "orders_middle": "50 orders, halfway",
    "order_by_number": "the order with a number",
    "exhibits_of_order": "the exhibits of an order",
    "reports_about_exhibit": "the reports about an exhibit",
    "events": "50 events of the ledger",
    "events_of_type": "50 events of a common type",
    "events_of_rare_type": "the events of a rare type",
}


class Reader:
    """One connection that asks for pages."""

    def __init__(self, port: int, key: str | None = None, cookie: str = "") -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self._headers = {"Cookie": cookie} if key is None else {"Authorization": f"Bearer {key}"}

    def get(self, path: str) -> bytes:
        """Return the body of a page.

        Raises
        ------
        ValueError
            When it is refused.
        """
        self._connection.request("GET", path, headers=self._headers)
        answer = self._connection.getresponse()
        body = answer.read()
        if answer.status != HTTPStatus.OK:
            raise ValueError(f"{answer.status} for {path}: {body.decode()}")
        return body

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``lists``."""
    parser.add_argument("--orders", type=int, metavar="COUNT", help=f"instead of {_ORDERS:,}")
    parser.add_argument("--pages", type=int, default=_PAGES, metavar="COUNT", help="of each list")
    parser.add_argument("--quick", action="store_true", dest="lists_quick", help=f"{_QUICK_ORDERS:,} orders")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    parser.add_argument("--json", type=Path, metavar="FILE", dest="lists_json")


def lists(options: argparse.Namespace) -> int:
    """Measure and print.

    Returns
    -------
    int
        1 when a run of at least the usual length misses the target; 2 when nothing could be measured.
    """
    orders = options.orders or (_QUICK_ORDERS if options.lists_quick else _ORDERS)
    found = on_each_database(options.database, partial(_measure, orders, options.pages))
    if not found:
        return 2
    print("\n" + tables(found)[0].text())
    print(f"\nTarget: {_TARGET_MS} ms on SQLite for 95 % of the pages, {_CLIENTS} clients at once.")
    write_run(options.lists_json, "lists", {"numbers": found})
    slow = max((found.get("sqlite", {}).get(f"{name}_p95_ms", 0.0) for name in _LISTS), default=0.0)
    return 1 if orders >= _ORDERS and slow > _TARGET_MS else 0


def tables(found: dict[str, dict[str, float]]) -> list[Table]:
    """Return the table of a run: a line for each list."""
    columns = {"alone_p50": "one client, median, ms", "p50": "four, median, ms", "p95": "four, 95 %, ms"}
    head = ["page", *(f"{database}: {words}" for database in found for words in columns.values())]
    lines = [
        [words, *(f"{one[f'{name}_{column}_ms']:.0f}" for one in found.values() for column in columns)]
        for name, words in _LISTS.items()
    ]
    counts = next(iter(found.values()))
    title = f"Pages of lists: {counts['orders']:,.0f} orders, {counts['exhibits']:,.0f} exhibits"
    return [Table(title, head, lines)]


def _measure(orders: int, pages: int, store: Store, location: Location) -> dict[str, float]:
    principal, key = open_shop(store)
    filled = fill(store, principal, orders)
    port = free_port()
    numbers: dict[str, float] = {"orders": orders, "exhibits": filled.exhibits, "pages": pages}
    with workers(location, 1, server_program(port)):
        ready(port)
        reader = Reader(port, key)
        paths = {
            "orders": "/api/v1/orders",
            "orders_middle": _halfway(reader, orders),
            "order_by_number": f"/api/v1/orders?number={quote(filled.number)}",
            "exhibits_of_order": f"/api/v1/exhibits?order={quote(filled.number)}",
            "reports_about_exhibit": f"/api/v1/reports?exhibit={filled.exhibit}",
            "events": "/api/v1/ledger/events",
            "events_of_type": "/api/v1/ledger/events?type=order.added",
            "events_of_rare_type": "/api/v1/ledger/events?type=identity.key_added",
        }
        for name, path in paths.items():
            timed([reader], [path] * _WARMING)
            alone = timed([Reader(port, key)], [path] * (pages // _CLIENTS))
            together_ = timed([Reader(port, key) for _ in range(_CLIENTS)], [path] * pages)
            numbers[f"{name}_alone_p50_ms"] = statistics.median(alone)
            numbers[f"{name}_p50_ms"] = statistics.median(together_)
            numbers[f"{name}_p95_ms"] = float(np.percentile(together_, 95))
    return numbers


def _halfway(reader: Reader, orders: int) -> str:
    """Return the path of a page in the middle of the orders, found by going there."""
    path = "/api/v1/orders?limit=200"
    for _ in range(orders // 400):
        path = f"/api/v1/orders?limit=200&cursor={json.loads(reader.get(path))['next']}"
    return path.replace("limit=200", "limit=50")


def timed(readers: list[Reader], paths: Iterable[str]) -> list[float]:
    """Return how many milliseconds each page took."""
    times: list[float] = []

    def read(reader: Reader, path: str) -> None:
        begin = time.perf_counter()
        reader.get(path)
        times.append(1000 * (time.perf_counter() - begin))

    together(readers, paths, read)
    return times
