"""Examining in a child process: the files go in one after the other, the finished report comes back."""

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, BinaryIO

from bixie.examiners.results import Verdict
from bixie.imaging.children import CHILDREN
from bixie.imaging.limits import Limits
from bixie.kit.canonical_json import Json
from bixie.kit.chunks import chunks
from bixie.kit.isolation.child import Answer, Parent
from bixie.kit.isolation.errors import CutOffError
from bixie.kit.isolation.process import Call
from bixie.report.finished import FinishedReport
from bixie.report.saving import DOCUMENT, PAGE

__all__ = ["READ", "Opening", "answer_with", "examine_in_child", "limits_in_child", "report_of"]

READ = "read"
"""What a task calls, with the key of a file, to get its bytes."""
_KNOWN_BYTES = 32 * 1024 * 1024
"""Memory for each known picture that stays while the others are compared with it."""
_COMPARISON_SECONDS = 2.0
"""More for each known picture."""
_WAIT_SECONDS = 600.0
"""For a child that is free: an examination is in no hurry, and nobody holds a connection open for it."""
_MASK = re.compile(r"masks/[0-9]{1,6}-[0-9]{1,6}(-annotation)?\.png", re.ASCII)
_EXAMINER = re.compile(r"[a-z][a-z0-9_.-]{0,60}")


class Opening:
    """The files that a task may read, and which of them it has opened.

    Parameters
    ----------
    keys : collection of str
        By which the task asks for them.
    open_file : callable
        Opens a file by its key. What it raises ends the task and reaches the caller.
    """

    def __init__(self, keys: Collection[str], open_file: Callable[[str], BinaryIO]) -> None:
        self.keys = frozenset(keys)
        self.last: str | None = None
        """The key of the file that was opened last: if the task reads one after the other, it is under
        examination."""
        self._open_file = open_file

    def read(self, key: Json) -> Iterator[bytes]:
        """Yield the bytes of a file; `key` comes from the child and is not trusted."""
        if not isinstance(key, str) or key not in self.keys:
            raise CutOffError("isolation.bad_answer")
        self.last = key
        with self._open_file(key) as file:
            yield from chunks(file)


def examine_in_child(
    task: str,
    request: Any,
    opening: Opening,
    *,
    files: int,
    known: int,
    limits: Limits,
    at_once: int = 1,
    calls: Mapping[str, Call] | None = None,
    max_calls: int = 0,
) -> Answer:
    """Have a child examine the files of a claim.

    Parameters
    ----------
    task : str
        ``module:function``, which returns `answer_with`.
    request : object
        Anything that can be pickled.
    opening : Opening
        The files, which the task reads with the call `READ`.
    files, known : int
        How many files the claim and the known pictures are.
    limits : Limits
        Of one file.
    at_once : int
        Files that the task examines at the same time.
    calls : mapping of str to callable, optional
        What else the task may call.
    max_calls : int
        How often it may call them, at most.

    Raises
    ------
    CutOffError
        If the child ended before it was done.
    IsolationError
        If no child could take the task, or the task failed.
    Exception
        What opening a file or one of `calls` raises.
    """
    return CHILDREN.run(
        task,
        request,
        memory_bytes=limits.memory_bytes * at_once + _KNOWN_BYTES * known,
        # A video has a limit of its own; each file is compared with all known pictures.
        seconds=limits.seconds + limits.video_seconds + _COMPARISON_SECONDS * known,
        calls={READ: opening.read, **(calls or {})},
        max_calls=files + known + max_calls,
        wait_seconds=_WAIT_SECONDS,
    )


def limits_in_child(limits: Limits, parent: Parent) -> Limits:
    """Return the limits of one file in a child that may have less memory than they allow."""
    return replace(limits, memory_bytes=min(limits.memory_bytes, parent.memory_bytes))


def answer_with(report: FinishedReport, **more: Json) -> Answer:
    """Return the answer of a task that made a report.

    Parameters
    ----------
    report : FinishedReport
    **more : JSON value
        Goes into the answer's document as well.
    """
    document: dict[str, Json] = {
        "verdict": report.verdict,
        "verdicts": list(report.verdicts),
        "deciders": list(report.deciders),
        **more,
    }
    return Answer(document, {DOCUMENT: report.document, **report.files})


def report_of(answer: Answer, names: Sequence[str]) -> FinishedReport:
    """Return the report in an answer.

    Parameters
    ----------
    answer : Answer
        Not trusted: a file may have taken over the child.
    names : sequence of str
        Of the claim's files, in the order of the report.

    Raises
    ------
    CutOffError
        ``isolation.bad_answer`` if it is no report about these files.
    """
    try:
        document = answer.files[DOCUMENT]
        files = {name: content for name, content in answer.files.items() if name != DOCUMENT}
        verdict, verdicts = Verdict(answer.document["verdict"]), map(Verdict, answer.document["verdicts"])
        deciders = tuple(map(_examiner, answer.document["deciders"]))
        report = FinishedReport(document, files, str(verdict), tuple(map(str, verdicts)), deciders)
        said = [(one["path"], one["verdict"]) for one in json.loads(document)["exhibits"]]
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        raise CutOffError("isolation.bad_answer") from error
    expected = list(zip(names, report.verdicts, strict=False))
    if len(report.deciders) != len(report.verdicts):
        raise CutOffError("isolation.bad_answer")
    if said != expected or PAGE not in files or not all(n == PAGE or _MASK.fullmatch(n) for n in files):
        raise CutOffError("isolation.bad_answer")
    return report


def _examiner(name: Json) -> str | None:
    if name is not None and not (isinstance(name, str) and _EXAMINER.fullmatch(name)):
        raise ValueError(name)
    return name
