"""Tables of what keeps evidence from being erased, and of when it is."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from bixie.access.tenancy import PartyOwned, TenantOwned
from bixie.store.base import Base

__all__ = ["Hold", "Retention"]


class Hold(PartyOwned, Base):
    """Nobody erases an exhibit, or those of an order, until this is released."""

    __tablename__ = "exhibit_hold"
    __table_args__ = (Index(None, "tenant", "exhibit_id"), Index(None, "tenant", "order_number"))

    id: Mapped[str] = mapped_column(primary_key=True)
    exhibit_id: Mapped[str | None]
    order_number: Mapped[str | None]
    """Also of exhibits that come later; one of the two is named."""
    reason: Mapped[str | None]
    """A person's words; gone when it is released. The ledger has a commitment to them."""
    held_at: Mapped[datetime]
    released_at: Mapped[datetime | None]


class Retention(TenantOwned, Base):
    """How many days exhibits in one role are kept after they were received; without a row for good."""

    __tablename__ = "exhibit_retention"

    tenant: Mapped[str] = mapped_column(primary_key=True, index=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    days: Mapped[int]
