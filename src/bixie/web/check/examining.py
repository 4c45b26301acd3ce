"""Files that lie under names of our own, examined in a child process under the names that people gave."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from bixie.examiners.config import ExaminationConfig
from bixie.examiners.files import Reader
from bixie.examiners.known import load_known
from bixie.examiners.order import Order
from bixie.examiners.parallel import worker_count
from bixie.examiners.results import ClaimResult, FileError
from bixie.examiners.runner import examine_claim
from bixie.imaging.errors import ImagingError
from bixie.imaging.limits import Limits
from bixie.imaging.source import Source, source_from_bytes
from bixie.kit.canonical_json import Json
from bixie.kit.isolation.child import Answer, Parent
from bixie.kit.isolation.errors import CutOffError
from bixie.kit.isolation.process import Call
from bixie.kit.messages import Language, Text
from bixie.kit.progress import Progress
from bixie.report.buyer_message import message_called, message_name
from bixie.report.finished import FinishedReport, finish
from bixie.report.isolation import READ, Opening, answer_with, examine_in_child, limits_in_child, report_of
from bixie.report.record import Record, make_record

__all__ = ["Given", "examine_given", "task"]

_TASK = f"{__name__}:task"
_TRIES = 3
"""So often a file may end the child that examines it: the machine may have had a bad moment."""
_MAX_CUT_OFF = 15
"""Children that the files of one run may end: each time, what came before is examined once more."""
_CLAIM, _KNOWN = "claim", "known"
_DONE = "done"
"""What the child calls to say how many files of a side are done."""
_MEMORY_CODES = frozenset(
    {
        *("imaging.out_of_memory", "imaging.broken", "imaging.damaged"),
        *("examine.unexpected", "examine.examiner_failed"),
    }
)
"""What a report may say of a file because others took the memory at the same time."""


@dataclass(frozen=True, slots=True)
class Given:
    """A file that was given to the page.

    Parameters
    ----------
    name : str
        As the person knows it; unique on its side. The report calls the file so.
    path : Path
        Where it lies meanwhile.
    """

    name: str
    path: Path


class _File(NamedTuple):
    """A file as the child knows it; `set_aside` is why it is not opened."""

    key: str
    name: str
    set_aside: ImagingError | None


class _Request(NamedTuple):
    claim: tuple[_File, ...]
    known: tuple[_File, ...]
    order: Order | None
    record: Record
    language: Language
    limits: Limits
    at_once: int


def examine_given(
    claim: Sequence[Given],
    known: Sequence[Given],
    order: Order | None,
    *,
    language: Language,
    limits: Limits,
    on_known: Progress,
    on_claim: Progress,
) -> tuple[FinishedReport, Text]:
    """Examine the files of one claim; one that ends its child again and again is unreadable in the report.

    Parameters
    ----------
    claim, known : sequence of Given
        The buyer's files, and the pictures that the person vouches for.
    order : Order or None
        What is known of the order.
    language : {"zh", "en"}
        Of the report.
    limits : Limits
    on_known, on_claim : Progress
        Told how many files of each side are done, and of how many. What they raise ends the examination.

    Returns
    -------
    FinishedReport
    Text
        What a clerk may write to the buyer.

    Raises
    ------
    IsolationError
        If no child can take the task, or too many end during it.
    """
    files = {
        **{f"{_CLAIM}/{number}": one for number, one in enumerate(claim)},
        **{f"{_KNOWN}/{number}": one for number, one in enumerate(known)},
    }
    set_aside = {
        key: ImagingError("imaging.unreadable_path", path=one.name)
        for key, one in files.items()
        if not one.path.is_file()
    }
    progress = {_CLAIM: (on_claim, len(claim)), _KNOWN: (on_known, len(known))}
    at_once = max(worker_count(len(claim)), worker_count(len(known)))
    record, ended, cut_off = make_record(order), Counter[str](), 0
    while True:
        opening = Opening(files, lambda key: files[key].path.open("rb"))
        sides = _of_side(_CLAIM, files, set_aside), _of_side(_KNOWN, files, set_aside)
        try:
            return _examined(_Request(*sides, order, record, language, limits, at_once), opening, progress)
        except CutOffError:
            cut_off += 1
            if cut_off == _MAX_CUT_OFF or (at_once == 1 and opening.last is None):
                raise
            if at_once == 1 and opening.last is not None:
                ended[opening.last] += 1
                if ended[opening.last] == _TRIES:
                    set_aside[opening.last] = ImagingError("imaging.too_costly")
            at_once = 1  # one after the other, so that it is known which one it was


def task(request: _Request, parent: Parent) -> Answer:
    """Examine the files that the parent reads; runs in the child."""
    limits = limits_in_child(request.limits, parent)
    workers = max(1, min(request.at_once, parent.memory_bytes // limits.memory_bytes))

    def telling(side: str) -> Progress:
        def tell(done: int, total: int) -> None:
            parent.call(_DONE, {"side": side, "done": done})

        return tell

    known = load_known(
        [one.name for one in request.known],
        limits=limits,
        workers=workers,
        read=_reader(request.known, parent),
        progress=telling(_KNOWN),
    )
    config = ExaminationConfig(
        order=request.order,
        limits=limits,
        workers=workers,
        read=_reader(request.claim, parent),
        progress=telling(_CLAIM),
    )
    result = examine_claim([one.name for one in request.claim], known, config)
    if workers > 1 and _may_lack_memory(result):
        raise MemoryError
    return answer_with(
        finish(result, request.record, request.language), message=message_name(result.exhibits)
    )


def _examined(
    request: _Request, opening: Opening, progress: Mapping[str, tuple[Progress, int]]
) -> tuple[FinishedReport, Text]:
    files, known = len(request.claim), len(request.known)
    answer = examine_in_child(
        _TASK,
        request,
        opening,
        files=files,
        known=known,
        limits=request.limits,
        at_once=request.at_once,
        calls={_DONE: _on_done(opening, progress)},
        max_calls=files + known + len(progress),
    )
    report = report_of(answer, [one.name for one in request.claim])
    try:
        return report, message_called(str(answer.document["message"]))  # our own words, not the child's
    except KeyError as error:
        raise CutOffError("isolation.bad_answer") from error


def _on_done(opening: Opening, progress: Mapping[str, tuple[Progress, int]]) -> Call:
    def on_done(said: Json) -> tuple[bytes, ...]:
        try:
            done, (tell, total) = said["done"], progress[said["side"]]
        except (KeyError, TypeError) as error:
            raise CutOffError("isolation.bad_answer") from error
        if not isinstance(done, int) or not 0 <= done <= total:
            raise CutOffError("isolation.bad_answer")
        opening.last = None  # no file is under examination until the next one is opened
        tell(done, total)
        return ()

    return on_done


def _of_side(
    side: str, files: Mapping[str, Given], set_aside: Mapping[str, ImagingError]
) -> tuple[_File, ...]:
    return tuple(
        _File(key, one.name, set_aside.get(key)) for key, one in files.items() if key.startswith(f"{side}/")
    )


def _reader(files: Sequence[_File], parent: Parent) -> Reader:
    by_name = {one.name: one for one in files}

    def read(name: str, _limits: Limits) -> Source:
        file = by_name[name]
        if file.set_aside is not None:
            raise file.set_aside
        return source_from_bytes(name, parent.call(READ, file.key))  # its size was checked when it arrived

    return read


def _may_lack_memory(result: ClaimResult) -> bool:
    """Return whether something failed that may go well when files are examined one after the other."""
    said: list[FileError | None] = [*result.warnings, *(one.error for one in result.known)]
    for exhibit in result.exhibits:
        said += [exhibit.error, *exhibit.warnings]
    return any(one is not None and one.code in _MEMORY_CODES for one in said)
