"""Tables of reviews: who holds which case, what they thought, who keeps away from whom, who can do what."""

from datetime import datetime

from sqlalchemy import Index, column
from sqlalchemy.orm import Mapped, mapped_column

from bixie.access.sequence import Sequenced
from bixie.access.tenancy import TenantOwned
from bixie.kit.canonical_json import Json
from bixie.ledger.recorded import Columns, Recorded
from bixie.store.base import Base, CanonicalJson

__all__ = ["CaseConflict", "CaseReview", "CaseReviewer"]


_OPEN = column("ended_at").is_(None)


class CaseReview(Sequenced, Recorded, TenantOwned, Base):
    """One reviewer's turn at one case. While it is open, nobody else decides."""

    __tablename__ = "case_review"
    __table_args__ = (
        Index(None, "tenant", "case_id", "sequence", "id"),
        Index(None, "tenant", "reviewer", "ended_at"),
        Index(None, "tenant", "case_id", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str]
    kind: Mapped[str]
    """`review` or `appeal`."""
    reviewer: Mapped[str]
    claimed_at: Mapped[datetime]
    lease_until: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_how: Mapped[str | None]
    """`decided`, `opinion`, `released`, `conflict`, `expired` or `overtaken`."""
    outcome: Mapped[dict[str, Json] | None] = mapped_column(CanonicalJson)
    """Of an opinion. A commitment in the ledger, so that the second reviewer does not read it there."""
    reasons: Mapped[list[str] | None] = mapped_column(CanonicalJson)
    note: Mapped[str | None]

    recorded = Columns(
        plain=("case_id", "kind", "reviewer", "claimed_at", "ended_at", "ended_how"),
        personal=("outcome", "reasons", "note"),
        unrecorded={"lease_until": "every call of the holder moves it; who decided stands in the decision"},
        changing=("ended_at", "ended_how", "outcome", "reasons", "note"),
    )


class CaseConflict(Sequenced, Recorded, TenantOwned, Base):
    """A reviewer is tied to a party and keeps away from its cases."""

    __tablename__ = "case_conflict"
    __table_args__ = (Index(None, "tenant", "reviewer"), Index(None, "tenant", "sequence", "id"))

    id: Mapped[str] = mapped_column(primary_key=True)
    reviewer: Mapped[str]
    party: Mapped[str]
    reason: Mapped[str]
    set_by: Mapped[str]
    since: Mapped[datetime]
    until: Mapped[datetime | None]

    recorded = Columns(plain=("reviewer", "party", "reason", "set_by", "since", "until"), changing=("until",))


class CaseReviewer(Sequenced, Recorded, TenantOwned, Base):
    """What a reviewer is given by the queue."""

    __tablename__ = "case_reviewer"
    __table_args__ = (Index(None, "tenant", "sequence", "id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    """Of the person or key."""
    skills: Mapped[list[str]] = mapped_column(CanonicalJson)
    set_at: Mapped[datetime]

    recorded = Columns(plain=("skills", "set_at"), changing=("skills", "set_at"))
