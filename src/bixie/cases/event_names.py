"""What happened in a case, in words that say what it was about."""

from bixie.cases.claims.loading import claim_options
from bixie.cases.claims.options import find
from bixie.cases.events import AppealDecided, CaseEvent, Filed, Negotiated, Rejected
from bixie.cases.names import outcome_name
from bixie.cases.state import CaseState
from bixie.cases.words import Side
from bixie.kit.messages import Text, catalogue

__all__ = ["event_name", "result_name"]


def event_name(event: CaseEvent) -> Text:
    """Return what happened, for people: a refusal with its reason, an offer with what is offered.

    Parameters
    ----------
    event : CaseEvent
    """
    if isinstance(event, Filed) and event.filed_by is Side.MERCHANT:
        return _say("happened.filed_by_merchant")
    if isinstance(event, AppealDecided) and not event.overturned:
        return _say("happened.decision_stands")
    if isinstance(event, Rejected):
        reason = find(claim_options().reject_reasons, event.reason)
        if reason is not None:
            return _say("happened.rejected", reason=reason.title)
    elif isinstance(event, Negotiated):
        if event.outcome is not None:
            return _say("happened.offered", what=outcome_name(event.outcome))
        return _say(f"happened.{event.form}")
    return _say(f"event.{event.type}")


def result_name(state: CaseState) -> Text:
    """Return what a closed case came to, for people: refunded, withdrawn, not upheld."""
    decision = state.decision
    if state.closed_why == "remedied" and decision is not None:
        return _say(f"result.{decision.outcome.kind}")
    return _say(f"result.{state.closed_why}")


def _say(key: str, **values: object) -> Text:
    return catalogue("bixie.cases").text(key, **values)
