"""Tables of the identity room.

Every key and every reference contains the tenant, so the database itself cannot link a row to another
tenant's. Names, telephone numbers and addresses are in columns that can be emptied.
"""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bixie.access.sequence import Sequenced
from bixie.access.tenancy import TenantOwned
from bixie.kit.canonical_json import Json
from bixie.store.base import Base, CanonicalJson

__all__ = ["ApiKey", "Consent", "Party", "Person", "SigningKey", "Tenant", "Withdrawal"]


def _party_key() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["tenant", "party"], ["identity_party.tenant", "identity_party.id"])


class Tenant(TenantOwned, Base):
    """An organisation that runs Bixie; `tenant` is its id."""

    __tablename__ = "identity_tenant"

    tenant: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]
    made_at: Mapped[datetime]


class Party(Sequenced, TenantOwned, Base):
    """A buyer or merchant; `reference` is the tenant's own name for it, such as a customer number."""

    __tablename__ = "identity_party"
    __table_args__ = (
        UniqueConstraint("tenant", "kind", "reference"),
        Index(None, "tenant", "kind", "sequence", "id"),
    )

    tenant: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    reference: Mapped[str | None]
    name: Mapped[str | None]
    phone: Mapped[str | None]
    email: Mapped[str | None]
    made_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]


class Person(Sequenced, TenantOwned, Base):
    """A person who logs in: staff of the tenant, or of one party."""

    __tablename__ = "identity_person"
    __table_args__ = (
        UniqueConstraint("tenant", "login"),
        _party_key(),
        Index(None, "tenant", "sequence", "id"),
    )

    tenant: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    party: Mapped[str | None]
    role: Mapped[str]
    login: Mapped[str | None]
    name: Mapped[str | None]
    password: Mapped[str | None]
    password_set_at: Mapped[datetime | None]
    totp_secret: Mapped[str | None]
    totp_confirmed_at: Mapped[datetime | None]
    totp_step: Mapped[int]
    made_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]


class ApiKey(Sequenced, TenantOwned, Base):
    """An API key. The id finds it; only a salted hash of the secret is stored."""

    __tablename__ = "identity_key"
    __table_args__ = (_party_key(), Index(None, "tenant", "sequence", "id"))

    tenant: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str]
    role: Mapped[str]
    party: Mapped[str | None]
    salt: Mapped[str]
    hash: Mapped[str]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]


class SigningKey(TenantOwned, Base):
    """A key that signs links (hexadecimal). The newest signs; all that are not retired verify."""

    __tablename__ = "identity_signing_key"

    tenant: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    secret: Mapped[str]
    made_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class Consent(TenantOwned, Base):
    """A consent of a party; the database lets no row be changed or deleted."""

    __tablename__ = "identity_consent"
    __table_args__ = (_party_key(), Index(None, "tenant", "party"))

    tenant: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    party: Mapped[str]
    purpose: Mapped[str]
    recipient: Mapped[str | None]
    kinds: Mapped[Json] = mapped_column(CanonicalJson)
    text_version: Mapped[str]
    text_hash: Mapped[str]
    language: Mapped[str]
    given_at: Mapped[datetime]
    given_by: Mapped[str]


class Withdrawal(TenantOwned, Base):
    """The withdrawal of a consent, beside it: the proof that it was given stays."""

    __tablename__ = "identity_withdrawal"
    __table_args__ = (
        ForeignKeyConstraint(["tenant", "consent"], ["identity_consent.tenant", "identity_consent.id"]),
    )

    tenant: Mapped[str] = mapped_column(primary_key=True)
    consent: Mapped[str] = mapped_column(primary_key=True)
    withdrawn_at: Mapped[datetime]
    withdrawn_by: Mapped[str]
