"""Check a label against GB 45438-2025, clause by clause: strict where the parsing was lenient.

Clause 6.1: the key contains ``AIGC``; 6.1 c): one copy only. Annex E: a plain JSON object of text fields,
``Label`` one of 1, 2, 3, the producer's (for a platform's own label: the propagator's) name or code and
content number; annex E j): printable characters 0x21 to 0x7E.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from bixie.examiners.label.aigc import FIELDS, Label

__all__ = ["KEY", "ONE_COPY", "LabelGrade", "Violation", "grade"]


class LabelGrade(StrEnum):
    """How a label fits the standard."""

    COMPLIANT = "compliant"
    NONCOMPLIANT = "noncompliant"
    INCONCLUSIVE = "inconclusive"


KEY = "GB 45438-2025 6.1"
ONE_COPY = "GB 45438-2025 6.1 c)"
FIELDS_CLAUSE = "GB 45438-2025 E"
CHARACTERS = "GB 45438-2025 E j)"

_ALLOWED = re.compile(r"[\x21-\x7e]*")
_BY_PRODUCER = ("ContentProducer", "ProduceID")
_BY_PLATFORM = ("ContentPropagator", "PropagateID")


@dataclass(frozen=True, slots=True)
class Violation:
    """One way in which a label departs from the standard.

    Parameters
    ----------
    clause : str
    what : str
        Key of the sentence, below ``violation.``.
    field : str
        Of the label; empty where it is the whole.
    """

    clause: str
    what: str
    field: str = ""

    def to_dict(self) -> dict[str, str]:
        """Return JSON types."""
        return {"clause": self.clause, "what": self.what, "field": self.field}


def grade(label: Label, copies: int) -> tuple[LabelGrade, tuple[Violation, ...]]:
    """Return the grade of a label, and every clause it violates.

    Parameters
    ----------
    label : Label
    copies : int
        Labels in the file, this one included.

    Returns
    -------
    grade : LabelGrade
        Inconclusive where the Label field says none of its three meanings, whatever else is wrong.
    violations : tuple of Violation
    """
    found = [*_of_form(label, copies), *_of_fields(label)]
    if not label.meaning:
        return LabelGrade.INCONCLUSIVE, tuple(found)
    return (LabelGrade.NONCOMPLIANT if found else LabelGrade.COMPLIANT), tuple(found)


def _of_form(label: Label, copies: int) -> list[Violation]:
    wrong = [
        (not label.keyed, Violation(KEY, "key")),
        (copies > 1, Violation(ONE_COPY, "copies")),
        (not label.parsed or label.too_long, Violation(FIELDS_CLAUSE, "not_json")),
        (label.encoded, Violation(FIELDS_CLAUSE, "encoded")),
    ]
    return [violation for is_wrong, violation in wrong if is_wrong]


def _of_fields(label: Label) -> list[Violation]:
    found = [Violation(FIELDS_CLAUSE, "repeated", name) for name in label.repeated]
    if label.values.get("Label") not in ("1", "2", "3"):
        found.append(Violation(FIELDS_CLAUSE, "label_value", "Label"))
    found += [Violation(FIELDS_CLAUSE, "missing", name) for name in _missing(label)]
    for name in FIELDS:
        value = label.values.get(name, "")
        if not isinstance(value, str):
            found += [Violation(FIELDS_CLAUSE, "not_text", name)] if name != "Label" else []
        elif not _ALLOWED.fullmatch(value):
            found.append(Violation(CHARACTERS, "characters", name))
    return found


def _missing(label: Label) -> tuple[str, ...]:
    """Return the required fields that are empty.

    Label 2 and 3 are a platform's statement about a file of unknown origin (Measures, article 6): the
    propagator's two fields then replace the producer's.
    """
    empty = tuple(name for name in _BY_PRODUCER if not _says(label, name))
    if label.meaning in ("2", "3") and all(_says(label, name) for name in _BY_PLATFORM):
        return ()
    return empty


def _says(label: Label, name: str) -> bool:
    value = label.values.get(name)
    return value is not None and str(value).strip(" \0") != ""
