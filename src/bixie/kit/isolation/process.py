"""One child process, as its parent sees it. Nothing that comes from it is trusted or executed."""

import contextlib
import json
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, BinaryIO, cast

from bixie.kit.canonical_json import Json
from bixie.kit.isolation.child import Answer, Task
from bixie.kit.isolation.deadline import Deadline
from bixie.kit.isolation.errors import CutOffError, TaskError, UnavailableError
from bixie.kit.isolation.frames import ClosedError, read_frame, write_frame
from bixie.kit.sanitise import sanitise

__all__ = ["Call", "ChildProcess"]

Call = Callable[[Json], Iterable[bytes]]
"""What a task may call in the parent: gets an argument that is not trusted, and returns bytes in pieces."""

_START = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from bixie.kit.isolation.child import serve
serve()
"""
_START_SECONDS = 120.0
"""Importing takes half a second; on a machine that is overloaded, much longer."""
_PIPE_BYTES = 1 << 20
_MESSAGE_BYTES = 1 << 20
"""JSON takes many times its size when it is parsed: what is large comes as files."""
_MAX_REASON = 300


class ChildProcess:
    """A running child.

    Parameters
    ----------
    preload : sequence of str
        Modules that it imports before its first task.
    environment : mapping of str to str
        Set in the child, on top of the parent's.

    Raises
    ------
    UnavailableError
        ``isolation.not_started``.
    """

    def __init__(self, preload: Sequence[str], environment: Mapping[str, str]) -> None:
        self.tasks = 0
        self._is_ready = False
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _START, json.dumps(sys.path)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**os.environ, **environment},
                start_new_session=True,  # Ctrl-C in a terminal is for the parent
            )
        except OSError as error:
            raise UnavailableError("isolation.not_started") from error
        self._requests = cast("BinaryIO", self._process.stdin)
        self._answers = cast("BinaryIO", self._process.stdout)
        _enlarge(self._requests)
        with contextlib.suppress(ClosedError):  # noticed when it is used
            write_frame(self._requests, pickle.dumps(tuple(preload)))

    def is_alive(self) -> bool:
        """Return whether the process has not ended."""
        return self._process.poll() is None

    def end(self) -> None:
        """End the process at once."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._requests, self._answers):
            with contextlib.suppress(OSError):  # what was not written yet has no reader any more
                pipe.close()

    def run(self, task: Task, calls: Mapping[str, Call], max_bytes: int) -> tuple[Answer, bool]:
        """Have a task done; the process cannot be used any more after an error.

        Returns
        -------
        Answer
        bool
            Whether the child can take another task.

        Raises
        ------
        CutOffError, TaskError, UnavailableError
        Exception
            Whatever one of `calls` raises.
        """
        self._wait_until_ready()
        deadline = Deadline(task.seconds, self._process.kill)
        try:
            with deadline.running():
                write_frame(self._requests, pickle.dumps(task))
                answer = self._answer(calls, task.max_calls, deadline, max_bytes)
        except ClosedError as error:
            raise CutOffError("isolation.out_of_time" if deadline.passed else "isolation.ended") from error
        self.tasks += 1
        return answer[0], answer[1] and not deadline.passed

    def _wait_until_ready(self) -> None:
        if self._is_ready:
            return
        deadline = Deadline(_START_SECONDS, self._process.kill)
        try:
            with deadline.running():
                self._message()
        except (ClosedError, CutOffError) as error:
            raise UnavailableError("isolation.not_started") from error
        self._is_ready = True

    def _answer(
        self, calls: Mapping[str, Call], max_calls: int, deadline: Deadline, max_bytes: int
    ) -> tuple[Answer, bool]:
        while True:
            message = self._message()
            if "call" in message:
                call, max_calls = calls.get(str(message["call"])), max_calls - 1
                if call is None or max_calls < 0:
                    raise CutOffError("isolation.bad_answer")
                self._reply(call, message.get("argument"), deadline)
            elif "answer" in message:
                names = message.get("files")
                if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
                    raise CutOffError("isolation.bad_answer")
                return Answer(message["answer"], self._files(names, max_bytes)), not message.get("last")
            elif "out_of_memory" in message:
                raise CutOffError("isolation.out_of_memory")
            elif "failed" in message:
                raise TaskError("isolation.failed", reason=sanitise(str(message["failed"]), _MAX_REASON))
            else:
                raise CutOffError("isolation.bad_answer")

    def _reply(self, call: Call, argument: Json, deadline: Deadline) -> None:
        with deadline.paused():  # a slow disk is not the file's fault
            chunks = iter(call(argument))
        while True:
            with deadline.paused():
                chunk = next(chunks, b"")
            write_frame(self._requests, chunk)
            if not chunk:
                return

    def _message(self) -> dict[str, Any]:
        try:
            message = json.loads(read_frame(self._answers, _MESSAGE_BYTES))
        except (ValueError, RecursionError) as error:
            raise CutOffError("isolation.bad_answer") from error
        if not isinstance(message, dict):
            raise CutOffError("isolation.bad_answer")
        return message

    def _files(self, names: list[str], max_bytes: int) -> dict[str, bytes]:
        files: dict[str, bytes] = {}
        for name in names:
            try:
                files[name] = read_frame(self._answers, max_bytes)
            except ValueError as error:
                raise CutOffError("isolation.bad_answer") from error
            max_bytes -= len(files[name])
        return files


def _enlarge(pipe: BinaryIO) -> None:
    """Let a pipe hold more, so that a file crosses it in few steps."""
    if sys.platform == "linux":
        import fcntl  # noqa: PLC0415 - not on every system

        with contextlib.suppress(OSError):  # more than this user may have
            fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
