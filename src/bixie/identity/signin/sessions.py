"""The row of a session that begins."""

from bixie.access.tenancy import TenantSession
from bixie.identity.models import Person
from bixie.identity.signin.models import LoginSession
from bixie.identity.tokens import SessionText, secret_hash
from bixie.kit.timestamps import Clock

__all__ = ["start_session"]


def start_session(session: TenantSession, person: Person, text: SessionText, clock: Clock) -> LoginSession:
    """Add the row of a session that begins now; the caller appends the event of the sign-in."""
    now = clock()
    made = LoginSession(
        tenant=person.tenant, hash=secret_hash(text.secret), person=person.id, made_at=now, seen_at=now
    )
    session.add(made)
    return made
