"""Adds, changes and disables tenants, parties, people and API keys; each change is an event.

Everything happens inside the caller's transaction. Personal data are in columns that can be emptied, and
beside the ledger behind commitments; the events themselves hold ids, kinds and roles.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import TenantSession
from bixie.identity import repository
from bixie.identity.errors import IdentityError, NotAllowedError, NotThereError
from bixie.identity.models import ApiKey, Party, Person, Tenant
from bixie.identity.rules import (
    KEY_ROLES,
    PERSON_ROLES,
    PartyKind,
    TenantKind,
    checked_email,
    checked_login,
    checked_name,
    checked_phone,
    may_add_party,
    may_grant,
    may_manage,
)
from bixie.identity.signin import repository as signin
from bixie.identity.tokens import KeyText, new_salt, new_secret, secret_hash
from bixie.kit.ids import Entropy, new_id
from bixie.kit.timestamps import Clock, format_timestamp, utc_now
from bixie.ledger.service import NewEvent, append

if TYPE_CHECKING:
    from bixie.kit.canonical_json import Json

__all__ = [
    "NewKey",
    "add_key",
    "add_party",
    "add_person",
    "add_tenant",
    "change_role",
    "check_may_manage",
    "disable_person",
    "founder",
    "key_of",
    "managed_person",
    "party_of",
    "person_of",
    "revoke_key",
]


@dataclass(frozen=True, slots=True)
class NewKey:
    """An API key that was just added.

    Parameters
    ----------
    row : ApiKey
    text : str
        For the holder. It is stored nowhere; a lost key is replaced by another.
    """

    row: ApiKey
    text: str


def founder(clock: Clock = utc_now) -> Principal:
    """Return the principal that makes a new tenant: a program inside the tenant to be."""
    return Principal(new_id("tenant", clock), "program_setup", Role.PROGRAM)


def add_tenant(
    session: TenantSession, name: str, kind: TenantKind, clock: Clock = utc_now
) -> tuple[Tenant, Party | None]:
    """Make the session's tenant, and for a merchant on its own also its party.

    The first tenant makes every set-up link invalid.

    Raises
    ------
    IdentityError
        ``identity.not_a_name``.
    """
    now = clock()
    tenant = Tenant(tenant=session.principal.tenant, kind=kind.value, name=checked_name(name), made_at=now)
    session.add(tenant)
    setup = signin.locked_setup(session)
    if setup.done_at is None:
        setup.done_at, setup.hash, setup.expires_at = now, None, None
    event = NewEvent("identity.tenant_added", tenant.tenant, {"kind": tenant.kind}, rows=(tenant,))
    append(session, [event], lambda: now)
    if kind is TenantKind.PLATFORM:
        return tenant, None
    return tenant, add_party(session, PartyKind.MERCHANT, name=tenant.name, clock=clock)


def add_party(
    session: TenantSession,
    kind: PartyKind,
    *,
    reference: str | None = None,
    name: str | None = None,
    phone: str | None = None,
    email: str | None = None,
    clock: Clock = utc_now,
) -> Party:
    """Add a buyer or merchant.

    Parameters
    ----------
    session : TenantSession
    kind : PartyKind
    reference : str, optional
        The tenant's own name for it, such as a customer number; unique within a kind.
    name, phone, email : str, optional
    clock : callable

    Raises
    ------
    IdentityError
        ``identity.not_a_name``, ``identity.not_a_phone``, ``identity.not_an_email``, or
        ``identity.party_exists`` for a reference that is taken.
    NotAllowedError
        ``identity.not_allowed``.
    """
    if not may_add_party(session.principal, kind):
        raise NotAllowedError("identity.not_allowed")
    reference = None if reference is None else checked_name(reference, "reference")
    if reference is not None and repository.party_by_reference(session, kind.value, reference):
        raise IdentityError("identity.party_exists", reference=reference)
    now = clock()
    party = Party(
        tenant=session.principal.tenant,
        id=new_id("party", clock),
        kind=kind.value,
        reference=reference,
        name=None if name is None else checked_name(name),
        phone=None if phone is None else checked_phone(phone),
        email=None if email is None else checked_email(email),
        made_at=now,
        erased_at=None,
    )
    session.add(party)
    event = NewEvent("identity.party_added", party.id, {"kind": party.kind}, rows=(party,))
    append(session, [event], lambda: now)
    return party


def party_of(session: TenantSession, id_: str) -> Party:
    """Return a party that the principal may see: its own, or any for the tenant's own people.

    Raises
    ------
    NotThereError
        ``identity.no_such_party``.
    """
    party = repository.party_by_id(session, id_)
    if party is None or session.principal.party not in (None, id_):
        raise NotThereError("identity.no_such_party")
    return party


def person_of(session: TenantSession, id_: str) -> Person:
    """Return a person that the principal may see: of its own party, or any for the tenant's own people.

    Raises
    ------
    NotThereError
        ``identity.no_such_person``.
    """
    person = repository.person_by_id(session, id_)
    if person is None or not may_see(session, person):
        raise NotThereError("identity.no_such_person")
    return person


def key_of(session: TenantSession, id_: str) -> ApiKey:
    """Return a key that the principal may see: of its own party, or any for the tenant's own people.

    Raises
    ------
    NotThereError
        ``identity.no_such_key``.
    """
    key = repository.key_by_id(session, id_)
    if key is None or not may_see(session, key):
        raise NotThereError("identity.no_such_key")
    return key


def may_see(session: TenantSession, one: Person | ApiKey) -> bool:
    """Say whether a person or key is of the principal's party; the tenant's own people see them all."""
    return session.principal.party in (None, one.party)


def add_person(
    session: TenantSession,
    login: str,
    role: Role,
    *,
    party: str | None = None,
    name: str | None = None,
    clock: Clock = utc_now,
) -> Person:
    """Add a person who logs in once a password is set.

    Raises
    ------
    IdentityError
        ``identity.not_a_name``, ``identity.login_taken``, ``identity.not_a_role``.
    NotAllowedError
        ``identity.not_allowed``.
    NotThereError
        ``identity.no_such_party``.
    """
    _may_grant(session, role, party, PERSON_ROLES)
    wanted = checked_login(login)
    if repository.person_by_login(session, wanted):
        raise IdentityError("identity.login_taken")
    now = clock()
    person = Person(
        tenant=session.principal.tenant,
        id=new_id("person", clock),
        party=party,
        role=role.value,
        login=wanted,
        name=None if name is None else checked_name(name),
        totp_step=-1,
        made_at=now,
    )
    session.add(person)
    data: dict[str, Json] = {"role": role.value, "party": party}
    event = NewEvent("identity.person_added", person.id, data, rows=(person,))
    append(session, [event], lambda: now)
    return person


def change_role(session: TenantSession, id_: str, role: Role, clock: Clock = utc_now) -> None:
    """Change a person's role; open sessions have it at once.

    Raises
    ------
    NotThereError
        ``identity.no_such_person``.
    IdentityError
        ``identity.not_a_role``.
    NotAllowedError
        ``identity.not_allowed``, also for oneself.
    """
    person = managed_person(session, id_)
    _may_grant(session, role, person.party, PERSON_ROLES)
    if person.role != role.value:
        data: dict[str, Json] = {"role": role.value, "before": person.role}
        person.role = role.value
        append(session, [NewEvent("identity.role_changed", person.id, data, rows=(person,))], clock)


def disable_person(session: TenantSession, id_: str, clock: Clock = utc_now) -> None:
    """Disable a person; open sessions end now.

    Raises
    ------
    NotThereError
        ``identity.no_such_person``.
    NotAllowedError
        ``identity.not_allowed``, also for oneself.
    """
    person = managed_person(session, id_)
    if person.disabled_at is None:
        now = person.disabled_at = clock()
        ended = signin.end_sessions(session, id_, now)
        data: dict[str, Json] = {"sessions_ended": len(ended)}
        event = NewEvent("identity.person_disabled", person.id, data, rows=(person, *ended))
        append(session, [event], lambda: now)


def managed_person(session: TenantSession, id_: str) -> Person:
    """Return a person that the principal may change, locked: nobody changes oneself.

    Raises
    ------
    NotThereError
        ``identity.no_such_person``.
    NotAllowedError
        ``identity.not_allowed``.
    """
    person = repository.locked_person(session, id_)
    if person is None or session.principal.party not in (None, person.party):
        raise NotThereError("identity.no_such_person")
    check_may_manage(session, person.party)
    if person.id == session.principal.id:  # it could disable the last admin
        raise NotAllowedError("identity.not_allowed")
    return person


def check_may_manage(session: TenantSession, party: str | None) -> None:
    """Refuse who may not change what belongs to a party (None: to the tenant).

    Raises
    ------
    NotAllowedError
        ``identity.not_allowed``.
    """
    if not may_manage(session.principal, party):
        raise NotAllowedError("identity.not_allowed")


def add_key(
    session: TenantSession,
    role: Role,
    *,
    label: str,
    party: str | None = None,
    expires_at: datetime | None = None,
    clock: Clock = utc_now,
    entropy: Entropy = secrets.token_bytes,
) -> NewKey:
    """Add an API key for the tenant or one of its parties.

    Raises
    ------
    IdentityError
        ``identity.not_a_name``, ``identity.not_a_role``, ``identity.not_an_expiry``.
    NotAllowedError
        ``identity.not_allowed``.
    NotThereError
        ``identity.no_such_party``, or ``identity.no_such_tenant``.
    """
    if repository.tenant_of_session(session) is None:
        raise NotThereError("identity.no_such_tenant")
    _may_grant(session, role, party, KEY_ROLES)
    now = clock()
    if expires_at is not None and expires_at <= now:
        raise IdentityError("identity.not_an_expiry")
    text = KeyText(session.principal.tenant, new_id("key", clock), new_secret(entropy))
    salt = new_salt(entropy)
    row = ApiKey(
        tenant=text.tenant,
        id=text.key,
        label=checked_name(label, "label"),
        role=role.value,
        party=party,
        salt=salt,
        hash=secret_hash(text.secret, salt),
        made_at=now,
        expires_at=expires_at,
    )
    session.add(row)
    until = None if expires_at is None else format_timestamp(expires_at)
    data: dict[str, Json] = {"role": role.value, "party": party, "expires_at": until}
    append(session, [NewEvent("identity.key_added", row.id, data, rows=(row,))], lambda: now)
    return NewKey(row, str(text))


def revoke_key(session: TenantSession, id_: str, clock: Clock = utc_now) -> None:
    """Revoke a key; the row stays.

    Raises
    ------
    NotThereError
        ``identity.no_such_key``.
    NotAllowedError
        ``identity.not_allowed``.
    """
    key = key_of(session, id_)
    check_may_manage(session, key.party)
    # The row before the ledger, as where its use is recorded: the other order could deadlock with that.
    repository.locked_key(session, id_)
    if key.revoked_at is None:
        now = key.revoked_at = clock()
        append(session, [NewEvent("identity.key_revoked", key.id, rows=(key,))], lambda: now)


def _may_grant(session: TenantSession, role: Role, party: str | None, roles: Sequence[Role]) -> None:
    if role not in roles:
        raise IdentityError("identity.not_a_role", roles=", ".join(roles))
    if party is not None:
        party_of(session, party)  # another tenant's or party's cannot be used
    if not may_grant(session.principal, role, party):
        raise NotAllowedError("identity.not_allowed")
