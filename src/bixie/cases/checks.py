"""What rules of a case check before anything follows: its status, and what an outcome may come to. Pure."""

from collections.abc import Collection
from datetime import datetime

from bixie.cases.claims.loading import claim_options
from bixie.cases.errors import NotNowError, NotYoursError, RefusedCaseError
from bixie.cases.event_parts import Outcome
from bixie.cases.state import CaseState, DutyState
from bixie.cases.words import Action, DutyKind, NegotiationForm, OnTimeout, OutcomeKind, Side, Status
from bixie.kit.money import yuan_from_fen

__all__ = [
    "check_amount",
    "check_form",
    "check_in_time",
    "check_is_open",
    "check_offer",
    "check_status",
    "check_supplements",
    "has_supplemented_enough",
    "is_over",
    "other_side",
]

_NAMES_GOODS = frozenset({OutcomeKind.EXCHANGE, OutcomeKind.REPLENISH})
"""Outcomes that are nothing without the goods that they send."""
_MAX_ASKED = 3
"""So often a merchant can ask for other evidence: each time the buyer waits longer for its answer."""


def check_status(state: CaseState, action: Action, statuses: Collection[Status]) -> None:
    """Refuse an action in any other status.

    Raises
    ------
    NotNowError
        ``cases.not_now``.
    """
    if state.status not in statuses:
        raise NotNowError("cases.not_now", action=action, status=state.status)


def is_over(duty: DutyState | None, now: datetime) -> bool:
    """Return whether the time of a duty has run out, so that what was announced follows."""
    return duty is not None and duty.runs and now >= duty.due_at and duty.on_timeout is not OnTimeout.REMIND


def check_in_time(duty: DutyState | None, now: datetime) -> None:
    """Refuse what would undo the end that was announced for a duty, however late that end is carried out.

    Raises
    ------
    NotNowError
        ``cases.time_is_over``.
    """
    if is_over(duty, now):
        raise NotNowError("cases.time_is_over")


def check_amount(state: CaseState, outcome: Outcome) -> None:
    """Refuse an outcome whose amount or items go beyond the claim.

    Raises
    ------
    RefusedCaseError
        ``cases.wrong_currency``, ``cases.amount_above_claim``, ``cases.amount_missing``,
        ``cases.items_missing`` or ``cases.items_beyond_claim``.
    """
    if outcome.kind in _NAMES_GOODS and not outcome.items:
        raise RefusedCaseError("cases.items_missing")
    refunds = outcome.kind in (OutcomeKind.REFUND, OutcomeKind.RETURN_REFUND)
    if refunds != (outcome.amount_minor is not None):
        raise RefusedCaseError("cases.amount_missing" if refunds else "cases.amount_not_here")
    if outcome.amount_minor is not None:
        if outcome.currency != state.filed.currency:
            raise RefusedCaseError("cases.wrong_currency", currency=state.filed.currency)
        if not 0 < outcome.amount_minor <= state.amount_minor:
            raise RefusedCaseError("cases.amount_above_claim", amount=yuan_from_fen(state.amount_minor))
    left = {one.position: one.count for one in state.filed.items}
    for one in outcome.items:  # a line can be named more than once
        left[one.position] = left.get(one.position, 0) - one.count
        if one.count < 1 or left[one.position] < 0:
            raise RefusedCaseError("cases.items_beyond_claim")


def check_is_open(state: CaseState, offer: str | None) -> None:
    """Refuse to answer an offer that is not the open one any more. None names no offer.

    Raises
    ------
    NotNowError
        ``cases.other_offer``.
    """
    there = state.open_offer
    if offer is not None and (there is None or there.id != offer):
        raise NotNowError("cases.other_offer")


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


def check_form(state: CaseState, by: Side, form: NegotiationForm, asks_of: Side) -> None:
    """Refuse a form of negotiation that is not a side's, or not in this status.

    Raises
    ------
    NotYoursError
        ``cases.not_your_turn``.
    NotNowError
        ``cases.not_now``, ``cases.asked_enough`` or ``cases.offered_enough``.
    """
    if by is Side.PLATFORM:
        if form is not NegotiationForm.ASK_EVIDENCE or asks_of is Side.PLATFORM:
            raise NotYoursError("cases.not_your_turn", action=Action.NEGOTIATE)
        check_status(state, Action.NEGOTIATE, {Status.IN_REVIEW, Status.APPEALED})
    elif by is Side.MERCHANT:
        statuses = {Status.AWAITING_MERCHANT}
        if form is NegotiationForm.PROPOSE:
            statuses |= {Status.AWAITING_BUYER, Status.IN_REVIEW}
        check_status(state, Action.NEGOTIATE, statuses)
        if form is NegotiationForm.ASK_EVIDENCE:
            _check_asked(state, asks_of)
    else:
        if form is not NegotiationForm.PROPOSE:
            raise NotYoursError("cases.not_your_turn", action=Action.NEGOTIATE)
        check_status(state, Action.NEGOTIATE, {Status.AWAITING_BUYER, Status.IN_REVIEW})
    if form is not NegotiationForm.ASK_EVIDENCE:
        _check_offers(state, by)


def _check_offers(state: CaseState, by: Side) -> None:
    """Refuse an offer, or an invitation to withdraw, of a side that has made as many as the options allow.

    Raises
    ------
    NotNowError
        ``cases.offered_enough``.
    """
    maximum = claim_options().limits.offers_per_side
    asked = sum(one.kind is DutyKind.RESPOND and one.owner is not by for one in state.duties.values())
    if max(asked, sum(one.by is by for one in state.offers.values())) >= maximum:
        raise NotNowError("cases.offered_enough", maximum=maximum)


def check_supplements(state: CaseState, by: Side, *, ends: bool) -> None:
    """Refuse to add more of a side that has added as often as the options allow, unless that ends its duty.

    Raises
    ------
    NotNowError
        ``cases.supplemented_enough``.
    """
    if has_supplemented_enough(state, by) and not ends:
        maximum = claim_options().limits.supplements_per_side
        raise NotNowError("cases.supplemented_enough", maximum=maximum)


def has_supplemented_enough(state: CaseState, side: Side) -> bool:
    """Return whether a side has added to its evidence as often as the options allow."""
    return state.supplements.get(side, 0) >= claim_options().limits.supplements_per_side


def _check_asked(state: CaseState, asks_of: Side) -> None:
    """Refuse a merchant that asks itself, or that keeps a buyer busy with one request after another."""
    if asks_of is not Side.BUYER:
        raise NotYoursError("cases.not_your_turn", action=Action.NEGOTIATE)
    if sum(one.kind is DutyKind.SUPPLEMENT for one in state.duties.values()) >= _MAX_ASKED:
        raise NotNowError("cases.asked_enough", maximum=_MAX_ASKED)
