"""Which personal values a package opens, and why the others stay closed."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from bixie.cases.models import CaseMessage
from bixie.cases.words import Audience
from bixie.kit.canonical_json import Json, decode_canonical
from bixie.kit.messages import catalogue
from bixie.ledger.models import LedgerPersonal
from bixie.ledger.rules import Event

__all__ = ["Disclosure", "disclose"]


@dataclass(frozen=True, slots=True)
class Disclosure:
    """The commitments of an extract.

    Parameters
    ----------
    openings : list
        ``sequence``, ``name``, ``salt`` and ``value`` of those that are opened.
    redactions : list
        ``sequence``, ``name`` and the reason in both languages of those that stay closed.
    """

    openings: list[Json]
    redactions: list[Json]


def disclose(events: Sequence[Event], personal: Sequence[LedgerPersonal]) -> Disclosure:
    """Return what is opened of some events, and what is not.

    Parameters
    ----------
    events : sequence of Event
    personal : sequence of LedgerPersonal
        All values of these events that were not erased.
    """
    there = {(one.sequence, one.name): one for one in personal}
    found = Disclosure([], [])
    for event in events:
        for name in sorted(event.personal):
            row = there.get((event.sequence, name))
            reason = "erased" if row is None else _why_closed(event, name)
            place: dict[str, Json] = {"sequence": event.sequence, "name": name}
            if row is not None and reason is None:
                value = {"salt": row.salt, "value": decode_canonical(row.value)}
                found.openings.append({**place, **value})
            else:
                said = catalogue("bixie.dossier.building").text(f"closed.{reason}")
                found.redactions.append({**place, "reason": reason, **said.to_dict()})
    return found


def _why_closed(event: Event, name: str) -> str | None:
    """Return why a value stays closed; None for one that is opened."""
    # `text.3` is the column `text` of the fourth row that the event states; `text` that of the first.
    column, _, number = name.partition(".")
    rows = event.data.get("rows") or []
    place = int(number) if number.isdecimal() else 0
    row: Mapping[str, Any] = rows[place] if place < len(rows) else {}
    table = row.get("table")
    if column not in _opened().get(str(table), ()):
        return "personal"
    of_one_side = table == CaseMessage.__tablename__ and row["values"].get("audience") != Audience.ALL
    return "one_side" if of_one_side else None


@cache
def _opened() -> dict[str, list[str]]:
    source = resources.files(__package__).joinpath("disclosure.toml").read_text(encoding="utf-8")
    opened: dict[str, list[str]] = tomllib.loads(source)["opened"]
    return opened
