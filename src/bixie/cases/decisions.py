"""Decisions: asks the pack about the facts, keeps the record that replays them, requests the remedy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bixie.cases import repository
from bixie.cases.after_decision_rules import is_due
from bixie.cases.claim_checks import goods_left_of_order, left_of_order
from bixie.cases.claims.loading import claim_options
from bixie.cases.decision_rules import Ruling
from bixie.cases.errors import RefusedCaseError
from bixie.cases.event_parts import Outcome
from bixie.cases.events import CaseEvent, Decided, ReturnReceived, Reversed
from bixie.cases.evidence import examiners_of, verdict_of
from bixie.cases.merchant_options.service import options_of
from bixie.cases.models import CaseDecision
from bixie.cases.opening import OpenCase, states_of
from bixie.cases.state import CaseState
from bixie.cases.words import Basis, OutcomeKind, Service, Side
from bixie.jobs.service import enqueue
from bixie.kit.money import yuan_from_fen
from bixie.policies import Facts, evaluate
from bixie.policies.facts import REFUND_ONLY_ON_SILENCE
from bixie.policies.records import record_of

if TYPE_CHECKING:
    from bixie.kit.canonical_json import Json
    from bixie.ledger.recorded import Recorded

__all__ = [
    "REMEDY",
    "REVERSAL",
    "Wanted",
    "facts_of",
    "needs_second_review",
    "order_covers",
    "overturned_row",
    "record_decision",
    "request_remedy",
    "rule_on",
]

REMEDY = "remedy"
"""Type of the job that orders a remedy outside. Its payload: ``{"case": id, "decision": id}``. A room above
runs it."""
REVERSAL = "remedy_reversal"
"""Type of the job that reverses the remedy of a decision that an appeal has overturned."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A decision that is to be made.

    Parameters
    ----------
    basis : Basis
    outcome : Outcome
    reasons : sequence of str
        Codes.
    note : str or None
        For both sides, in the reviewer's words.
    person : str or None
        Who confirms it.
    """

    basis: Basis
    outcome: Outcome
    reasons: Sequence[str] = ()
    note: str | None = None
    person: str | None = None


def facts_of(case: OpenCase, wanted: Wanted, *, served: Mapping[Side, bool] | None = None) -> Facts:
    """Return the facts that the pack is asked about.

    Parameters
    ----------
    case : OpenCase
    wanted : Wanted
    served : mapping, optional
        Whether each side has had the case file as it is now.
    """
    state, filed = case.state, case.state.filed
    verdict, examined = verdict_of(case.session, case.row)
    counted = filed.service is Service.REFUND_ONLY and bool(case.row.buyer)
    return Facts.model_validate(
        {
            "decided_at": case.context.now,
            "stage": str(state.stage),
            "service": str(filed.service),
            "reason": filed.reason,
            "received": filed.received,
            "amount_minor": state.amount_minor,
            "paid_minor": filed.paid_minor,
            "currency": filed.currency,
            "category": None if filed.category is None else claim_options().category_of(filed.category),
            # Without a report nothing is known of the files; `any_examined` says that they wait for one.
            "evidence_verdict": verdict or "inconclusive",
            "examined": examined,
            "any_examined": verdict not in (None, "none"),
            "exhibit_roles": tuple(
                sorted({role for side, role in state.exhibits.values() if side is Side.BUYER})
            ),
            "merchant_consents": wanted.basis is Basis.AGREEMENT,
            "merchant_options": _opted_in(case),
            "refund_only_count": _refund_only_count(case) if counted else None,
            "claims_on_item": _claims_on_item(case),
            "buyer_asks_person": state.wants_person,
            "challenge": state.challenge,
            "served_buyer": None if served is None else served[Side.BUYER],
            "served_merchant": None if served is None else served[Side.MERCHANT],
            "basis": str(wanted.basis),
            "confirmed_by_person": wanted.person is not None or wanted.basis is Basis.AGREEMENT,
            "outcome_kind": str(wanted.outcome.kind),
            "outcome_minor": wanted.outcome.amount_minor,
            "inspection": state.returned if state.returned in ("pass", "partial", "fail") else None,
        }
    )


def _refund_only_count(case: OpenCase) -> int:
    """Return how many claims for a refund without return the buyer has filed in the pack's window."""
    since = case.context.now - case.pack.limits.refund_only_window.as_timedelta()
    rows = repository.refund_only_cases(case.session, case.row.buyer, since)
    return sum(_is_counted(one) for one in states_of(case.session, rows).values())


def _is_counted(state: CaseState) -> bool:
    """Return whether a claim counts for its buyer: not what a merchant filed in its name."""
    return state.filed.filed_by is Side.BUYER


def _claims_on_item(case: OpenCase) -> int:
    """Return how many claims of the buyer there are on the item of this one that has the most."""
    about = repository.of_order(case.session, case.row.order_id)
    states = (one for one in states_of(case.session, about).values() if _is_counted(one))
    positions = [{item.position for item in state.filed.items} for state in states]
    return max(sum(item.position in claimed for claimed in positions) for item in case.state.filed.items)


def _opted_in(case: OpenCase) -> tuple[str, ...]:
    """Return what the merchant had opted in to when the claim was filed.

    What pays without a person stops with the option; what was announced about silence stays as announced.
    """
    amount = case.state.amount_minor
    then = options_of(case.session, case.row.party, case.state.filed_at, amount)
    now = options_of(case.session, case.row.party, case.context.now, amount)
    return tuple(one for one in then if one in now or one == REFUND_ONLY_ON_SILENCE)


def order_covers(case: OpenCase, outcome: Outcome) -> bool:
    """Return whether an outcome, with those of the order's other cases, stays within the order.

    That is what was paid for money, and what was ordered for goods.
    """
    if goods_left_of_order(case.session, case.row, case.state, outcome) is not None:
        return False
    if outcome.amount_minor is None:
        return True
    left = left_of_order(case.session, case.row, case.state)
    return left is None or outcome.amount_minor <= left


def rule_on(
    case: OpenCase, wanted: Wanted, *, served: Mapping[Side, bool] | None = None
) -> tuple[Ruling, CaseDecision]:
    """Ask the pack, and return what stands behind the decision with its row.

    Raises
    ------
    RefusedCaseError
        ``cases.against_the_rules`` where the pack forbids the outcome, ``cases.person_needed`` where it asks
        for a person and none has confirmed, ``cases.amount_above_order`` where other cases of the order leave
        less than the refund, ``cases.items_beyond_order`` where they leave fewer pieces.
    """
    facts = facts_of(case, wanted, served=served)
    evaluation = evaluate(case.pack, facts)
    if not evaluation.permitted:
        raise RefusedCaseError("cases.against_the_rules", rules=", ".join(evaluation.objections))
    if not facts.confirmed_by_person and not evaluation.without_person and wanted.basis is Basis.POLICY:
        raise RefusedCaseError("cases.person_needed")
    if not order_covers(case, wanted.outcome):
        pieces = goods_left_of_order(case.session, case.row, case.state, wanted.outcome)
        if pieces is not None:
            raise RefusedCaseError("cases.items_beyond_order", left=pieces)
        left = left_of_order(case.session, case.row, case.state)
        raise RefusedCaseError("cases.amount_above_order", amount=yuan_from_fen(left or 0))
    outcome: dict[str, Json] = wanted.outcome.model_dump(mode="json", exclude_none=True)
    record = record_of(case.pack, facts, evaluation, outcome)
    row = CaseDecision(
        id=case.context.new_id("decision"),
        tenant=case.row.tenant,
        case_id=case.row.id,
        basis=str(wanted.basis),
        outcome=outcome,
        reasons=list(wanted.reasons),
        note=wanted.note,
        record=record.document,
        person=wanted.person,
        decided_at=case.context.now,
    )
    fired = tuple(one.id for one in evaluation.rules)
    ruling = Ruling(
        row.id,
        wanted.outcome,
        tuple(wanted.reasons),
        fired,
        record.sha256,
        wanted.person,
        examiners=examiners_of(case.session, case.row),
    )
    return ruling, row


def needs_second_review(decision: CaseDecision) -> bool:
    """Return whether the pack wants a second person to review a decision."""
    return bool(decision.record["evaluation"]["second_review_required"])


def record_decision(
    case: OpenCase, events: Sequence[CaseEvent], row: CaseDecision, rows: "Sequence[Recorded]" = ()
) -> None:
    """Record a decision with its row, and request what follows from it outside."""
    before = case.state
    case.session.add(row)
    overturned = next((one.replaces for one in events if isinstance(one, Decided) and one.replaces), None)
    former = [] if overturned is None else overturned_row(case, overturned)
    case.record(events, [row, *rows, *former])
    if overturned is not None and before.remedy is not None:
        _request(case, REVERSAL, overturned)
    request_remedy(case, events)


def overturned_row(case: OpenCase, decision: str) -> list[CaseDecision]:
    """Return the row of a decision that does not stand any more, with the time; the event states it."""
    row = repository.decision_by_id(case.session, decision)
    if row is None:
        return []
    row.overturned_at = case.context.now
    return [row]


def request_remedy(case: OpenCase, events: Sequence[CaseEvent], *, again: str = "") -> None:
    """Request the remedy of the decision that stands, if these events make it due."""
    decision = case.state.decision
    if decision is None or decision.outcome.kind is OutcomeKind.REFUSE:
        return
    happened = any(isinstance(one, Decided | ReturnReceived | Reversed) for one in events)
    if (happened or again) and is_due(case.state):
        _request(case, REMEDY, decision.id, again)


def _request(case: OpenCase, kind: str, decision: str, again: str = "") -> None:
    payload: dict[str, Json] = {"case": case.row.id, "decision": decision}
    key = f"{decision} {again}".strip()
    now = case.context.now
    enqueue(case.session, kind, payload, tenant=case.row.tenant, key=key, clock=lambda: now)
