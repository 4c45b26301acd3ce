"""From what somebody shows to who it is: a key, a session's token or a signed link becomes a principal.

Each of these texts names its tenant, and is held against that tenant's rows only.
"""

from datetime import datetime, timedelta

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import TenantSession, reading, writing
from bixie.identity import repository
from bixie.identity.errors import CredentialError, LinkError
from bixie.identity.links import Ticket, tenant_of
from bixie.identity.models import ApiKey, Person
from bixie.identity.signin import repository as signin
from bixie.identity.signin.models import LoginSession
from bixie.identity.signing import open_ticket
from bixie.identity.tokens import KeyText, SessionText, same_hash, secret_hash
from bixie.kit.timestamps import Clock, utc_now
from bixie.store.unit_of_work import Store

__all__ = ["ABSOLUTE", "IDLE", "by_key", "by_link", "by_session", "end_session", "gatekeeper"]

IDLE = timedelta(hours=2)
"""A session that is not used for so long is over."""
ABSOLUTE = timedelta(hours=12)
"""A working day: then one logs in again, however busy one was."""
_NOTED_EVERY = timedelta(minutes=1)
"""Use is noted no oftener: a note is a write."""


def gatekeeper(tenant: str) -> Principal:
    """Return who looks into a tenant before it is known who asks."""
    return Principal(tenant, "program_gate", Role.PROGRAM)


def by_key(store: Store, text: str, clock: Clock = utc_now) -> Principal:
    """Return whose key it is, and note that it was used.

    Raises
    ------
    CredentialError
        ``identity.key_unknown``; ``identity.key_revoked`` or ``identity.key_expired`` for who has the secret.
    """
    shown, now = KeyText.read(text), clock()
    with reading(store, gatekeeper(shown.tenant)) as session:
        key = repository.key_by_id(session, shown.key)
    made = secret_hash(shown.secret, key.salt if key else "")
    if not same_hash(made, key.hash if key else "") or key is None:
        raise CredentialError("identity.key_unknown")
    if key.revoked_at is not None:
        raise CredentialError("identity.key_revoked")
    if key.expires_at is not None and now >= key.expires_at:
        raise CredentialError("identity.key_expired")
    if key.used_at is None or now - key.used_at >= _NOTED_EVERY:
        _note_key(store, key, now)
    return Principal(key.tenant, key.id, Role(key.role), key.party)


def by_session(store: Store, token: str, clock: Clock = utc_now) -> Principal:
    """Return whose session it is, as the person is now, and put its idle end off.

    Raises
    ------
    CredentialError
        ``identity.session_ended``, whatever the reason.
    """
    shown, now = SessionText.read(token), clock()
    hash_ = secret_hash(shown.secret)
    with reading(store, gatekeeper(shown.tenant)) as session:
        row, person = _going_on(session, hash_, now)
    if now - row.seen_at >= _NOTED_EVERY:
        with writing(store, gatekeeper(shown.tenant)) as session:
            row, person = _going_on(session, hash_, now)  # it may have been ended meanwhile
            row.seen_at = max(row.seen_at, now)
    return Principal(shown.tenant, person.id, Role(person.role), person.party)


def by_link(store: Store, token: str, purpose: str, clock: Clock = utc_now) -> tuple[Principal, Ticket]:
    """Return for which party a signed link is, and what it opens.

    Raises
    ------
    LinkError
        Those of `bixie.identity.links.unseal`; ``identity.link_forged`` also where the party is no more.
    """
    tenant = tenant_of(token)
    with reading(store, gatekeeper(tenant)) as session:
        ticket = open_ticket(session, token, purpose, clock)
        party = repository.party_by_id(session, ticket.party)
    if party is None or party.erased_at is not None:
        raise LinkError("identity.link_forged")
    return Principal(tenant, party.id, Role.BUYER, party.id), ticket


def end_session(store: Store, token: str, clock: Clock = utc_now) -> None:
    """End a session; one that is over stays so.

    Raises
    ------
    CredentialError
        ``identity.session_ended`` for what is no token.
    """
    shown = SessionText.read(token)
    with writing(store, gatekeeper(shown.tenant)) as session:
        row = signin.login_session(session, secret_hash(shown.secret))
        if row is not None and row.ended_at is None:
            row.ended_at = clock()


def _note_key(store: Store, key: ApiKey, now: datetime) -> None:
    with writing(store, gatekeeper(key.tenant)) as session:
        kept = repository.key_by_id(session, key.id)
        if kept is not None:
            kept.used_at = now


def _going_on(session: TenantSession, hash_: str, now: datetime) -> tuple[LoginSession, Person]:
    row = signin.login_session(session, hash_)
    if row is None or row.ended_at is not None or now - row.seen_at >= IDLE or now - row.made_at >= ABSOLUTE:
        raise CredentialError("identity.session_ended")
    person = repository.person_by_id(session, row.person)
    if person is None or person.disabled_at is not None:
        raise CredentialError("identity.session_ended")
    return row, person
