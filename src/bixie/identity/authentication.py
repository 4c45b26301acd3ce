"""Authentication: an API key, a session's token or a signed link becomes a principal.

Each of these texts names its tenant and is compared with that tenant's rows only.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import TenantSession, reading, writing
from bixie.identity import repository
from bixie.identity.errors import CredentialError, LinkError
from bixie.identity.links import Ticket, tenant_of
from bixie.identity.models import ApiKey, Person
from bixie.identity.signin import repository as signin
from bixie.identity.signin.models import LoginSession
from bixie.identity.signin.recording import personal_source
from bixie.identity.signing import open_ticket
from bixie.identity.tokens import KeyText, SessionText, same_hash, secret_hash
from bixie.kit.timestamps import Clock, utc_now
from bixie.ledger.service import NewEvent, append
from bixie.store.unit_of_work import Store

if TYPE_CHECKING:
    from bixie.kit.canonical_json import Json

__all__ = [
    "ABSOLUTE",
    "IDLE",
    "SILENCE",
    "authenticate_key",
    "authenticate_link",
    "authenticate_session",
    "authenticator",
    "end_session",
]

IDLE = timedelta(hours=2)
"""A session that is idle for this long is over."""
ABSOLUTE = timedelta(hours=12)
"""A working day; then the person logs in again."""
SILENCE = timedelta(days=30)
"""A key that was not used for this long has its next use put on record."""
_RECORDED_EVERY = timedelta(minutes=1)
"""Use is recorded at most this often: recording is a write."""


def authenticator(tenant: str) -> Principal:
    """Return the principal that reads a tenant before the caller is known."""
    return Principal(tenant, "program_gate", Role.PROGRAM)


def authenticate_key(store: Store, text: str, clock: Clock = utc_now, *, source: str = "") -> Principal:
    """Return the principal of a key, and record that the key was used.

    The first use, and one after a long silence, are events: somebody may have found the key.

    Parameters
    ----------
    store : Store
    text : str
        The key.
    clock : callable
    source : str
        The client's address, for the event.

    Raises
    ------
    CredentialError
        ``identity.key_unknown``; ``identity.key_revoked`` or ``identity.key_expired`` if the secret is right.
    """
    credential, now = KeyText.read(text), clock()
    with reading(store, authenticator(credential.tenant)) as session:
        key = repository.key_by_id(session, credential.key)
    actual = secret_hash(credential.secret, key.salt if key else "")
    if not same_hash(actual, key.hash if key else "") or key is None:
        raise CredentialError("identity.key_unknown")
    if key.revoked_at is not None:
        raise CredentialError("identity.key_revoked")
    if key.expires_at is not None and now >= key.expires_at:
        raise CredentialError("identity.key_expired")
    if key.used_at is None or now - key.used_at >= _RECORDED_EVERY:
        _record_use(store, key, source, clock)
    return Principal(key.tenant, key.id, Role(key.role), key.party)


def authenticate_session(store: Store, token: str, clock: Clock = utc_now) -> Principal:
    """Return the principal of a session with the person's present role, and restart its idle time.

    Raises
    ------
    CredentialError
        ``identity.session_ended`` for every reason.
    """
    credential, now = SessionText.read(token), clock()
    hash_ = secret_hash(credential.secret)
    with reading(store, authenticator(credential.tenant)) as session:
        row, person = _active(session, hash_, now)
    if now - row.seen_at >= _RECORDED_EVERY:
        with writing(store, authenticator(credential.tenant)) as session:
            row, person = _active(session, hash_, now)  # it may have ended meanwhile
            row.seen_at = max(row.seen_at, now)
    return Principal(credential.tenant, person.id, Role(person.role), person.party)


def authenticate_link(
    store: Store, token: str, purpose: str, clock: Clock = utc_now
) -> tuple[Principal, Ticket]:
    """Return the party of a signed link as a principal, and the link's ticket.

    Raises
    ------
    LinkError
        Those of `bixie.identity.links.unseal`; ``identity.link_forged`` also if the party is erased.
    """
    tenant = tenant_of(token)
    with reading(store, authenticator(tenant)) as session:
        ticket = open_ticket(session, token, purpose, clock)
        party = repository.party_by_id(session, ticket.party)
    if party is None or party.erased_at is not None:
        raise LinkError("identity.link_forged")
    return Principal(tenant, party.id, Role.BUYER, party.id), ticket


def end_session(store: Store, token: str, clock: Clock = utc_now) -> None:
    """End a session; ending it again changes nothing.

    Raises
    ------
    CredentialError
        ``identity.session_ended`` for a malformed token.
    """
    credential = SessionText.read(token)
    with writing(store, authenticator(credential.tenant)) as session:
        row = signin.login_session(session, secret_hash(credential.secret))
        if row is not None and row.ended_at is None:
            now = row.ended_at = clock()
            append(session, [NewEvent("identity.session_ended", row.person, rows=(row,))], lambda: now)


def _record_use(store: Store, key: ApiKey, source: str, clock: Clock) -> None:
    with writing(store, authenticator(key.tenant)) as session:
        kept = repository.locked_key(session, key.id)
        if kept is None:
            return
        before, now = kept.used_at, clock()
        kept.used_at = now
        if before is None or now - before >= SILENCE:
            data: dict[str, Json] = {"unused_days": None if before is None else (now - before).days}
            append(session, [NewEvent("identity.key_used", key.id, data, personal_source(source))], clock)


def _active(session: TenantSession, hash_: str, now: datetime) -> tuple[LoginSession, Person]:
    row = signin.login_session(session, hash_)
    if row is None or row.ended_at is not None or now - row.seen_at >= IDLE or now - row.made_at >= ABSOLUTE:
        raise CredentialError("identity.session_ended")
    person = repository.person_by_id(session, row.person)
    if person is None or person.disabled_at is not None:
        raise CredentialError("identity.session_ended")
    return row, person
