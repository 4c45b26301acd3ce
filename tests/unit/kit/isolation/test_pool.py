"""Child processes: whatever a task does, the parent goes on, and the next task gets a child that works."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import pytest
from tests.unit.kit.isolation import tasks

from bixie.kit.isolation import process
from bixie.kit.isolation.errors import CutOffError, TaskError, UnavailableError
from bixie.kit.isolation.pool import Pool

MUCH = 512 << 20
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="memory of a child is limited on Linux only")


@pytest.fixture(scope="module")
def pool():
    made = Pool(size=1)
    yield made
    made.close()


def run(pool, name, request=None, *, seconds=60, **more):
    more = {"memory_bytes": MUCH, "max_calls": 3, **more}
    return pool.run(f"{tasks.NAME}:{name}", request, seconds=seconds, **more)


def pid(pool):
    return run(pool, "double", 1).document["process"]


def test_a_task_answers_with_a_document_and_files(pool):
    answer = run(pool, "double", 21)
    assert answer.document["twice"] == 42
    assert answer.document["process"] != os.getpid()
    assert answer.files == {"a": b"one", "b": b""}


def test_one_child_does_task_after_task(pool):
    assert pid(pool) == pid(pool)


def test_a_task_reads_what_the_parent_offers_and_no_more(pool):
    contents = {"small": [b"12345"], "large": [b"x" * 1_500_000] * 3, "empty": []}
    answer = run(pool, "sizes", ["large", "empty", "small"], calls={"read": lambda name: contents[name]})
    assert answer.document == [4_500_000, 0, 5]
    for calls, most in (("write", 3), ("read", 0)):
        with pytest.raises(CutOffError, match=r"isolation\.bad_answer"):
            run(pool, "sizes", ["small"], calls={calls: contents.get}, max_calls=most)


def test_threads_of_a_task_read_at_the_same_time(pool):
    def read(size):
        yield from (b"x" * 1000 for _ in range(size))

    wanted = [size % 7 for size in range(40)]
    answer = run(pool, "sizes_in_threads", wanted, calls={"read": read}, max_calls=len(wanted))
    assert answer.document == [1000 * size for size in wanted]


def test_a_child_imports_what_it_was_told_to_before_its_first_task():
    pool = Pool(size=1)
    pool.warm("tests.no_such_module")
    try:
        with pytest.raises(UnavailableError, match=r"isolation\.not_started"):
            run(pool, "double", 1)
    finally:
        pool.close()


def test_what_the_parents_function_raises_reaches_the_caller(pool):
    def read(_name):
        raise OSError("the disk is away")
        yield b""

    with pytest.raises(OSError, match="the disk is away"):
        run(pool, "sizes", ["a"], calls={"read": read})
    assert pid(pool)


@pytest.mark.parametrize(
    ("name", "request_", "code"),
    [
        ("die", signal.SIGKILL, "isolation.ended"),
        ("die", signal.SIGSEGV, "isolation.ended"),
        ("die_without_python", None, "isolation.ended"),
        ("sleep", None, "isolation.out_of_time"),
        ("spin", None, "isolation.out_of_time"),
        pytest.param("take", 2 * (MUCH >> 20), "isolation.out_of_memory", marks=LINUX),
        ("answer_badly", (9).to_bytes(8, "big") + b"not JSON!", "isolation.bad_answer"),
        ("answer_badly", (1 << 62).to_bytes(8, "big"), "isolation.bad_answer"),
        ("answer_badly", (2).to_bytes(8, "big") + b"[]", "isolation.bad_answer"),
        (
            "answer_badly",
            (2 << 20).to_bytes(8, "big") + b'{"answer": 1, "files": []}'.ljust(2 << 20),
            "isolation.bad_answer",
        ),
        ("answer_badly", (100_000).to_bytes(8, "big") + b"[" * 100_000, "isolation.bad_answer"),
        ("answer_badly", (27).to_bytes(8, "big") + b'{"answer": 1, "files": [7]}', "isolation.bad_answer"),
        ("answer_badly", (24).to_bytes(8, "big") + b'{"call": "__import__"  }', "isolation.bad_answer"),
    ],
)
def test_a_task_that_does_not_end_well_ends_its_child_and_no_more(pool, name, request_, code):
    before = pid(pool)
    with pytest.raises(CutOffError) as caught:
        run(pool, name, request_, seconds=1 if code == "isolation.out_of_time" else 60)
    assert caught.value.code == code
    assert pid(pool) != before
    with pytest.raises(ChildProcessError):  # no zombie stays
        os.waitpid(before, os.WNOHANG)


@LINUX
def test_memory_up_to_the_limit_can_be_taken_again_and_again(pool):
    for _ in range(3):
        assert run(pool, "take", (MUCH >> 20) - 64).document == MUCH - (64 << 20)


@LINUX
def test_a_task_knows_what_its_system_leaves_it():
    small = Pool(size=1)
    before = resource.getrlimit(resource.RLIMIT_AS)
    try:
        resource.setrlimit(resource.RLIMIT_AS, (8 << 30, before[1]))
        small.warm()
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)
    task = f"{tasks.NAME}:memory"
    assert 7 << 30 < small.run(task, None, memory_bytes=64 << 30, seconds=60).document < 8 << 30
    assert small.run(task, None, memory_bytes=MUCH, seconds=60).document == MUCH
    small.close()


def test_an_exception_of_a_task_is_told_without_being_executed(pool):
    with pytest.raises(TaskError, match="KeyError: 'no such thing'"):
        run(pool, "fail")


def test_a_thread_that_a_task_leaves_behind_ends_with_its_child(pool):
    before = run(pool, "leave_a_thread").document
    assert pid(pool) != before


def test_what_a_library_prints_is_no_answer(pool, capfd):
    assert run(pool, "print_much").document == 0
    assert capfd.readouterr().out == ""


def test_a_child_that_ended_while_it_waited_is_replaced(pool):
    before = pid(pool)
    os.kill(before, signal.SIGKILL)
    os.waitid(os.P_PID, before, os.WEXITED | os.WNOWAIT)
    assert pid(pool) != before


def test_signals_for_the_group_do_not_end_a_child(pool):
    before = pid(pool)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        os.kill(before, number)
    assert pid(pool) == before


def test_a_child_is_replaced_after_many_tasks(monkeypatch):
    monkeypatch.setattr("bixie.kit.isolation.pool._MAX_TASKS", 2)
    few = Pool(size=1)
    seen = [pid(few) for _ in range(4)]
    few.close()
    assert seen[0] == seen[1] != seen[2] == seen[3]


def test_no_descriptor_is_lost_with_a_child(pool):
    pid(pool)
    before = len(list(Path("/dev/fd").iterdir()))
    for _ in range(3):
        with pytest.raises(CutOffError):
            run(pool, "die", signal.SIGKILL)
    pid(pool)
    assert len(list(Path("/dev/fd").iterdir())) == before


def test_who_finds_no_free_child_is_told_so(pool):
    def read(_name):
        with pytest.raises(UnavailableError, match=r"isolation\.busy"):
            run(pool, "double", 1, wait_seconds=0.01)
        return [b"1"]

    assert run(pool, "sizes", ["a"], calls={"read": read}).document == [1]


def test_a_second_child_is_started_only_where_the_first_is_not_free_soon(monkeypatch):
    both = Pool(size=2)
    first = pid(both)

    def others(seconds):
        """Ask for a child while the first is at work for so long; return the process that did it."""
        with ThreadPoolExecutor(1) as threads:

            def read(_name):
                other.append(threads.submit(pid, both))
                wait(other, timeout=seconds)
                return [b"1"]

            other = []
            run(both, "sizes", ["a"], calls={"read": read})
            return other[0].result()

    assert others(0.1) == first
    monkeypatch.setattr("bixie.kit.isolation.pool._START_SECONDS", 0.01)
    assert others(60) != first
    both.close()


def test_a_child_that_cannot_be_started_is_not_the_files_fault(monkeypatch):
    monkeypatch.setattr(process.sys, "executable", "/nowhere/python")
    with pytest.raises(UnavailableError, match=r"isolation\.not_started"):
        run(Pool(size=1), "double", 1)


def test_time_in_the_parent_is_not_counted(pool):
    def read(_name):
        yield b"1"
        time.sleep(2.5)
        yield b"2"

    assert run(pool, "sizes", ["a"], calls={"read": read}, seconds=2).document == [2]


PARENT = f"""
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from bixie.kit.isolation.pool import Pool
pool = Pool(size=1)
print(pool.run("{tasks.NAME}:double", 1, memory_bytes=1 << 30, seconds=60).document["process"], flush=True)
pool.run("{tasks.NAME}:sleep", None, memory_bytes=1 << 30, seconds=60)
"""


def test_a_child_at_work_ends_with_a_parent_that_is_killed():
    command = [sys.executable, "-c", PARENT, json.dumps(sys.path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as parent:
        child = int(parent.stdout.readline())
        parent.kill()
        assert parent.stdout.read() == b""
    give_up = time.monotonic() + 30
    while is_running(child):
        assert time.monotonic() < give_up
        time.sleep(0.05)


def is_running(process_id):
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return "State:\tZ" not in Path(f"/proc/{process_id}/status").read_text("ascii", "replace")
