"""What is on record about a case or an order, as the checks of claims and answers take it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bixie.access.tenancy import TenantSession
from bixie.cases import repository
from bixie.cases.claims.answers import check_rejection, check_supplement
from bixie.cases.claims.drafts import EarlierClaim
from bixie.cases.claims.loading import claim_options
from bixie.cases.claims.order_facts import draft_exhibits, order_facts
from bixie.cases.claims.remaining import goods_left, largest_amount
from bixie.cases.event_parts import Item, Outcome
from bixie.cases.models import Case
from bixie.cases.opening import state_of, states_of
from bixie.cases.state import CaseState
from bixie.cases.words import DutyKind, OutcomeKind, Service, Side
from bixie.orders import repository as orders
from bixie.vault import repository as vault

if TYPE_CHECKING:
    from bixie.cases.service import Said

__all__ = [
    "check_answer_to_request",
    "check_rejection_of",
    "earlier_claims",
    "goods_left_of_order",
    "left_of_order",
]

_SERVICES = {
    OutcomeKind.REFUND: Service.REFUND_ONLY,
    OutcomeKind.RETURN_REFUND: Service.RETURN_REFUND,
    OutcomeKind.EXCHANGE: Service.EXCHANGE,
    OutcomeKind.REPLENISH: Service.REPLENISH,
    OutcomeKind.REPAIR: Service.REPAIR,
}
_CHANGE_HANDS = frozenset({OutcomeKind.RETURN_REFUND, OutcomeKind.EXCHANGE, OutcomeKind.REPLENISH})
"""Outcomes in which goods are sent, one way or the other."""


def earlier_claims(session: TenantSession, order_id: str) -> list[EarlierClaim]:
    """Return the claims that were filed on an order, the oldest first."""
    rows = repository.of_order(session, order_id)
    states = states_of(session, rows)
    return [earlier_claim(row.id, states[row.id]) for row in rows]


def left_of_order(session: TenantSession, case: Case, state: CaseState) -> int | None:
    """Return what can still be refunded for the items of a case, in fen, after its order's other decisions.

    A claim can be filed after another one was refused, and an appeal can then give both.

    Returns
    -------
    int or None
        None where the order, or what was paid, is not known.
    """
    order = orders.by_id(session, case.order_id)
    if order is None:
        return None
    others = _settled_others(session, case)
    return largest_amount(_pairs(state.filed.items), order_facts(order, claim_options()), others)


def goods_left_of_order(session: TenantSession, case: Case, state: CaseState, outcome: Outcome) -> int | None:
    """Return the pieces that the order's other decisions leave of a line that an outcome takes too much of.

    Returns
    -------
    int or None
        None where every line has enough, no goods change hands, or the order is not known.
    """
    order = orders.by_id(session, case.order_id)
    if order is None or outcome.kind not in _CHANGE_HANDS:
        return None
    others, facts = _settled_others(session, case), order_facts(order, claim_options())
    wanted: dict[int, int] = {}
    for position, count in _pairs(outcome.items or state.filed.items):  # a line can be named more than once
        wanted[position] = wanted.get(position, 0) + count
    service = str(_SERVICES[outcome.kind])
    left = {
        position: goods_left(position, facts, others, service, state.filed.previous) for position in wanted
    }
    return next((left[one] for one, count in wanted.items() if count > left[one]), None)


def _settled_others(session: TenantSession, case: Case) -> list[EarlierClaim]:
    """Return the claims on the order of a case that were granted in other cases."""
    found = earlier_claims(session, case.order_id)
    return [one for one in found if one.case != case.id and one.state == "settled"]


def earlier_claim(case_id: str, state: CaseState) -> EarlierClaim:
    """Return what a case takes of its order, as far as it has come."""
    filed, decision = state.filed, state.decision
    if decision is not None and decision.outcome.kind is not OutcomeKind.REFUSE:
        outcome = decision.outcome
        kept = state.closed_why == "not_returned"
        return EarlierClaim(
            case=case_id,
            service=str(_SERVICES[outcome.kind]),
            items=_pairs(outcome.items or filed.items),
            state="ended" if kept else "settled",
            amount=outcome.amount_minor or 0,
            previous=filed.previous,
            filed_by_buyer=filed.filed_by is Side.BUYER,
        )
    ended = state.closed_why is not None or (decision is not None and state.appeal is None)
    paid = filed.service in (Service.REFUND_ONLY, Service.RETURN_REFUND)
    return EarlierClaim(
        case=case_id,
        service=str(filed.service),
        items=_pairs(filed.items),
        state="ended" if ended else "open",
        amount=state.amount_minor if paid else 0,
        previous=filed.previous,
        filed_by_buyer=filed.filed_by is Side.BUYER,
    )


def check_rejection_of(session: TenantSession, case_id: str, reason: str, said: "Said") -> None:
    """Refuse a merchant's rejection without what its reason asks for.

    Raises
    ------
    ClaimError
        Those of `bixie.cases.claims.answers.check_rejection`.
    """
    links = repository.exhibits_of(session, case_id)
    pictures = len(said.exhibits) + sum(one.side == Side.MERCHANT for one in links)
    check_rejection(reason, said.text, pictures, claim_options())


def check_answer_to_request(session: TenantSession, case: Case, said: "Said") -> None:
    """Refuse a buyer's answer that is complete, but without what must be there or a word about it.

    Raises
    ------
    ClaimError
        ``claims.answer_without_reason``.
    """
    state = state_of(session, case)
    duty = state.duty(DutyKind.SUPPLEMENT, Side.BUYER)
    if duty is None:
        return
    links = repository.exhibits_of(session, case.id)
    since = [
        (one.exhibit_id, one.role)
        for one in links
        if one.side == Side.BUYER and one.added_at >= duty.opened_at
    ]
    given = [*since, *((one.exhibit, one.role) for one in said.exhibits)]
    found = ((vault.by_id(session, exhibit_id), role) for exhibit_id, role in given)
    files = draft_exhibits((file, role) for file, role in found if file is not None)
    check_supplement(state.asked, files, said.text, claim_options())


def _pairs(items: Sequence[Item]) -> tuple[tuple[int, int], ...]:
    return tuple((one.position, one.count) for one in items)
