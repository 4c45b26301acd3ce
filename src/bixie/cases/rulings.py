"""Rulings of a reviewer, decisions on appeals, and decisions that time or the pack makes."""

from collections.abc import Sequence
from dataclasses import replace

from bixie.access.tenancy import TenantSession
from bixie.cases import decision_rules, rules
from bixie.cases.decision_rules import check_may_decide
from bixie.cases.decisions import (
    Wanted,
    facts_of,
    needs_second_review,
    order_covers,
    record_decision,
    request_remedy,
    rule_on,
)
from bixie.cases.errors import RefusedCaseError
from bixie.cases.event_parts import Outcome
from bixie.cases.events import CaseEvent
from bixie.cases.files import file_of
from bixie.cases.models import CaseDecision
from bixie.cases.opening import OpenCase, found, open_case
from bixie.cases.reviews.locks import ended, held_by_caller
from bixie.cases.reviews.models import CaseReview
from bixie.cases.reviews.second_review import agreed, give_opinion, turn_of
from bixie.cases.state import DutyState
from bixie.cases.words import Basis, OnTimeout, Side, Status
from bixie.kit.timestamps import Clock, utc_now
from bixie.policies import evaluate

__all__ = ["accept_by_silence", "decide", "decide_appeal", "pay_if_allowed", "rule"]

_BOTH_SERVED = {Side.BUYER: True, Side.MERCHANT: True}


def rule(
    session: TenantSession,
    case_id: str,
    outcome: Outcome | None,
    reasons: Sequence[str],
    *,
    note: str | None = None,
    clock: Clock = utc_now,
) -> OpenCase:
    """Decide what waits for the reviewer who holds a case: the case, or the appeal against its decision.

    Raises
    ------
    CaseError
        ``cases.outcome_missing`` without an outcome where nothing was decided before; those of `decide`.
    ReviewError
        Those of `decide`.
    """
    if found(session, case_id).status == Status.APPEALED:
        return decide_appeal(session, case_id, outcome, reasons, note=note, clock=clock)
    if outcome is None:
        raise RefusedCaseError("cases.outcome_missing")
    return decide(session, case_id, outcome, reasons, note=note, clock=clock)


def decide(
    session: TenantSession,
    case_id: str,
    outcome: Outcome,
    reasons: Sequence[str],
    *,
    note: str | None = None,
    clock: Clock = utc_now,
) -> OpenCase:
    """Decide a case as the reviewer who holds it, with coded reasons and a note for both sides.

    Where the pack wants a second person, the first two give their opinions, neither knowing the other's. If
    they agree, that is the decision; otherwise a third person decides, who sees both.

    Raises
    ------
    CaseError
        Before both sides were heard and have had the same file, or against the rules of the pack.
    ReviewError
        Where the caller does not hold the case or must not decide it.
    """
    case = open_case(session, case_id, clock)
    _, sha256 = file_of(session, case.row, case.pack)
    check_may_decide(case.state, case.context, sha256)
    review = held_by_caller(case, sha256)
    wanted = Wanted(Basis.RULING, outcome, _checked(reasons), note, session.principal.id)
    ruling, row = rule_on(case, wanted, served=_BOTH_SERVED)
    events = decision_rules.decide(case.state, case.context, ruling, sha256)
    if needs_second_review(row):
        together = _agreed(case, review, wanted, sha256)
        if together is None:
            return case
        if together != outcome:
            ruling, row = rule_on(case, replace(wanted, outcome=together), served=_BOTH_SERVED)
        ruling = replace(ruling, persons=_persons(case, sha256))
        events = decision_rules.decide(case.state, case.context, ruling, sha256)
    record_decision(case, events, row, [ended(review, case, "decided")])
    return case


def decide_appeal(
    session: TenantSession,
    case_id: str,
    outcome: Outcome | None,
    reasons: Sequence[str],
    *,
    note: str | None = None,
    clock: Clock = utc_now,
) -> OpenCase:
    """Decide an appeal: without an outcome the decision stands, with one it is replaced.

    Where both sides have appealed, that decides both. Whoever decides has neither given an opinion nor
    decided in this case before; a second person reviews it where one would review the decision.
    """
    case = open_case(session, case_id, clock)
    _, sha256 = file_of(session, case.row, case.pack)
    check_may_decide(case.state, case.context, sha256)
    review = held_by_caller(case, sha256)
    standing = case.state.decisions[-1].outcome
    wanted = Wanted(Basis.RULING, outcome or standing, _checked(reasons), note, session.principal.id)
    stands = outcome is None
    events, row = _on_appeal(case, wanted, sha256, review, stands=stands)
    if evaluate(case.pack, facts_of(case, wanted, served=_BOTH_SERVED)).second_review_required:
        together = _agreed(case, review, wanted, sha256)
        if together is None:
            return case
        stands, wanted = together == standing, replace(wanted, outcome=together)
        persons = _persons(case, sha256)
        events, row = _on_appeal(case, wanted, sha256, review, stands=stands, persons=persons)
    if row is not None:
        record_decision(case, events, row, [ended(review, case, "decided")])
    else:
        _let_stand(case, events, review, note)
    return case


def _on_appeal(
    case: OpenCase,
    wanted: Wanted,
    file_sha256: str,
    review: CaseReview,
    *,
    stands: bool,
    persons: tuple[str, ...] = (),
) -> tuple[list[CaseEvent], CaseDecision | None]:
    """Return what comes of an appeal, with the row of the new decision if there is one."""
    ruling, row = None, None
    if not stands:
        ruling, row = rule_on(case, wanted, served=_BOTH_SERVED)
        ruling = replace(ruling, persons=persons)
    events = decision_rules.decide_appeal(
        case.state,
        case.context,
        case.session.principal.id,
        reasons=wanted.reasons,
        ruling=ruling,
        file_sha256=file_sha256,
        persons=persons,
        review=review.id,
    )
    return events, row


def _let_stand(case: OpenCase, events: list[CaseEvent], review: CaseReview, note: str | None) -> None:
    """Record that an appealed decision stands, and request its remedy if the appeal had held it up."""
    held = case.state.remedy is None
    review.note = note
    case.record(events, [ended(review, case, "decided")])
    if held:
        times = len({one.decided_at for one in case.state.appeals})
        request_remedy(case, events, again="after appeal" if times == 1 else f"after appeal {times}")


def _agreed(case: OpenCase, review: CaseReview, wanted: Wanted, file_sha256: str) -> Outcome | None:
    """Return what is decided where the pack wants a second person; None where an opinion was recorded."""
    turn = turn_of(case.state, file_sha256)
    together = agreed(case, file_sha256, wanted.outcome) if turn == 1 else None
    if turn == 0 or (turn == 1 and together is None):
        give_opinion(case, review, wanted, file_sha256, agrees=None if turn == 0 else False)
        return None
    return together or wanted.outcome


def _persons(case: OpenCase, file_sha256: str) -> tuple[str, ...]:
    """Return everybody who has reviewed a case, the caller last."""
    before = [one.person for one in case.state.opinions_on(file_sha256)]
    return (*before, case.session.principal.id)


def accept_by_silence(case: OpenCase, duty: DutyState) -> None:
    """Record that the merchant's silence counts as acceptance, as was announced.

    Where the pack asks for a person, as it does for evidence in doubt, or other cases of the order leave less
    than is asked for, the platform steps in instead.
    """
    wanted = Wanted(Basis.SILENCE, case.state.asks_for, ("no_merchant_answer",))
    alone = evaluate(case.pack, facts_of(case, wanted)).without_person
    if not (alone and order_covers(case, wanted.outcome)):
        case.record(rules.time_out(case.state, case.context, replace(duty, on_timeout=OnTimeout.ESCALATE)))
        return
    ruling, row = rule_on(case, wanted)
    record_decision(case, decision_rules.accept_by_silence(case.state, case.context, duty, ruling), row)


def pay_if_allowed(case: OpenCase) -> bool:
    """Pay a claim without a person where the pack and the merchant allow it; return whether it was paid.

    Only before the merchant has said anything, and once all files of the buyer are examined.
    """
    wanted = Wanted(Basis.POLICY, case.state.asks_for, ("within_limits",))
    if not decision_rules.may_pay_by_policy(case.state):
        return False
    facts = facts_of(case, wanted)
    if not facts.examined or not evaluate(case.pack, facts).without_person:
        return False
    if not order_covers(case, wanted.outcome):
        return False
    ruling, row = rule_on(case, wanted)
    record_decision(case, decision_rules.pay_by_policy(case.state, case.context, ruling), row)
    return True


def _checked(reasons: Sequence[str]) -> tuple[str, ...]:
    if not reasons:
        raise RefusedCaseError("cases.reason_missing")
    return tuple(reasons)
