"""Examining the files of one claim and writing the report: plain values in, plain bytes out.

It takes seconds, and hostile files. So it opens no database, and can run in another process.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, BinaryIO

from bixie.examinations.rules import with_provenance
from bixie.examiners.config import ExaminationConfig
from bixie.examiners.files import Reader
from bixie.examiners.known import load_known
from bixie.examiners.order import check_order
from bixie.examiners.results import ClaimResult, ExhibitResult, FileError, KnownResult, Provenance
from bixie.examiners.runner import examine_claim
from bixie.imaging.errors import ImagingError
from bixie.imaging.limits import Limits
from bixie.imaging.source import Source, byte_limit, check_bytes, source_from_bytes
from bixie.report.finished import FinishedReport, finish
from bixie.report.record import Record

__all__ = ["ClaimFile", "KnownFile", "OpenFile", "Task", "examine"]

OpenFile = Callable[[str], BinaryIO]
"""Opens a file by its SHA-256. What it raises ends the examination: the file is not to blame."""


@dataclass(frozen=True, slots=True)
class ClaimFile:
    """A file of the claim.

    Parameters
    ----------
    id : str
        Of the exhibit.
    name : str
        As the report calls it; unique among all files of the task.
    sha256 : str
    set_aside : ImagingError or None
        Why it is not opened: the report calls it unreadable for that reason.
    """

    id: str
    name: str
    sha256: str
    set_aside: ImagingError | None = None


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A picture that the claim's files are compared with; see `ClaimFile`.

    Parameters
    ----------
    id, name, sha256 : str
    provenance : Provenance
        What the ledger says of it.
    set_aside : ImagingError or None
    """

    id: str
    name: str
    sha256: str
    provenance: Provenance
    set_aside: ImagingError | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be examined.

    Parameters
    ----------
    files : tuple of ClaimFile
        At least one; the report has them in this order.
    known : tuple of KnownFile
    order : dict
        The order document (docs/reference/order.md).
    created_at : datetime
        For the record of the report, with its zone.
    order_number : str
    first_id : str
        The exhibit that the job names: the first of those that arrived together.
    examined_by : str or None
        Name of the shop or desk.
    warnings : tuple of FileError
        For the report.
    """

    files: tuple[ClaimFile, ...]
    known: tuple[KnownFile, ...]
    order: Mapping[str, Any]
    created_at: datetime
    order_number: str
    first_id: str
    examined_by: str | None = None
    warnings: tuple[FileError, ...] = ()


def examine(task: Task, open_file: OpenFile, limits: Limits) -> FinishedReport:
    """Examine the files of a claim together; whatever they hold, there is a report.

    An order may have more known pictures than a process may have open files, so each file is open only while
    it is read.

    Raises
    ------
    Exception
        What `open_file` raises.
    """
    failures: list[Exception] = []
    given: tuple[ClaimFile | KnownFile, ...] = (*task.files, *task.known)
    files = {one.name: one for one in given}
    read = _reader(files, open_file, failures)
    # Several jobs run at the same time; each has one thread.
    pictures = load_known([one.name for one in task.known], limits=limits, workers=1, read=read)
    _raise_first(failures)
    known = with_provenance(pictures, {one.name: one.provenance for one in task.known})
    config = ExaminationConfig(order=check_order(dict(task.order)), limits=limits, workers=1, read=read)
    result = examine_claim([one.name for one in task.files], known, config)
    _raise_first(failures)
    ids = {one.name: one.id for one in files.values()}
    result = replace(result, warnings=(*task.warnings, *result.warnings))
    return finish(_with_ids(result, ids), Record(task.created_at, task.order_number, task.examined_by))


def _reader(
    files: Mapping[str, ClaimFile | KnownFile], open_file: OpenFile, failures: list[Exception]
) -> Reader:
    def read(name: str, limits: Limits) -> Source:
        file = files[name]
        if file.set_aside is not None:
            raise file.set_aside
        try:
            with open_file(file.sha256) as opened:
                data = opened.read()
        except Exception as error:
            failures.append(error)
            raise
        check_bytes(len(data), byte_limit(data, limits))
        return source_from_bytes(name, data)

    return read


def _raise_first(failures: list[Exception]) -> None:
    if failures:
        raise failures[0]


def _with_ids(result: ClaimResult, ids: Mapping[str, str]) -> ClaimResult:
    """Return the result with the ids of the files beside their names."""

    def exhibit(one: ExhibitResult) -> ExhibitResult:
        findings = tuple(
            finding
            if finding.known is None
            else replace(finding, data={**finding.data, "known_id": ids[finding.known]})
            for finding in one.findings
        )
        return replace(one, id=ids[one.path], findings=findings)

    def known(one: KnownResult) -> KnownResult:
        return replace(one, id=ids[one.path])

    return replace(
        result, exhibits=tuple(map(exhibit, result.exhibits)), known=tuple(map(known, result.known))
    )
