"""How long a photo of 2 MB takes to be accepted: kept, with custody on record and its job written down."""

import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from http import HTTPStatus
from itertools import count
from pathlib import Path

import numpy as np
from sqlalchemy import text
from tests.services.worker_runs import workers

from bench.load.kill_run import free_port, server_program
from bench.load.uploading import Client, File, large_jpeg, numbered, open_shop, ready, together
from bixie.store.settings import Location
from bixie.store.unit_of_work import Store

__all__ = ["latency"]

_CLIENTS = 16
"""More than are ever busy at once while the service keeps up."""
_WARMING = 5
_YARDSTICKS = 30


def latency(store: Store, location: Location, uploads: int, rate: float | None) -> dict[str, float]:
    """Upload so many files and time each; no worker runs.

    Parameters
    ----------
    store : Store
    location : Location
    uploads : int
    rate : float or None
        So many a second, whether the earlier ones were answered or not, each timed from the moment at which
        it was due. Without one, one after the other.

    Returns
    -------
    dict of str to float
        Milliseconds, and the bytes of a file.
    """
    _, key = open_shop(store)
    port, picture, numbers = free_port(), large_jpeg(), count()
    with workers(location, 1, server_program(port)):
        ready(port)
        _timed([Client(port, key)], _files(picture, numbers, _WARMING), None)
        plain = _yardstick(store, location.folder, picture)
        clients = [Client(port, key) for _ in range(_CLIENTS if rate else 1)]
        times = _timed(clients, _files(picture, numbers, uploads), rate)
    return {
        "upload_bytes": len(picture),
        "upload_p50_ms": statistics.median(times),
        "upload_p95_ms": float(np.percentile(times, 95)),
        "upload_worst_ms": max(times),
        "plain_write_ms": plain,
        "upload_to_plain": statistics.median(times) / plain,
    }


def _files(picture: bytes, numbers: Iterator[int], uploads: int) -> list[File]:
    made = (next(numbers) for _ in range(uploads))
    return [File(numbered(picture, number), f"upload-{number}") for number in made]


def _timed(clients: list[Client], files: list[File], rate: float | None) -> list[float]:
    """Return how many milliseconds each upload took from when it was due."""
    times: list[float] = []
    begin = time.perf_counter()
    due = {file.key: begin + number / rate for number, file in enumerate(files)} if rate else {}

    def send(client: Client, file: File) -> None:
        now = time.perf_counter()
        when = due.get(file.key, now)
        time.sleep(max(when - now, 0))
        status, body = client.upload(file)
        if status != HTTPStatus.CREATED:
            raise ValueError(body.decode())
        times.append(1000 * (time.perf_counter() - when))

    together(clients, files, send)
    return times


def _yardstick(store: Store, folder: Path, data: bytes) -> float:
    """Return how many milliseconds the same bytes and the smallest commit take, the median."""
    times = []
    for number in range(1, _YARDSTICKS + 1):
        begin = time.perf_counter()
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        with store.engine.begin() as connection:
            # The least that makes a commit wait for the disk.
            sqlite = connection.dialect.name == "sqlite"
            connection.execute(
                text(f"PRAGMA user_version = {number}" if sqlite else "SELECT pg_current_xact_id()")
            )
        times.append(1000 * (time.perf_counter() - begin))
    return statistics.median(times)
