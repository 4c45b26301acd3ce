"""Tasks that do what a file may make them do; the child imports this module."""

import os
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from bixie.kit.isolation.child import Answer

NAME = "tests.unit.kit.isolation.tasks"


def double(number, _parent):
    return Answer({"twice": 2 * number, "process": os.getpid()}, {"a": b"one", "b": b""})


def sizes(names, parent):
    return Answer([len(parent.call("read", name)) for name in names])


def sizes_in_threads(names, parent):
    with ThreadPoolExecutor(len(names)) as pool:
        return Answer(list(pool.map(lambda name: len(parent.call("read", name)), names)))


def die(number, _parent):
    os.kill(os.getpid(), number)


def die_without_python(_request, _parent):
    os.abort()


def sleep(_request, _parent):
    time.sleep(600)


def spin(_request, _parent):
    sum(range(10**18))  # holds the interpreter's lock


def take(megabytes, _parent):
    held = bytearray(megabytes << 20)
    return Answer(len(held))


def memory(_request, parent):
    return Answer(parent.memory_bytes)


def fail(_request, _parent):
    raise KeyError("no such thing")


def leave_a_thread(_request, _parent):
    threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
    return Answer(os.getpid())


def print_much(_request, _parent):
    print("x" * 100_000, flush=True)
    os.write(1, b"y" * 100_000)
    return Answer(len(sys.stdin.buffer.read() if sys.stdin else b""))


def answer_badly(content, parent):
    parent._answers.write(content)
    parent._answers.flush()
    time.sleep(600)
