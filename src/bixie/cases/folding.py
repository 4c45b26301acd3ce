"""Folds the events of a case into its state. Pure: the same events, the same state."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import singledispatch
from typing import TYPE_CHECKING

from bixie.cases import events as happened
from bixie.cases.events import CaseEvent
from bixie.cases.state import (
    AppealState,
    CaseState,
    Dated,
    DecisionState,
    DutyState,
    OfferState,
    OpinionState,
)
from bixie.cases.words import Basis, DutyKind, NegotiationForm, Side, Stage

if TYPE_CHECKING:
    from bixie.cases.event_parts import DutyChanges

__all__ = ["apply", "fold"]


def fold(events: Iterable[Dated]) -> CaseState:
    """Return the state after all events.

    Raises
    ------
    ValueError
        If the first one does not file the case.
    """
    state: CaseState | None = None
    for one in events:
        state = apply(state, one)
    if state is None:
        raise ValueError("a case begins with an event")
    return state


def apply(state: CaseState | None, dated: Dated) -> CaseState:
    """Return the state after one more event.

    Raises
    ------
    ValueError
        If the first one does not file the case, or a later one does.
    """
    if isinstance(dated.event, happened.Filed) != (state is None):
        raise ValueError(dated.event.type)
    if state is None:
        assert isinstance(dated.event, happened.Filed)
        filed = dated.event
        state = CaseState(
            filed, dated.time, Stage.AFTER_SALES, filed.amount_minor, wants_person=filed.wants_person
        )
    changed = replace(state, duties=_duties(state.duties, dated), last=dated.sequence, last_at=dated.time)
    return _apply(dated.event, changed, dated.time)


def _duties(duties: Mapping[str, DutyState], dated: Dated) -> dict[str, DutyState]:
    changes: DutyChanges = dated.event.duties
    after = dict(duties)
    for ended in changes.close:
        after[ended.id] = replace(after[ended.id], closed_at=dated.time, closed_how=ended.how, paused_at=None)
    for id_ in changes.pause:
        after[id_] = replace(after[id_], paused_at=dated.time)
    for resumed in changes.resume:
        paused = after[resumed.id]
        pauses = (
            paused.pauses if paused.paused_at is None else (*paused.pauses, (paused.paused_at, dated.time))
        )
        after[resumed.id] = replace(paused, paused_at=None, due_at=resumed.due_at, pauses=pauses)
    for new in changes.open:
        after[new.id] = DutyState(
            new.id,
            new.kind,
            new.owner,
            new.counted_from or dated.time,
            new.due_at,
            new.length,
            new.on_timeout,
            dated.event.type,
            dated.sequence,
        )
    return after


@singledispatch
def _apply(event: CaseEvent, state: CaseState, _time: datetime) -> CaseState:
    """Events that have no rule below change nothing but duties."""
    return state


@_apply.register
def _(event: happened.ExhibitAdded, state: CaseState, _time: datetime) -> CaseState:
    # Whoever hands in a file while asked for one has answered, with or without a word beside it.
    asked = event.by is Side.BUYER and state.duty(DutyKind.SUPPLEMENT, Side.BUYER) is not None
    answered = asked and state.challenge == "open"
    return replace(
        state,
        exhibits={**state.exhibits, event.exhibit: (event.by, event.role)},
        challenge="answered" if answered else state.challenge,
        spoken=state.spoken | {event.by},
    )


@_apply.register
def _(event: happened.MessagePosted, state: CaseState, _time: datetime) -> CaseState:
    messages = {**state.messages, event.by: state.messages.get(event.by, 0) + 1}
    return replace(state, messages=messages, spoken=state.spoken | {event.by})


@_apply.register
def _(event: happened.Lowered, state: CaseState, _time: datetime) -> CaseState:
    offers = {
        one.id: replace(one, answer="lapsed")
        if one.answer is None and (one.outcome.amount_minor or 0) > event.amount_minor
        else one
        for one in state.offers.values()
    }
    return replace(state, amount_minor=event.amount_minor, offers=offers, lowered=state.lowered + 1)


@_apply.register
def _(event: happened.Rejected, state: CaseState, time: datetime) -> CaseState:
    return replace(state, rejected_at=time, rejection=event.reason, offers=_answered(state, "refused"))


@_apply.register
def _(event: happened.Negotiated, state: CaseState, time: datetime) -> CaseState:
    if event.form is NegotiationForm.ASK_EVIDENCE:
        if event.asks_of is Side.MERCHANT:
            return state  # what the merchant is asked for is no doubt about the buyer's photos
        return replace(state, asked=event.asks, code_word=event.code_word, challenge="open")
    if event.offer is None or event.outcome is None:
        return replace(state, offers=_answered(state, "countered"))
    made = OfferState(event.offer, event.by, event.outcome, time)
    return replace(state, offers={**_answered(state, "countered"), made.id: made})


@_apply.register
def _(event: happened.OfferAnswered, state: CaseState, _time: datetime) -> CaseState:
    return replace(state, offers=_answered(state, "accepted" if event.accepted else "refused"))


@_apply.register
def _(event: happened.Supplemented, state: CaseState, time: datetime) -> CaseState:
    owed = [
        one
        for one in state.duties.values()
        if one.owner is event.by
        and one.kind in (DutyKind.SUPPLEMENT, DutyKind.HEARING)
        and (one.is_open or one.closed_at == time)
    ]
    duties = {one.id: replace(one, answered_at=one.answered_at or time) for one in owed}
    challenged = (
        state.challenge == "open"
        and event.by is Side.BUYER
        and any(one.kind is DutyKind.SUPPLEMENT for one in owed)
    )
    return replace(
        state,
        duties={**state.duties, **duties},
        supplements={**state.supplements, event.by: state.supplements.get(event.by, 0) + 1},
        challenge="answered" if challenged else state.challenge,
    )


@_apply.register
def _(event: happened.Withdrawn, state: CaseState, _time: datetime) -> CaseState:
    # Goods that are with the merchant come back before the case is closed.
    closed = None if state.duty(DutyKind.SEND_BACK) else "withdrawn"
    return replace(state, is_withdrawn=True, closed_why=closed, offers=_answered(state, "lapsed"))


@_apply.register
def _(event: happened.Escalated, state: CaseState, _time: datetime) -> CaseState:
    return replace(
        state,
        stage=Stage.PLATFORM,
        offers=_answered(state, "lapsed"),
        # A failed inspection brings the case back from a decision that was to be carried out.
        decisions=tuple(replace(one, is_overturned=True) for one in state.decisions),
    )


@_apply.register
def _(event: happened.Decided, state: CaseState, time: datetime) -> CaseState:
    made = DecisionState(
        event.decision,
        event.basis,
        event.outcome,
        time,
        event.person,
        event.reasons,
        event.rules,
        event.appeal_until,
        event.persons,
    )
    return replace(
        state,
        decisions=(*state.decisions, made),
        offers=_answered(state, "accepted" if event.basis is Basis.AGREEMENT else "lapsed"),
        remedy=None,
        remedy_state=None,
        closed_why=None,
        opinions=(),
        reviewers=_with(state.reviewers, event.person),
    )


@_apply.register
def _(event: happened.ReturnSent, state: CaseState, _time: datetime) -> CaseState:
    return replace(state, returned="sent", sent_back=None, not_received=False)


@_apply.register
def _(event: happened.ReturnReceived, state: CaseState, _time: datetime) -> CaseState:
    return replace(state, returned=event.inspection)


@_apply.register
def _(event: happened.RemedyOrdered, state: CaseState, _time: datetime) -> CaseState:
    return replace(state, remedy=event.remedy, remedy_state="ordered", not_received=False)


@_apply.register
def _(event: happened.Remedied, state: CaseState, _time: datetime) -> CaseState:
    closed = None if state.duty(DutyKind.SEND_BACK) or state.duty(DutyKind.FOLLOW_UP) else "remedied"
    return replace(state, remedy_state="carried_out", closed_why=closed)


@_apply.register
def _(event: happened.SentBack, state: CaseState, _time: datetime) -> CaseState:
    sent_back = "arrived" if event.by is Side.BUYER else "sent"
    return replace(state, sent_back=sent_back, not_received=False)


@_apply.register
def _(event: happened.SentBackArrived, state: CaseState, _time: datetime) -> CaseState:
    return replace(state, sent_back="arrived")


@_apply.register
def _(_event: happened.NotReceived, state: CaseState, _time: datetime) -> CaseState:
    return replace(state, not_received=True, closed_why=None)


@_apply.register
def _(event: happened.Reversed, state: CaseState, _time: datetime) -> CaseState:
    return replace(state, reversal_failed=False)


@_apply.register
def _(event: happened.ReversalFailed, state: CaseState, _time: datetime) -> CaseState:
    return replace(state, reversal_failed=True)


@_apply.register
def _(event: happened.Settled, state: CaseState, _time: datetime) -> CaseState:
    return replace(state, reversal_failed=False, closed_why="settled")


@_apply.register
def _(event: happened.RemedyFailed, state: CaseState, _time: datetime) -> CaseState:
    return replace(state, remedy=event.remedy, remedy_state="failed")


@_apply.register
def _(event: happened.Appealed, state: CaseState, time: datetime) -> CaseState:
    made = AppealState(event.by, event.decision, event.reason, time)
    return replace(state, appeals=(*state.appeals, made))


@_apply.register
def _(event: happened.AppealDecided, state: CaseState, time: datetime) -> CaseState:
    decisions = state.decisions
    if event.overturned:
        decisions = tuple(
            replace(one, is_overturned=True) if one.id == event.decision else one for one in decisions
        )
    return replace(
        state,
        appeals=tuple(_decided(one, event, time) for one in state.appeals),
        decisions=decisions,
        opinions=(),
        reviewers=_with(state.reviewers, event.person),
    )


@_apply.register
def _(event: happened.DutyExtended, state: CaseState, time: datetime) -> CaseState:
    duty = state.duties[event.duty]
    # A reminder whose moment lies ahead again is sent again: the one before named another due time.
    reminded = tuple(one for one in duty.reminded if event.due_at - timedelta(hours=one) <= time)
    longer = replace(duty, due_at=event.due_at, extended=(*duty.extended, event.why), reminded=reminded)
    return replace(state, duties={**state.duties, duty.id: longer})


@_apply.register
def _(event: happened.DutyReminded, state: CaseState, _time: datetime) -> CaseState:
    duty = state.duties[event.duty]
    reminded = replace(duty, reminded=(*duty.reminded, event.hours))
    return replace(state, duties={**state.duties, duty.id: reminded})


@_apply.register
def _(event: happened.DutyTimedOut, state: CaseState, _time: datetime) -> CaseState:
    duty = state.duties[event.duty]
    if (duty.kind, duty.owner, state.challenge) == (DutyKind.SUPPLEMENT, Side.BUYER, "open"):
        return replace(state, challenge="unanswered")
    if duty.kind is DutyKind.RESPOND:
        return replace(state, offers=_answered(state, "lapsed"))
    return state


@_apply.register
def _(event: happened.FileServed, state: CaseState, time: datetime) -> CaseState:
    return replace(
        state,
        served={**state.served, event.to: event.file_sha256},
        served_at={**state.served_at, event.to: time},
    )


@_apply.register
def _(event: happened.FileReceived, state: CaseState, _time: datetime) -> CaseState:
    return replace(state, received={**state.received, event.by: event.file_sha256})


@_apply.register
def _(event: happened.PersonRequested, state: CaseState, _time: datetime) -> CaseState:
    return replace(state, wants_person=True)


@_apply.register
def _(event: happened.ReviewOpinionGiven, state: CaseState, _time: datetime) -> CaseState:
    given = OpinionState(event.review, event.person, event.file_sha256, event.agrees)
    return replace(state, opinions=(*state.opinions, given), reviewers=_with(state.reviewers, event.person))


@_apply.register
def _(event: happened.ReviewPassedOver, state: CaseState, _time: datetime) -> CaseState:
    return replace(state, passed_over=_with(state.passed_over, event.person))


@_apply.register
def _(event: happened.Closed, state: CaseState, _time: datetime) -> CaseState:
    return replace(state, closed_why=event.why, offers=_answered(state, "lapsed"))


def _answered(state: CaseState, how: str) -> dict[str, OfferState]:
    """Return the offers, the open one answered."""
    return {one.id: replace(one, answer=how) if one.answer is None else one for one in state.offers.values()}


def _decided(appeal: AppealState, event: happened.AppealDecided, time: datetime) -> AppealState:
    """Return an appeal, decided if it was open."""
    if appeal.overturned is not None:
        return appeal
    return replace(
        appeal,
        overturned=event.overturned,
        decided_at=time,
        person=event.person,
        persons=event.persons,
        reasons=event.reasons,
        review=event.review,
    )


def _with(persons: tuple[str, ...], person: str | None) -> tuple[str, ...]:
    return persons if person is None or person in persons else (*persons, person)
