"""Whether something new happened in a case that a side may see: asked often, so it costs little."""

from bixie.access.tenancy import TenantSession
from bixie.cases.events import MessagePosted
from bixie.cases.opening import events_of
from bixie.cases.thread import may_see
from bixie.cases.words import Side
from bixie.ledger import repository as ledger

__all__ = ["entries_seen", "last_event"]


def last_event(session: TenantSession, case_id: str) -> int:
    """Return the sequence of the last event of a case; it says nothing of who may see it."""
    return ledger.last_about(session, case_id)


def entries_seen(session: TenantSession, case_id: str, side: Side) -> int:
    """Return how many entries the thread of a case has for a side."""
    return sum(
        may_see(event.audience if isinstance(event, MessagePosted) else event.seen_by, side)
        for event in (one.event for one in events_of(session, case_id))
    )
