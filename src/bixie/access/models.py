"""The table of answers that were given to creates with an ``Idempotency-Key``."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from bixie.access.tenancy import TenantOwned
from bixie.kit.canonical_json import Json
from bixie.store.base import Base, CanonicalJson

__all__ = ["GivenAnswer"]


class GivenAnswer(TenantOwned, Base):
    """What was answered; the same key of another actor is another key, so that nobody is told of others."""

    __tablename__ = "access_given_answer"
    __table_args__ = (Index(None, "tenant", "made_at"),)

    tenant: Mapped[str] = mapped_column(primary_key=True)
    actor: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    """Of the request: what was to be done, and with what."""
    answer: Mapped[Json | None] = mapped_column(CanonicalJson)
    made_at: Mapped[datetime]
