"""What rules of a case check before anything follows: its status, and what an outcome may come to. Pure."""

from collections.abc import Collection

from bixie.cases.errors import NotNowError, RefusedCaseError
from bixie.cases.event_parts import Outcome
from bixie.cases.state import CaseState
from bixie.cases.words import Action, OutcomeKind, Side, Status
from bixie.kit.money import yuan_from_fen

__all__ = ["check_amount", "check_offer", "check_status", "other_side"]


def check_status(state: CaseState, action: Action, statuses: Collection[Status]) -> None:
    """Refuse an action in any other status.

    Raises
    ------
    NotNowError
        ``cases.not_now``.
    """
    if state.status not in statuses:
        raise NotNowError("cases.not_now", action=action, status=state.status)


def check_amount(state: CaseState, outcome: Outcome) -> None:
    """Refuse an outcome whose amount or items go beyond the claim.

    Raises
    ------
    RefusedCaseError
        ``cases.wrong_currency``, ``cases.amount_above_claim``, ``cases.amount_missing`` or
        ``cases.items_beyond_claim``.
    """
    refunds = outcome.kind in (OutcomeKind.REFUND, OutcomeKind.RETURN_REFUND)
    if refunds != (outcome.amount_minor is not None):
        raise RefusedCaseError("cases.amount_missing" if refunds else "cases.amount_not_here")
    if outcome.amount_minor is not None:
        if outcome.currency != state.filed.currency:
            raise RefusedCaseError("cases.wrong_currency", currency=state.filed.currency)
        if not 0 < outcome.amount_minor <= state.amount_minor:
            raise RefusedCaseError("cases.amount_above_claim", amount=yuan_from_fen(state.amount_minor))
    claimed = {one.position: one.count for one in state.filed.items}
    if any(not 0 < one.count <= claimed.get(one.position, 0) for one in outcome.items):
        raise RefusedCaseError("cases.items_beyond_claim")


def check_offer(state: CaseState, outcome: Outcome | None) -> None:
    """Refuse an offer of nothing, or of more than the claim.

    Raises
    ------
    RefusedCaseError
        ``cases.offer_of_nothing``, and those of `check_amount`.
    """
    if outcome is None or outcome.kind is OutcomeKind.REFUSE:
        raise RefusedCaseError("cases.offer_of_nothing")
    check_amount(state, outcome)


def other_side(side: Side) -> Side:
    """Return the buyer for the merchant, and the merchant for anybody else."""
    return Side.BUYER if side is Side.MERCHANT else Side.MERCHANT
