"""A case as a side sees it: what it may read, what it can do next, by when and why then."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any, Literal

from bixie.access.tenancy import TenantSession
from bixie.cases import repository
from bixie.cases.actions import next_actions
from bixie.cases.appeal_schemas import appeals_out
from bixie.cases.claims.loading import claim_options
from bixie.cases.claims.options import find
from bixie.cases.claims.order_facts import order_facts
from bixie.cases.claims.rules import missing_evidence, period_over
from bixie.cases.duty_rules import Context, announced_due
from bixie.cases.errors import name_of
from bixie.cases.event_names import event_name, result_name
from bixie.cases.event_parts import Outcome
from bixie.cases.events import Filed, MessagePosted, Rejected
from bixie.cases.evidence import verdicts_of
from bixie.cases.folding import fold
from bixie.cases.models import Case, CaseDecision, CaseMessage
from bixie.cases.names import (
    ask_name,
    decision_reason_name,
    extension_name,
    label_name,
    outcome_name,
    reason_name,
    role_name,
    title_of,
    verdict_name,
    word_name,
)
from bixie.cases.opening import context_at, events_of
from bixie.cases.packs.lookup import pack_by
from bixie.cases.reviews import repository as reviews
from bixie.cases.schemas import (
    CaseExhibitOut,
    CaseOut,
    CaseSummary,
    ClaimOut,
    DecisionOut,
    DutyOut,
    MessageOut,
    MissingOut,
    OfferOut,
    TextOut,
)
from bixie.cases.served import served_out
from bixie.cases.state import CaseState, Dated, DecisionState, DutyState, OfferState
from bixie.cases.state_cache import states_for_list
from bixie.cases.thread import may_see
from bixie.cases.words import OWED_TOGETHER, Audience, Basis, Service, Side, Status
from bixie.kit.calendar import CHINA
from bixie.kit.due_time import moment_in_zone
from bixie.kit.messages import Text, catalogue
from bixie.kit.money import Money
from bixie.kit.timestamps import Clock, format_optional, format_timestamp
from bixie.orders import repository as orders
from bixie.vault import repository as vault

__all__ = ["Reader", "case_out", "outcome_out", "summaries"]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a case.

    Parameters
    ----------
    side : Side
    clock : callable
    zone : tzinfo
        In which due times are explained.
    """

    side: Side
    clock: Clock
    zone: tzinfo = CHINA


def case_out(session: TenantSession, case: Case, reader: Reader) -> CaseOut:
    """Return a case whole, as a side sees it."""
    events = events_of(session, case.id)
    state = fold(events)
    pack = pack_by(session, state.filed.pack)
    context = context_at(pack, reader.clock)
    short = _summary(case, state, reader, context, _order_number(session, case))
    rows = {row.id: row for row in repository.decisions_of(session, case.id)}
    made = [_decision(one, state, rows.get(one.id), reader.side) for one in state.decisions]
    remedy = None if state.remedy is None else {"id": state.remedy, "state": state.remedy_state}
    return CaseOut(
        **dict(short),
        period_over=_period_over(session, state),
        exhibits=_exhibits(session, case),
        offers=[_offer(one) for one in state.offers.values()],
        decision=made[-1] if state.decision is not None else None,
        decisions=made,
        appeals=appeals_out(state, _notes_of_appeals(session, case, state), reader.side),
        thread=_thread(case, events, repository.messages_of(session, case.id), reader.side),
        rejection=_rejection(events),
        challenge=_challenge(state),
        file=served_out(session, case, state, pack, events),
        returned=state.returned,
        sent_back=state.sent_back,
        remedy=remedy,
        closed_why=state.closed_why,
    )


def summaries(session: TenantSession, cases: Sequence[tuple[Case, Reader]]) -> list[CaseSummary]:
    """Return cases for a list, each as its reader sees it."""
    states = states_for_list(session, [case for case, _ in cases])
    numbers = orders.numbers(session, [case.order_id for case, _ in cases])
    found = []
    for case, reader in cases:
        state = states[case.id]
        context = context_at(pack_by(session, state.filed.pack), reader.clock)
        found.append(_summary(case, state, reader, context, numbers.get(case.order_id)))
    return found


def outcome_out(outcome: Outcome) -> dict[str, Any]:
    """Return an outcome as the API has it."""
    amount = None
    if outcome.amount_minor is not None:
        amount = {"minor": outcome.amount_minor, "currency": outcome.currency}
    return {"kind": str(outcome.kind), "amount": amount, "items": [dict(one) for one in outcome.items]}


def _summary(
    case: Case, state: CaseState, reader: Reader, context: Context, number: str | None
) -> CaseSummary:
    next_due, actions = state.deadline, next_actions(state, reader.side, context)
    sides = _waiting_for(state)
    return CaseSummary(
        id=case.id,
        status=state.status,
        status_name=TextOut.of(name_of(state.status)),
        result_name=None if state.status is not Status.CLOSED else TextOut.of(result_name(state)),
        stage=str(state.stage),
        stage_name=TextOut.of(word_name("stage", state.stage)),
        side=reader.side,
        side_name=TextOut.of(name_of(reader.side)),
        claim=_claim(case, state, number),
        duties=[_duty(one, reader, context) for one in state.duties.values()],
        deadline=None if next_due is None else format_timestamp(next_due.due_at),
        timeout_policy=None if next_due is None else str(next_due.on_timeout),
        timeout_text=None if next_due is None else TextOut.of(_timeout(next_due)),
        waiting_for=None if next_due is None else next_due.owner,
        waiting_for_all=sides,
        waiting_for_names=[TextOut.of(name_of(one)) for one in sides],
        next_actions=[str(one) for one in actions],
        action_names=[TextOut.of(name_of(one)) for one in actions],
    )


def _waiting_for(state: CaseState) -> list[Side]:
    """Return the sides that owe something now, the one that is due next first."""
    due = state.deadline
    together = (one.owner for one in state.running if one.kind in OWED_TOGETHER)
    return [] if due is None else list(dict.fromkeys((due.owner, *together)))


def _claim(case: Case, state: CaseState, number: str | None) -> ClaimOut:
    filed = state.filed
    service = catalogue("bixie.cases").text(f"service.{Service(filed.service)}")
    return ClaimOut(
        order=number,
        order_id=case.order_id,
        party=case.party,
        buyer=case.buyer,
        service=filed.service,
        service_name=TextOut.of(service),
        reason=filed.reason,
        reason_name=TextOut.of(reason_name(filed.reason)),
        received=filed.received,
        items=[dict(one) for one in filed.items],
        amount=Money(minor=state.amount_minor, currency=filed.currency),
        filed_amount=Money(minor=filed.amount_minor, currency=filed.currency),
        text=case.text,
        previous=case.previous,
        label=filed.label,
        consents=[one.model_dump() for one in filed.consents],
        label_name=None if filed.label is None else TextOut.of(label_name(filed.label)),
        missing=_missing(state),
        filed_at=format_timestamp(state.filed_at),
        pack=filed.pack.model_dump(),
    )


def _missing(state: CaseState) -> list[MissingOut]:
    """Return what the checklist of the claim has and the buyer has not handed in."""
    options = claim_options()
    roles = [role for side, role in state.exhibits.values() if side is Side.BUYER]
    category = options.category_of(state.filed.category)
    found = missing_evidence(state.filed.reason, category, roles, options)
    return [
        MissingOut(role=one.role, role_name=TextOut.of(role_name(one.role)), need=one.need, count=one.count)
        for one in found
    ]


def _duty(duty: DutyState, reader: Reader, context: Context) -> DutyOut:
    words = catalogue("bixie.cases")
    timeout = _timeout(duty)
    how: Literal["open", "paused", "closed"] = "open" if duty.runs else "paused" if duty.is_open else "closed"
    return DutyOut(
        id=duty.id,
        kind=str(duty.kind),
        name=TextOut.of(words.text(f"duty.{duty.kind}")),
        owner=duty.owner,
        owner_name=TextOut.of(name_of(duty.owner)),
        state=how,
        state_name=TextOut.of(word_name("duty_state", how)),
        opened_at=format_timestamp(duty.opened_at),
        due_at=format_timestamp(duty.due_at),
        on_timeout=str(duty.on_timeout),
        timeout_text=TextOut.of(timeout),
        explain=TextOut.of(_explained(duty, reader, context, timeout)),
        answered_at=format_optional(duty.answered_at),
        closed_at=format_optional(duty.closed_at),
        closed_how=duty.closed_how,
    )


def _explained(duty: DutyState, reader: Reader, context: Context, timeout: Text) -> Text:
    """Return by when a side owes something, how that is counted, and what follows otherwise."""
    words = catalogue("bixie.cases")
    if duty.is_open and duty.paused_at is not None:
        return words.text("duty.paused", since=moment_in_zone(duty.paused_at, reader.zone))
    due = announced_due(duty, context.calendar)
    until = moment_in_zone(duty.due_at, reader.zone)
    if due is not None:
        by_when = due.explain(reader.zone)
    elif duty.extended:
        by_when = words.text("duty.extended", until=until, why=extension_name(duty.extended[-1]))
    else:
        by_when = words.text("duty.until", until=until)
    return words.text("duty.explained", by_when=by_when, otherwise=timeout)


def _offer(offer: OfferState) -> OfferOut:
    how = offer.answer or "open"
    return OfferOut(
        id=offer.id,
        by=offer.by,
        by_name=TextOut.of(name_of(offer.by)),
        outcome=outcome_out(offer.outcome),
        outcome_name=TextOut.of(outcome_name(offer.outcome)),
        made_at=format_timestamp(offer.made_at),
        state=how,
        state_name=TextOut.of(word_name("offer_state", how)),
    )


def _rejection(events: Sequence[Dated]) -> dict[str, Any] | None:
    rejected = [one.event for one in events if isinstance(one.event, Rejected)]
    if not rejected:
        return None
    reasons = claim_options().reject_reasons
    name, reason = title_of(reasons, rejected[-1].reason), find(reasons, rejected[-1].reason)
    said = name if reason is None else reason.buyer
    return {"reason": rejected[-1].reason, "reason_name": name.to_dict(), "for_buyer": said.to_dict()}


def _challenge(state: CaseState) -> dict[str, Any] | None:
    if state.challenge == "none":
        return None
    return {
        "state": state.challenge,
        "asks": list(state.asked),
        "ask_names": [ask_name(one).to_dict() for one in state.asked],
        "code_word": state.code_word,
    }


def _timeout(duty: DutyState) -> Text:
    return catalogue("bixie.cases").text(f"timeout.{duty.kind}.{duty.on_timeout}")


def _exhibits(session: TenantSession, case: Case) -> list[CaseExhibitOut]:
    links = repository.exhibits_of(session, case.id)
    reports = verdicts_of(session, [one.exhibit_id for one in links])
    found = []
    for link in links:
        exhibit = vault.by_id(session, link.exhibit_id)
        report, verdict = reports.get(link.exhibit_id, (None, None))
        found.append(
            CaseExhibitOut(
                id=link.exhibit_id,
                role=link.role,
                role_name=TextOut.of(role_name(link.role)),
                side=Side(link.side),
                side_name=TextOut.of(name_of(Side(link.side))),
                sha256=None if exhibit is None else exhibit.sha256,
                media_type=None if exhibit is None else exhibit.media_type,
                state="erased" if exhibit is None else exhibit.state,
                verdict=verdict,
                verdict_name=TextOut.of(verdict_name(verdict)),
                report=report,
                added_at=format_timestamp(link.added_at),
            )
        )
    return found


def _decision(made: DecisionState, state: CaseState, row: CaseDecision | None, side: Side) -> DecisionOut:
    # A reviewer answers to the platform: the sides learn that a person decided, and not which.
    shown = side is Side.PLATFORM
    ruled = made.basis is Basis.RULING and made.person is not None
    return DecisionOut(
        id=made.id,
        basis=str(made.basis),
        basis_name=TextOut.of(word_name("basis", made.basis)),
        outcome=outcome_out(made.outcome),
        outcome_name=TextOut.of(outcome_name(made.outcome)),
        reasons=list(made.reasons),
        reason_names=[TextOut.of(decision_reason_name(one)) for one in made.reasons],
        rules=list(made.rules),
        pack=state.filed.pack.model_dump(),
        note=None if row is None else row.note,
        person=made.person if shown else None,
        person_name=TextOut.of(word_name("office", "reviewer")) if ruled else None,
        persons=list(made.persons) if shown else [],
        persons_count=len(made.persons) or int(ruled),
        decided_at=format_timestamp(made.decided_at),
        appeal_until=format_optional(made.appeal_until),
        overturned=made.is_overturned,
    )


def _notes_of_appeals(session: TenantSession, case: Case, state: CaseState) -> dict[str, str | None]:
    if not any(one.review for one in state.appeals):
        return {}
    return {one.id: one.note for one in reviews.reviews_of(session, case.id)}


def _thread(
    case: Case, events: Sequence[Dated], messages: Sequence[CaseMessage], side: Side
) -> list[MessageOut]:
    written: Mapping[str, CaseMessage] = {one.id: one for one in messages}
    return [
        entry for entry in (_entry(case, one, written) for one in events) if may_see(entry.audience, side)
    ]


def _entry(case: Case, dated: Dated, written: Mapping[str, CaseMessage]) -> MessageOut:
    event = dated.event
    message = written.get(event.message) if isinstance(event, MessagePosted) else None
    return MessageOut(
        id=None if message is None else message.id,
        at=format_timestamp(dated.time),
        by=event.by,
        by_name=TextOut.of(name_of(event.by)),
        type=event.type,
        name=TextOut.of(event_name(event)),
        text=case.text if isinstance(event, Filed) else None if message is None else message.text,
        audience=event.seen_by if message is None else Audience(message.audience),
        exhibits=[] if message is None else list(message.exhibits),
    )


def _period_over(session: TenantSession, state: CaseState) -> TextOut | None:
    order = orders.by_id(session, state.filed.order_id)
    if order is None or not state.filed.received:
        return None
    options = claim_options()
    delivered_at = order_facts(order, options).delivered_at
    said = period_over(state.filed.reason, delivered_at, state.filed_at, options)
    return None if said is None else TextOut.of(said)


def _order_number(session: TenantSession, case: Case) -> str | None:
    return orders.numbers(session, [case.order_id]).get(case.order_id)
