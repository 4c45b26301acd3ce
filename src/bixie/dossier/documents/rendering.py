"""Writes a filled paper as one HTML page for A4 that loads nothing from elsewhere; everything is escaped."""

from bixie.dossier.documents.sheet import Sheet
from bixie.dossier.pages import environment

__all__ = ["as_html"]


def as_html(sheet: Sheet) -> str:
    """Return a paper as a page."""
    return environment("bixie.dossier.documents").get_template("paper.html.j2").render(sheet=sheet)
