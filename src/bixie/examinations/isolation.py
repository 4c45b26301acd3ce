"""Examines the files of a claim in a child process: whatever they do to a decoder ends no worker."""

import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

from bixie.examinations.examining import ClaimFile, FinishedReport, KnownFile, OpenFile, Task, examine
from bixie.examiners.results import Verdict
from bixie.imaging.children import CHILDREN
from bixie.imaging.limits import Limits
from bixie.jobs.errors import AttemptError
from bixie.kit.canonical_json import Json
from bixie.kit.isolation.child import Answer, Parent
from bixie.kit.isolation.errors import CutOffError
from bixie.report.saving import DOCUMENT, PAGE

__all__ = ["FileCutOffError", "examine_isolated", "task"]

_TASK = f"{__name__}:task"
_CHUNK = 1 << 20
_KNOWN_BYTES = 32 * 1024 * 1024
"""Memory for each known picture that stays while the others are compared with it."""
_COMPARISON_SECONDS = 2.0
"""More for each known picture."""
_WAIT_SECONDS = 600.0
"""For a child that is free: a worker has one for each of its jobs, so that others have it for checks only."""
_MASK = re.compile(r"masks/[0-9]{1,6}-[0-9]{1,6}(-annotation)?\.png", re.ASCII)


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
    opened: list[str] = []

    def read(sha256: Json) -> Iterator[bytes]:
        if not isinstance(sha256, str) or sha256 not in ids:
            raise CutOffError("isolation.bad_answer")
        opened.append(ids[sha256])  # one file after the other: the last one is under examination
        with open_file(sha256) as file:
            while chunk := file.read(_CHUNK):
                yield chunk

    try:
        answer = CHILDREN.run(
            _TASK,
            _Request(task, limits),
            memory_bytes=limits.memory_bytes + _KNOWN_BYTES * len(task.known),
            seconds=_seconds(task, limits),
            calls={"read": read},
            max_calls=len(task.known) + len(task.files),
            wait_seconds=_WAIT_SECONDS,
        )
        return _report(answer, task)
    except CutOffError as error:
        raise FileCutOffError(error.code, opened[-1] if opened else None) from error


def task(request: _Request, parent: Parent) -> Answer:
    """Examine the files that the parent reads; runs in the child."""
    limits = replace(request.limits, memory_bytes=min(request.limits.memory_bytes, parent.memory_bytes))
    report = examine(request.task, lambda sha256: io.BytesIO(parent.call("read", sha256)), limits)
    return Answer(
        {"verdict": report.verdict, "verdicts": list(report.verdicts)},
        {DOCUMENT: report.document, **report.files},
    )


def _seconds(task: Task, limits: Limits) -> float:
    """Return how long one file may take: a video has a limit of its own; each is compared with all known."""
    return limits.seconds + limits.video_seconds + _COMPARISON_SECONDS * len(task.known)


def _report(answer: Answer, task: Task) -> FinishedReport:
    """Return the report, if it is one about these files."""
    try:
        document = answer.files[DOCUMENT]
        files = {name: content for name, content in answer.files.items() if name != DOCUMENT}
        verdict, verdicts = Verdict(answer.document["verdict"]), map(Verdict, answer.document["verdicts"])
        report = FinishedReport(document, files, str(verdict), tuple(map(str, verdicts)))
        said = [(one["path"], one["verdict"]) for one in json.loads(document)["exhibits"]]
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        raise CutOffError("isolation.bad_answer") from error
    expected = [(one.name, said) for one, said in zip(task.files, report.verdicts, strict=False)]
    if said != expected or not all(name == PAGE or _MASK.fullmatch(name) for name in files):
        raise CutOffError("isolation.bad_answer")
    return report
