"""A partial refund by how damaged the goods are."""

from bixie.cases.errors import RefusedCaseError
from bixie.cases.event_parts import Outcome
from bixie.cases.state import CaseState
from bixie.cases.words import OutcomeKind
from bixie.policies.terms import Terms

__all__ = ["partial_refund"]


def partial_refund(state: CaseState, terms: Terms, level: int) -> Outcome:
    """Return the offer to refund a share of what was paid, and leave the goods with the buyer.

    Parameters
    ----------
    state : CaseState
    terms : Terms
    level : int
        Damage in per cent, one of the pack's.

    Raises
    ------
    RefusedCaseError
        ``cases.no_such_level``; ``cases.price_unknown`` where the order does not say what was paid.
    """
    if level not in terms.damage_levels:
        raise RefusedCaseError("cases.no_such_level", levels=" / ".join(map(str, terms.damage_levels)))
    paid = state.filed.paid_minor
    if not paid:
        raise RefusedCaseError("cases.price_unknown")
    # Rounded up: a fen is never lost to the buyer.
    amount = -(-paid * level // 100)
    return Outcome(kind=OutcomeKind.REFUND, amount_minor=amount, currency=state.filed.currency)
