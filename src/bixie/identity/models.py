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
from bixie.ledger.recorded import Columns, Recorded
from bixie.store.base import Base, CanonicalJson

__all__ = ["ApiKey", "Consent", "Party", "Person", "SigningKey", "Tenant", "Withdrawal"]


def _party_key() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["tenant", "party"], ["identity_party.tenant", "identity_party.id"])


class Tenant(Recorded, TenantOwned, Base):
    """An organisation that runs Bixie; `tenant` is its id."""

    __tablename__ = "identity_tenant"

    tenant: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]
    made_at: Mapped[datetime]

    recorded = Columns(plain=("kind", "made_at"), personal=("name",))


class Party(Sequenced, Recorded, TenantOwned, Base):
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

    recorded = Columns(
        plain=("kind", "made_at", "erased_at"),
        personal=("reference", "name", "phone", "email"),
        changing=("erased_at",),
    )


class Person(Sequenced, Recorded, TenantOwned, Base):
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

    recorded = Columns(
        plain=(
            *("party", "role", "password_set_at", "totp_confirmed_at"),
            *("made_at", "disabled_at", "erased_at"),
        ),
        personal=("login", "name"),
        hashed=("password", "totp_secret"),
        unrecorded={"totp_step": "changes with every code; it only shuts out codes of the last minute"},
        changing=(
            *("party", "role", "password", "password_set_at", "totp_secret", "totp_confirmed_at"),
            *("disabled_at", "erased_at"),
        ),
    )


class ApiKey(Sequenced, Recorded, TenantOwned, Base):
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

    recorded = Columns(
        plain=("role", "party", "made_at", "expires_at", "revoked_at"),
        personal=("label",),
        hashed=("salt", "hash"),
        unrecorded={"used_at": "changes every minute; a first use, and one after long, are events"},
        changing=("revoked_at",),
    )


class SigningKey(Recorded, TenantOwned, Base):
    """A key that signs links (hexadecimal). The newest signs; all that are not retired verify."""

    __tablename__ = "identity_signing_key"

    tenant: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    secret: Mapped[str]
    made_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]

    recorded = Columns(plain=("made_at", "retired_at"), hashed=("secret",), changing=("retired_at",))


class Consent(Recorded, TenantOwned, Base):
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

    recorded = Columns(
        plain=("purpose", "kinds", "text_version", "text_hash", "language", "given_at", "given_by"),
        personal=("party", "recipient"),
    )


class Withdrawal(Recorded, TenantOwned, Base):
    """The withdrawal of a consent, beside it: the proof that it was given stays."""

    __tablename__ = "identity_withdrawal"
    __table_args__ = (
        ForeignKeyConstraint(["tenant", "consent"], ["identity_consent.tenant", "identity_consent.id"]),
    )

    tenant: Mapped[str] = mapped_column(primary_key=True)
    consent: Mapped[str] = mapped_column(primary_key=True)
    withdrawn_at: Mapped[datetime]
    withdrawn_by: Mapped[str]

    recorded = Columns(plain=("withdrawn_at", "withdrawn_by"))
