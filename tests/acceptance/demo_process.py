"""``bixie demo`` as a process."""

import os
import subprocess
import sys
from contextlib import contextmanager

TOO_LONG = 240
"""Seconds."""
OF_REAL_CASES = {
    "BIXIE_DATABASE_URL": "postgresql://nobody@127.0.0.1:9/real",
    "BIXIE_REMEDY_URL": "https://127.0.0.1:9/real",
}
"""Settings that the demo must not use."""


@contextmanager
def started(folder):
    """Start the demo, and kill it at the end if it has not ended."""
    command = [sys.executable, "-m", "bixie", "demo", "--data", str(folder), "--port", "0"]
    environment = {**os.environ, **OF_REAL_CASES}
    # Into a file: it logs every request, and a pipe that nobody reads would stop it once it is full.
    log = folder.with_name(f"{folder.name}.log")
    with log.open("a", encoding="utf-8") as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True, env=environment)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()
        print(log.read_text(encoding="utf-8")[-5_000:])  # pytest shows it where a test failed


def address_of(process):
    """Return the address that a demo prints when its cases can be listed."""
    line = process.stdout.readline()
    assert line.startswith("ready http://127.0.0.1:")
    return line.split()[1]
