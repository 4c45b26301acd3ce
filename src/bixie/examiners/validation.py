"""Check what an examiner returns before it goes into a report.

An examiner may come from another package. A number that is not finite or a mask of the wrong shape must fail
that examiner, not the document, the page or the rest of the claim.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from bixie.examiners.presentation import Fact, Row, Topic
from bixie.examiners.protocol import Statement
from bixie.examiners.results import FileError, Finding, NotApplicable
from bixie.kit.messages import Text

__all__ = ["ExaminerOutput", "validated"]

_CODE = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)+")


@dataclass(frozen=True, slots=True)
class ExaminerOutput:
    """What one examiner returned about one exhibit, sorted by kind."""

    findings: tuple[Finding, ...] = ()
    not_applicable: tuple[NotApplicable, ...] = ()
    warnings: tuple[FileError, ...] = ()


def validated(output: Iterable[Statement]) -> ExaminerOutput:
    """Sort and check the output of an examiner.

    Raises
    ------
    TypeError, ValueError
        If it holds something that a report cannot carry.
    """
    findings: list[Finding] = []
    not_applicable: list[NotApplicable] = []
    warnings: list[FileError] = []
    for one in output:
        if isinstance(one, Finding):
            findings.append(_checked(one))
        elif isinstance(one, NotApplicable):
            not_applicable.append(one)
        elif isinstance(one, FileError):
            warnings.append(one)
        else:
            raise TypeError(f"{type(one).__name__} is no finding")
    return ExaminerOutput(tuple(findings), tuple(not_applicable), tuple(warnings))


def _checked(finding: Finding) -> Finding:
    if not _CODE.fullmatch(finding.code):
        raise ValueError(f"{finding.code!r} is no code: lower case, dotted")
    if not all((finding.explain.en, finding.explain.zh, finding.limits.en, finding.limits.zh)):
        raise ValueError(f"{finding.code}: explain and limits must be said in both languages")
    _check_row(finding)
    strength = float(finding.strength_bits)
    if not math.isfinite(strength):
        raise ValueError(f"{finding.code}: strength_bits is {strength}")
    annotation = finding.annotation
    for mask in (finding.mask, annotation.mask if annotation else None):
        if mask is not None and (mask.ndim != 2 or mask.dtype != np.uint8 or not mask.size):
            raise ValueError(f"{finding.code}: a mask must be two-dimensional uint8")
    if annotation:
        annotation = replace(annotation, regions=_polygons(annotation.regions))
    return replace(
        finding,
        strength_bits=strength,
        regions=_polygons(finding.regions),
        annotation=annotation,
        data=_plain(finding.data),
    )


def _check_row(finding: Finding) -> None:
    row = finding.row
    if not isinstance(row, Row) or not isinstance(row.topic, Topic | None):
        raise TypeError(f"{finding.code}: row is no row for the page")
    if not all(isinstance(fact, Fact) for fact in row.facts):
        raise TypeError(f"{finding.code}: a row has facts only")
    texts = [text for fact in row.facts for text in (fact.name, fact.value)]
    texts += [row.brief] if row.brief is not None else []
    texts += [row.topic.name] if row.topic is not None else []
    if not all(isinstance(text, Text) and text.en and text.zh for text in texts):
        raise ValueError(f"{finding.code}: the row must be said in both languages")


def _polygons(regions: Iterable[Iterable[Iterable[float]]]) -> tuple[tuple[tuple[int, int], ...], ...]:
    return tuple(tuple((round(x), round(y)) for x, y in polygon) for polygon in regions)


def _plain(value: Any) -> Any:
    """Return `value` in JSON types; numpy's scalars and arrays become Python's."""
    if isinstance(value, np.generic | np.ndarray):
        value = value.tolist()
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError("data holds a number that is not finite")
        return value
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    raise TypeError(f"data holds a {type(value).__name__}")
