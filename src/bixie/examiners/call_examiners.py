"""Call examiners. One that fails or takes too long leaves a gap in the report, with the reason."""

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
from bixie.examiners.registry import is_own, presentation_of
from bixie.examiners.results import FileError, NotApplicable
from bixie.examiners.time_limit import OutOfTimeError, within
from bixie.examiners.validation import ExaminerOutput, validated
from bixie.kit.errors import describe_exception
from bixie.kit.messages import Text, catalogue

__all__ = ["call_on_container", "call_on_picture", "merge", "without_pixels"]

_PACKAGE = "bixie.examiners"

Subject = TypeVar("Subject", Exhibit, Container)


def call_on_picture(examiners: Sequence[AnyExaminer], exhibit: Exhibit, context: Context) -> ExaminerOutput:
    """Return what the pixel examiners say about one picture."""
    called = (one for one in examiners if isinstance(one, Examiner))
    return merge(_call(one, one.examine, exhibit, context) for one in called)


def call_on_container(
    examiners: Sequence[AnyExaminer], container: Container, context: Context
) -> ExaminerOutput:
    """Return what the container examiners say about one file."""
    called = (one for one in examiners if isinstance(one, ContainerExaminer))
    return merge(_call(one, one.examine_container, container, context) for one in called)


def without_pixels(examiners: Sequence[AnyExaminer], reason: Text) -> ExaminerOutput:
    """Return `reason` for every pixel examiner where there is no picture for them."""
    called = (one for one in examiners if isinstance(one, Examiner))
    return ExaminerOutput(not_applicable=tuple(NotApplicable(one.name, reason) for one in called))


def _call(
    examiner: AnyExaminer,
    examine: Callable[[Subject, Context], Iterable[Statement]],
    subject: Subject,
    context: Context,
) -> ExaminerOutput:
    def ask() -> ExaminerOutput:
        return validated(examine(subject, context))

    try:
        return ask() if is_own(examiner) else within(context.examiner_seconds, ask)
    except OutOfTimeError:
        text = catalogue(_PACKAGE).text(
            "examine.examiner_out_of_time",
            examiner=presentation_of(examiner).name,
            seconds=context.examiner_seconds,
        )
        warning = FileError("examine.examiner_out_of_time", text)
        return ExaminerOutput((), (NotApplicable(examiner.name, text),), (warning,))
    except Exception as error:  # an examiner's own defect: the others, and the other files, go on
        code = "examine.examiner_failed"
        name, reason = presentation_of(examiner).name, describe_exception(error)
        text = catalogue(_PACKAGE).text(code, examiner=name, reason=reason)
        return ExaminerOutput((), (NotApplicable(examiner.name, text),), (FileError(code, text),))


def merge(parts: Iterable[ExaminerOutput]) -> ExaminerOutput:
    """Return the content of all `parts` as one, in their order."""
    every = list(parts)
    return ExaminerOutput(
        tuple(finding for part in every for finding in part.findings),
        tuple(reason for part in every for reason in part.not_applicable),
        tuple(warning for part in every for warning in part.warnings),
    )
