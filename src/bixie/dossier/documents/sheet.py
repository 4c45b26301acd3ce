"""A filled paper before it is a page or a PDF: facts with their sources, blanks with a question."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from bixie.dossier.documents.facts import CaseFacts
from bixie.dossier.documents.templates import Section, Template, fields
from bixie.dossier.documents.writing import until_text
from bixie.dossier.pages import time_in_china
from bixie.kit.messages import Language, catalogue
from bixie.kit.timestamps import Clock, format_timestamp
from bixie.law.citation import cite

__all__ = ["Line", "Part", "Row", "Sheet", "sheet_of"]


@dataclass(frozen=True, slots=True)
class Line:
    """A field.

    Parameters
    ----------
    label : str
    value, source : str or None
        None for what is not known.
    ask : str or None
        What is asked then.
    """

    label: str
    value: str | None
    source: str | None
    ask: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """One of a list.

    Parameters
    ----------
    text : str
    head, code, note, source : str or None
        Above it; a hash; what limits it; where it is from.
    ask : str or None
        What a person writes under it.
    """

    text: str
    head: str | None = None
    code: str | None = None
    note: str | None = None
    source: str | None = None
    ask: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a paper.

    Parameters
    ----------
    head : str
    ticks, items : tuple of str
    text, source : str or None
    lines : tuple of Line
    rows : tuple of Row
    """

    head: str
    ticks: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    text: str | None = None
    lines: tuple[Line, ...] = ()
    source: str | None = None
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A filled paper.

    Parameters
    ----------
    case : str
    language : {"zh", "en"}
    title, to, foot : str
    until, warning : str or None
    parts : tuple of Part
    """

    case: str
    language: Language
    title: str
    to: str
    until: str | None
    warning: str | None
    parts: tuple[Part, ...]
    foot: str


def sheet_of(template: Template, facts: CaseFacts, language: Language, clock: Clock) -> Sheet:
    """Return a paper filled from a case."""
    parts = [_part(one, facts, language) for one in template.sections]
    if template.rules_on(facts.act):
        parts.append(_law(template, facts, language))
    time = time_in_china(format_timestamp(clock()))
    return Sheet(
        case=facts.case,
        language=language,
        title=template.name.in_(language),
        to=_say(language, "head.to", to=template.to.in_(language)),
        until=until_text(template, facts.act, language),
        warning=None if template.warning is None else template.warning.in_(language),
        parts=tuple(parts),
        foot=_say(language, "foot", case=facts.case, time=time),
    )


def _part(section: Section, facts: CaseFacts, language: Language) -> Part:
    rows: tuple[Row, ...] = ()
    if section.list is not None:
        make = partial(_ROWS[section.list], language=language)
        rows = tuple(make(one) for one in facts.lists[section.list])
        rows = rows or (Row(_say(language, f"empty.{section.list}")),)
    return Part(
        head=section.head.in_(language),
        ticks=tuple(one.in_(language) for one in section.ticks),
        items=tuple(one.in_(language) for one in section.items),
        text=None if section.text is None else section.text.in_(language),
        lines=tuple(_lines(section, facts, language)),
        source=_source(language, "source.case", case=facts.case) if section.list == "thread" else None,
        rows=rows,
    )


def _lines(section: Section, facts: CaseFacts, language: Language) -> Iterator[Line]:
    for key in section.fields:
        field, known = fields()[key], facts.known.get(key)
        label = field.label.in_(language)
        if known is not None:
            source = _say(language, "source", source=known.source.in_(language))
            yield Line(label, known.value.in_(language), source, None)
        elif field.ask is not None:
            question = field.ask.in_(language)
            yield Line(label, None, None, _say(language, "ask", question=question) if question else None)


def _exhibit(one: Mapping[str, Any], language: Language) -> Row:
    key = "exhibit" if one["path"] is not None else "exhibit.gone"
    text = _say(
        language,
        key,
        number=one["number"],
        role=one["role_name"][language],
        side=one["side_name"][language],
        time=time_in_china(one["received_at"]),
    )
    source = _source(language, "source.exhibit", exhibit=one["id"])
    return Row(text, code=f"SHA-256 {one['sha256']}", source=source)


def _evidence(one: Mapping[str, Any], language: Language) -> Row:
    row = _exhibit(one, language)
    return Row(row.text, code=row.code, source=row.source, ask=_say(language, "ask.shows"))


def _finding(one: Mapping[str, Any], language: Language) -> Row:
    number = one["number"]
    source = None if number is None else _source(language, "source.report", number=number)
    return Row(
        one["explain"][language],
        note=_say(language, "finding.limits", limits=one["limits"][language]),
        source=source,
    )


def _entry(one: Mapping[str, Any], language: Language) -> Row:
    key = "entry.said" if one["text"] else "entry"
    by, name = one["by_name"][language], one["name"][language]
    return Row(_say(language, key, time=time_in_china(one["at"]), by=by, name=name, text=one["text"]))


def _letter(one: Mapping[str, Any], language: Language) -> Row:
    return Row("\n".join(one["paragraphs"][language]), head=one["head"][language])


_ROWS = {
    "evidence": _evidence,
    "exhibits": _exhibit,
    "findings": _finding,
    "known": _exhibit,
    "labelled": _exhibit,
    "labels": _finding,
    "letter": _letter,
    "thread": _entry,
}


def _law(template: Template, facts: CaseFacts, language: Language) -> Part:
    rules = template.rules_on(facts.act)
    return Part(
        head=_say(language, "head.law", day=facts.act.isoformat()),
        text=_say(language, "law.substance"),
        rows=tuple(Row(cite(one).in_(language), note=one.text.in_(language)) for one in rules),
    )


def _source(language: Language, key: str, **values: object) -> str:
    return _say(language, "source", source=_say(language, key, **values))


def _say(language: Language, key: str, **values: object) -> str:
    return catalogue("bixie.dossier.documents").text(key, **values).in_(language)
