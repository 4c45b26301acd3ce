"""What is known of a case for its papers: each fact with its source. What is not known is not there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bixie.access.tenancy import TenantSession
from bixie.cases.claims.amounts import money_text
from bixie.cases.errors import NotNowError
from bixie.cases.letters.decided import letter_of_decision
from bixie.cases.models import Case
from bixie.cases.words import Side
from bixie.dossier.building.case_documents import case_document
from bixie.dossier.building.material import Material, exhibits_document, material_of
from bixie.dossier.pages import named_exhibit, time_in_china
from bixie.kit.calendar import CHINA
from bixie.kit.messages import Text, catalogue
from bixie.kit.timestamps import Clock, format_timestamp
from bixie.orders import repository as orders
from bixie.orders.models import Order
from bixie.vault.models import Role

__all__ = ["CaseFacts", "Known", "facts_of"]

_KNOWN_ROLES = frozenset({Role.LISTING, Role.PACKING})


@dataclass(frozen=True, slots=True)
class Known:
    """A fact.

    Parameters
    ----------
    value, source : Text
        What is known, and from where.
    """

    value: Text
    source: Text


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What the papers of a case are filled from.

    Parameters
    ----------
    case : str
    act : date
        Day of the claim, by which the law is chosen and time limits are counted.
    known : dict of str to Known
        By the keys of ``fields.toml``.
    lists : dict of str to list
        Rows by the names of `bixie.dossier.documents.templates.LISTS`.
    """

    case: str
    act: date
    known: Mapping[str, Known]
    lists: Mapping[str, Sequence[Mapping[str, Any]]]


def facts_of(
    session: TenantSession, case: Case, side: Side, reports: Sequence[Mapping[str, Any]], clock: Clock
) -> CaseFacts:
    """Return what is known of a case.

    Parameters
    ----------
    session : TenantSession
    case : Case
    side : Side
        Whose papers they are.
    reports : sequence of mapping
        Documents of the reports about its files.
    clock : callable
    """
    document = case_document(session, case, clock)
    order = orders.by_id(session, case.order_id)
    known = {**_of_order(order), **_of_case(document)}
    day = case.filed_at.astimezone(CHINA).date()
    lists = _lists(document, material_of(session, case), reports)
    return CaseFacts(case.id, day, known, lists | {"letter": _letter(session, case, side)})


def _of_order(order: Order | None) -> dict[str, Known]:
    if order is None:
        return {}
    source = _say("source.order", number=order.number)
    found = {"order.number": Known(_as_written(order.number), source)}
    if order.ordered_at is not None:
        found["order.ordered_at"] = Known(_time(order.ordered_at), source)
    items = [one.name or one.sku or "" for one in order.items]
    if order.items and all(items):
        found["order.items"] = Known(_goods(order), source)
    delivered = [one.delivered_at for one in order.deliveries if one.delivered_at is not None]
    if delivered:
        found["order.delivered_at"] = Known(_time(max(delivered)), source)
    numbers = [" ".join(filter(None, (one.carrier, one.tracking_number))) for one in order.deliveries]
    if any(numbers):
        found["order.tracking"] = Known(_as_written("; ".join(filter(None, numbers))), source)
    return found


def _goods(order: Order) -> Text:
    lines = []
    for one in order.items:
        price = "" if one.price is None else f" × {money_text(one.price, 'CNY').zh}"
        lines.append(f"{one.name or one.sku} × {one.quantity}{price}")
    return _as_written("; ".join(lines))


def _of_case(document: Mapping[str, Any]) -> dict[str, Known]:
    claim, source = document["claim"], _say("source.case", case=document["id"])
    found = {
        "case.id": Known(_as_written(document["id"]), source),
        "case.filed_at": Known(_as_written(time_in_china(claim["filed_at"])), source),
        "case.service": Known(Text(**claim["service_name"]), source),
        "case.reason": Known(Text(**claim["reason_name"]), source),
        "case.amount": Known(money_text(claim["amount"]["minor"], claim["amount"]["currency"]), source),
    }
    if claim["text"]:
        found["case.text"] = Known(_as_written(claim["text"]), source)
    made = document["decision"]
    if made is None:
        return found
    decided = _say("source.decision", decision=made["id"])
    names = [Text(**one) for one in made["reason_names"]]
    reasons = Text(en="; ".join(one.en for one in names), zh="；".join(one.zh for one in names))
    return found | {
        "decision.outcome": Known(Text(**made["outcome_name"]), decided),
        "decision.basis": Known(Text(**made["basis_name"]), decided),
        "decision.date": Known(_as_written(time_in_china(made["decided_at"])), decided),
        "decision.reasons": Known(reasons, decided),
    }


def _lists(
    document: Mapping[str, Any], material: Material, reports: Sequence[Mapping[str, Any]]
) -> dict[str, list[Mapping[str, Any]]]:
    listed = [named_exhibit(one) for one in exhibits_document(material.pieces, ())]
    files = [one for one in listed if one["role"] != "report"]
    exhibits = [{**one, "number": number} for number, one in enumerate(files, 1)]
    numbers = {one["id"]: one["number"] for one in exhibits}
    found = [
        {**finding, "exhibit": exhibit["id"], "number": numbers.get(exhibit["id"])}
        for report in reports
        for exhibit in report["exhibits"]
        for finding in exhibit["findings"]
        if finding["grade"] != "informative" or finding["code"].startswith("label.")
    ]
    labels = [one for one in found if one["code"].startswith(("label.aigc", "label.removed"))]
    labelled = {one["exhibit"] for one in labels}
    return {
        "evidence": exhibits,
        "exhibits": exhibits,
        "known": [one for one in exhibits if one["role"] in _KNOWN_ROLES],
        "findings": found,
        "labelled": [one for one in exhibits if one["id"] in labelled],
        "labels": labels,
        "thread": document["thread"],
    }


def _letter(session: TenantSession, case: Case, side: Side) -> list[Mapping[str, Any]]:
    try:
        letter = letter_of_decision(session, case, side)
    except NotNowError:
        return []
    return [
        {
            "head": one.head.to_dict(),
            "paragraphs": {
                "zh": [text.zh for text in one.paragraphs],
                "en": [text.en for text in one.paragraphs],
            },
        }
        for one in letter.sections
    ]


def _time(moment: datetime) -> Text:
    return _as_written(time_in_china(format_timestamp(moment)))


def _as_written(text: str) -> Text:
    return Text(en=text, zh=text)


def _say(key: str, **values: object) -> Text:
    return catalogue("bixie.dossier.documents").text(key, **values)
