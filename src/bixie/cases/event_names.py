"""What happened in a case, in words that say what it was about."""

from bixie.cases.claims.amounts import money_text
from bixie.cases.claims.loading import claim_options
from bixie.cases.event_parts import Outcome
from bixie.cases.events import CaseEvent, Negotiated, Rejected
from bixie.cases.state import CaseState
from bixie.cases.words import OutcomeKind
from bixie.kit.messages import Text, catalogue

__all__ = ["event_name", "result_name"]


def event_name(event: CaseEvent) -> Text:
    """Return what happened, for people: a refusal with its reason, an offer with what is offered.

    Parameters
    ----------
    event : CaseEvent
    """
    if isinstance(event, Rejected):
        reasons = claim_options().reject_reasons
        title = next((one.title for one in reasons if one.key == event.reason), None)
        if title is not None:
            return _say("happened.rejected", reason=title)
    elif isinstance(event, Negotiated):
        if event.outcome is not None:
            return _offered(event.outcome)
        return _say(f"happened.{event.form}")
    return _say(f"event.{event.type}")


def result_name(state: CaseState) -> Text:
    """Return what a closed case came to, for people: refunded, withdrawn, not upheld."""
    decision = state.decision
    if state.closed_why == "remedied" and decision is not None:
        return _say(f"result.{decision.outcome.kind}")
    return _say(f"result.{state.closed_why}")


def _offered(outcome: Outcome) -> Text:
    kind = outcome.kind
    what = _say("happened.refund" if kind == OutcomeKind.REFUND else f"service.{kind}")
    if outcome.amount_minor is None:
        return _say("happened.offered", what=what)
    amount = money_text(outcome.amount_minor, outcome.currency or "CNY")
    return _say("happened.offered_amount", what=what, amount=amount)


def _say(key: str, **values: object) -> Text:
    return catalogue("bixie.cases").text(key, **values)
