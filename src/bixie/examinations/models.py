"""The table of examinations."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from bixie.access.sequence import Sequenced
from bixie.access.tenancy import PartyOwned
from bixie.store.base import Base

__all__ = ["Examination"]


class Examination(Sequenced, PartyOwned, Base):
    """Links an exhibit to its report."""

    __tablename__ = "examination"
    __table_args__ = (
        Index(None, "tenant", "sequence", "id"),
        Index(None, "tenant", "party", "sequence", "id"),
        Index(None, "tenant", "exhibit_id", "sequence", "id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    exhibit_id: Mapped[str]
    report_id: Mapped[str]
    """The exhibit that holds the document."""
    verdict: Mapped[str]
    version: Mapped[str]
    """Of Bixie, which made it."""
    examined_at: Mapped[datetime]
