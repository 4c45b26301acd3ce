"""What a decision needs and what follows from it, and the same for appeals. Pure, as `bixie.cases.rules`."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bixie.cases.after_decision_rules import (
    RETURNED_FIRST,
    goods_to_follow,
    goods_to_send_back,
    still_owed,
)
from bixie.cases.checks import check_amount, check_status, other_side
from bixie.cases.duty_rules import Context, close, close_all, open_duty, resume_all, timed_out
from bixie.cases.errors import NotNowError, NotYoursError, RefusedCaseError
from bixie.cases.event_parts import DutyChanges, DutyClosed, DutyOpened, Outcome
from bixie.cases.events import (
    AppealDecided,
    Appealed,
    CaseEvent,
    Closed,
    Decided,
)
from bixie.cases.hearing_rules import still_heard
from bixie.cases.state import CaseState, DecisionState, DutyState
from bixie.cases.words import Action, Basis, DutyKind, OnTimeout, OutcomeKind, Side, Status
from bixie.kit.due_time import due_after
from bixie.kit.timestamps import format_timestamp

__all__ = [
    "Ruling",
    "accept",
    "accept_by_silence",
    "agreed_outcome",
    "appeal",
    "check_may_decide",
    "decide",
    "decide_appeal",
    "has_had",
    "may_appeal",
    "may_pay_by_policy",
    "pay_by_policy",
]

_CAN_AGREE = frozenset({Status.AWAITING_MERCHANT, Status.AWAITING_BUYER, Status.IN_REVIEW})

_GOODS_ONLY = frozenset({OutcomeKind.EXCHANGE, OutcomeKind.REPLENISH, OutcomeKind.REPAIR})
"""Outcomes that are worth what their pieces are; no amount says how much of the claim they grant."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What stands behind a decision, kept in its row.

    Parameters
    ----------
    decision : str
        Id of the row.
    outcome : Outcome
    reasons : tuple of str
    rules : tuple of str
        Of the pack, which permitted it.
    record_sha256 : str
        Of the record that replays it.
    person : str or None
        Who confirmed it.
    persons : tuple of str
        Everybody who reviewed it, where a second or third person did.
    examiners : tuple of str
        Whose findings the verdicts of the buyer's files rest on, with their versions.
    """

    decision: str
    outcome: Outcome
    reasons: tuple[str, ...]
    rules: tuple[str, ...]
    record_sha256: str
    person: str | None
    persons: tuple[str, ...] = ()
    examiners: tuple[str, ...] = ()


def agreed_outcome(state: CaseState, by: Side) -> Outcome | None:
    """Return what a side agrees to when it accepts: the open offer of the other, or the claim itself.

    Returns
    -------
    Outcome or None
        None where a buyer accepts the invitation to withdraw.

    Raises
    ------
    NotNowError
        ``cases.not_now``, ``cases.no_offer``.
    NotYoursError
        ``cases.own_offer``, ``cases.not_your_turn``.
    """
    check_status(state, Action.ACCEPT, _CAN_AGREE)
    if by is Side.PLATFORM:
        raise NotYoursError("cases.not_your_turn", action=Action.ACCEPT)
    offer = state.open_offer
    if offer is not None and offer.by is not by:
        return offer.outcome
    if by is Side.MERCHANT:
        return state.asks_for
    if offer is not None:
        raise NotYoursError("cases.own_offer")
    if state.duty(DutyKind.RESPOND, Side.BUYER) is not None:
        return None
    raise NotNowError("cases.no_offer")


def accept(state: CaseState, context: Context, by: Side, ruling: Ruling) -> list[CaseEvent]:
    """Return the decision that both sides agree to; nobody can appeal it."""
    if ruling.outcome != agreed_outcome(state, by):
        raise RefusedCaseError("cases.offer_of_nothing")
    return [_decided(state, context, by, Basis.AGREEMENT, ruling)]


def accept_by_silence(state: CaseState, context: Context, duty: DutyState, ruling: Ruling) -> list[CaseEvent]:
    """Return what follows when the merchant has not answered, and that counts as acceptance as announced."""
    if (duty.kind, duty.on_timeout) != (DutyKind.ANSWER, OnTimeout.ACCEPT):
        raise NotNowError("cases.nothing_owed")
    out = timed_out(duty, context)
    without = replace(state, duties={key: one for key, one in state.duties.items() if key != duty.id})
    return [out, _decided(without, context, Side.PLATFORM, Basis.SILENCE, ruling)]


def may_pay_by_policy(state: CaseState) -> bool:
    """Return whether a claim may be paid without a person, as far as the case itself goes.

    A merchant that has refused, asked for other evidence, made an offer, written or shown something wants to
    be heard, whatever it opted in to.
    """
    untouched = all(one.kind is DutyKind.ANSWER for one in state.duties.values())
    silent = Side.MERCHANT not in state.spoken
    return state.status is Status.AWAITING_MERCHANT and untouched and silent and not state.wants_person


def pay_by_policy(state: CaseState, context: Context, ruling: Ruling) -> list[CaseEvent]:
    """Return the decision that needs no person: the pack and the merchant allow it, and it pays the buyer."""
    if not may_pay_by_policy(state):
        raise NotNowError("cases.not_now", action=Action.DECIDE, status=state.status)
    if ruling.outcome.kind is OutcomeKind.REFUSE:
        raise RefusedCaseError("cases.refusal_needs_a_person")
    return [_decided(state, context, Side.PLATFORM, Basis.POLICY, ruling)]


def check_may_decide(state: CaseState, context: Context, file_sha256: str) -> None:
    """Refuse a ruling before both sides were heard and have had the same case file.

    Parameters
    ----------
    state : CaseState
    context : Context
    file_sha256 : str
        Of the case file as it is now.

    Raises
    ------
    NotNowError
        ``cases.not_now``, ``cases.still_heard`` or ``cases.file_not_served``.
    """
    if state.status not in (Status.IN_REVIEW, Status.APPEALED):
        raise NotNowError("cases.not_now", action=Action.DECIDE, status=state.status)
    heard = still_heard(state, context.now)
    if heard is not None:
        raise NotNowError("cases.still_heard", side=heard.owner, until=format_timestamp(heard.due_at))
    for side in (Side.BUYER, Side.MERCHANT):
        if not has_had(state, side, file_sha256, context):
            raise NotNowError("cases.file_not_served", side=side)


def decide(state: CaseState, context: Context, ruling: Ruling, file_sha256: str) -> list[CaseEvent]:
    """Return the ruling of a reviewer."""
    check_may_decide(state, context, file_sha256)
    check_status(state, Action.DECIDE, {Status.IN_REVIEW})
    _check_person(ruling.person)
    return [_decided(state, context, Side.PLATFORM, Basis.RULING, ruling)]


def may_appeal(state: CaseState, by: Side, context: Context) -> bool:
    """Return whether a side may appeal the decision: it lost, wholly or in part, and is in time.

    An appeal of the other side takes nothing from that. While a side is heard about it, it may appeal too.
    """
    decision = state.decision
    if decision is None or decision.appeal_until is None or by not in _losing(state, decision):
        return False
    if any((one.decision, one.by) == (decision.id, by) for one in state.appeals):
        return False
    heard = None if state.appeal is None else state.duty(DutyKind.HEARING, by)
    until = decision.appeal_until if heard is None else max(decision.appeal_until, heard.due_at)
    return context.now <= until


def appeal(state: CaseState, context: Context, by: Side, reason: str) -> list[CaseEvent]:
    """Appeal the decision; another person decides, about the appeals of both sides together."""
    decision = state.decision
    if decision is None:
        raise NotNowError("cases.not_now", action=Action.APPEAL, status=state.status)
    if by not in _losing(state, decision):
        raise NotYoursError("cases.appeal_of_winner")
    if not may_appeal(state, by, context):
        raise NotNowError("cases.appeal_too_late")
    changes = _appealed(state, context, by) if state.appeal is None else _appealed_too(state, context, by)
    return [Appealed(by=by, decision=decision.id, reason=reason, duties=changes)]


def _appealed(state: CaseState, context: Context, by: Side) -> DutyChanges:
    """Return that the other side is heard: for as long as it may appeal itself, at least."""
    other, decision = other_side(by), state.decision
    hearing = open_duty(context, DutyKind.HEARING, other, OnTimeout.CONTINUE)
    begins = None
    until = None if decision is None else decision.appeal_until
    if until is not None and until > hearing.due_at and may_appeal(state, other, context):
        hearing, begins = hearing.model_copy(update={"due_at": until}), until
    review = open_duty(context, DutyKind.REVIEW_APPEAL, Side.PLATFORM, OnTimeout.REMIND, begins)
    waiting = tuple(one.id for one in state.running if one.kind is not DutyKind.APPEAL)
    ended = close(state.duty(DutyKind.APPEAL), "appealed")
    return DutyChanges(close=ended, open=(hearing, review), pause=waiting)


def _appealed_too(state: CaseState, context: Context, by: Side) -> DutyChanges:
    """Return that the side that appealed first is heard about the other side's appeal."""
    other = other_side(by)
    hearing = open_duty(context, DutyKind.HEARING, other, OnTimeout.CONTINUE)
    ended = (
        *close(state.duty(DutyKind.HEARING, by), "appealed"),
        *close(state.duty(DutyKind.HEARING, other), "replaced"),
    )
    return DutyChanges(close=ended, open=(hearing,))


def decide_appeal(
    state: CaseState,
    context: Context,
    person: str,
    *,
    reasons: Sequence[str],
    ruling: Ruling | None,
    file_sha256: str,
    persons: Sequence[str] = (),
    review: str | None = None,
) -> list[CaseEvent]:
    """Return what comes of an appeal: the decision stands (`ruling` is None), or another replaces it.

    Raises
    ------
    NotYoursError
        ``cases.same_person`` where whoever decided before decides again.
    RefusedCaseError
        ``cases.outcome_unchanged`` for a ruling that says the same: it would be ordered a second time.
    """
    check_may_decide(state, context, file_sha256)
    if state.appeal is None:
        raise NotNowError("cases.not_now", action=Action.DECIDE, status=state.status)
    _check_person(person)
    if person in state.reviewers:
        raise NotYoursError("cases.same_person")
    if ruling is not None and ruling.outcome == state.decisions[-1].outcome:
        raise RefusedCaseError("cases.outcome_unchanged")
    appealed = state.appeal.decision
    ends = tuple(DutyClosed(id=one.id, how="decided") for one in state.running)
    said = AppealDecided(
        by=Side.PLATFORM,
        decision=appealed,
        overturned=ruling is not None,
        person=person,
        reasons=tuple(reasons),
        persons=tuple(persons),
        review=None if ruling else review,
        duties=DutyChanges(close=ends, resume=() if ruling else resume_all(state, context)),
    )
    if ruling is None:
        why = None if still_owed(state, {one.id for one in ends}) else _why_nothing_follows(state)
        return [said] if why is None else [said, Closed(by=Side.PLATFORM, why=why)]
    gone = {one.id for one in ends}
    left = replace(state, duties={key: one for key, one in state.duties.items() if key not in gone})
    decided = _decided(left, context, Side.PLATFORM, Basis.RULING, ruling, replaces=appealed)
    final = not decided.duties.open
    return [said, decided, Closed(by=Side.PLATFORM, why="refused")] if final else [said, decided]


def _why_nothing_follows(state: CaseState) -> str | None:
    """Return why a case in which nothing is owed is closed when its decision stands; None where it is not."""
    if state.decisions[-1].outcome.kind is OutcomeKind.REFUSE:
        return "appeal_refused"
    # What was owed beside the remedy was done while the appeal ran, which held the end up.
    return "remedied" if state.remedy_state == "carried_out" and state.closed_why is None else None


def _check_person(person: str | None) -> None:
    if person is None:
        raise RefusedCaseError("cases.person_needed")


def _decided(
    state: CaseState,
    context: Context,
    by: Side,
    basis: Basis,
    ruling: Ruling,
    *,
    replaces: str | None = None,
) -> Decided:
    refuses = ruling.outcome.kind is OutcomeKind.REFUSE
    if not refuses:
        check_amount(state, ruling.outcome)
    elif ruling.person is None:
        raise RefusedCaseError("cases.refusal_needs_a_person")
    return Decided(
        by=by,
        decision=ruling.decision,
        basis=basis,
        outcome=ruling.outcome,
        reasons=ruling.reasons,
        rules=ruling.rules,
        record_sha256=ruling.record_sha256,
        person=ruling.person,
        persons=ruling.persons,
        examiners=ruling.examiners,
        replaces=replaces,
        appeal_until=None
        if basis is Basis.AGREEMENT or replaces is not None
        else due_after(context.now, context.terms.length(DutyKind.APPEAL), context.calendar).at,
        duties=DutyChanges(
            close=close_all(state, "decided"),
            open=_owed_after(state, context, ruling.outcome, replaces=replaces is not None),
        ),
    )


def _owed_after(
    state: CaseState, context: Context, outcome: Outcome, *, replaces: bool
) -> tuple[DutyOpened, ...]:
    """Return what is owed once a decision is made; `replaces`: instead of one that an appeal overturned."""
    owed = goods_to_send_back(state, context, outcome)
    if state.sent_back == "sent" and state.duty(DutyKind.FOLLOW_UP) is not None:
        owed += (goods_to_follow(context),)
    if replaces and state.remedy is not None:
        owed += (open_duty(context, DutyKind.REVERSE, Side.PLATFORM, OnTimeout.REMIND),)
    if outcome.kind is OutcomeKind.REFUSE:
        return owed if replaces else (open_duty(context, DutyKind.APPEAL, Side.BUYER, OnTimeout.CLOSE), *owed)
    if outcome.kind in RETURNED_FIRST and not state.merchant_has_goods:
        return (open_duty(context, DutyKind.RETURN, Side.BUYER, OnTimeout.CLOSE), *owed)
    if outcome.kind in RETURNED_FIRST and not state.goods_are_back:
        return (open_duty(context, DutyKind.INSPECT, Side.MERCHANT, OnTimeout.ACCEPT), *owed)
    return (open_duty(context, DutyKind.CARRY_OUT, Side.PLATFORM, OnTimeout.REMIND), *owed)


def _losing(state: CaseState, decision: DecisionState) -> frozenset[Side]:
    if decision.basis is Basis.AGREEMENT:
        return frozenset()
    if decision.outcome.kind is OutcomeKind.REFUSE:
        return frozenset({Side.BUYER})
    whole, outcome = state.asks_for, decision.outcome
    same = outcome.kind is whole.kind and outcome.amount_minor == whole.amount_minor
    if same and outcome.kind in _GOODS_ONLY and outcome.items:
        # No outcome has more of a line than the claim: fewer pieces in all are a part of it.
        same = sum(one.count for one in outcome.items) == sum(one.count for one in whole.items)
    return frozenset({Side.MERCHANT}) if same else frozenset({Side.BUYER, Side.MERCHANT})


def has_had(state: CaseState, side: Side, file_sha256: str, context: Context) -> bool:
    """Return whether a side has opened the case file as it is now, or has had it for long enough."""
    if state.received.get(side) == file_sha256:
        return True
    if state.served.get(side) != file_sha256:
        return False
    return context.now - state.served_at[side] >= timedelta(hours=context.terms.service_hours)
