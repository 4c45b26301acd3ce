"""The task of an examination, whose process ends as soon as it opens a file with a mark in it."""

import os

from bixie.examinations.isolation import task as examine

NAME = f"{__name__}:task"
MARK = b"this file ends the process that opens it"


class _Parent:
    def __init__(self, parent):
        self._parent, self.memory_bytes = parent, parent.memory_bytes

    def call(self, name, argument):
        data = self._parent.call(name, argument)
        if MARK in data:
            os.abort()
        return data


def task(request, parent):
    """Examine; runs in the child."""
    return examine(request, _Parent(parent))
