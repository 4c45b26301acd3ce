"""The page that orders a package for its reader, in both languages."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from bixie.dossier.pages import environment, named_exhibit
from bixie.kit.messages import Language, catalogue

__all__ = ["overview"]


def overview(language: Language, facts: Mapping[str, Any]) -> bytes:
    """Return the page; everything in it is escaped, and it loads nothing from elsewhere.

    Parameters
    ----------
    language : str
    facts : dict
        What the template names.
    """
    say = partial(_say, language)
    values = {**facts, "exhibits": [named_exhibit(one) for one in facts["exhibits"]], "language": language}
    page = environment("bixie.dossier.building").get_template("overview.html.j2")
    return page.render(values, say=say, grade=lambda grade: say(f"grade.{grade}")).encode()


def _say(language: Language, key: str, **values: object) -> str:
    return catalogue("bixie.dossier.building").text(key, **values).in_(language)
