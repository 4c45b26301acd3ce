"""Tables of orders."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bixie.access.sequence import Sequenced
from bixie.access.tenancy import PartyOwned, TenantOwned
from bixie.ledger.recorded import Columns, Recorded
from bixie.store.base import Base

__all__ = ["Item", "Order", "Parcel"]


class Order(Sequenced, Recorded, PartyOwned, Base):
    """One order of one shop."""

    __tablename__ = "orders"  # `order` is a word of SQL
    __table_args__ = (
        UniqueConstraint("tenant", "party", "number"),
        Index(None, "tenant", "number", "sequence", "id"),
        Index(None, "tenant", "sequence", "id"),
        Index(None, "tenant", "party", "sequence", "id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str]
    """As the shop writes it: text, whatever it looks like."""
    ordered_at: Mapped[datetime | None]
    imported_at: Mapped[datetime]
    items: Mapped[list["Item"]] = relationship(
        order_by="Item.position", cascade="all, delete-orphan", lazy="selectin"
    )
    deliveries: Mapped[list["Parcel"]] = relationship(
        order_by="Parcel.position", cascade="all, delete-orphan", lazy="selectin"
    )

    recorded = Columns(
        plain=("party", "ordered_at", "imported_at"), personal=("number",), changing=("ordered_at",)
    )


class Item(Recorded, TenantOwned, Base):
    """One line of an order."""

    __tablename__ = "order_item"
    __table_args__ = (Index(None, "tenant", "order_id", "position"),)

    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    sku: Mapped[str | None]
    name: Mapped[str | None]
    category: Mapped[str | None]
    quantity: Mapped[int]
    price: Mapped[int | None]
    """Of one piece, in fen."""

    # The plain ones describe goods that many buyers order: they lead to a person only by way of the order's
    # number, which is personal. A name is free text, in which shops write what a buyer has asked for.
    # A newer file of orders replaces the lines.
    recorded = Columns(
        plain=("sku", "category", "quantity", "price"),
        personal=("name",),
        changing=("sku", "category", "quantity", "price", "name"),
        deletable=True,
    )


class Parcel(Recorded, TenantOwned, Base):
    """One parcel of an order."""

    __tablename__ = "order_delivery"
    __table_args__ = (Index(None, "tenant", "order_id", "position"),)

    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    carrier: Mapped[str | None]
    tracking_number: Mapped[str | None]
    delivered_at: Mapped[datetime | None]

    recorded = Columns(
        plain=("carrier", "delivered_at"),
        personal=("tracking_number",),
        changing=("carrier", "delivered_at", "tracking_number"),
        deletable=True,
    )
