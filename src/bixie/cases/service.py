"""What the sides of a case do, each in the caller's transaction and a session of `bixie.cases.access`.

Every function opens the case under the ledger's lock, asks the rules, and records what follows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bixie.access.tenancy import TenantSession
from bixie.cases import decision_rules, rules
from bixie.cases.after_decision_rules import not_received as nothing_came
from bixie.cases.after_decision_rules import send_back as send_goods_back
from bixie.cases.after_decision_rules import settle as settle_by_hand
from bixie.cases.checks import check_is_open
from bixie.cases.decisions import Wanted, overturned_row, record_decision, request_remedy, rule_on
from bixie.cases.effects import after_evidence
from bixie.cases.errors import RefusedCaseError
from bixie.cases.event_parts import Outcome
from bixie.cases.events import CaseEvent, Escalated, MessagePosted
from bixie.cases.evidence import GivenExhibit, add_exhibits
from bixie.cases.models import CaseMessage
from bixie.cases.offers import partial_refund
from bixie.cases.opening import OpenCase, open_case
from bixie.cases.thread import new_message
from bixie.cases.words import Action, Basis, NegotiationForm, Side
from bixie.kit.timestamps import Clock, utc_now

__all__ = [
    "Said",
    "accept",
    "appeal",
    "ask_for_person",
    "escalate",
    "lower",
    "more_time",
    "negotiate",
    "not_received",
    "receive_return",
    "reject",
    "send_back",
    "send_return",
    "settle",
    "supplement",
    "withdraw",
]

_INSPECTIONS = ("pass", "partial", "fail")


@dataclass(frozen=True, slots=True)
class Said:
    """What a side says and shows with an action.

    Parameters
    ----------
    text : str
    exhibits : sequence of GivenExhibit
    """

    text: str = ""
    exhibits: Sequence[GivenExhibit] = ()


def accept(
    session: TenantSession,
    case_id: str,
    side: Side,
    said: Said = Said(),
    clock: Clock = utc_now,
    *,
    offer: str | None = None,
) -> OpenCase:
    """Accept the claim, or the other side's offer: both agree, and the remedy follows.

    With the id of an offer, nothing else is accepted: the other side may have replaced it meanwhile.
    """
    case = _opened(session, case_id, side, said, clock)
    check_is_open(case.state, offer)
    outcome = decision_rules.agreed_outcome(case.state, side)
    if outcome is None:
        _record(case, side, rules.withdraw(case.state, case.context), said, Action.ACCEPT)
        return case
    ruling, row = rule_on(case, Wanted(Basis.AGREEMENT, outcome, ("both_agreed",)))
    events = decision_rules.accept(case.state, case.context, side, ruling)
    posted = _message(case, side, said, Action.ACCEPT)
    record_decision(case, [*posted[1], *events], row, posted[0])
    return case


def reject(
    session: TenantSession,
    case_id: str,
    side: Side,
    *,
    reason: str = "",
    said: Said = Said(),
    clock: Clock = utc_now,
) -> OpenCase:
    """Reject the claim as the merchant, with a coded reason; or the other side's offer, without one."""
    case = _opened(session, case_id, side, said, clock)
    events = rules.say_no(case.state, case.context, side, reason)
    _record(case, side, events, said, Action.REJECT)
    return case


def negotiate(
    session: TenantSession,
    case_id: str,
    side: Side,
    form: NegotiationForm,
    *,
    asks: Sequence[str] = (),
    asks_of: Side = Side.BUYER,
    code_word: str | None = None,
    outcome: Outcome | None = None,
    damage_level: int | None = None,
    said: Said = Said(),
    clock: Clock = utc_now,
) -> OpenCase:
    """Invite to withdraw, ask for other evidence, or make an offer: an outcome, or a level of damage."""
    case = _opened(session, case_id, side, said, clock)
    if damage_level is not None:
        if outcome is not None or form is not NegotiationForm.PROPOSE:
            raise RefusedCaseError("cases.level_or_outcome")
        outcome = partial_refund(case.state, case.pack.terms, damage_level)
    events = rules.negotiate(
        case.state,
        case.context,
        side,
        form,
        asks_of=asks_of,
        asks=asks,
        code_word=code_word,
        outcome=outcome,
    )
    _record(case, side, events, said, Action.NEGOTIATE)
    return case


def supplement(
    session: TenantSession,
    case_id: str,
    side: Side,
    *,
    complete: bool,
    said: Said = Said(),
    clock: Clock = utc_now,
) -> OpenCase:
    """Add evidence or a statement; until it is complete, or the deadline, more can follow."""
    case = _opened(session, case_id, side, said, clock)
    events = rules.supplement(case.state, case.context, side, complete=complete)
    _record(case, side, events, said, Action.SUPPLEMENT)
    if said.exhibits:
        after_evidence(case)
    return case


def lower(session: TenantSession, case_id: str, amount_minor: int, clock: Clock = utc_now) -> OpenCase:
    """Ask for less as the buyer."""
    case = open_case(session, case_id, clock)
    case.record(rules.lower(case.state, case.context, amount_minor))
    return case


def withdraw(session: TenantSession, case_id: str, said: Said = Said(), clock: Clock = utc_now) -> OpenCase:
    """Withdraw the claim as the buyer."""
    case = open_case(session, case_id, clock)
    events = rules.withdraw(case.state, case.context)
    _record(case, Side.BUYER, events, said, Action.WITHDRAW)
    return case


def escalate(
    session: TenantSession, case_id: str, side: Side, said: Said = Said(), clock: Clock = utc_now
) -> OpenCase:
    """Ask the platform to step in."""
    case = _opened(session, case_id, side, said, clock)
    _record(case, side, rules.escalate(case.state, case.context, side), said, Action.ESCALATE)
    return case


def appeal(
    session: TenantSession,
    case_id: str,
    side: Side,
    reason: str,
    *,
    said: Said = Said(),
    clock: Clock = utc_now,
) -> OpenCase:
    """Appeal the decision, with a coded reason; another person decides."""
    case = open_case(session, case_id, clock)
    events = decision_rules.appeal(case.state, case.context, side, reason)
    _record(case, side, events, said, Action.APPEAL)
    if said.exhibits:
        add_exhibits(case, side, said.exhibits)
    return case


def more_time(session: TenantSession, case_id: str, side: Side, why: str, clock: Clock = utc_now) -> OpenCase:
    """Ask for more time for what a side owes."""
    case = open_case(session, case_id, clock)
    case.record(rules.more_time(case.state, case.context, side, why))
    return case


def ask_for_person(session: TenantSession, case_id: str, clock: Clock = utc_now) -> OpenCase:
    """Note that the buyer wants a person."""
    case = open_case(session, case_id, clock)
    case.record(rules.ask_for_person(case.state))
    return case


def send_return(
    session: TenantSession, case_id: str, said: Said = Said(), clock: Clock = utc_now
) -> OpenCase:
    """Note that the buyer has sent the goods back; the text names carrier and tracking number."""
    case = _opened(session, case_id, Side.BUYER, said, clock)
    _record(case, Side.BUYER, rules.send_return(case.state, case.context), said, Action.SUPPLEMENT)
    return case


def send_back(
    session: TenantSession, case_id: str, side: Side, said: Said = Said(), clock: Clock = utc_now
) -> OpenCase:
    """Note that the merchant has sent back goods that it may not keep, or that the buyer has them."""
    case = _opened(session, case_id, side, said, clock)
    _record(case, side, send_goods_back(case.state, case.context, side), said, Action.SUPPLEMENT)
    return case


def not_received(
    session: TenantSession, case_id: str, said: Said = Said(), clock: Clock = utc_now
) -> OpenCase:
    """Note that nothing of what was said to be sent has come to the buyer; the platform sees to it."""
    case = _opened(session, case_id, Side.BUYER, said, clock)
    _record(case, Side.BUYER, nothing_came(case.state, case.context), said, Action.NOT_RECEIVED)
    return case


def settle(session: TenantSession, case_id: str, said: Said, clock: Clock = utc_now) -> OpenCase:
    """Close a case whose rest the platform has settled by hand; the text tells both sides how.

    Raises
    ------
    RefusedCaseError
        ``cases.say_how`` without a text.
    """
    case = open_case(session, case_id, clock)
    if not said.text.strip():
        raise RefusedCaseError("cases.say_how")
    _record(case, Side.PLATFORM, settle_by_hand(case.state), said, Action.DECIDE)
    return case


def receive_return(
    session: TenantSession, case_id: str, inspection: str, said: Said = Said(), clock: Clock = utc_now
) -> OpenCase:
    """Note what the merchant found when the goods came back.

    Raises
    ------
    RefusedCaseError
        ``cases.not_an_inspection``.
    """
    if inspection not in _INSPECTIONS:
        raise RefusedCaseError("cases.not_an_inspection")
    case = _opened(session, case_id, Side.MERCHANT, said, clock)
    events = rules.receive_return(case.state, case.context, inspection)
    brought_back = case.state.decision if any(isinstance(one, Escalated) for one in events) else None
    former = [] if brought_back is None else overturned_row(case, brought_back.id)
    rows, posted = _message(case, Side.MERCHANT, said, Action.SUPPLEMENT)
    case.record([*posted, *events], [*rows, *former])
    request_remedy(case, events)
    return case


def _opened(session: TenantSession, case_id: str, side: Side, said: Said, clock: Clock) -> OpenCase:
    case = open_case(session, case_id, clock)
    if said.exhibits:
        add_exhibits(case, side, said.exhibits)
    return case


def _record(case: OpenCase, side: Side, events: Sequence[CaseEvent], said: Said, action: Action) -> None:
    rows, posted = _message(case, side, said, action)
    case.record([*posted, *events], rows)


def _message(
    case: OpenCase, side: Side, said: Said, action: Action
) -> tuple[list[CaseMessage], list[MessagePosted]]:
    """Return what a side wrote with an action, as a message of the thread, before the action itself."""
    if not said.text.strip():
        return [], []
    shown = [one.exhibit for one in said.exhibits if one.exhibit in case.state.exhibits]
    row, event = new_message(case, side, said.text, exhibits=shown, about=str(action))
    return [row], [event]
