"""What the pages of a dossier share: names of files for people, times of China, one environment."""

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from bixie.cases.errors import name_of
from bixie.cases.names import role_name
from bixie.cases.words import Side
from bixie.kit.calendar import CHINA
from bixie.kit.messages import catalogue
from bixie.kit.timestamps import parse_timestamp
from bixie.vault.models import Role

__all__ = ["environment", "named_exhibit", "time_in_china"]

_KNOWN = frozenset({Role.LISTING, Role.PACKING})
"""Roles of known pictures, which no claim's form names."""


def environment(package: str) -> Environment:
    """Return what renders a package's templates: everything is escaped, and a missing value is an error."""
    made = Environment(
        loader=PackageLoader(package, ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["time"] = time_in_china
    return made


def named_exhibit(exhibit: Mapping[str, Any]) -> dict[str, Any]:
    """Return an exhibit of ``exhibits.json`` with the names of its side and role."""
    sides = {str(one): name_of(one).to_dict() for one in Side}
    side = sides.get(exhibit["side"], {"zh": exhibit["side"], "en": exhibit["side"]})
    role = exhibit["role"]
    named = catalogue("bixie.dossier").text(f"role.{role}") if role in _KNOWN else role_name(role)
    return {**exhibit, "side_name": side, "role_name": named.to_dict()}


def time_in_china(written: str) -> str:
    """Return a time as clerks read it.

    Parameters
    ----------
    written : str
        As `bixie.kit.timestamps.format_timestamp` writes it.
    """
    return f"{parse_timestamp(written).astimezone(CHINA):%Y-%m-%d %H:%M:%S}"
