"""What the room that carries out remedies asks of a case, and tells it."""

from dataclasses import dataclass

from bixie.access.tenancy import TenantSession
from bixie.cases import after_decision_rules
from bixie.cases.decisions import REMEDY, REVERSAL, request_remedy
from bixie.cases.event_parts import Item
from bixie.cases.opening import found, open_case, state_of
from bixie.cases.words import OutcomeKind
from bixie.kit.timestamps import Clock, utc_now

__all__ = [
    "REMEDY",
    "REVERSAL",
    "RemedyNeeded",
    "carried_out",
    "failed",
    "needed",
    "ordered",
    "reversal_failed",
    "taken_back",
]


@dataclass(frozen=True, slots=True)
class RemedyNeeded:
    """A remedy that a decision calls for.

    Parameters
    ----------
    case_id, decision_id : str
    kind : OutcomeKind
    amount_minor : int or None
        Of a refund.
    currency : str or None
    items : tuple of Item
        Those of the claim where the decision names none.
    order_id : str
    party, buyer : str
        The merchant's and the buyer's party; empty for none.
    """

    case_id: str
    decision_id: str
    kind: OutcomeKind
    amount_minor: int | None
    currency: str | None
    items: tuple[Item, ...]
    order_id: str
    party: str
    buyer: str


def needed(session: TenantSession, case_id: str, decision_id: str) -> RemedyNeeded | None:
    """Return the remedy of a decision; None where none is due.

    The decision does not stand any more, an appeal is open, goods are not back yet, or the case is closed.

    Raises
    ------
    NoSuchCaseError
        ``cases.no_such_case``.
    """
    row = found(session, case_id)
    state = state_of(session, row)
    decision = state.decision
    if decision is None or decision.id != decision_id or state.appeal is not None:
        return None
    if state.closed_why is not None or not after_decision_rules.is_due(state):
        return None
    outcome = decision.outcome
    return RemedyNeeded(
        case_id,
        decision_id,
        outcome.kind,
        outcome.amount_minor,
        outcome.currency,
        outcome.items or state.filed.items,
        row.order_id,
        row.party,
        row.buyer,
    )


def ordered(session: TenantSession, case_id: str, remedy_id: str, clock: Clock = utc_now) -> None:
    """Note in the case that its remedy was ordered outside."""
    case = open_case(session, case_id, clock)
    case.record(after_decision_rules.remedy_ordered(case.state, remedy_id))


def carried_out(session: TenantSession, case_id: str, remedy_id: str, clock: Clock = utc_now) -> None:
    """Note in the case that its remedy was carried out."""
    case = open_case(session, case_id, clock)
    case.record(after_decision_rules.remedied(case.state, remedy_id))


def failed(session: TenantSession, case_id: str, remedy_id: str, reason: str, clock: Clock = utc_now) -> None:
    """Note in the case that the outside refused its remedy, with a code."""
    case = open_case(session, case_id, clock)
    case.record(after_decision_rules.remedy_failed(case.state, remedy_id, reason))


def taken_back(session: TenantSession, case_id: str, decision_id: str, clock: Clock = utc_now) -> None:
    """Note in the case that an overturned remedy was taken back; what replaces it may go out."""
    case = open_case(session, case_id, clock)
    events = after_decision_rules.taken_back(case.state, decision_id)
    case.record(events)
    request_remedy(case, events)


def reversal_failed(
    session: TenantSession, case_id: str, decision_id: str, reason: str, clock: Clock = utc_now
) -> None:
    """Note in the case that the remedy of an overturned decision could not be taken back, with a code."""
    case = open_case(session, case_id, clock)
    case.record(after_decision_rules.reversal_failed(case.state, decision_id, reason))
