"""The page that orders a package for its reader, in both languages."""

from collections.abc import Mapping
from functools import cache, partial
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from bixie.cases.errors import name_of
from bixie.cases.names import role_name
from bixie.cases.words import Side
from bixie.kit.calendar import CHINA
from bixie.kit.messages import Language, catalogue
from bixie.kit.timestamps import parse_timestamp
from bixie.vault.models import Role

__all__ = ["overview"]

_KNOWN = frozenset({Role.LISTING, Role.PACKING})
"""Roles of known pictures, which no claim's form names."""


def overview(language: Language, facts: Mapping[str, Any]) -> bytes:
    """Return the page; everything in it is escaped, and it loads nothing from elsewhere.

    Parameters
    ----------
    language : str
    facts : dict
        What the template names.
    """
    exhibits = [_named(one) for one in facts["exhibits"]]
    page = _environment().get_template("overview.html.j2")
    values = {**facts, "exhibits": exhibits, "language": language, "grade": partial(_grade, language)}
    return page.render(values, say=partial(_say, language)).encode()


def _say(language: Language, key: str, **values: object) -> str:
    return catalogue("bixie.dossier.building").text(key, **values).in_(language)


def _grade(language: Language, grade: str) -> str:
    return _say(language, f"grade.{grade}")


def _named(exhibit: Mapping[str, Any]) -> dict[str, Any]:
    """Return an exhibit with the names of its side and role."""
    sides = {str(one): name_of(one).to_dict() for one in Side}
    side = sides.get(exhibit["side"], {"zh": exhibit["side"], "en": exhibit["side"]})
    role = exhibit["role"]
    named = catalogue("bixie.dossier.building").text(f"role.{role}") if role in _KNOWN else role_name(role)
    return {**exhibit, "side_name": side, "role_name": named.to_dict()}


def _time(written: str) -> str:
    """Return a time as clerks read it."""
    return f"{parse_timestamp(written).astimezone(CHINA):%Y-%m-%d %H:%M:%S}"


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("bixie.dossier.building", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["time"] = _time
    return made
