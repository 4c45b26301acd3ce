"""The identity room's queries. The session adds the tenant to every one of them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from bixie.access.tenancy import EveryTenantSession, TenantSession
from bixie.identity.models import (
    ApiKey,
    Attempt,
    Consent,
    LoginSession,
    Party,
    Person,
    RecoveryCode,
    Setup,
    SigningKey,
    Tenant,
    Withdrawal,
)

__all__ = [
    "consent_by_id",
    "consents_of",
    "delete_recovery_codes",
    "forget_attempts",
    "key_by_id",
    "keys",
    "locked_attempts",
    "locked_person",
    "locked_setup",
    "login_session",
    "open_sessions",
    "parties",
    "party_by_id",
    "party_by_reference",
    "people",
    "person_by_id",
    "person_by_login",
    "recovery_codes",
    "setup",
    "signing_keys",
    "tenant_of_session",
    "tenants",
    "withdrawal_of",
]


def setup(session: TenantSession) -> Setup:
    """Return the row that says whether there was a first tenant."""
    return session.scalars(select(Setup)).one()


def locked_setup(session: TenantSession) -> Setup:
    """Return the row that says whether there was a first tenant, locked until the transaction ends."""
    wanted = select(Setup).with_for_update().execution_options(populate_existing=True)
    return session.scalars(wanted).one()


def tenants(session: EveryTenantSession, limit: int | None) -> Sequence[str]:
    """Return the ids of tenants, oldest first."""
    return session.scalars(select(Tenant.tenant).order_by(Tenant.tenant).limit(limit)).all()


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


def parties(session: TenantSession, kind: str, after: str, limit: int) -> Sequence[Party]:
    """Return the next parties of a kind, oldest first."""
    wanted = select(Party).where(Party.kind == kind, Party.id > after)
    return session.scalars(wanted.order_by(Party.id).limit(limit)).all()


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


def people(session: TenantSession, party: str | None) -> Sequence[Person]:
    """Return the people of a party, or with None all."""
    wanted = select(Person) if party is None else select(Person).where(Person.party == party)
    return session.scalars(wanted.order_by(Person.id)).all()


def recovery_codes(session: TenantSession, person: str) -> Sequence[RecoveryCode]:
    """Return the recovery codes of a person that were not used, locked until the transaction ends."""
    wanted = select(RecoveryCode).where(RecoveryCode.person == person).order_by(RecoveryCode.number)
    return session.scalars(wanted.with_for_update()).all()


def delete_recovery_codes(session: TenantSession, person: str) -> None:
    """Delete the recovery codes of a person."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.person == person))


def key_by_id(session: TenantSession, id_: str) -> ApiKey | None:
    """Return one API key."""
    return session.scalars(select(ApiKey).where(ApiKey.id == id_)).one_or_none()


def keys(session: TenantSession, party: str | None, after: str | None, limit: int) -> Sequence[ApiKey]:
    """Return the next API keys of a party, or with None of all, oldest first."""
    wanted = select(ApiKey).order_by(ApiKey.id).limit(limit)
    if after is not None:
        wanted = wanted.where(ApiKey.id > after)
    return session.scalars(wanted if party is None else wanted.where(ApiKey.party == party)).all()


def signing_keys(session: TenantSession) -> Sequence[SigningKey]:
    """Return the signing keys that are not retired, newest first."""
    wanted = select(SigningKey).where(SigningKey.retired_at.is_(None))
    return session.scalars(wanted.order_by(SigningKey.made_at.desc(), SigningKey.id.desc())).all()


def login_session(session: TenantSession, hash_: str) -> LoginSession | None:
    """Return the session with a token's hash."""
    return session.scalars(select(LoginSession).where(LoginSession.hash == hash_)).one_or_none()


def open_sessions(session: TenantSession, person: str) -> Sequence[LoginSession]:
    """Return the sessions of a person that were not ended."""
    return session.scalars(
        select(LoginSession).where(LoginSession.person == person, LoginSession.ended_at.is_(None))
    ).all()


def locked_attempts(session: TenantSession, buckets: Sequence[str], at: datetime) -> dict[str, Attempt]:
    """Return the counts with these names, made where they are missing, locked until the transaction ends."""
    found: dict[str, Attempt] = {}
    for bucket in sorted(set(buckets)):  # in one order: two attempts must not wait for each other
        wanted = select(Attempt).where(Attempt.bucket == bucket).with_for_update()
        wanted = wanted.execution_options(populate_existing=True)
        row = session.scalars(wanted).one_or_none()
        if row is None:
            try:
                with session.begin_nested():
                    tenant = session.principal.tenant
                    session.add(Attempt(tenant=tenant, bucket=bucket, failures=0, last_at=at))
            except IntegrityError:
                pass  # another attempt made it meanwhile, and has committed
            row = session.scalars(wanted).one()
        found[bucket] = row
    return found


def forget_attempts(session: TenantSession, before: datetime) -> None:
    """Delete counts whose last failure is so old that it counts no more."""
    session.execute(delete(Attempt).where(Attempt.last_at < before))


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
