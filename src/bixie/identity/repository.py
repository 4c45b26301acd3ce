"""Queries for tenants, parties, people, keys and consents; the session restricts each to its tenant."""

from collections.abc import Collection, Sequence

from sqlalchemy import select

from bixie.access.sequence import Place, page_after
from bixie.access.tenancy import EveryTenantSession, TenantSession
from bixie.identity.models import ApiKey, Consent, Party, Person, SigningKey, Tenant, Withdrawal

__all__ = [
    "all_tenants",
    "consent_by_id",
    "consents_of",
    "key_by_id",
    "keys",
    "keys_by_id",
    "locked_key",
    "locked_person",
    "parties",
    "party_by_id",
    "party_by_reference",
    "people",
    "people_by_id",
    "person_by_id",
    "person_by_login",
    "signing_keys",
    "tenant_of_session",
    "tenants",
    "withdrawal_of",
]


def tenants(session: EveryTenantSession, limit: int | None) -> Sequence[str]:
    """Return the ids of tenants, oldest first."""
    return session.scalars(select(Tenant.tenant).order_by(Tenant.tenant).limit(limit)).all()


def all_tenants(session: EveryTenantSession) -> Sequence[Tenant]:
    """Return the tenants, oldest first."""
    return session.scalars(select(Tenant).order_by(Tenant.tenant)).all()


def tenant_of_session(session: TenantSession) -> Tenant | None:
    """Return the principal's tenant."""
    return session.scalars(select(Tenant)).one_or_none()


def party_by_id(session: TenantSession, id_: str) -> Party | None:
    """Return one party."""
    return session.scalars(select(Party).where(Party.id == id_)).one_or_none()


def party_by_reference(session: TenantSession, kind: str, reference: str) -> Party | None:
    """Return the party that the tenant calls so."""
    return session.scalars(
        select(Party).where(Party.kind == kind, Party.reference == reference)
    ).one_or_none()


def parties(session: TenantSession, kind: str, after: Place | None, limit: int) -> Sequence[Party]:
    """Return the next parties of a kind, oldest first."""
    wanted = select(Party).where(Party.kind == kind)
    return session.scalars(page_after(wanted, Party, after, limit)).all()


def person_by_id(session: TenantSession, id_: str) -> Person | None:
    """Return one person."""
    return session.scalars(select(Person).where(Person.id == id_)).one_or_none()


def locked_person(session: TenantSession, id_: str) -> Person | None:
    """Return one person, as it is now, locked until the transaction ends."""
    wanted = select(Person).where(Person.id == id_).with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def person_by_login(session: TenantSession, login: str) -> Person | None:
    """Return the person with a login name."""
    return session.scalars(select(Person).where(Person.login == login)).one_or_none()


def people(
    session: TenantSession, party: str | None, after: Place | None = None, limit: int | None = None
) -> Sequence[Person]:
    """Return the next people of a party, or with None of all, oldest first; without a limit all of them."""
    wanted = select(Person) if party is None else select(Person).where(Person.party == party)
    return session.scalars(page_after(wanted, Person, after, limit)).all()


def people_by_id(session: TenantSession, ids: Collection[str]) -> dict[str, Person]:
    """Return those of the people that there are, by id."""
    return {one.id: one for one in session.scalars(select(Person).where(Person.id.in_(ids)))}


def keys_by_id(session: TenantSession, ids: Collection[str]) -> dict[str, ApiKey]:
    """Return those of the API keys that there are, by id."""
    return {one.id: one for one in session.scalars(select(ApiKey).where(ApiKey.id.in_(ids)))}


def key_by_id(session: TenantSession, id_: str) -> ApiKey | None:
    """Return one API key."""
    return session.scalars(select(ApiKey).where(ApiKey.id == id_)).one_or_none()


def locked_key(session: TenantSession, id_: str) -> ApiKey | None:
    """Return one API key, as it is now, locked until the transaction ends."""
    wanted = select(ApiKey).where(ApiKey.id == id_).with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def keys(
    session: TenantSession, party: str | None, after: Place | None, limit: int | None
) -> Sequence[ApiKey]:
    """Return the next API keys of a party, or with None of all, oldest first."""
    wanted = select(ApiKey) if party is None else select(ApiKey).where(ApiKey.party == party)
    return session.scalars(page_after(wanted, ApiKey, after, limit)).all()


def signing_keys(session: TenantSession) -> Sequence[SigningKey]:
    """Return the signing keys that are not retired, newest first."""
    wanted = select(SigningKey).where(SigningKey.retired_at.is_(None))
    return session.scalars(wanted.order_by(SigningKey.made_at.desc(), SigningKey.id.desc())).all()


def consent_by_id(session: TenantSession, id_: str) -> Consent | None:
    """Return one consent."""
    return session.scalars(select(Consent).where(Consent.id == id_)).one_or_none()


def consents_of(session: TenantSession, party: str) -> Sequence[tuple[Consent, Withdrawal | None]]:
    """Return the consents of a party, oldest first, each with its withdrawal."""
    wanted = (
        select(Consent, Withdrawal)
        .outerjoin(Withdrawal, (Withdrawal.consent == Consent.id) & (Withdrawal.tenant == Consent.tenant))
        .where(Consent.party == party)
        .order_by(Consent.given_at, Consent.id)
    )
    return [(row[0], row[1]) for row in session.execute(wanted)]


def withdrawal_of(session: TenantSession, consent: str) -> Withdrawal | None:
    """Return the withdrawal of a consent."""
    return session.scalars(select(Withdrawal).where(Withdrawal.consent == consent)).one_or_none()
