"""Tables for signing in: sessions, failed attempts, recovery codes, and the link that sets up a store."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from bixie.access.tenancy import TenantOwned
from bixie.identity.models import Person
from bixie.ledger.recorded import Columns, Recorded
from bixie.store.base import Base

__all__ = ["Attempt", "LoginSession", "RecoveryCode", "Setup"]


def _person_key() -> ForeignKeyConstraint:
    table = Person.__tablename__
    return ForeignKeyConstraint(["tenant", "person"], [f"{table}.tenant", f"{table}.id"])


class Setup(Base):
    """One row: whether the store has had its first tenant, and the open set-up link.

    It belongs to no tenant because it exists before any; it holds no personal data.
    """

    __tablename__ = "identity_setup"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[str | None]
    expires_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]


class RecoveryCode(Recorded, TenantOwned, Base):
    """A code that replaces the second factor once; only its hash is stored."""

    __tablename__ = "identity_recovery_code"
    __table_args__ = (_person_key(),)

    tenant: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    salt: Mapped[str]
    hash: Mapped[str]

    recorded = Columns(plain=(), hashed=("salt", "hash"), deletable=True)


class LoginSession(Recorded, TenantOwned, Base):
    """A session; only the hash of its token is stored."""

    __tablename__ = "identity_session"
    __table_args__ = (_person_key(), Index(None, "tenant", "person"))

    tenant: Mapped[str] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str]
    made_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    recorded = Columns(
        plain=("person", "made_at", "ended_at"),
        unrecorded={"seen_at": "changes every minute of use"},
        changing=("ended_at",),
    )


class Attempt(TenantOwned, Base):
    """Number of failed logins in one bucket of `bixie.identity.signin.throttle` or `…recording`."""

    __tablename__ = "identity_attempt"
    __table_args__ = (Index(None, "tenant", "last_at"),)

    tenant: Mapped[str] = mapped_column(primary_key=True)
    bucket: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime]
