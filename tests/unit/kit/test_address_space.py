"""Threads reserve little address space."""

import subprocess
import sys

import pytest

SCRIPT = """
import re, sys, threading
from bixie.kit.address_space import reserve_little

if sys.argv[1:]:
    reserve_little()

def size():
    return int(re.search(r"VmSize:\\s+(\\d+) kB", open("/proc/self/status").read())[1])

before, done, filled = size(), threading.Event(), threading.Barrier(33)

def work():
    kept = [bytearray(1000) for _ in range(1000)]
    filled.wait()
    done.wait()

for _ in range(32):
    threading.Thread(target=work, daemon=True).start()
filled.wait()
print(size() - before)
done.set()
"""


def reserved_kib(*arguments):
    said = subprocess.run(
        [sys.executable, "-c", SCRIPT, *arguments], capture_output=True, text=True, check=True
    )
    return int(said.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc")
def test_threads_reserve_a_part_of_what_they_would():
    assert reserved_kib("little") < reserved_kib() / 2
