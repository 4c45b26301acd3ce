"""A claim's result as the document ``bixie.report/1``, whose shape ``report.schema.json`` publishes."""

import json
from dataclasses import asdict
from functools import cache
from importlib import resources
from typing import Any

from bixie.examiners.results import Annotation, ClaimResult, ExhibitResult, FileError, Finding, KnownResult
from bixie.report.record import Record

__all__ = ["SCHEMA", "annotation_mask_path", "json_bytes", "mask_path", "schema", "to_document"]

SCHEMA = "bixie.report/1"


@cache
def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) that every document holds to."""
    text = resources.files("bixie.report").joinpath("report.schema.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


def to_document(result: ClaimResult, record: Record, *, with_masks: bool = False) -> dict[str, Any]:
    """Return the document of `result`.

    Parameters
    ----------
    result : ClaimResult
    record : Record
        When and by whom it was made.
    with_masks : bool
        Name the mask files, relative to the report folder; without a folder masks are None.
    """
    return {
        "schema": SCHEMA,
        "version": record.version,
        "created_at": record.created_at.isoformat(timespec="seconds"),
        **({} if record.order_id is None else {"order": {"id": record.order_id}}),
        "examined_by": record.examined_by,
        "claim": {"verdict": result.verdict.value, "score_bits": result.score_bits},
        "exhibits": [_exhibit(one, index, with_masks) for index, one in enumerate(result.exhibits)],
        "known": [_known(known) for known in result.known],
        "warnings": [warning.to_dict() for warning in result.warnings],
    }


def json_bytes(document: dict[str, Any]) -> bytes:
    """Return `document` as JSON in UTF-8, with bytes of a file name that are not UTF-8 escaped."""
    text = json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    return text.encode("utf-8", "backslashreplace")


def mask_path(exhibit: int, finding: int) -> str:
    """Return where the mask of a finding lies in the report folder."""
    return f"masks/{exhibit}-{finding}.png"


def annotation_mask_path(exhibit: int, finding: int) -> str:
    """Return where the mask of drawn marks lies in the report folder."""
    return f"masks/{exhibit}-{finding}-annotation.png"


def _exhibit(exhibit: ExhibitResult, index: int, with_masks: bool) -> dict[str, Any]:
    return {
        **({} if exhibit.id is None else {"id": exhibit.id}),
        "path": exhibit.path,
        "sha256": exhibit.sha256,
        "media_type": exhibit.media_type,
        "width": exhibit.width,
        "height": exhibit.height,
        "verdict": exhibit.verdict.value,
        "score_bits": exhibit.score_bits,
        "error": _error(exhibit.error),
        "warnings": [warning.to_dict() for warning in exhibit.warnings],
        "findings": [
            _finding(finding, (index, number), with_masks) for number, finding in enumerate(exhibit.findings)
        ],
        "not_applicable": [
            {"examiner": one.examiner, "reason": one.reason.to_dict()} for one in exhibit.not_applicable
        ],
        "timing_ms": {"decode": 0.0, "total": 0.0, **exhibit.timing_ms},
    }


def _finding(finding: Finding, place: tuple[int, int], with_masks: bool) -> dict[str, Any]:
    data = dict(finding.data)
    if finding.annotation is not None:
        data["annotation"] = _annotation(finding.annotation, place, with_masks)
    return {
        "examiner": finding.examiner,
        "code": finding.code,
        "grade": finding.grade.value,
        "strength_bits": finding.strength_bits,
        "known": finding.known,
        "mask": mask_path(*place) if with_masks and finding.mask is not None else None,
        "regions": _regions(finding.regions),
        "explain": finding.explain.to_dict(),
        "limits": finding.limits.to_dict(),
        "data": data,
    }


def _annotation(annotation: Annotation, place: tuple[int, int], with_masks: bool) -> dict[str, Any]:
    return {
        "mask": annotation_mask_path(*place) if with_masks else None,
        "regions": _regions(annotation.regions),
    }


def _regions(regions: tuple[tuple[tuple[int, int], ...], ...]) -> list[list[list[int]]]:
    return [[[x, y] for x, y in polygon] for polygon in regions]


def _known(known: KnownResult) -> dict[str, Any]:
    return {
        **({} if known.id is None else {"id": known.id}),
        "path": known.path,
        "sha256": known.sha256,
        "error": _error(known.error),
        **({} if known.kept is None else {"kept": asdict(known.kept)}),
    }


def _error(error: FileError | None) -> dict[str, str] | None:
    return error.to_dict() if error else None
