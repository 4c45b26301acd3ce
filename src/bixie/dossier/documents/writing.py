"""Which papers a side can write about a case, in which language, and until when."""

from datetime import date

from bixie.cases.words import Side
from bixie.dossier.documents.errors import PaperError
from bixie.dossier.documents.facts import CaseFacts
from bixie.dossier.documents.templates import Template, templates
from bixie.kit.messages import Language, catalogue
from bixie.law.citation import cite
from bixie.law.loading import catalogue_of_law

__all__ = ["language_for", "offered", "template_for", "until_text"]


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


def until_text(template: Template, act: date, language: Language) -> str | None:
    """Return until when a paper is in time, and by which law, the first day first; None without a limit."""
    words = catalogue("bixie.dossier.documents")
    limits = [
        words.text("until", day=day.isoformat(), law=cite(catalogue_of_law().rules[law]).in_(language))
        for day, law in template.last_days(act)
    ]
    if not limits:
        return None
    joined = ("；" if language == "zh" else "; ").join(one.in_(language) for one in limits)
    return words.text("until.counted", limits=joined).in_(language)
