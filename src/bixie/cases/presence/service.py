"""Notes that somebody has a case open, and says who else of the same side has."""

from collections.abc import Sequence
from datetime import timedelta

from bixie.access.tenancy import TenantSession
from bixie.cases.presence import repository
from bixie.cases.presence.models import CasePresence
from bixie.cases.words import Side
from bixie.kit.timestamps import Clock, utc_now

__all__ = ["AWAY_AFTER", "leave", "see"]

AWAY_AFTER = timedelta(seconds=75)
"""Since somebody was last heard of: a page says every 25 seconds that it is open."""
_FORGOTTEN_AFTER = timedelta(hours=1)


def see(session: TenantSession, case_id: str, side: Side, clock: Clock = utc_now) -> Sequence[CasePresence]:
    """Note that the caller has a case open, and return who else of its side has, the first first.

    Parameters
    ----------
    session : TenantSession
    case_id : str
        Of a case that the caller may see.
    side : Side
        Of the caller.
    clock : callable
    """
    now, person = clock(), session.principal.id
    repository.forget_before(session, now - _FORGOTTEN_AFTER)
    row = repository.of_person(session, case_id, str(side), now)
    if row.seen_at < now - AWAY_AFTER:
        row.since = now
    row.side, row.seen_at = str(side), now
    return repository.others(session, case_id, person, str(side), now - AWAY_AFTER)


def leave(session: TenantSession, case_id: str) -> None:
    """Note that the caller has closed a case."""
    repository.forget(session, case_id, session.principal.id)
