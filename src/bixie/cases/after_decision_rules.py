"""What follows a decision: goods that the merchant may not keep, remedies that are carried out or taken back.

Pure, as `bixie.cases.rules`.
"""

from collections.abc import Collection

from bixie.cases.duty_rules import Context, close, close_all, open_duty
from bixie.cases.errors import NotNowError, NotYoursError
from bixie.cases.event_parts import DutyChanges, DutyOpened, Outcome
from bixie.cases.events import (
    CaseEvent,
    Closed,
    DutyReminded,
    NotReceived,
    Remedied,
    RemedyFailed,
    RemedyOrdered,
    ReversalFailed,
    Reversed,
    SentBack,
    SentBackArrived,
    Settled,
)
from bixie.cases.state import CaseState, DutyState
from bixie.cases.words import Action, DutyKind, OnTimeout, OutcomeKind, Side, Status

__all__ = [
    "RETURNED_FIRST",
    "goods_to_follow",
    "goods_to_send_back",
    "is_due",
    "may_say_not_received",
    "may_settle",
    "not_received",
    "remedied",
    "remedy_failed",
    "remedy_ordered",
    "remind",
    "reversal_failed",
    "send_back",
    "settle",
    "still_owed",
    "taken_back",
]

RETURNED_FIRST = frozenset({OutcomeKind.RETURN_REFUND, OutcomeKind.EXCHANGE})
"""What is carried out once the goods came back and were inspected; the merchant keeps them."""

_COMES_TO_BUYER = frozenset({OutcomeKind.EXCHANGE, OutcomeKind.REPLENISH})
"""What is carried out by sending goods to the buyer."""


def goods_to_send_back(state: CaseState, context: Context, outcome: Outcome | None) -> tuple[DutyOpened, ...]:
    """Return the merchant's duty to send goods back that it has and may not keep.

    Parameters
    ----------
    state : CaseState
    context : Context
    outcome : Outcome or None
        What is decided; None where the claim is withdrawn.
    """
    keeps = outcome is not None and outcome.kind in RETURNED_FIRST
    if keeps or not state.merchant_has_goods:
        return ()
    return (open_duty(context, DutyKind.SEND_BACK, Side.MERCHANT, OnTimeout.REMIND),)


def send_back(state: CaseState, context: Context, by: Side) -> list[CaseEvent]:
    """Note that the merchant has sent the goods back; the buyer can say it too, and that they arrived.

    Raises
    ------
    NotNowError
        ``cases.nothing_owed``.
    NotYoursError
        ``cases.not_your_turn`` for the platform, which settles the case instead.
    """
    if by is Side.PLATFORM:
        raise NotYoursError("cases.not_your_turn", action=Action.SUPPLEMENT)
    owed = state.duty(DutyKind.SEND_BACK)
    if owed is None:
        if by is Side.BUYER and state.sent_back == "sent":
            return _arrived(state, by)
        raise NotNowError("cases.nothing_owed")
    ends = (*close(owed, "sent"), *close(state.duty(DutyKind.FOLLOW_UP), "sent"))
    sent = SentBack(by=by, duties=DutyChanges(close=ends))
    if still_owed(state, {one.id for one in ends}) or state.appeal is not None:
        return [sent]
    return [sent, Closed(by=Side.PLATFORM, why=_why_closed(state))]


def _arrived(state: CaseState, by: Side) -> list[CaseEvent]:
    """Note that the goods have come; a case that was open for nothing else is closed again."""
    ends = close(state.duty(DutyKind.FOLLOW_UP), "arrived")
    said = SentBackArrived(by=by, duties=DutyChanges(close=ends))
    if not ends or still_owed(state, {one.id for one in ends}) or state.appeal is not None:
        return [said]
    return [said, Closed(by=Side.PLATFORM, why=_why_closed(state))]


def may_say_not_received(state: CaseState) -> bool:
    """Return whether the buyer may say that nothing came of goods that were said to be sent.

    Once for each sending, and not while the platform sees to goods of the case, or after it has settled it.
    """
    if state.not_received or state.appeal is not None or state.duty(DutyKind.FOLLOW_UP) is not None:
        return False
    if state.closed_why == "settled":
        return False
    decision = state.decision
    comes = decision is not None and decision.outcome.kind in _COMES_TO_BUYER
    return state.sent_back == "sent" or (comes and state.remedy_state == "carried_out")


def not_received(state: CaseState, context: Context) -> list[CaseEvent]:
    """Note that nothing has come to the buyer: a person of the platform sees to it, and the case is open.

    Raises
    ------
    NotNowError
        ``cases.not_now``.
    """
    if not may_say_not_received(state):
        raise NotNowError("cases.not_now", action=Action.NOT_RECEIVED, status=state.status)
    follow_up = goods_to_follow(context)
    return [NotReceived(by=Side.BUYER, duties=DutyChanges(open=(follow_up,)))]


def goods_to_follow(context: Context) -> DutyOpened:
    """Return the platform's duty to see to goods that do not come."""
    return open_duty(context, DutyKind.FOLLOW_UP, Side.PLATFORM, OnTimeout.REMIND)


def still_owed(state: CaseState, done: Collection[str]) -> bool:
    """Return whether anything is owed beside duties that end now."""
    return any(one.is_open and one.id not in done for one in state.duties.values())


def _why_closed(state: CaseState) -> str:
    """Return why a case is closed in which nothing is owed any more."""
    if state.is_withdrawn:
        return "withdrawn"
    if state.remedy_state == "carried_out":
        return "remedied"
    decision = state.decision
    upheld = any(
        one.overturned is False and decision and one.decision == decision.id for one in state.appeals
    )
    return "appeal_refused" if upheld else "refused"


def may_settle(state: CaseState) -> bool:
    """Return whether a person may settle by hand what does not come to an end by itself.

    Overdue goods do not close away a remedy that is still to be carried out.
    """
    pays = state.duty(DutyKind.CARRY_OUT) is not None
    overdue = state.duty(DutyKind.FOLLOW_UP) is not None and not pays
    return state.appeal is None and (state.reversal_failed or overdue)


def settle(state: CaseState) -> list[CaseEvent]:
    """Close a case whose rest a person has settled by hand: nothing more is ordered.

    Raises
    ------
    NotNowError
        ``cases.nothing_to_settle``.
    """
    if not may_settle(state):
        raise NotNowError("cases.nothing_to_settle")
    return [Settled(by=Side.PLATFORM, duties=DutyChanges(close=close_all(state, "settled")))]


def remind(state: CaseState, context: Context, duty: DutyState, hours: int) -> CaseEvent:
    """Return that a side was reminded, so many hours before its duty is due.

    Goods that are overdue bring in the platform: it sees to them from then on.
    """
    overdue = duty.kind is DutyKind.SEND_BACK and hours <= 0
    opened: tuple[DutyOpened, ...] = ()
    if overdue and state.duty(DutyKind.FOLLOW_UP) is None:
        opened = (goods_to_follow(context),)
    return DutyReminded(by=Side.PLATFORM, duty=duty.id, hours=hours, duties=DutyChanges(open=opened))


def remedy_ordered(state: CaseState, remedy: str) -> list[CaseEvent]:
    """Note that the remedy was ordered outside."""
    check = state.status in (Status.DECIDED, Status.REMEDYING) and is_due(state)
    again = state.remedy is None or (state.remedy == remedy and state.remedy_state == "failed")
    if not (check and again):
        raise NotNowError("cases.no_remedy")
    return [RemedyOrdered(by=Side.PLATFORM, remedy=remedy)]


def remedied(state: CaseState, remedy: str) -> list[CaseEvent]:
    """Note that the remedy was carried out; the case is closed, unless goods are still to be sent back.

    Word of another remedy, such as that of an overturned decision, says nothing of the case.
    """
    if state.remedy != remedy or state.remedy_state == "carried_out":
        return []
    ends = close(state.duty(DutyKind.CARRY_OUT), "carried_out")
    return [Remedied(by=Side.PLATFORM, remedy=remedy, duties=DutyChanges(close=ends))]


def remedy_failed(state: CaseState, remedy: str, reason: str) -> list[CaseEvent]:
    """Note that the outside refused the remedy; the platform owes it still. Of another: see `remedied`."""
    if state.remedy != remedy or state.remedy_state == "carried_out":
        return []
    return [RemedyFailed(by=Side.PLATFORM, remedy=remedy, reason=reason)]


def taken_back(state: CaseState, decision: str) -> list[CaseEvent]:
    """Note that the remedy of an overturned decision was taken back: what replaces it may be ordered.

    Where nothing is owed any more, the case is closed. To say it again changes nothing.
    """
    owed = state.duty(DutyKind.REVERSE)
    if owed is None:
        return []
    ends = close(owed, "reversed")
    said = Reversed(by=Side.PLATFORM, decision=decision, duties=DutyChanges(close=ends))
    if still_owed(state, {one.id for one in ends}):
        return [said]
    return [said, Closed(by=Side.PLATFORM, why=_why_closed(state))]


def reversal_failed(state: CaseState, decision: str, reason: str) -> list[CaseEvent]:
    """Note that a remedy could not be taken back; the platform owes it still, and nothing else is ordered."""
    if state.duty(DutyKind.REVERSE) is None or state.reversal_failed:
        return []
    return [ReversalFailed(by=Side.PLATFORM, decision=decision, reason=reason)]


def is_due(state: CaseState) -> bool:
    """Return whether the decision that stands asks for a remedy now.

    Goods that come back are back, and what was ordered for an overturned decision was taken back.
    """
    decision = state.decision
    if decision is None or decision.outcome.kind is OutcomeKind.REFUSE or state.is_reversing:
        return False
    return decision.outcome.kind not in RETURNED_FIRST or state.goods_are_back
