"""Setting a password by a signed link, for a new person or a forgotten password. A link works once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, TypeAlias

from bixie.access.tenancy import TenantSession, reading, writing
from bixie.identity import repository
from bixie.identity.authentication import authenticator
from bixie.identity.errors import IdentityError, LinkError, NotAllowedError
from bixie.identity.links import tenant_of
from bixie.identity.models import Person
from bixie.identity.rules import may_manage
from bixie.identity.service import person_of
from bixie.identity.signin.passwords import STRENGTH, Strength, check_choice, hash_password
from bixie.identity.signin.repository import end_sessions
from bixie.identity.signing import open_ticket, signed
from bixie.kit.timestamps import Clock, format_timestamp, utc_now
from bixie.ledger.service import NewEvent, append
from bixie.store.unit_of_work import Store

if TYPE_CHECKING:
    from bixie.kit.canonical_json import Json

__all__ = ["PAGE", "Means", "PasswordLink", "keep_password", "password_link", "set_password"]

Means: TypeAlias = Literal["link", "self", "setup"]
"""By what a person sets a password."""

PAGE = "/password"
"""Path of the page on which a person sets a password."""
PASSWORD = "password"
_LIFETIME = timedelta(hours=24)
_NEVER_SET = "never"


@dataclass(frozen=True, slots=True)
class PasswordLink:
    """A link to set a password, as the person gets it.

    Parameters
    ----------
    token : str
    sequence : int
        Of the event that it was made.
    expires : datetime
    """

    token: str
    sequence: int
    expires: datetime

    @property
    def path(self) -> str:
        """Path of the page that the link opens."""
        return f"{PAGE}?token={self.token}"


def password_link(session: TenantSession, id_: str, clock: Clock = utc_now) -> PasswordLink:
    """Return a link that lets a person set a password, within a day and once.

    It is refused for oneself: an open session alone must not be enough to take over an account. A program
    sends it to the address that the person logs in with. Making it is an event; it is stored nowhere.

    Raises
    ------
    NotThereError
        ``identity.no_such_person``.
    NotAllowedError
        ``identity.not_allowed``.
    IdentityError
        ``identity.person_disabled``.
    """
    person = person_of(session, id_)
    if person.id == session.principal.id or not may_manage(session.principal, person.party):
        raise NotAllowedError("identity.not_allowed")
    if person.disabled_at is not None:
        raise IdentityError("identity.person_disabled")
    expires = clock() + _LIFETIME
    token = signed(session, PASSWORD, person.id, expires, once=_state(person), clock=clock)
    until: dict[str, Json] = {"expires_at": format_timestamp(expires)}
    made = append(session, [NewEvent("identity.password_link_made", person.id, until)], clock)[0]
    return PasswordLink(token, made.sequence, expires)


def set_password(
    store: Store, token: str, password: str, clock: Clock = utc_now, strength: Strength = STRENGTH
) -> str:
    """Set the password of a link's person and end the open sessions; return the person's id.

    Raises
    ------
    LinkError
        Those of `bixie.identity.links.unseal`, or ``identity.link_used``.
    IdentityError
        Those of `bixie.identity.signin.passwords.check_choice`; the link stays valid.
    """
    principal = authenticator(tenant_of(token))
    with reading(store, principal) as session:
        person, _ = _person_of_link(session, token, clock)
        login = person.login or ""
    check_choice(password, login)
    hashed = hash_password(password, strength)
    with writing(store, principal) as session:
        person, once = _person_of_link(session, token, clock)
        locked = repository.locked_person(session, person.id)
        if locked is None or _state(locked) != once:  # the link was used meanwhile
            raise LinkError("identity.link_used")
        keep_password(session, person, hashed, by="link", clock=clock)
        return person.id


def keep_password(
    session: TenantSession, person: Person, hashed: str, *, by: Means, clock: Clock = utc_now
) -> None:
    """Store the hash of a new password, end the person's sessions and append the event.

    Parameters
    ----------
    session : TenantSession
    person : Person
    hashed : str
    by : {"link", "self", "setup"}
        What the person had to set it: a link, the former password, or the link that sets up a store.
    clock : callable
    """
    now = clock()
    person.password, person.password_set_at = hashed, now
    ended = end_sessions(session, person.id, now)
    data: dict[str, Json] = {"by": by, "sessions_ended": len(ended)}
    event = NewEvent("identity.password_set", person.id, data, rows=(person, *ended))
    append(session, [event], lambda: now)


def _person_of_link(session: TenantSession, token: str, clock: Clock) -> tuple[Person, str]:
    """Return a link's person, and the state in which the link is valid."""
    ticket = open_ticket(session, token, PASSWORD, clock)
    person = repository.person_by_id(session, ticket.subject)
    if person is None or person.disabled_at is not None or _state(person) != ticket.once:
        raise LinkError("identity.link_used")
    return person, ticket.once


def _state(person: Person) -> str:
    return format_timestamp(person.password_set_at) if person.password_set_at else _NEVER_SET
