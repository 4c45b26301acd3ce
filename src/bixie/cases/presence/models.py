"""The table of who has which case open. It is about this moment and in no ledger; old rows are removed."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from bixie.access.tenancy import TenantOwned
from bixie.store.base import Base

__all__ = ["CasePresence"]


class CasePresence(TenantOwned, Base):
    """One person has one case open."""

    __tablename__ = "case_presence"
    __table_args__ = (Index(None, "tenant", "seen_at"),)

    tenant: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(primary_key=True)
    side: Mapped[str]
    since: Mapped[datetime]
    seen_at: Mapped[datetime]
