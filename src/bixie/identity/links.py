"""Signed links: each opens one thing for one party until it expires, and cannot be forged or altered.

A token is the canonical JSON of its ticket and an HMAC-SHA256 over it, both in base 64. Nothing is stored.
Before the HMAC is compared, the content serves only to find the keys.

References
----------
RFC 2104 (HMAC), RFC 4648 section 5 (base 64 for URLs).
"""

import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bixie.identity.errors import LinkError
from bixie.kit.canonical_json import CanonicalError, decode_canonical, encode_canonical
from bixie.kit.timestamps import format_timestamp, parse_timestamp

__all__ = ["Ticket", "genuine_ticket", "seal", "tenant_of", "unseal"]

_FORMAT = "bixie.link/1"
_PREFIX = b"bixie.identity.link/1\n"
_MAX_LETTERS = 2000
_TOKEN = re.compile(r"([\w-]{2,})\.([\w-]{43})", re.ASCII)
_NAMES = ("format", "tenant", "purpose", "subject", "party", "once", "expires", "key")


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a link opens.

    Parameters
    ----------
    tenant : str
    purpose : str
        The permitted action, ``claim.answer``; a link serves no other purpose.
    subject : str
        Id of the thing that it opens.
    party : str
        Id of the party that it is for; empty without one.
    once : str
        A state of the subject; the link is valid as long as the subject is in it, so it works once.
    expires : datetime
        It is invalid from this moment on.
    key : str
        Id of the signing key.
    """

    tenant: str
    purpose: str
    subject: str
    party: str
    once: str
    expires: datetime
    key: str


def seal(ticket: Ticket, secret: bytes) -> str:
    """Return the token of a ticket, signed with the secret of its key."""
    values = {name: getattr(ticket, name) for name in _NAMES if name not in ("format", "expires")}
    body = encode_canonical({"format": _FORMAT, "expires": format_timestamp(ticket.expires), **values})
    return f"{_text(body)}.{_text(_mac(body, secret))}"


def unseal(token: str, secrets: Mapping[str, bytes], *, tenant: str, purpose: str, now: datetime) -> Ticket:
    """Return what a token opens.

    Parameters
    ----------
    token : str
    secrets : mapping of str to bytes
        The tenant's signing keys that are not retired, by id.
    tenant, purpose : str
        What the token must be for.
    now : datetime

    Raises
    ------
    LinkError
        ``identity.link_malformed``, ``identity.link_forged`` (also for a retired key),
        ``identity.link_other_tenant``, ``identity.link_other_purpose`` or ``identity.link_expired``, in this
        order: nothing else is revealed about a forged link.
    """
    ticket = genuine_ticket(token, secrets)
    if ticket.tenant != tenant:
        raise LinkError("identity.link_other_tenant")
    if ticket.purpose != purpose:
        raise LinkError("identity.link_other_purpose")
    if now >= ticket.expires:
        raise LinkError("identity.link_expired")
    return ticket


def genuine_ticket(token: str, secrets: Mapping[str, bytes]) -> Ticket:
    """Return what a genuine token is for, whether it has expired or not.

    Raises
    ------
    LinkError
        ``identity.link_malformed`` or ``identity.link_forged``.
    """
    body, mac = _parts(token)
    ticket = _ticket(body)
    secret = secrets.get(ticket.key)
    # Compare even without the key, so that the time reveals nothing.
    genuine = hmac.compare_digest(_mac(body, secret or b"\0"), mac)
    if secret is None or not genuine:
        raise LinkError("identity.link_forged")
    return ticket


def tenant_of(token: str) -> str:
    """Return the tenant that a token names, to find the keys; it proves nothing.

    Raises
    ------
    LinkError
        ``identity.link_malformed``.
    """
    return _ticket(_parts(token)[0]).tenant


def _parts(token: str) -> tuple[bytes, bytes]:
    match = _TOKEN.fullmatch(token) if len(token) <= _MAX_LETTERS else None
    if match is None:
        raise LinkError("identity.link_malformed")
    try:
        body, mac = (urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in match.groups())
    except ValueError as error:
        raise LinkError("identity.link_malformed") from error
    # Base 64 has spare bits at the end: accept one spelling of a token only.
    if f"{_text(body)}.{_text(mac)}" != token:
        raise LinkError("identity.link_malformed")
    return body, mac


def _ticket(body: bytes) -> Ticket:
    try:
        values = decode_canonical(body)
        if type(values) is not dict or values.keys() != set(_NAMES) or values["format"] != _FORMAT:
            raise ValueError("another document")
        if any(type(value) is not str for value in values.values()):
            raise ValueError("not text")
        del values["format"]
        return Ticket(**{**values, "expires": parse_timestamp(values["expires"])})
    except (CanonicalError, ValueError) as error:
        raise LinkError("identity.link_malformed") from error


def _mac(body: bytes, secret: bytes) -> bytes:
    return hmac.digest(secret, _PREFIX + body, "sha256")


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")
