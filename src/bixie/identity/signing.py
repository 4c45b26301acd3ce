"""The tenant's signing keys, and the links that they sign for buyers, passwords and devices."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bixie.access.tenancy import TenantSession
from bixie.identity import repository
from bixie.identity.errors import LinkError, NotAllowedError
from bixie.identity.links import Ticket, genuine_ticket, seal, unseal
from bixie.identity.models import SigningKey
from bixie.identity.rules import may_manage
from bixie.identity.service import party_of
from bixie.kit.ids import Entropy, new_id
from bixie.kit.timestamps import Clock, utc_now
from bixie.ledger.service import NewEvent, append

if TYPE_CHECKING:
    from bixie.kit.canonical_json import Json

__all__ = ["MAX_DAYS", "buyer_link", "genuine", "open_ticket", "pepper", "rotate", "signed"]

MAX_DAYS = 400
"""Longest validity of a link."""
_SECRET_BYTES = 32


def rotate(
    session: TenantSession,
    *,
    retire: bool = False,
    clock: Clock = utc_now,
    entropy: Entropy = secrets.token_bytes,
) -> str:
    """Add a signing key that signs from now on; return its id.

    Parameters
    ----------
    session : TenantSession
    retire : bool
        Whether older keys stop verifying, because one of them leaked; all earlier links become invalid.
    clock, entropy : callable

    Raises
    ------
    NotAllowedError
        ``identity.not_allowed``.
    """
    if not may_manage(session.principal, None):
        raise NotAllowedError("identity.not_allowed")
    now, retired = clock(), repository.signing_keys(session) if retire else ()
    for old in retired:
        old.retired_at = now
    return _new_key(session, lambda: now, entropy, retired).id


def signed(
    session: TenantSession,
    purpose: str,
    subject: str,
    expires: datetime,
    *,
    party: str = "",
    once: str = "",
    clock: Clock = utc_now,
) -> str:
    """Return a token of the tenant; see `bixie.identity.links.Ticket`.

    Raises
    ------
    LinkError
        ``identity.link_too_long`` for a validity of more than `MAX_DAYS`.
    """
    if expires - clock() > timedelta(days=MAX_DAYS):
        raise LinkError("identity.link_too_long", days=MAX_DAYS)
    key = _newest(session, clock)
    ticket = Ticket(session.principal.tenant, purpose, subject, party, once, expires, key.id)
    return seal(ticket, bytes.fromhex(key.secret))


def buyer_link(
    session: TenantSession,
    purpose: str,
    subject: str,
    *,
    party: str,
    expires: datetime,
    once: str = "",
    clock: Clock = utc_now,
) -> str:
    """Return a token that lets a party do one thing with one subject until it expires.

    Parameters
    ----------
    session : TenantSession
    purpose, subject, once : str
        See `bixie.identity.links.Ticket`.
    party : str
        Id of the party.
    expires : datetime
    clock : callable

    Raises
    ------
    NotThereError
        ``identity.no_such_party``.
    LinkError
        ``identity.link_too_long``.
    """
    party_of(session, party)
    return signed(session, purpose, subject, expires, party=party, once=once, clock=clock)


def open_ticket(session: TenantSession, token: str, purpose: str, clock: Clock = utc_now) -> Ticket:
    """Return the ticket of a token of the session's tenant.

    Raises
    ------
    LinkError
        Those of `bixie.identity.links.unseal`.
    """
    kept = {key.id: bytes.fromhex(key.secret) for key in repository.signing_keys(session)}
    return unseal(token, kept, tenant=session.principal.tenant, purpose=purpose, now=clock())


def genuine(session: TenantSession, token: str) -> Ticket:
    """Return the ticket of a token that the session's tenant signed, expired or not.

    Raises
    ------
    LinkError
        ``identity.link_malformed``, ``identity.link_forged``, or ``identity.link_other_tenant``.
    """
    kept = {key.id: bytes.fromhex(key.secret) for key in repository.signing_keys(session)}
    ticket = genuine_ticket(token, kept)
    if ticket.tenant != session.principal.tenant:
        raise LinkError("identity.link_other_tenant")
    return ticket


def pepper(session: TenantSession, clock: Clock = utc_now) -> bytes:
    """Return a secret of the tenant for hashes that must not reveal their input."""
    return bytes.fromhex(_newest(session, clock).secret)


def _newest(session: TenantSession, clock: Clock) -> SigningKey:
    keys = repository.signing_keys(session)
    return keys[0] if keys else _new_key(session, clock, secrets.token_bytes, ())


def _new_key(
    session: TenantSession, clock: Clock, entropy: Entropy, retired: Sequence[SigningKey]
) -> SigningKey:
    now = clock()
    key = SigningKey(
        tenant=session.principal.tenant,
        id=new_id("signer", clock),
        secret=entropy(_SECRET_BYTES).hex(),
        made_at=now,
        retired_at=None,
    )
    session.add(key)
    data: dict[str, Json] = {"retired_older": bool(retired)}
    event = NewEvent("identity.signing_key_added", key.id, data, rows=(key, *retired))
    append(session, [event], lambda: now)
    return key
