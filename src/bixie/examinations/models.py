"""The table of examinations."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from bixie.access.sequence import Sequenced
from bixie.access.tenancy import PartyOwned
from bixie.kit.canonical_json import Json
from bixie.ledger.recorded import Columns, Recorded
from bixie.store.base import Base, CanonicalJson

__all__ = ["Examination"]


class Examination(Sequenced, Recorded, PartyOwned, Base):
    """Links the exhibits that were examined together to their report."""

    __tablename__ = "examination"
    __table_args__ = (
        Index(None, "tenant", "sequence", "id"),
        Index(None, "tenant", "party", "sequence", "id"),
        Index(None, "tenant", "exhibit_id", "sequence", "id"),
        Index(None, "tenant", "party", "exhibit_id", "sequence", "id"),
        Index(None, "tenant", "report_id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    exhibit_id: Mapped[str]
    """The first of those that arrived together."""
    report_id: Mapped[str]
    """The exhibit that holds the document."""
    verdict: Mapped[str]
    """Of the claim."""
    exhibits: Mapped[list[dict[str, Json]]] = mapped_column(CanonicalJson)
    """In the order of the report, each ``{"exhibit": id, "verdict": verdict, "examiner": name}``.
    The examiner is the one whose finding the verdict rests on, or null; rows of earlier versions do not say.
    `bixie.vault.models.DocumentLink` finds the reports of an exhibit."""
    version: Mapped[str]
    """Of Bixie, which made it."""
    examined_at: Mapped[datetime]

    recorded = Columns(
        plain=("party", "exhibit_id", "report_id", "verdict", "exhibits", "version", "examined_at")
    )
