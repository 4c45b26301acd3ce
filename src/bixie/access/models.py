"""Table of the answers to creates with an ``Idempotency-Key``."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from bixie.access.tenancy import TenantOwned
from bixie.kit.canonical_json import Json
from bixie.store.base import Base, CanonicalJson

__all__ = ["GivenAnswer"]


class GivenAnswer(TenantOwned, Base):
    """A stored answer. The same key of another actor is another key, so no actor sees another's answer."""

    __tablename__ = "access_given_answer"
    __table_args__ = (Index(None, "tenant", "made_at"),)

    tenant: Mapped[str] = mapped_column(primary_key=True)
    actor: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    """Of the request: operation and input."""
    answer: Mapped[Json | None] = mapped_column(CanonicalJson)
    progress: Mapped[Json | None] = mapped_column(CanonicalJson)
    """Of a request that is done in steps: what is done so far; null before the first and after the last."""
    made_at: Mapped[datetime]
