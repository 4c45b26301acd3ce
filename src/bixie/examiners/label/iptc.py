"""Read IPTC's statements of a picture's source: digital source type, credit line, the AI fields of 2025.1.

Values are compared whole: ``algorithmicMedia`` is procedural art, and a part of the name of an AI type.
"""

from collections.abc import Iterable, Iterator

from bixie.examiners.label.fields import Field
from bixie.examiners.label.marks import Mark
from bixie.examiners.results import Grade
from bixie.examiners.source_types import AI_SOURCE_TYPES
from bixie.kit.sanitise import sanitise

__all__ = ["AI_CREDITS", "OTHER_SOURCES", "iptc_marks"]

OTHER_SOURCES = {
    "digitalCapture": "digital_capture",
    "computationalCapture": "computational_capture",
    "negativeFilm": "negative_film",
    "positiveFilm": "positive_film",
    "print": "print",
    "humanEdits": "human_edits",
    "minorHumanEdits": "minor_human_edits",
    "algorithmicallyEnhanced": "algorithmically_enhanced",
    "digitalCreation": "digital_creation",
    "digitalArt": "digital_art",
    "dataDrivenMedia": "data_driven_media",
    "algorithmicMedia": "algorithmic_media",
    "composite": "composite",
    "compositeCapture": "composite_capture",
    "screenCapture": "screen_capture",
    "virtualRecording": "virtual_recording",
    "softwareImage": "software_image",
}

AI_CREDITS = frozenset({"Made with Google AI", "Edited with Google AI"})
"""Credit lines that a service writes, whole."""

_VOCABULARIES = (
    "http://cv.iptc.org/newscodes/digitalsourcetype/",
    "https://cv.iptc.org/newscodes/digitalsourcetype/",
)
_SOURCE_KEYS = frozenset({"DigitalSourceType", "DigitalSourceFileType"})
"""The second is a misspelling that a large service writes."""

_CREDIT_KEYS = frozenset({"Credit", "2:110"})
_AI_FIELDS = frozenset({"AISystemUsed", "AISystemVersionUsed", "AIPromptInformation", "AIPromptWriterName"})
_SAYS_NOTHING = frozenset({"", "-", "none", "no", "n/a", "null", "false", "0"})


def iptc_marks(fields: Iterable[Field]) -> Iterator[Mark]:
    """Yield a mark for each field that speaks of the picture's source."""
    for one in fields:
        value = one.text.strip(" \0\t\r\n")
        if one.key in _SOURCE_KEYS:
            yield _source(one, value)
        elif one.key in _CREDIT_KEYS and value in AI_CREDITS:
            yield _conclusive("ai_credit", "iptc.credit", one, value)
        elif one.key in _AI_FIELDS and value.casefold() not in _SAYS_NOTHING:
            yield _conclusive("ai_system", f"iptc.{one.key}", one, value)


def _source(one: Field, value: str) -> Mark:
    term = next((value.removeprefix(uri) for uri in _VOCABULARIES if value.startswith(uri)), "")
    if term in AI_SOURCE_TYPES:
        return _conclusive(AI_SOURCE_TYPES[term], "iptc.source", one, term, uri=value)
    name = OTHER_SOURCES.get(term, "unknown")
    return Mark(
        code=f"label.source.{name}",
        grade=Grade.INFORMATIVE,
        kind="iptc.source",
        value=term or sanitise(value),
        sentence="source.known" if name != "unknown" else "source.unknown",
        limits="limits.source",
        words={"value": sanitise(term or value)},
        facts={"field": one.key, "value": sanitise(value)},
        places=(one,),
    )


def _conclusive(name: str, kind: str, one: Field, value: str, uri: str = "") -> Mark:
    return Mark(
        code=f"label.iptc.{name}",
        grade=Grade.CONCLUSIVE,
        kind=kind,
        value=value,
        sentence=f"iptc.{name}",
        limits="limits.ai",
        words={"value": sanitise(value)},
        facts={"field": one.key, "value": sanitise(uri or value)},
        places=(one,),
    )
