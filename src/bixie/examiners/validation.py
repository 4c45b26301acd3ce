"""Check what an examiner returns before it goes into a report.

An examiner may come from another package. A number that is not finite, a mask of the wrong shape or a text of
the wrong type must fail that examiner, not the document, the page or the rest of the claim.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, get_args

import numpy as np

from bixie.examiners.presentation import Fact, Row, Sign, Topic
from bixie.examiners.protocol import Statement
from bixie.examiners.results import Annotation, Comparison, FileError, Finding, Grade, NotApplicable
from bixie.kit.messages import is_bilingual

__all__ = ["ExaminerOutput", "validated"]

_CODE = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)+")
_CHANNELS = 3
_MAX_COORDINATE = 2**31 - 1
"""Pixels. No picture that can be decoded is larger."""


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
    TypeError, ValueError, OverflowError
        If it holds something that a report cannot carry.
    """
    findings: list[Finding] = []
    not_applicable: list[NotApplicable] = []
    warnings: list[FileError] = []
    for one in output:
        if isinstance(one, Finding):
            findings.append(_checked(one))
        elif isinstance(one, NotApplicable):
            _check_name(one.examiner)
            _check_texts("not applicable", one.reason)
            not_applicable.append(one)
        elif isinstance(one, FileError):
            _check_code(one.code)
            _check_texts(one.code, one.text)
            warnings.append(one)
        else:
            raise TypeError(f"{type(one).__name__} is no finding")
    return ExaminerOutput(tuple(findings), tuple(not_applicable), tuple(warnings))


def _checked(finding: Finding) -> Finding:
    _check_code(finding.code)
    _check_name(finding.examiner)
    _check_texts(finding.code, finding.explain, finding.limits)
    if not isinstance(finding.grade, Grade):
        raise TypeError(f"{finding.code}: {finding.grade!r} is no grade")
    if not isinstance(finding.known, str | None):
        raise TypeError(f"{finding.code}: known is no path")
    if not isinstance(finding.data, dict):
        raise TypeError(f"{finding.code}: data is no dict")
    _check_row(finding)
    _check_pictures(finding)
    strength = float(finding.strength_bits)
    if not math.isfinite(strength):
        raise ValueError(f"{finding.code}: strength_bits is {strength}")
    annotation = finding.annotation
    return replace(
        finding,
        strength_bits=strength,
        regions=_polygons(finding.regions),
        annotation=replace(annotation, regions=_polygons(annotation.regions)) if annotation else None,
        same_shot=bool(finding.same_shot),
        data=_plain(finding.data),
    )


def _check_code(code: Any) -> None:
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        raise ValueError(f"{code!r} is no code: lower case, dotted")


def _check_name(name: Any) -> None:
    if not isinstance(name, str) or not name:
        raise TypeError(f"{name!r} is no name of an examiner")


def _check_texts(code: str, *texts: object) -> None:
    if not all(map(is_bilingual, texts)):
        raise ValueError(f"{code}: every text must be said in both languages")


def _check_row(finding: Finding) -> None:
    row = finding.row
    if not isinstance(row, Row) or not isinstance(row.topic, Topic | None):
        raise TypeError(f"{finding.code}: row is no row for the page")
    if not isinstance(row.facts, tuple | list) or not all(isinstance(fact, Fact) for fact in row.facts):
        raise TypeError(f"{finding.code}: a row has facts only")
    _check_texts(finding.code, *(text for fact in row.facts for text in (fact.name, fact.value)))
    _check_texts(finding.code, *(text for text in (row.brief, row.remark) if text is not None))
    if row.topic is not None:
        _check_texts(finding.code, row.topic.name)
        _check_topic(finding.code, row.topic)


def _check_topic(code: str, topic: Topic) -> None:
    if not isinstance(topic.rank, int) or not isinstance(topic.mark, bool):
        raise TypeError(f"{code}: the rank of a topic is an int, its mark a bool")
    if topic.sign not in get_args(Sign):
        raise ValueError(f"{code}: {topic.sign!r} is no sign")


def _check_pictures(finding: Finding) -> None:
    annotation, comparison = finding.annotation, finding.comparison
    if not isinstance(annotation, Annotation | None) or not isinstance(comparison, Comparison | None):
        raise TypeError(f"{finding.code}: annotation or comparison is something else")
    masks = [finding.mask] if finding.mask is not None else []
    masks += [annotation.mask] if annotation else []
    if not all(_is_array(mask, np.uint8, 2) for mask in masks):
        raise ValueError(f"{finding.code}: a mask must be two-dimensional uint8")
    if comparison is None:
        return
    for picture in (comparison.exhibit, comparison.registered):
        if not _is_array(picture, np.uint8, 3) or picture.shape[2] != _CHANNELS:
            raise ValueError(f"{finding.code}: a picture to compare must be (h, w, 3) uint8")
    covered = comparison.covered
    if not _is_array(covered, np.bool_, 2) or covered.shape != comparison.registered.shape[:2]:
        raise ValueError(f"{finding.code}: covered must be bool, of the shape of the known picture")


def _is_array(value: Any, dtype: type[np.generic], ndim: int) -> bool:
    return isinstance(value, np.ndarray) and value.dtype == dtype and value.ndim == ndim and value.size > 0


def _polygons(regions: Iterable[Iterable[Iterable[float]]]) -> tuple[tuple[tuple[int, int], ...], ...]:
    return tuple(tuple((_coordinate(x), _coordinate(y)) for x, y in polygon) for polygon in regions)


def _coordinate(value: float) -> int:
    rounded = round(value)
    if abs(rounded) > _MAX_COORDINATE:
        raise ValueError("a region lies outside every picture")
    return int(rounded)


def _plain(value: Any) -> Any:
    """Return `value` in JSON types; numpy's scalars and arrays become Python's."""
    if isinstance(value, np.generic | np.ndarray):
        value = value.tolist()
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int | float):
        if not math.isfinite(value):  # OverflowError for an int that no JSON reader's double can hold
            raise ValueError("data holds a number that is not finite")
        return value
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    raise TypeError(f"data holds a {type(value).__name__}")
