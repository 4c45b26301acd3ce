"""Calling examiners so that one that fails is a gap in the report, with its reason, and nothing more."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from bixie.examiners.protocol import (
    AnyExaminer,
    Container,
    ContainerExaminer,
    Context,
    Examiner,
    Exhibit,
    Statement,
)
from bixie.examiners.results import FileError, NotApplicable
from bixie.examiners.validation import ExaminerOutput, validated
from bixie.kit.errors import describe_exception
from bixie.kit.messages import Text, catalogue

__all__ = ["ask_about_container", "ask_about_picture", "pixels_missing", "together"]

_PACKAGE = "bixie.examiners"

Subject = TypeVar("Subject", Exhibit, Container)


def ask_about_picture(examiners: Sequence[AnyExaminer], exhibit: Exhibit, context: Context) -> ExaminerOutput:
    """Return what the pixel examiners say about one picture."""
    asked = (one for one in examiners if isinstance(one, Examiner))
    return together(_ask(one.name, one.examine, exhibit, context) for one in asked)


def ask_about_container(
    examiners: Sequence[AnyExaminer], container: Container, context: Context
) -> ExaminerOutput:
    """Return what the container examiners say about one file."""
    asked = (one for one in examiners if isinstance(one, ContainerExaminer))
    return together(_ask(one.name, one.examine_container, container, context) for one in asked)


def pixels_missing(examiners: Sequence[AnyExaminer], reason: Text) -> ExaminerOutput:
    """Return the same `reason` for every pixel examiner: there was no picture to show them."""
    asked = (one for one in examiners if isinstance(one, Examiner))
    return ExaminerOutput(not_applicable=tuple(NotApplicable(one.name, reason) for one in asked))


def _ask(
    name: str,
    examine: Callable[[Subject, Context], Iterable[Statement]],
    subject: Subject,
    context: Context,
) -> ExaminerOutput:
    try:
        return validated(examine(subject, context))
    except Exception as error:  # an examiner's own defect: the others, and the other files, go on
        code = "examine.examiner_failed"
        text = catalogue(_PACKAGE).text(code, examiner=name, reason=describe_exception(error))
        return ExaminerOutput((), (NotApplicable(name, text),), (FileError(code, text),))


def together(parts: Iterable[ExaminerOutput]) -> ExaminerOutput:
    """Return everything that `parts` hold, in their order."""
    every = list(parts)
    return ExaminerOutput(
        tuple(finding for part in every for finding in part.findings),
        tuple(reason for part in every for reason in part.not_applicable),
        tuple(warning for part in every for warning in part.warnings),
    )
