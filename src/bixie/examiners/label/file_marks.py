"""Find all marks and traces of one file, for the report, ``bixie label check`` and ``compare``."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from bixie.examiners.label.aigc import Label, find_label
from bixie.examiners.label.carriers import gather
from bixie.examiners.label.generators import generator_marks
from bixie.examiners.label.grading import LabelGrade, Violation, grade
from bixie.examiners.label.iptc import iptc_marks
from bixie.examiners.label.marks import Mark
from bixie.examiners.label.producer import Register, decode_producer
from bixie.examiners.label.removal import Trace, removal_traces
from bixie.examiners.label.software import software_marks
from bixie.examiners.results import Grade
from bixie.imaging.limits import Limits
from bixie.imaging.structure import Structure
from bixie.kit.sanitise import sanitise

__all__ = ["FileMarks", "GradedLabel", "read_marks"]

_MAX_LABELS = 32
_CONTAINER_CODES = {"2": "possible", "3": "suspected"}
_UNCOUNTED = ("emptied",)


@dataclass(frozen=True, slots=True)
class GradedLabel:
    """One AIGC label with its grade.

    Parameters
    ----------
    label : Label
    grade : LabelGrade
    violations : tuple of Violation
    code : str
        Of the finding it makes.
    facts : dict
        Plain values for ``data``.
    """

    label: Label
    grade: LabelGrade
    violations: tuple[Violation, ...]
    code: str
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class FileMarks:
    """What a file's container says of its making.

    Parameters
    ----------
    labels : tuple of GradedLabel
    marks : tuple of Mark
        Labels included; copies of one mark are one, with all their places.
    traces : tuple of Trace
    complete : bool
        False when the file had more metadata than may be read.
    """

    labels: tuple[GradedLabel, ...]
    marks: tuple[Mark, ...]
    traces: tuple[Trace, ...]
    complete: bool


def read_marks(structure: Structure, limits: Limits, known: Register) -> FileMarks:
    """Return every mark and trace in the container of a file.

    Parameters
    ----------
    structure : Structure
    limits : Limits
        ``metadata_bytes`` and ``nodes`` bound what is read.
    known : Register
        Providers that producer codes are looked up in.
    """
    gathered = gather(structure, limits)
    found = [label for label in map(find_label, gathered.fields) if label is not None]
    readable = [label for label in found if label.damage not in _UNCOUNTED][:_MAX_LABELS]
    labels = tuple(_graded(label, len(readable), known) for label in readable)
    places = {id(label.place) for label in found}
    others = [one for one in gathered.fields if id(one) not in places]
    marks = [
        *map(_mark_of, labels),
        *iptc_marks(others),
        *generator_marks(others),
        *software_marks(others),
    ]
    return FileMarks(
        labels, _joined(marks), tuple(removal_traces(structure, gathered, found)), gathered.complete
    )


def _graded(label: Label, copies: int, known: Register) -> GradedLabel:
    its_grade, violations = grade(label, copies)
    code = _CONTAINER_CODES.get(label.meaning) or its_grade.value
    return GradedLabel(
        label,
        its_grade,
        violations,
        f"label.aigc.{code}",
        _facts(label, its_grade, violations, copies, known),
    )


def _facts(
    label: Label, its_grade: LabelGrade, violations: tuple[Violation, ...], copies: int, known: Register
) -> dict[str, Any]:
    values = {name: sanitise(_as_text(value)) for name, value in label.values.items()}
    return {
        "grade": its_grade.value,
        "label": label.meaning,
        "schema": label.schema,
        "fields": values,
        "clauses": list(dict.fromkeys(violation.clause for violation in violations)),
        "violations": [violation.to_dict() for violation in violations],
        "copies": copies,
        "damage": label.damage,
        "producer": _provider(
            label.values.get("ContentProducer", label.values.get("ServiceProvider")), known
        ),
        "propagator": _provider(label.values.get("ContentPropagator"), known),
    }


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else repr(value)[:1024]


def _provider(value: Any, known: Register) -> dict[str, Any] | None:
    """Return what is known of the provider that a label names: by its code, or by the name it writes."""
    if not isinstance(value, str) or not value.strip(" \0"):
        return None
    code = decode_producer(value.strip(), known)
    if code is not None:
        return {"written": sanitise(value), **code.to_dict()}
    return {"written": sanitise(value), "code": None, "entity": known.by_name.get(value.strip().casefold())}


def _mark_of(graded: GradedLabel) -> Mark:
    conclusive = graded.code.rsplit(".", 1)[1] in (LabelGrade.COMPLIANT, LabelGrade.NONCOMPLIANT)
    content = {**graded.label.values, "": graded.label.schema}
    return Mark(
        code=graded.code,
        grade=Grade.CONCLUSIVE if conclusive else Grade.INFORMATIVE,
        kind="aigc",
        value=hashlib.sha256(repr(sorted(content.items(), key=repr)).encode("utf-8", "replace")).hexdigest(),
        sentence=graded.code.removeprefix("label."),
        limits="limits.ai" if conclusive else "limits.platform",
        facts=graded.facts,
        places=(graded.label.place,),
    )


def _joined(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """Join copies of one mark to one mark with several places."""
    kept: dict[tuple[str, str, str], Mark] = {}
    for mark in marks:
        key = mark.code, mark.kind, mark.value
        if key in kept:
            kept[key] = replace(kept[key], places=(*kept[key].places, *mark.places))
        else:
            kept[key] = mark
    return tuple(kept.values())
