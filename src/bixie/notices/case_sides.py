"""Who is told for a side of a case."""

from bixie.access.principal import Role
from bixie.access.tenancy import TenantSession
from bixie.cases.models import Case
from bixie.cases.words import Side
from bixie.identity.repository import party_by_id, people
from bixie.notices.service import Recipient

__all__ = ["CaseRecipients"]


class CaseRecipients:
    """Finds who is told for a side; what was looked up is kept.

    A merchant that runs Bixie itself is told through its clerks, or its administrators where it has none.
    For the platform nobody is: what it owes is in its queue of reviews, and its programs have webhooks.

    Parameters
    ----------
    session : TenantSession
    """

    def __init__(self, session: TenantSession) -> None:
        self._session = session
        self._clerks: list[Recipient] | None = None
        self._there: dict[str, bool] = {}

    def of(self, case: Case, side: Side) -> list[Recipient]:
        """Return who is told for a side of a case; nobody for a buyer that has no party."""
        if side is Side.PLATFORM:
            return []
        party = case.buyer if side is Side.BUYER else case.party
        if party:
            return [Recipient(party=party)] if self._is_there(party) else []
        return self._own_clerks() if side is Side.MERCHANT else []

    def _is_there(self, party: str) -> bool:
        if party not in self._there:
            self._there[party] = party_by_id(self._session, party) is not None
        return self._there[party]

    def _own_clerks(self) -> list[Recipient]:
        if self._clerks is None:
            own = [one for one in people(self._session, None) if one.party is None and not one.disabled_at]
            by_role = ([one for one in own if one.role == role] for role in (Role.CLERK, Role.ADMIN))
            self._clerks = [Recipient(person=one.id) for one in next(filter(None, by_role), [])]
        return self._clerks
