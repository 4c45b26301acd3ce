"""The part ``imports``: how long others wait while a shop's file of orders is imported; memory meanwhile."""

import argparse
import http.client
import json
import statistics
import time
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from http import HTTPStatus
from pathlib import Path

import numpy as np
from tests.services.worker_runs import workers

from bench.load.kill_run import free_port, server_program
from bench.load.uploading import Client, File, open_shop, ready, small_jpeg
from bench.load.work import on_each_database
from bench.markdown import Table
from bench.run_file import write_run
from bixie.store.settings import Location
from bixie.store.unit_of_work import Store

__all__ = ["add_arguments", "imports", "tables"]

_ORDERS, _QUICK_ORDERS = 100_000, 2_000
_BEFORE = 20
"""Pairs of an order and an upload before the import, to compare with."""
_TARGET_MS = 1000
"""Nobody else waits longer."""
_TIMEOUT = 3_600
_BOUNDARY = "bixie-bench-boundary"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``imports``."""
    parser.add_argument("--orders", type=int, metavar="COUNT", help=f"instead of {_ORDERS:,}")
    parser.add_argument(
        "--quick", action="store_true", dest="imports_quick", help=f"{_QUICK_ORDERS:,} orders"
    )
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    parser.add_argument("--json", type=Path, metavar="FILE", dest="imports_json")


def imports(options: argparse.Namespace) -> int:
    """Measure and print.

    Returns
    -------
    int
        1 when somebody waited longer than the target; 2 when nothing could be measured.
    """
    orders = options.orders or (_QUICK_ORDERS if options.imports_quick else _ORDERS)
    found = on_each_database(options.database, partial(_measure, orders))
    if not found:
        return 2
    print("\n" + tables(found)[0].text())
    write_run(options.imports_json, "imports", {"numbers": found})
    return 1 if any(one["order_worst_ms"] > _TARGET_MS for one in found.values()) else 0


def tables(found: dict[str, dict[str, float]]) -> list[Table]:
    """Return the table of a run, a column for each database."""
    rows = {
        "orders imported": ("orders", ",.0f"),
        "seconds of the import": ("import_s", ",.1f"),
        "memory of the server meanwhile, above that before, MB": ("memory_mb", ".0f"),
        "an order of another client alone, median, ms": ("order_before_ms", ".0f"),
        "meanwhile: median, ms": ("order_p50_ms", ".0f"),
        "meanwhile: 95 %, ms": ("order_p95_ms", ".0f"),
        "meanwhile: the longest, ms": ("order_worst_ms", ".0f"),
        "an upload alone, median, ms": ("upload_before_ms", ".0f"),
        "meanwhile: 95 %, ms (upload)": ("upload_p95_ms", ".0f"),
        "meanwhile: the longest, ms (upload)": ("upload_worst_ms", ".0f"),
        "refused": ("refused", ".0f"),
    }
    lines = [
        [words, *(format(one[key], form) for one in found.values())] for words, (key, form) in rows.items()
    ]
    return [Table("Others while a file of orders is imported", ["what", *found], lines)]


class _Other:
    """Another client, which adds orders and uploads photos one at a time."""

    def __init__(self, port: int, key: str) -> None:
        self._port, self._key, self._number = port, key, 0
        self._uploads = Client(port, key)
        self.refused = 0

    def both(self) -> tuple[float, float]:
        """Add an order and upload a photo; return the milliseconds of each."""
        self._number += 1
        begin = time.perf_counter()
        body = json.dumps({"number": f"other-{self._number}"}).encode()
        status, _ = _post(self._port, self._key, "/api/v1/orders", body, "application/json")
        middle = time.perf_counter()
        answered, _ = self._uploads.upload(File([small_jpeg(self._number)], f"other-{self._number}"))
        self.refused += (status != HTTPStatus.CREATED) + (answered != HTTPStatus.CREATED)
        return 1000 * (middle - begin), 1000 * (time.perf_counter() - middle)

    def close(self) -> None:
        """Close the connection."""
        self._uploads.close()


def _measure(orders: int, store: Store, location: Location) -> dict[str, float]:
    _, key = open_shop(store)
    port, table = free_port(), _table(orders)
    with workers(location, 1, server_program(port)) as servers, ThreadPoolExecutor(1) as threads:
        ready(port)
        other = _Other(port, key)
        before = [other.both() for _ in range(_BEFORE)]
        memory = _memory_mb(servers[0].pid)
        begin = time.perf_counter()
        importing: Future[tuple[int, bytes]] = threads.submit(_import, port, key, table)
        meanwhile = [other.both()]
        while not importing.done():
            meanwhile.append(other.both())
        seconds = time.perf_counter() - begin
        status, body = importing.result()
        if status != HTTPStatus.OK or json.loads(body)["added"] != orders:
            raise ValueError(body.decode())
        grown = _memory_mb(servers[0].pid) - memory
        other.close()
    return {
        "orders": orders,
        "import_s": seconds,
        "memory_mb": grown,
        "refused": other.refused,
        **_times("order", [pair[0] for pair in before], [pair[0] for pair in meanwhile]),
        **_times("upload", [pair[1] for pair in before], [pair[1] for pair in meanwhile]),
    }


def _times(name: str, before: list[float], meanwhile: list[float]) -> dict[str, float]:
    return {
        f"{name}_before_ms": statistics.median(before),
        f"{name}_p50_ms": statistics.median(meanwhile),
        f"{name}_p95_ms": float(np.percentile(meanwhile, 95)),
        f"{name}_worst_ms": max(meanwhile),
    }


def _table(orders: int) -> bytes:
    rows = [f"69{number:017},2026-03-10 08:15:00,Cup,1,19.50,SF{number}" for number in range(orders)]
    return "\n".join(["订单号,下单时间,商品名称,数量,单价,快递单号", *rows]).encode()


def _import(port: int, key: str, table: bytes) -> tuple[int, bytes]:
    head = (
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="orders.csv"\r\n'
        "Content-Type: text/csv\r\n\r\n"
    )
    body = head.encode() + table + f"\r\n--{_BOUNDARY}--\r\n".encode()
    return _post(port, key, "/api/v1/orders/import", body, f"multipart/form-data; boundary={_BOUNDARY}")


def _post(port: int, key: str, path: str, body: bytes, media_type: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT)
    try:
        headers = {"Authorization": f"Bearer {key}", "Content-Type": media_type}
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def _memory_mb(pid: int) -> float:
    """Return the most memory that a process has had, in megabytes (Linux)."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    (line,) = (one for one in lines if one.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024
