"""Setting a password by a signed link, for a new person or a forgotten password. A link works once."""

from datetime import timedelta

from bixie.access.tenancy import TenantSession, reading, writing
from bixie.identity import repository
from bixie.identity.authentication import authenticator
from bixie.identity.errors import LinkError, NotAllowedError, NotThereError
from bixie.identity.links import tenant_of
from bixie.identity.models import Person
from bixie.identity.rules import may_manage
from bixie.identity.signin import repository as signin
from bixie.identity.signin.passwords import STRENGTH, Strength, check_choice, hash_password
from bixie.identity.signing import open_ticket, signed
from bixie.kit.timestamps import Clock, format_timestamp, utc_now
from bixie.ledger.service import NewEvent, append
from bixie.store.unit_of_work import Store

__all__ = ["keep_password", "password_link", "set_password"]

PASSWORD = "password"
_LIFETIME = timedelta(hours=24)
_NEVER_SET = "never"


def password_link(session: TenantSession, id_: str, clock: Clock = utc_now) -> str:
    """Return a token that lets a person set a password, within a day and once.

    It is refused for oneself: an open session alone must not be enough to take over an account. A program
    sends it to the address that the person logs in with.

    Raises
    ------
    NotThereError
        ``identity.no_such_person``.
    NotAllowedError
        ``identity.not_allowed``.
    """
    person = repository.person_by_id(session, id_)
    if person is None or session.principal.party not in (None, person.party):
        raise NotThereError("identity.no_such_person")
    if person.id == session.principal.id or not may_manage(session.principal, person.party):
        raise NotAllowedError("identity.not_allowed")
    return signed(session, PASSWORD, person.id, clock() + _LIFETIME, once=_state(person), clock=clock)


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
        keep_password(session, person, hashed, clock)
        return person.id


def keep_password(session: TenantSession, person: Person, hashed: str, clock: Clock = utc_now) -> None:
    """Store the hash of a new password, end the person's sessions and append the event."""
    now = clock()
    person.password, person.password_set_at = hashed, now
    for one in signin.open_sessions(session, person.id):
        one.ended_at = now
    append(session, [NewEvent("identity.password_set", person.id)], clock)


def _person_of_link(session: TenantSession, token: str, clock: Clock) -> tuple[Person, str]:
    """Return a link's person, and the state in which the link is valid."""
    ticket = open_ticket(session, token, PASSWORD, clock)
    person = repository.person_by_id(session, ticket.subject)
    if person is None or person.disabled_at is not None or _state(person) != ticket.once:
        raise LinkError("identity.link_used")
    return person, ticket.once


def _state(person: Person) -> str:
    return format_timestamp(person.password_set_at) if person.password_set_at else _NEVER_SET
