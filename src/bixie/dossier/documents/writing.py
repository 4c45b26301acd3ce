"""Fills a paper from a case: known facts with their sources, blanks with a question for the rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from bixie.cases.words import Side
from bixie.dossier.documents.errors import PaperError
from bixie.dossier.documents.facts import CaseFacts
from bixie.dossier.documents.templates import Section, Template, fields, templates
from bixie.dossier.pages import environment
from bixie.kit.messages import Language, catalogue
from bixie.kit.timestamps import Clock, format_timestamp
from bixie.law.citation import cite
from bixie.law.loading import catalogue_of_law

__all__ = ["Line", "language_for", "offered", "paper", "template_for", "until_text"]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a paper.

    Parameters
    ----------
    label : str
    value, source : str or None
        None for what is not known.
    ask : str
        What is asked then.
    """

    label: str
    value: str | None
    source: str | None
    ask: str


def offered(side: Side, facts: CaseFacts) -> list[Template]:
    """Return the papers that a side can write about a case."""
    return [
        one
        for one in templates().values()
        if side in one.sides and (one.needs is None or facts.lists[one.needs])
    ]


def template_for(kind: str, side: Side, language: Language) -> Template:
    """Return the template of a paper.

    Raises
    ------
    PaperError
        ``no_such_paper`` for one that is not there, not for this side, or not in this language.
    """
    there = {one.kind: one for one in templates().values() if side in one.sides and language in one.languages}
    if kind not in there:
        raise PaperError("no_such_paper", kind=kind[:40], kinds=", ".join(there))
    return there[kind]


def language_for(kind: str, wanted: Language) -> Language:
    """Return the language that a paper is written in: those for Chinese offices are Chinese."""
    template = templates().get(kind)
    return wanted if template is None or wanted in template.languages else template.languages[0]


def paper(template: Template, facts: CaseFacts, language: Language, clock: Clock) -> str:
    """Return a paper as one HTML page for A4 that loads nothing from elsewhere; everything is escaped."""
    rules = [
        {"citation": cite(one).to_dict(), "text": one.text.to_dict()} for one in template.rules_on(facts.act)
    ]
    return (
        environment("bixie.dossier.documents")
        .get_template("paper.html.j2")
        .render(
            template=template,
            facts=facts,
            language=language,
            rules=rules,
            until=until_text(template, facts.act, language),
            now=format_timestamp(clock()),
            say=partial(_say, language),
            filled=partial(_filled, facts, language),
            colon="：" if language == "zh" else ": ",
        )
    )


def until_text(template: Template, act: date, language: Language) -> str | None:
    """Return until when a paper is in time, and by which law; None for one without a limit."""
    day = template.last_day(act)
    if day is None or template.until is None:
        return None
    law = cite(catalogue_of_law().rules[template.until])
    return _say(language, "until", day=day.isoformat(), law=law.in_(language))


def _filled(facts: CaseFacts, language: Language, section: Section) -> Sequence[Line]:
    lines = []
    for key in section.fields:
        field, known = fields()[key], facts.known.get(key)
        label = field.label.in_(language)
        if known is not None:
            lines.append(Line(label, known.value.in_(language), known.source.in_(language), ""))
        elif field.ask is not None:
            lines.append(Line(label, None, None, field.ask.in_(language)))
    return lines


def _say(language: Language, key: str, **values: object) -> str:
    return catalogue("bixie.dossier.documents").text(key, **values).in_(language)
