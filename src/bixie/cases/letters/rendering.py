"""Writes a letter as plain text or as one self-contained HTML page."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from bixie.cases.letters.letter import Letter
from bixie.kit.messages import Language

__all__ = ["as_html", "as_text"]


def as_text(letter: Letter, language: Language) -> str:
    """Return a letter as plain text."""
    parts = [letter.title.in_(language)]
    for section in letter.sections:
        parts.append("\n".join(one.in_(language) for one in (section.head, *section.paragraphs)))
    return "\n\n".join(parts) + "\n"


def as_html(letter: Letter, language: Language) -> str:
    """Return a letter as a page that loads nothing from elsewhere; everything is escaped."""
    lang = "zh-CN" if language == "zh" else "en"
    return _environment().get_template("letter.html.j2").render(letter=letter, language=language, lang=lang)


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("bixie.cases.letters", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
