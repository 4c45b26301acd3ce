"""The documents of a package that tell what happened: case, custody, rules, law, methods, standards."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

from bixie.access.tenancy import TenantSession
from bixie.cases import repository
from bixie.cases.answer import Reader, case_out
from bixie.cases.models import Case
from bixie.cases.opening import state_of
from bixie.cases.packs.lookup import pack_by
from bixie.cases.words import Audience, Side
from bixie.kit.calendar import CHINA
from bixie.kit.canonical_json import Json
from bixie.kit.timestamps import Clock
from bixie.law.citation import cite
from bixie.law.loading import catalogue_of_law
from bixie.ledger.rules import Event

__all__ = ["case_document", "custody", "law_document", "methods", "policy_documents", "standards"]

_OF_CUSTODY = ("exhibit.", "ledger.erased")
_PLATFORM_ONLY = ("person", "persons")


def case_document(session: TenantSession, case: Case, clock: Clock) -> dict[str, Any]:
    """Return the case as both sides may see it: no message for one side, no person's id."""
    found = case_out(session, case, Reader(Side.PLATFORM, clock)).model_dump(mode="json")
    found["thread"] = [one for one in found["thread"] if one["audience"] == Audience.ALL]
    for made in filter(None, (*found["decisions"], found["decision"])):
        for name in _PLATFORM_ONLY:
            made.pop(name, None)
    for name in ("next_actions", "action_names", "challenge", "skipped", "side", "side_name"):
        found.pop(name, None)
    return found


def custody(events: Sequence[Event]) -> list[Json]:
    """Return what happened to each file, in order: received, checked, handed out, examined, erased."""
    return [
        {
            "exhibit": one.subject,
            "event": one.sequence,
            "time": one.time,
            "what": one.type,
            "by": one.actor,
            "purpose": one.data.get("purpose"),
        }
        for one in events
        if one.type.startswith(_OF_CUSTODY)
    ]


def policy_documents(session: TenantSession, case: Case) -> dict[str, Json]:
    """Return the rules that the case is heard by, and the record of each decision, by their paths."""
    pack = pack_by(session, state_of(session, case).filed.pack)
    found: dict[str, Json] = {"policy/pack.json": pack.model_dump(mode="json")}
    for number, made in enumerate(repository.decisions_of(session, case.id), 1):
        found[f"policy/decision-{number:03}.json"] = dict(made.record)
    return found


def law_document(session: TenantSession, case: Case) -> list[Json]:
    """Return the articles that the rules of the case name, as they were in force on the day of the claim."""
    pack = pack_by(session, state_of(session, case).filed.pack)
    day = case.filed_at.astimezone(CHINA).date()
    named = sorted({key for rule in pack.rules for key in rule.law})
    rules = (catalogue_of_law().rules.get(key) for key in named)
    return [
        {
            "id": rule.id,
            "law": cite(rule).to_dict(),
            "text": rule.text.to_dict(),
            "from": None if rule.start is None else rule.start.isoformat(),
            "until": None if rule.end is None else rule.end.isoformat(),
            "on": day.isoformat(),
        }
        for rule in rules
        if rule is not None and rule.in_force(day)
    ]


def methods(reports: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, bytes]]:
    """Yield path and text of the card of each examiner that found something: error rates, blind spots."""
    names = {
        str(finding["examiner"])
        for report in reports
        for exhibit in report["exhibits"]
        for finding in exhibit["findings"]
    }
    for name in sorted(names):
        card = resources.files("bixie.examiners").joinpath(name, "CARD.md")
        if card.is_file():
            yield f"methods/{name}.md", card.read_bytes()


@cache
def standards() -> list[dict[str, Any]]:
    """Return the standards, with what of them is met and what stays open."""
    source = resources.files(__package__).joinpath("standards.toml").read_text(encoding="utf-8")
    listed: list[dict[str, Any]] = tomllib.loads(source)["standard"]
    return listed
