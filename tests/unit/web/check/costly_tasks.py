"""Examinations of the drop page that do what a file may make them do; the child imports this module."""

import os
import signal

from bixie.kit.isolation.child import Answer
from bixie.web.check.examining import task as examine

NAME = "tests.unit.web.check.costly_tasks"
MARK = b"this file ends the process that opens it"


class _Parent:
    def __init__(self, parent):
        self._parent, self.memory_bytes = parent, parent.memory_bytes

    def call(self, name, argument):
        data = self._parent.call(name, argument)
        if MARK in data:
            os.kill(os.getpid(), signal.SIGKILL)
        return data


def end_at_a_mark(request, parent):
    return examine(request, _Parent(parent))


def lack_memory_together(request, parent):
    if request.at_once > 1:
        raise MemoryError
    return examine(request, parent)


def end_after_the_last_file(request, parent):
    examine(request, parent)
    os.abort()


def tell_too_much(_request, parent):
    parent.call("done", {"side": "claim", "done": 10**9})


def write_a_message(request, parent):
    answer = examine(request, parent)
    return Answer({**answer.document, "message": "You lie."}, answer.files)
