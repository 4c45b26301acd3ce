"""The child's side: takes tasks from its parent, one after the other, until the pipe closes.

A task names a function ``module:function``, which gets a request and a `Parent` and returns an `Answer`.
"""

import importlib
import json
import os
import pickle
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from queue import SimpleQueue
from typing import Any, BinaryIO, cast

from bixie.kit.canonical_json import Json
from bixie.kit.errors import describe_exception
from bixie.kit.isolation.frames import ClosedError, read_frame, write_frame
from bixie.kit.isolation.resources import Memory, become_first_victim, end_after, take_over_signals

__all__ = ["Answer", "Parent", "Task", "serve"]

_MAX_FRAME = 1 << 40
"""The parent is trusted; it bounds what it sends."""
_MAX_REASON = 1000
"""Characters of what is told about an exception."""
_ORPHAN_SECONDS = 120.0
"""So much longer than its time limit a task may last whose parent died without ending it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a task returns.

    Parameters
    ----------
    document : JSON value
    files : dict of str to bytes
    """

    document: Json
    files: dict[str, bytes] = field(default_factory=dict)


class Parent:
    """The parent, as a task sees it.

    Parameters
    ----------
    memory_bytes : int
        What the task can take.
    """

    def __init__(
        self, incoming: "SimpleQueue[bytes]", answers: BinaryIO, memory_bytes: int, seconds: float
    ) -> None:
        self.memory_bytes = memory_bytes
        self._incoming, self._answers, self._seconds = incoming, answers, seconds
        self._calling = threading.Lock()

    def call(self, name: str, argument: Json = None) -> bytes:
        """Call a function that the parent offers, and return its bytes; any thread of the task may call."""
        chunks = []
        with self._calling:
            _send(self._answers, {"call": name, "argument": argument})
            while chunk := self._incoming.get():
                chunks.append(chunk)
            end_after(self._seconds + _ORPHAN_SECONDS)
        return chunks[0] if len(chunks) == 1 else b"".join(chunks)


@dataclass(frozen=True, slots=True)
class Task:
    """What a child is to do.

    Parameters
    ----------
    function : str
        ``module:function``.
    request : object
        The function's first argument.
    memory_bytes : int
    seconds : float
    max_calls : int
    """

    function: str
    request: Any
    memory_bytes: int
    seconds: float
    max_calls: int


def serve() -> None:
    """Do tasks until the parent closes the pipe or ends."""
    take_over_signals()
    become_first_victim()
    requests, answers = _own_pipes()
    incoming: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_receive, args=(requests, incoming), name="requests", daemon=True).start()
    for module in pickle.loads(incoming.get()):
        importlib.import_module(module)
    imported, memory = len(sys.modules), Memory()
    _send(answers, {"ready": True})
    threads = threading.active_count()
    while True:
        task: Task = pickle.loads(incoming.get())
        end_after(task.seconds + _ORPHAN_SECONDS)
        module, _, name = task.function.partition(":")
        function = getattr(importlib.import_module(module), name)
        if len(sys.modules) != imported:
            imported, memory = len(sys.modules), Memory()
        parent = Parent(incoming, answers, memory.limit(task.memory_bytes), task.seconds)
        _answer(answers, partial(function, task.request, parent), threads)
        end_after(0)


def _answer(answers: BinaryIO, work: Callable[[], Answer], threads: int) -> None:
    try:
        answer = work()
        # A thread that the task left behind would take time and memory from the next one.
        last = threading.active_count() > threads
        _send(answers, {"answer": answer.document, "files": list(answer.files), "last": last})
        for content in answer.files.values():
            write_frame(answers, content)
    except MemoryError:
        _send(answers, {"out_of_memory": True})
        os._exit(1)  # what is left of its memory is in pieces
    except Exception as error:  # the parent decides what becomes of it
        _send(answers, {"failed": describe_exception(error)[:_MAX_REASON]})


def _receive(requests: BinaryIO, incoming: "SimpleQueue[bytes]") -> None:
    try:
        while True:
            incoming.put(read_frame(requests, _MAX_FRAME))
    except ClosedError:
        os._exit(0)  # the parent has ended, whatever the task is doing


def _send(answers: BinaryIO, message: dict[str, Any]) -> None:
    write_frame(answers, json.dumps(message, ensure_ascii=False).encode("utf-8", "replace"))


def _own_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Return the pipes, and let what libraries print go to the standard error."""
    requests, answers = os.dup(0), os.dup(1)
    os.dup2(2, 1)
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123 - a device
        os.dup2(nothing.fileno(), 0)
    return cast("BinaryIO", os.fdopen(requests, "rb")), cast("BinaryIO", os.fdopen(answers, "wb"))
