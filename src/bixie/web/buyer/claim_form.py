"""The form of a claim: what may be chosen for an order, and what the buyer has filled in so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fastapi import Response

from bixie.access.tenancy import TenantSession
from bixie.cases.claims.errors import FaultyClaimError
from bixie.cases.claims.form import claim_form
from bixie.cases.claims.loading import claim_options
from bixie.cases.event_parts import Item
from bixie.cases.filing import GivenClaim
from bixie.cases.schemas import ExhibitIn
from bixie.cases.words import Service
from bixie.identity.consent import Asked as AskedConsent
from bixie.identity.consent import give
from bixie.kit.errors import BixieError
from bixie.kit.messages import Language
from bixie.kit.money import Money, fen_from_yuan
from bixie.kit.timestamps import Clock
from bixie.orders.models import Order
from bixie.web.buyer.case_view import Wanted, of_role, upload_facts
from bixie.web.buyer.fields import Given, order_of
from bixie.web.buyer.visits import BuyerVisit
from bixie.web.errors import WebError
from bixie.web.pages import language_of, refusal_of

__all__ = ["Draft", "claim_of", "claim_page", "consent_given", "draft_of"]

_VIEWS = ("whole", "damage", "angle")
"""Several views are asked for first, whatever the reason."""
_TYPED = ("received", "service", "reason", "label", "amount", "text", "person")
_NO_ITEMS: Mapping[int, int] = {}


@dataclass(frozen=True, slots=True)
class Draft:
    """A claim as far as it is filled in.

    Parameters
    ----------
    items : mapping of int to int
        Pieces by position.
    values : mapping of str to str
        The other fields, as typed.
    agreed : frozenset of str
        Keys of the notices that the buyer agreed to.
    """

    items: Mapping[int, int] = field(default_factory=lambda: _NO_ITEMS)
    values: Mapping[str, str] = field(default_factory=dict)
    agreed: frozenset[str] = frozenset()

    def value(self, name: str) -> str:
        """Return a field; empty where nothing was typed."""
        return self.values.get(name, "")


def draft_of(given: Given) -> Draft:
    """Return what a form says; pieces that are no number count as none."""
    items = {}
    for position in given.texts("item"):
        count = given.text(f"count.{position}") or "1"
        if position.isdecimal() and count.isdecimal():
            items[int(position)] = int(count)
    return Draft(items, {name: given.text(name) for name in _TYPED}, frozenset(given.texts("agree")))


def claim_of(draft: Draft, order: Order, exhibits: Sequence[ExhibitIn]) -> GivenClaim:
    """Return the claim that a draft says.

    Raises
    ------
    WebError
        ``web.claim_unfinished`` where a field that is always needed is missing.
    MoneyError
        Those of `bixie.kit.money.fen_from_yuan`.
    """
    service, reason, received = (draft.value(name) for name in ("service", "reason", "received"))
    missing = [
        field
        for field, there in (
            ("items", bool(draft.items)),
            ("received", received in ("yes", "no")),
            ("service", service in set(Service)),
            ("reason", bool(reason)),
        )
        if not there
    ]
    if missing:
        raise WebError(f"web.claim_unfinished.{missing[0]}", 422)
    typed = draft.value("amount")
    minor = fen_from_yuan(typed, "amount") if typed else _paid(draft, order)
    return GivenClaim(
        items=tuple(Item(position=at, count=count) for at, count in sorted(draft.items.items()) if count),
        service=Service(service),
        reason=reason,
        received=received == "yes",
        amount=None if minor is None else Money(minor=minor),
        text=draft.value("text"),
        exhibits=tuple(one.as_given() for one in exhibits),
        wants_person=draft.value("person") == "yes",
        label=draft.value("label") or None,
    )


def _paid(draft: Draft, order: Order) -> int | None:
    """Return what was paid for the chosen pieces, in fen; None where a price is not known."""
    prices = {line.position: line.price for line in order.items}
    paid = [(prices.get(position), count) for position, count in draft.items.items()]
    return None if any(price is None for price, _ in paid) else sum((price or 0) * n for price, n in paid)


def consent_given(session: TenantSession, party: str, draft: Draft, language: Language, clock: Clock) -> None:
    """Record what the buyer agreed to.

    Raises
    ------
    WebError
        ``web.consent_missing``: without it the shop could not see what the claim is about.
    """
    for notice in claim_options().notices:
        if not notice.consent:
            continue
        if notice.key not in draft.agreed:
            raise WebError("web.consent_missing", 422)
        asked = AskedConsent(
            purpose=notice.purpose,
            kinds=notice.kinds,
            text=notice.text.in_(language),
            text_version=notice.version,
            language=language,
            recipient=notice.recipient,
        )
        give(session, party, asked, clock)


def claim_page(
    visit: BuyerVisit,
    draft: Draft | None = None,
    exhibits: Sequence[ExhibitIn] = (),
    refusal: BixieError | None = None,
) -> Response:
    """Return the form, after a refusal with what was filled in and the sentences above it."""
    assert visit.link.order is not None
    with visit.case_call().reading() as session:
        order = order_of(session, visit.link.order)
    form = claim_form(claim_options(), category=_category(order))
    draft = draft or Draft({0: 1} if len(order.items) == 1 else {})
    wanted = _wanted(draft, form)
    values: dict[str, Any] = {
        "order": order,
        "form": form,
        "draft": draft,
        "wanted": wanted,
        "extra": _others(wanted, form),
        "uploaded": exhibits,
        "facts": upload_facts(visit) | {"form": _of_script(form, language_of(visit.request))},
        "refusal": None if refusal is None else refusal_of(visit.request, refusal),
        "problems": refusal.problems if isinstance(refusal, FaultyClaimError) else (),
    }
    return visit.page("buyer/claim.html", 200 if refusal is None else refusal.status, **values)


def _category(order: Order) -> str | None:
    found = {line.category for line in order.items}
    return found.pop() if len(found) == 1 else None


def _wanted(draft: Draft, form: dict[str, Any]) -> list[Wanted]:
    """Return the pictures to ask for: of the reason, if there is one yet, and always several views."""
    options = claim_options()
    reason = next((one for one in form["reasons"] if one["key"] == draft.value("reason")), None)
    needs = {} if reason is None else {one["role"]: one["need"] == "required" for one in reason["evidence"]}
    roles = dict.fromkeys([*(_VIEWS if reason is None or needs else ()), *needs]) or {"other": None}
    return [of_role(options, role, required=needs.get(role, False)) for role in roles]


def _others(wanted: Sequence[Wanted], form: dict[str, Any]) -> list[Wanted]:
    """Return the pictures that other reasons ask for; a script shows them when the reason is chosen."""
    roles = dict.fromkeys(need["role"] for reason in form["reasons"] for need in reason["evidence"])
    there = {one.role for one in wanted}
    return [of_role(claim_options(), role) for role in (*roles, "other") if role not in there]


def _of_script(form: dict[str, Any], language: Language) -> dict[str, Any]:
    """Return what the script narrows the form with."""
    return {
        "services": {
            one["key"]: {"needs_goods": one["needs_goods"], "money": one["money"]} for one in form["services"]
        },
        "reasons": {
            one["key"]: {
                "received": list(services_of(one["key"], received=True)),
                "not_received": list(services_of(one["key"], received=False)),
                "roles": [need["role"] for need in one["evidence"]],
                "required": [need["role"] for need in one["evidence"] if need["need"] == "required"],
                "labels": [
                    {"key": label["key"], "title": label["title"][language]} for label in one["labels"]
                ],
                "text_required": one["text_required"],
            }
            for one in form["reasons"]
        },
    }


def services_of(key: str, *, received: bool) -> tuple[str, ...]:
    """Return the services that may be asked for with a reason."""
    reason = next(one for one in claim_options().reasons if one.key == key)
    return reason.services(received)
