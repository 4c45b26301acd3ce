"""Setting a password by a signed link: for somebody new, or who has forgotten it. The link holds once."""

from datetime import timedelta

from bixie.access.tenancy import TenantSession, reading, writing
from bixie.identity import repository
from bixie.identity.errors import LinkError, NotAllowedError, NotThereError
from bixie.identity.gate import gatekeeper
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
_GOOD_FOR = timedelta(hours=24)
_NEVER_SET = "never"


def password_link(session: TenantSession, id_: str, clock: Clock = utc_now) -> str:
    """Return a token by which a person sets a password, within a day and once.

    Nobody gets one for itself here: who has only found an open session must not be able to keep it. A
    program sends it to the address that the person logs in with.

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
    return signed(session, PASSWORD, person.id, clock() + _GOOD_FOR, once=_state(person), clock=clock)


def set_password(
    store: Store, token: str, password: str, clock: Clock = utc_now, strength: Strength = STRENGTH
) -> str:
    """Set the password of the person that a link names; sessions that go on end. Return the person's id.

    Raises
    ------
    LinkError
        Those of `bixie.identity.links.unseal`, or ``identity.link_used``.
    IdentityError
        Those of `bixie.identity.signin.passwords.check_choice`; the link holds still.
    """
    keeper = gatekeeper(tenant_of(token))
    with reading(store, keeper) as session:
        person, _ = _named(session, token, clock)
        login = person.login or ""
    check_choice(password, login)
    made = hash_password(password, strength)
    with writing(store, keeper) as session:
        person, once = _named(session, token, clock)
        locked = repository.locked_person(session, person.id)
        if locked is None or _state(locked) != once:  # somebody else used the link meanwhile
            raise LinkError("identity.link_used")
        keep_password(session, person, made, clock)
        return person.id


def keep_password(session: TenantSession, person: Person, made: str, clock: Clock = utc_now) -> None:
    """Keep the hash of a new password, end the person's sessions and tell the ledger."""
    now = clock()
    person.password, person.password_set_at = made, now
    for one in signin.open_sessions(session, person.id):
        one.ended_at = now
    append(session, [NewEvent("identity.password_set", person.id)], clock)


def _named(session: TenantSession, token: str, clock: Clock) -> tuple[Person, str]:
    """Return the person whom a link names, and the state in which it holds."""
    ticket = open_ticket(session, token, PASSWORD, clock)
    person = repository.person_by_id(session, ticket.subject)
    if person is None or person.disabled_at is not None or _state(person) != ticket.once:
        raise LinkError("identity.link_used")
    return person, ticket.once


def _state(person: Person) -> str:
    return format_timestamp(person.password_set_at) if person.password_set_at else _NEVER_SET
