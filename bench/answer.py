"""Seconds until the drop page answers for two 12-megapixel photos and a known picture."""

import argparse
import http.client
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import cv2
import numpy as np

from bench.attacks.delivery import encode
from bench.cases import seeded
from bench.datasets import pictures_of
from bench.markdown import Table
from bench.run_file import write_run
from bench.speed import edited, enlarged

__all__ = ["add_arguments", "answer", "tables"]

_POLL_SECONDS = 0.05
_LINES = {
    "sent_s": ("sending the files", ""),
    "answer_s": ("from the start to the report", "≤ 10 s"),
    "decode_s": ("plain decoding of the same files, one after the other", ""),
    "answer_to_decode": ("the answer, as a multiple of plain decoding", ""),
    "megabytes": ("size of the files, MB", ""),
    "peak_mb": ("peak memory of the program and the child that examines, MB", ""),
}

Files = dict[tuple[str, str], bytes]
"""Side and name of each file, and its bytes."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``answer``."""
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path, metavar="FILE", dest="answer_json")


def answer(options: argparse.Namespace) -> int:
    """Measure and print."""
    files = _files()
    with _opened() as (process, port):
        rounds = [_round(port, files) for _ in range(options.rounds)]
        peak = sum(map(_peak_mb, (process.pid, *_children(process.pid))))
    decode = median(_decoding(files) for _ in range(options.rounds))
    seconds = median(one["answer_s"] for one in rounds)
    numbers: dict[str, Any] = {
        "sent_s": median(one["sent_s"] for one in rounds),
        "answer_s": seconds,
        "decode_s": decode,
        "answer_to_decode": seconds / decode,
        "megabytes": sum(map(len, files.values())) / 1e6,
        "peak_mb": peak,
        "verdict": rounds[0]["verdict"],
        "cores": os.cpu_count(),
        "rounds": options.rounds,
        "machine": platform.machine(),
    }
    print("\n### Answer\n\n" + tables(numbers)[0].text())
    write_run(options.answer_json, "answer", {"numbers": numbers})
    return 0


def tables(numbers: dict[str, Any]) -> list[Table]:
    """Return the table of a run."""
    lines = [[title, target, f"{numbers[key]:.2f}"] for key, (title, target) in _LINES.items()]
    lines.append(["verdict on the two photos, of which one is edited", "", str(numbers["verdict"])])
    how = f"{numbers['rounds']} rounds, {numbers['cores']} cores, {numbers['machine']}"
    lines.append(["medians of", "", how])
    return [Table("", ["what", "target", "measured"], lines)]


def _files() -> Files:
    rng = seeded("answer")
    pictures = sorted(pictures_of(["camera_1024"], "test"), key=lambda one: -one.path.stat().st_size)
    known, other = (enlarged(one.read(), rng) for one in pictures[:2])
    return {
        ("known", "listing.jpg"): encode(known, ".jpg", 90).data,
        ("claim", "edited.jpg"): edited(known, rng),
        ("claim", "other.jpg"): encode(other, ".jpg", 85).data,
    }


def _children(process_id: int) -> list[int]:
    tasks = Path(f"/proc/{process_id}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text("ascii").split()]


def _peak_mb(process_id: int) -> float:
    status = Path(f"/proc/{process_id}/status").read_text(encoding="utf-8")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def _decoding(files: Files) -> float:
    started = time.perf_counter()
    for data in files.values():
        cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    return time.perf_counter() - started


@contextmanager
def _opened() -> Iterator[tuple[subprocess.Popen[str], int]]:
    command = [sys.executable, "-m", "bixie", "open", "--no-browser"]
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        environment = {**os.environ, "TMPDIR": folder}
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        assert process.stdout is not None
        try:
            yield process, int(process.stdout.readline().split(":")[2].split("/")[0])
        finally:
            process.terminate()
            process.communicate()


def _round(port: int, files: Files) -> dict[str, Any]:
    """Do what the page's script does once the button is pressed."""
    started = time.perf_counter()
    run = _call(port, "POST", "/check/runs")["id"]
    for (side, name), data in files.items():
        _call(port, "PUT", f"/check/runs/{run}/{side}?name={name}", data)
    sent = time.perf_counter()
    _call(port, "POST", f"/check/runs/{run}", b'{"language": "zh"}')
    while (standing := _call(port, "GET", f"/check/runs/{run}"))["state"] not in {"done", "failed"}:
        time.sleep(_POLL_SECONDS)
    assert standing["state"] == "done", "the examination failed"
    _call(port, "GET", f"/check/runs/{run}/report")
    answered = time.perf_counter()
    _call(port, "DELETE", f"/check/runs/{run}")
    return {"sent_s": sent - started, "answer_s": answered - started, "verdict": standing["verdict"]}


def _call(port: int, method: str, path: str, body: bytes | None = None) -> Any:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        headers = {"Content-Type": "application/json"} if method == "POST" and body else {}
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        data = response.read()
        assert response.status < 300, data
        is_json = response.headers.get("content-type") == "application/json"
        return json.loads(data) if data and is_json else None
    finally:
        connection.close()
