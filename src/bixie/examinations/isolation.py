"""Examines the files of a claim in a child process: whatever they do to a decoder ends no worker."""

import io
from datetime import timedelta
from typing import NamedTuple

from bixie.examinations.examining import ClaimFile, KnownFile, OpenFile, Task, examine
from bixie.imaging.limits import Limits
from bixie.jobs.errors import AttemptError
from bixie.kit.isolation.child import Answer, Parent
from bixie.kit.isolation.errors import CutOffError
from bixie.report.finished import FinishedReport
from bixie.report.isolation import READ, Opening, answer_with, examine_in_child, limits_in_child, report_of

__all__ = ["FileCutOffError", "examine_isolated", "task"]

_TASK = f"{__name__}:task"
_RETRY_AFTER = timedelta(minutes=1)
"""The machine may have had a bad moment."""


class FileCutOffError(AttemptError):
    """The child ended during the examination.

    Parameters
    ----------
    code : str
    file_id : str or None
        The exhibit whose file was opened last: most likely the reason.
    """

    package = "bixie.kit"

    def __init__(self, code: str, file_id: str | None) -> None:
        self.file_id = file_id
        # A file is set aside after three of these, so that the job comes to an end with any number of them.
        super().__init__(code, retry_after=_RETRY_AFTER, counts=file_id is None)


class _Request(NamedTuple):
    task: Task
    limits: Limits


def examine_isolated(task: Task, open_file: OpenFile, limits: Limits) -> FinishedReport:
    """Examine the files of a claim together, as `examine` does, in a child process.

    Raises
    ------
    FileCutOffError
        If the child ended before it was done.
    IsolationError
        If no child could take the task, or the task failed.
    Exception
        What `open_file` raises.
    """
    given: tuple[ClaimFile | KnownFile, ...] = (*task.known, *task.files)
    ids = {one.sha256: one.id for one in given}
    opening = Opening(ids.keys(), open_file)
    try:
        answer = examine_in_child(
            _TASK,
            _Request(task, limits),
            opening,
            files=len(task.files),
            known=len(task.known),
            limits=limits,
        )
        return report_of(answer, [one.name for one in task.files])
    except CutOffError as error:
        raise FileCutOffError(error.code, ids.get(opening.last or "")) from error


def task(request: _Request, parent: Parent) -> Answer:
    """Examine the files that the parent reads; runs in the child."""
    limits = limits_in_child(request.limits, parent)
    return answer_with(examine(request.task, lambda sha256: io.BytesIO(parent.call(READ, sha256)), limits))
