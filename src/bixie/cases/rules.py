"""What a side may do in a case, and what follows: state and request in, events out. Pure.

Every function checks first, raises a `CaseError` where something may not be done, and changes nothing itself.
The functions about decisions and appeals are in `bixie.cases.decision_rules`.
"""

from collections.abc import Sequence

from bixie.cases.after_decision_rules import goods_to_send_back, still_owed
from bixie.cases.checks import (
    check_form,
    check_in_time,
    check_offer,
    check_status,
    check_supplements,
    other_side,
)
from bixie.cases.claims.loading import claim_options
from bixie.cases.duty_rules import (
    Context,
    close,
    close_all,
    extend,
    goes_on,
    open_duty,
    timed_out,
)
from bixie.cases.errors import NotNowError, NotYoursError, RefusedCaseError
from bixie.cases.event_parts import DutyChanges, DutyClosed, Outcome
from bixie.cases.events import (
    CaseEvent,
    Closed,
    Escalated,
    ExhibitAdded,
    Filed,
    Lowered,
    Negotiated,
    OfferAnswered,
    PersonRequested,
    Rejected,
    ReturnReceived,
    ReturnSent,
    Supplemented,
    Withdrawn,
)
from bixie.cases.hearing_rules import check_may_speak
from bixie.cases.state import CaseState, DutyState
from bixie.cases.words import (
    Action,
    DutyKind,
    NegotiationForm,
    OnTimeout,
    Side,
    Stage,
    Status,
)
from bixie.kit.due_time import due_after
from bixie.kit.money import yuan_from_fen

__all__ = [
    "add_exhibit",
    "ask_for_person",
    "escalate",
    "extend_for_examination",
    "file",
    "lower",
    "may_escalate",
    "more_time",
    "negotiate",
    "receive_return",
    "refuse_offer",
    "reject",
    "say_no",
    "send_return",
    "supplement",
    "time_out",
    "withdraw",
]

_AFTER_SALES = frozenset({Status.AWAITING_MERCHANT, Status.AWAITING_BUYER})
_UNDECIDED = _AFTER_SALES | {Status.IN_REVIEW}
_SUSPECT = "suspect"
"""Why a duty was extended: what the examination found."""


def file(filed: Filed, context: Context, *, silence_accepts: bool) -> CaseEvent:
    """Return the event that files a claim; the merchant owes an answer from then on.

    Parameters
    ----------
    filed : Filed
        Without duties.
    context : Context
    silence_accepts : bool
        Whether the pack, and for refund-only this merchant, has the claim accepted when the merchant does not
        answer.
    """
    on_timeout = OnTimeout.ACCEPT if silence_accepts else OnTimeout.ESCALATE
    duty = open_duty(context, DutyKind.ANSWER, Side.MERCHANT, on_timeout)
    return filed.model_copy(update={"duties": DutyChanges(open=(duty,))})


def reject(state: CaseState, context: Context, reason: str) -> list[CaseEvent]:
    """Reject the claim: the buyer may ask the platform to step in, for some days."""
    check_status(state, Action.REJECT, {Status.AWAITING_MERCHANT})
    check_in_time(state.duty(DutyKind.ANSWER), context.now)
    choose = open_duty(context, DutyKind.CHOOSE, Side.BUYER, OnTimeout.CLOSE)
    changes = DutyChanges(close=close(state.duty(DutyKind.ANSWER), "answered"), open=(choose,))
    return [Rejected(by=Side.MERCHANT, reason=reason, duties=changes)]


def negotiate(
    state: CaseState,
    context: Context,
    by: Side,
    form: NegotiationForm,
    *,
    asks_of: Side = Side.BUYER,
    asks: Sequence[str] = (),
    code_word: str | None = None,
    outcome: Outcome | None = None,
) -> list[CaseEvent]:
    """Answer with something else: an invitation to withdraw, a request for other evidence, an offer.

    While the other side must act, the time of whoever asked stands still.
    """
    check_form(state, by, form, asks_of)
    check_in_time(state.duty(DutyKind.ANSWER, by), context.now)
    if form is NegotiationForm.PROPOSE:
        check_offer(state, outcome)
    kind = DutyKind.SUPPLEMENT if form is NegotiationForm.ASK_EVIDENCE else DutyKind.RESPOND
    owner = asks_of if form is NegotiationForm.ASK_EVIDENCE else other_side(by)
    if by is Side.BUYER and state.stage is Stage.AFTER_SALES:
        changes = _countered(state, context)
    else:
        waiting = (state.duty(DutyKind.ANSWER), state.duty(DutyKind.CHOOSE))
        own = close(state.duty(DutyKind.RESPOND, by), "countered") if kind is DutyKind.RESPOND else ()
        changes = DutyChanges(
            close=(*close(state.duty(kind, owner), "replaced"), *own),
            open=(open_duty(context, kind, owner, OnTimeout.CONTINUE),),
            pause=tuple(one.id for one in waiting if one is not None and one.runs),
        )
    offer = context.new_id("offer") if form is NegotiationForm.PROPOSE else None
    return [
        Negotiated(
            by=by,
            form=form,
            asks_of=asks_of if form is NegotiationForm.ASK_EVIDENCE else None,
            asks=tuple(asks),
            code_word=code_word,
            offer=offer,
            outcome=outcome,
            duties=changes,
        )
    ]


def refuse_offer(state: CaseState, context: Context, by: Side) -> list[CaseEvent]:
    """Refuse the other side's offer, or its invitation to withdraw."""
    check_status(state, Action.REJECT, _UNDECIDED)
    if by is Side.PLATFORM:
        raise NotYoursError("cases.not_your_turn", action=Action.REJECT)
    offer = state.open_offer
    if offer is not None and offer.by is by:
        raise NotYoursError("cases.own_offer")
    respond = state.duty(DutyKind.RESPOND, by)
    if offer is None and respond is None:
        raise NotNowError("cases.no_offer")
    ends = close(respond, "refused")
    changes = DutyChanges(close=ends, resume=goes_on(state, context, ends))
    return [OfferAnswered(by=by, offer=offer.id if offer else "", accepted=False, duties=changes)]


def say_no(state: CaseState, context: Context, by: Side, reason: str) -> list[CaseEvent]:
    """Refuse the other side's offer; or, as the merchant that has none before it, reject the claim.

    Raises
    ------
    RefusedCaseError
        ``cases.reason_missing`` where the claim is rejected without one.
    """
    if by is Side.PLATFORM:
        raise NotYoursError("cases.not_your_turn", action=Action.REJECT)
    if by is Side.BUYER or (state.open_offer is not None and state.stage is Stage.PLATFORM):
        return refuse_offer(state, context, by)
    if not reason:
        raise RefusedCaseError("cases.reason_missing")
    return reject(state, context, reason)


def supplement(state: CaseState, context: Context, by: Side, *, complete: bool) -> list[CaseEvent]:
    """Add to the evidence. What is not complete may be extended until the deadline."""
    check_status(state, Action.SUPPLEMENT, _UNDECIDED | {Status.APPEALED})
    if by is Side.PLATFORM:
        raise NotYoursError("cases.not_your_turn", action=Action.SUPPLEMENT)
    check_may_speak(state, by, context.now)
    owed = [state.duty(kind, by) for kind in (DutyKind.SUPPLEMENT, DutyKind.HEARING)]
    check_supplements(state, by, ends=complete and any(owed))
    if not complete:
        return [Supplemented(by=by, complete=False)]
    closed = tuple(end for duty in owed for end in close(duty, "answered"))
    changes = DutyChanges(close=closed, resume=goes_on(state, context, closed))
    return [Supplemented(by=by, complete=True, duties=changes)]


def lower(state: CaseState, context: Context, amount_minor: int) -> list[CaseEvent]:
    """Ask for less; an amount never goes up. An open offer of more than that lapses."""
    check_status(state, Action.NEGOTIATE, _UNDECIDED)
    if not 0 < amount_minor < state.amount_minor:
        raise RefusedCaseError("cases.amount_only_down", amount=yuan_from_fen(state.amount_minor))
    maximum = claim_options().limits.lowerings_per_case
    if state.lowered >= maximum:
        raise NotNowError("cases.lowered_enough", maximum=maximum)
    offer = state.open_offer
    ends: tuple[DutyClosed, ...] = ()
    if offer is not None and (offer.outcome.amount_minor or 0) > amount_minor:
        ends = close(state.duty(DutyKind.RESPOND, other_side(offer.by)), "lapsed")
    changes = DutyChanges(close=ends, resume=goes_on(state, context, ends) if ends else ())
    return [Lowered(by=Side.BUYER, amount_minor=amount_minor, duties=changes)]


def withdraw(state: CaseState, context: Context) -> list[CaseEvent]:
    """Withdraw the claim, at any time before a decision. Goods that the merchant has come back."""
    check_status(state, Action.WITHDRAW, _UNDECIDED)
    owed = goods_to_send_back(state, context, None)
    return [Withdrawn(by=Side.BUYER, duties=DutyChanges(close=close_all(state, "withdrawn"), open=owed))]


def may_escalate(state: CaseState, context: Context) -> bool:
    """Return whether the buyer may ask the platform to step in.

    The merchant is heard first: it has refused, within the time that the pack gives, or answered otherwise.
    An offer that stops the buyer's time to choose, and more time, lengthen that time too. It does not bind a
    buyer who has answered with an offer: bargaining never outlasts the way to a person.
    """
    if state.status not in _AFTER_SALES:
        return False
    choose = state.duty(DutyKind.CHOOSE)
    if state.rejected_at is not None and choose is not None:
        if choose.pauses or choose.extended or not choose.runs:
            return True
        until = due_after(state.rejected_at, context.terms.escalate_within, context.calendar)
        return context.now <= until.at
    return state.challenge != "none" or bool(state.offers) or state.duty(DutyKind.RESPOND) is not None


def escalate(state: CaseState, context: Context, by: Side, why: str = "wish") -> list[CaseEvent]:
    """Ask the platform to step in: both sides are heard, then a person decides."""
    check_status(state, Action.ESCALATE, _AFTER_SALES)
    if by is Side.MERCHANT:
        raise NotYoursError("cases.not_your_turn", action=Action.ESCALATE)
    if not may_escalate(state, context):
        code = "cases.escalate_too_late" if state.rejected_at is not None else "cases.merchant_first"
        raise NotNowError(code)
    return [escalated(state, context, by, "refused" if state.rejected_at is not None else why)]


def escalated(state: CaseState, context: Context, by: Side, why: str) -> CaseEvent:
    """Return the event with which the platform steps in."""
    opened = (
        open_duty(context, DutyKind.HEARING, Side.BUYER, OnTimeout.CONTINUE),
        open_duty(context, DutyKind.HEARING, Side.MERCHANT, OnTimeout.CONTINUE),
    )
    heard = max(one.due_at for one in opened)
    review = open_duty(context, DutyKind.REVIEW, Side.PLATFORM, OnTimeout.REMIND, counted_from=heard)
    changes = DutyChanges(close=close_all(state, "escalated"), open=(*opened, review))
    return Escalated(by=by, why=why, duties=changes)


def more_time(state: CaseState, context: Context, by: Side, why: str) -> list[CaseEvent]:
    """Give a side more time for what it owes, as often as the pack allows."""
    duty = next((one for one in state.running if one.owner is by), None)
    if duty is None or duty.kind is DutyKind.APPEAL:
        raise NotNowError("cases.nothing_owed")
    check_in_time(duty, context.now)
    asked = sum(1 for one in duty.extended if one != _SUSPECT)
    if asked >= context.terms.extensions.max:
        raise NotNowError("cases.no_more_time", maximum=context.terms.extensions.max)
    return [extend(duty, by, context.terms.extensions.asked, why, context)]


def extend_for_examination(state: CaseState, context: Context) -> list[CaseEvent]:
    """Give the merchant more time, once, where a photo is in doubt; also while its time stands still."""
    duty = state.duty(DutyKind.ANSWER)
    if duty is None or _SUSPECT in duty.extended:
        return []
    return [extend(duty, Side.PLATFORM, context.terms.extensions.suspect, _SUSPECT, context)]


def ask_for_person(state: CaseState) -> list[CaseEvent]:
    """Note that the buyer wants a person; no decision without one from then on."""
    if state.wants_person:
        return []
    return [PersonRequested(by=Side.BUYER)]


def add_exhibit(state: CaseState, context: Context, by: Side, exhibit: str, role: str) -> list[CaseEvent]:
    """Add a file of evidence."""
    sends_back = by is Side.MERCHANT and state.duty(DutyKind.SEND_BACK) is not None
    if not sends_back and state.status not in _UNDECIDED | {Status.RETURNING, Status.APPEALED}:
        raise NotNowError("cases.not_now", action=Action.SUPPLEMENT, status=state.status)
    check_may_speak(state, by, context.now)
    return [ExhibitAdded(by=by, exhibit=exhibit, role=role)]


def send_return(state: CaseState, context: Context) -> list[CaseEvent]:
    """Note that the buyer has sent the goods back; the merchant inspects them."""
    duty = state.duty(DutyKind.RETURN, Side.BUYER)
    if duty is None or not duty.runs:
        raise NotNowError("cases.nothing_owed")
    inspect = open_duty(context, DutyKind.INSPECT, Side.MERCHANT, OnTimeout.ACCEPT)
    return [ReturnSent(by=Side.BUYER, duties=DutyChanges(close=close(duty, "sent"), open=(inspect,)))]


def receive_return(state: CaseState, context: Context, inspection: str) -> list[CaseEvent]:
    """Note what the merchant found. What does not pass goes to a person."""
    duty = state.duty(DutyKind.INSPECT, Side.MERCHANT)
    if duty is None or not duty.runs:
        raise NotNowError("cases.nothing_owed")
    if inspection == "pass":
        return [_returned(state, context, Side.MERCHANT)]
    check_in_time(duty, context.now)
    received = ReturnReceived(
        by=Side.MERCHANT, inspection=inspection, duties=DutyChanges(close=close(duty, inspection))
    )
    return [received, _escalated_after(received, state, context)]


def time_out(state: CaseState, context: Context, duty: DutyState) -> list[CaseEvent]:
    """Return what follows when time runs out, as it was announced with the duty.

    Raises
    ------
    NotNowError
        ``cases.nothing_owed`` for a duty that is paused or done, or not due yet.

    Notes
    -----
    An answer that counts as given by silence is a decision: `bixie.cases.decision_rules.accept_by_silence`.
    """
    out = timed_out(duty, context)
    match duty.kind, duty.on_timeout:
        case DutyKind.ANSWER, OnTimeout.ESCALATE:
            return [out, _escalated_after(out, state, context, "timed_out")]
        case DutyKind.INSPECT, OnTimeout.ACCEPT:
            return [out, _returned(state, context, Side.PLATFORM, already=duty.id)]
        case DutyKind.APPEAL, OnTimeout.CLOSE if still_owed(state, {duty.id}):
            return [out]  # goods are still to be sent back
        case _, OnTimeout.CLOSE:
            closed = {DutyKind.RETURN: "not_returned", DutyKind.APPEAL: "refused"}
            changes = DutyChanges(close=tuple(one for one in close_all(state, "closed") if one.id != duty.id))
            why = closed.get(duty.kind, "not_continued")
            return [out, Closed(by=Side.PLATFORM, why=why, duties=changes)]
        case DutyKind.SUPPLEMENT | DutyKind.RESPOND, _:
            on = goes_on(state, context, out.duties.close)
            return [out.model_copy(update={"duties": DutyChanges(close=out.duties.close, resume=on)})]
        case _:
            return [out]


def _returned(state: CaseState, context: Context, by: Side, already: str | None = None) -> CaseEvent:
    """Return that the goods are back: the refund is to be ordered."""
    ends = tuple(one for one in close(state.duty(DutyKind.INSPECT), "pass") if one.id != already)
    carry_out = open_duty(context, DutyKind.CARRY_OUT, Side.PLATFORM, OnTimeout.REMIND)
    return ReturnReceived(by=by, inspection="pass", duties=DutyChanges(close=ends, open=(carry_out,)))


def _escalated_after(
    before: CaseEvent, state: CaseState, context: Context, why: str = "inspection"
) -> CaseEvent:
    """Return the escalation that follows another event, which has closed some duties already."""
    event = escalated(state, context, Side.PLATFORM, why)
    gone = {one.id for one in before.duties.close}
    left = tuple(one for one in event.duties.close if one.id not in gone)
    return event.model_copy(update={"duties": event.duties.model_copy(update={"close": left})})


def _countered(state: CaseState, context: Context) -> DutyChanges:
    """Return that the buyer has made an offer and the merchant owes an answer again."""
    owed = (DutyKind.CHOOSE, DutyKind.RESPOND, DutyKind.SUPPLEMENT)
    ends = tuple(end for kind in owed for end in close(state.duty(kind, Side.BUYER), "countered"))
    if state.duty(DutyKind.ANSWER) is not None:
        return DutyChanges(close=ends, resume=goes_on(state, context, ends))
    # The merchant had refused: an offer after that is heard once more, and then goes to the platform.
    again = open_duty(context, DutyKind.ANSWER, Side.MERCHANT, OnTimeout.ESCALATE)
    return DutyChanges(close=ends, open=(again,))
