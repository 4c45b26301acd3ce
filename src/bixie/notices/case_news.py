"""Tells the sides of a case what has changed and what they owe by when, and programs by webhook."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from bixie.access.tenancy import TenantSession
from bixie.cases.claims.loading import claim_options
from bixie.cases.claims.options import find
from bixie.cases.event_names import event_name
from bixie.cases.event_parts import Outcome
from bixie.cases.events import (
    AppealDecided,
    CaseEvent,
    Closed,
    Decided,
    DutyReminded,
    FileServed,
    MessagePosted,
    NotReceived,
    ReversalFailed,
    SentBack,
    Settled,
    Withdrawn,
)
from bixie.cases.state import DutyState
from bixie.cases.telling import CaseChange
from bixie.cases.words import Audience, DutyKind, Side
from bixie.kit.calendar import CHINA
from bixie.kit.due_time import moment_in_zone
from bixie.kit.messages import Language, catalogue
from bixie.kit.money import yuan_from_fen
from bixie.kit.timestamps import format_optional
from bixie.notices.case_sides import CaseRecipients
from bixie.notices.service import Message, emit_each, notify_each
from bixie.orders.repository import numbers

if TYPE_CHECKING:
    from bixie.kit.canonical_json import Json

__all__ = ["tell_of_cases"]

_LANGUAGE: Language = "zh"
_SIDES = (Side.BUYER, Side.MERCHANT)
_OF_PLATFORM = "case.review"
"""Beginning of the types of events that only the platform learns of."""


def tell_of_cases(session: TenantSession, changes: Sequence[CaseChange]) -> None:
    """Tell of changes in the transaction that records them: each once, and only if it is kept.

    What is told of one moment is written together: a sweep changes many cases. Reminders are told of by
    `bixie.notices.reminders`, which also says how many hours are left.
    """
    orders = numbers(session, [one.case.order_id for one in changes])
    recipients = CaseRecipients(session)
    for at, group in groupby(changes, lambda one: one.at):
        together = list(group)
        told = [
            (message, to)
            for change in together
            for side in _SIDES
            for message in _messages(change, side, orders.get(change.case.order_id, change.case.id))
            for to in recipients.of(change.case, side)
        ]
        events = [
            (event.type, _facts(change, event), _parties(change, event))
            for change in together
            for event in change.events
            if not isinstance(event, DutyReminded)
        ]
        clock = partial(_moment, at)
        if told:
            notify_each(session, told, clock)
        if events:
            emit_each(session, events, clock=clock)


def _moment(at: datetime) -> datetime:
    return at


def _messages(change: CaseChange, side: Side, claim: str) -> Iterator[Message]:
    """Yield what a side is told: one message, about what matters most to it."""
    decided = next((one for one in change.events if isinstance(one, Decided)), None)
    duty = _new_duty(change, side)
    if decided is not None:
        values = {"claim": claim, "outcome": _outcome(decided.outcome), "next": _next(decided, duty, side)}
        yield _message(change, "case_decided", values)
    elif duty is not None:
        happened = duty.why if change.before is None or duty.id not in change.before.duties else None
        values = {
            "claim": claim,
            "happened": _happened(_named(change, happened)),
            "what": _what(change, duty),
            "until": _until(duty),
            "then": _word(f"timeout.{duty.kind}.{duty.on_timeout}"),
        }
        yield _message(change, "case_turn", values)
    else:
        news = next((one for one in change.events if _is_news(one, change, side)), None)
        if news is not None:
            yield _message(change, "case_news", {"claim": claim, "happened": _happened(news)})


def _new_duty(change: CaseChange, side: Side) -> DutyState | None:
    """Return the most urgent duty of a side whose time begins to run, or runs on."""
    former = {} if change.before is None else change.before.duties
    return next(
        (
            one
            for one in change.state.running
            if one.owner is side and (one.id not in former or not former[one.id].runs)
        ),
        None,
    )


def _is_news(event: CaseEvent, change: CaseChange, side: Side) -> bool:
    if isinstance(event, FileServed):
        # The first time it comes with the word that the platform has stepped in.
        return event.to is side and change.before is not None and side in change.before.served
    if isinstance(event, AppealDecided):
        # One that ends the case is told with its closing. A case that was closed before has none.
        return not any(isinstance(one, Closed) for one in change.events)
    return isinstance(event, Closed | Withdrawn | SentBack | NotReceived | ReversalFailed | Settled)


def _what(change: CaseChange, duty: DutyState) -> str:
    """Return what is owed; of other evidence also which, in the words of the claim options."""
    what = _word(f"duty.{duty.kind}")
    if duty.kind is not DutyKind.SUPPLEMENT:
        return what
    found = (find(claim_options().asks, key) for key in change.state.asked)
    asks = "；".join(one.title.in_(_LANGUAGE) for one in found if one is not None)
    word = f"（{change.state.code_word}）" if change.state.code_word else ""
    return f"{what}：{asks}{word}" if asks else what


def _outcome(outcome: Outcome) -> str:
    words = catalogue("bixie.notices")
    if outcome.amount_minor is None:
        return words.text(f"outcome.{outcome.kind}").in_(_LANGUAGE)
    amount = yuan_from_fen(outcome.amount_minor)
    return words.text(f"outcome.{outcome.kind}", amount=amount).in_(_LANGUAGE)


def _next(decided: Decided, duty: DutyState | None, side: Side) -> str:
    words = catalogue("bixie.notices")
    if duty is not None and duty.kind is not DutyKind.APPEAL:
        owed = _word(f"duty.{duty.kind}")
        then = _word(f"timeout.{duty.kind}.{duty.on_timeout}")
        return words.text("case.owed", what=owed, until=_until(duty), then=then).in_(_LANGUAGE)
    if duty is None or decided.appeal_until is None:
        return words.text("case.nothing_owed").in_(_LANGUAGE)
    return words.text("case.may_appeal", until=_until(duty)).in_(_LANGUAGE)


def _until(duty: DutyState) -> str:
    return moment_in_zone(duty.due_at, CHINA).in_(_LANGUAGE)


def _named(change: CaseChange, event_type: str | None) -> CaseEvent:
    """Return the event of a type, or the last where none is named or it is none of this change."""
    return next((one for one in change.events if one.type == event_type), change.events[-1])


def _happened(event: CaseEvent) -> str:
    return event_name(event).in_(_LANGUAGE)


def _word(key: str) -> str:
    return catalogue("bixie.cases").text(key).in_(_LANGUAGE)


def _message(change: CaseChange, template: str, values: dict[str, str]) -> Message:
    return Message(template, values, about=change.case.id, language=_LANGUAGE)


def _parties(change: CaseChange, event: CaseEvent) -> list[str]:
    """Return the parties whose programs learn of an event: those who may read it."""
    case = change.case
    if event.type.startswith(_OF_PLATFORM):
        return []
    readers = {Audience.BUYER: [case.buyer], Audience.MERCHANT: [case.party], Audience.PLATFORM: []}
    if isinstance(event, MessagePosted) and event.audience in readers:
        return readers[event.audience]
    return [case.party, case.buyer]


def _facts(change: CaseChange, event: CaseEvent) -> "dict[str, Json]":
    """Return ids and facts; who on the platform decided is no fact for programs."""
    case = change.case
    said = {key: value for key, value in event.data().items() if key not in ("duties", "person", "persons")}
    return {
        "case": case.id,
        "order": case.order_id,
        "status": str(change.state.status),
        "stage": str(change.state.stage),
        "waiting_for": case.waiting_for,
        "deadline": format_optional(case.deadline_at),
        "event": said,
    }
