"""The document of ``bixie label check``: which marks a file carries, and how its AI label is graded.

Schema ``bixie.label_check/1``. ``result`` of a file is ``compliant``, ``noncompliant``, ``inconclusive`` or
``not_found``: the last means that no label was found, never that the file is genuine.
"""

from collections.abc import Iterable
from typing import Any

from bixie.examiners.files import file_error, file_warning
from bixie.examiners.label.file_marks import FileMarks, GradedLabel, read_marks
from bixie.examiners.label.findings import findings, text, too_much_metadata
from bixie.examiners.label.grading import LabelGrade
from bixie.examiners.label.producer import Register
from bixie.examiners.results import FileError, Finding
from bixie.imaging.errors import ImagingError
from bixie.imaging.limits import Limits
from bixie.imaging.source import Source, read_source
from bixie.imaging.structure import Structure, walk
from bixie.kit.sanitise import sanitise
from bixie.version import __version__

__all__ = ["SCHEMA", "check_document", "check_file", "open_file"]

SCHEMA = "bixie.label_check/1"
_NOT_FOUND = "not_found"
_WORST_FIRST = (LabelGrade.NONCOMPLIANT, LabelGrade.INCONCLUSIVE, LabelGrade.COMPLIANT)


def check_document(files: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Return the whole document.

    Parameters
    ----------
    files : iterable of dict
        From `check_file`.
    """
    return {"schema": SCHEMA, "version": __version__, "files": list(files)}


def check_file(path: str, limits: Limits, known: Register) -> dict[str, Any]:
    """Return the check of one file; never raises for bad input.

    Parameters
    ----------
    path : str
        A file.
    limits : Limits
    known : Register
        Providers that codes are looked up in.
    """
    try:
        source, structure, found = open_file(path, limits, known)
    except Exception as error:  # hostile bytes: whatever happens here must not stop the other files
        return _refused(path, file_error(error))
    result = _result(found.labels)
    warnings = [file_warning(note) for note in structure.warnings]
    warnings += [] if found.complete else [too_much_metadata()]
    return {
        "path": path,
        "sha256": source.sha256,
        "media_type": source.media_type,
        "result": result,
        "explain": text(f"check.{result}").to_dict(),
        "labels": [_label(label) for label in found.labels],
        "findings": [_finding(finding) for finding in findings(found)],
        "error": None,
        "warnings": [warning.to_dict() for warning in warnings],
    }


def open_file(path: str, limits: Limits, known: Register) -> tuple[Source, Structure, FileMarks]:
    """Return a file, its structure, and its marks.

    Raises
    ------
    ImagingError
        If it cannot be read, or is of no type that can be examined.
    """
    source = read_source(path, limits)
    structure = walk(source, limits)
    if not structure.nodes:
        raise ImagingError("imaging.broken", path=path)
    return source, structure, read_marks(structure, limits, known)


def _refused(path: str, error: FileError) -> dict[str, Any]:
    return {
        "path": path,
        "sha256": None,
        "media_type": None,
        "result": None,
        "explain": None,
        "labels": [],
        "findings": [],
        "error": error.to_dict(),
        "warnings": [],
    }


def _result(labels: tuple[GradedLabel, ...]) -> str:
    grades = {label.grade for label in labels}
    return next((grade.value for grade in _WORST_FIRST if grade in grades), _NOT_FOUND)


def _label(graded: GradedLabel) -> dict[str, Any]:
    place = graded.label.place.place()
    return {"code": graded.code, **graded.facts, "text": sanitise(graded.label.place.text), "place": place}


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "grade": finding.grade.value,
        "explain": finding.explain.to_dict(),
        "limits": finding.limits.to_dict(),
        "data": finding.data,
    }
