"""Tables of holds and retention rules."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from bixie.access.sequence import Sequenced
from bixie.access.tenancy import PartyOwned, TenantOwned
from bixie.ledger.recorded import Columns, Recorded
from bixie.store.base import Base

__all__ = ["Hold", "Retention"]


class Hold(Sequenced, Recorded, PartyOwned, Base):
    """Keeps an exhibit, or those of an order, from being erased until it is released."""

    __tablename__ = "exhibit_hold"
    __table_args__ = (
        Index(None, "tenant", "exhibit_id", "sequence", "id"),
        Index(None, "tenant", "order_number", "sequence", "id"),
        Index(None, "tenant", "sequence", "id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    exhibit_id: Mapped[str | None]
    order_number: Mapped[str | None]
    """Covers later exhibits too; exactly one of the two is set."""
    reason: Mapped[str | None]
    """A person's words; emptied on release. The ledger has a commitment to them."""
    held_at: Mapped[datetime]
    released_at: Mapped[datetime | None]

    recorded = Columns(
        plain=("party", "exhibit_id", "held_at", "released_at"),
        personal=("order_number", "reason"),
        changing=("released_at",),
    )


class Retention(Recorded, TenantOwned, Base):
    """Days that exhibits in one role are kept after being received; without a row they are kept forever."""

    __tablename__ = "exhibit_retention"

    tenant: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    days: Mapped[int]

    recorded = Columns(plain=("days",), changing=("days",), deletable=True)
