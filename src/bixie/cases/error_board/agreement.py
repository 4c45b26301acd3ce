"""How often two reviewers who did not know of each other said the same."""

from dataclasses import dataclass

from bixie.access.tenancy import TenantSession
from bixie.cases.events import ReviewOpinionGiven
from bixie.cases.opening import dated
from bixie.ledger import repository as ledger

__all__ = ["MAX_OPINIONS", "Agreement", "agreement_of"]

MAX_OPINIONS = 10_000
"""The newest ones are counted."""
_LAST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Agreement:
    """Second opinions.

    Parameters
    ----------
    compared : int
        Opinions that were compared with one before.
    agreed : int
        How many of them said the same.
    """

    compared: int
    agreed: int


def agreement_of(session: TenantSession) -> Agreement:
    """Count the second opinions of the tenant's reviewers."""
    rows = ledger.page(session, 0, MAX_OPINIONS, None, ReviewOpinionGiven.type, before=_LAST)
    found = (dated(row.body) for row in rows)
    events = [one.event for one in found if one is not None and isinstance(one.event, ReviewOpinionGiven)]
    answers = [one.agrees for one in events if one.agrees is not None]
    return Agreement(len(answers), sum(answers))
