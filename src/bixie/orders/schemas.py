"""Orders as programs send and get them. What a shop may write, and which faults there are, `rules` says."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from bixie.kit.timestamps import format_timestamp
from bixie.orders.facts import Problem
from bixie.orders.models import Item, Order, Parcel
from bixie.vault.schemas import ExhibitOut

__all__ = ["ImportOut", "OrderIn", "OrderOut", "OrderWithFilesOut", "OrdersIn", "OrdersOut", "ProblemOut"]

_MAX_ORDERS = 1_000
_TIME = "ISO 8601 or 2026-03-10 08:15:00; without a zone it is China's"
_FORBID = ConfigDict(extra="forbid")


class ItemIn(BaseModel):
    """One line of an order."""

    model_config = _FORBID

    sku: str | None = None
    name: str | None = None
    category: str | None = None
    quantity: int | str | None = Field(None, description="1 when not given")
    price: int | float | str | None = Field(None, description="of one piece, in yuan", examples=["195.00"])


class DeliveryIn(BaseModel):
    """One parcel."""

    model_config = _FORBID

    carrier: str | None = None
    tracking_number: str | None = None
    delivered_at: str | None = Field(None, description=_TIME)


class OrderIn(BaseModel):
    """An order as the shop has it."""

    model_config = _FORBID

    number: str = Field(
        description="as the shop writes it; digits are text", examples=["6912345678901234567"]
    )
    ordered_at: str | None = Field(None, description=_TIME, examples=["2026-03-10 08:15:00"])
    items: list[ItemIn] = []
    deliveries: list[DeliveryIn] = []


class OrdersIn(BaseModel):
    """Several orders, of which all are taken in or none."""

    model_config = _FORBID

    orders: list[OrderIn] = Field(min_length=1, max_length=_MAX_ORDERS)


class ItemOut(BaseModel):
    """One line of an order."""

    sku: str | None
    name: str | None
    category: str | None
    quantity: int
    price: str | None = Field(description="of one piece, in yuan", examples=["195.00"])

    @classmethod
    def of(cls, item: Item) -> "ItemOut":
        """Return what is told of a line."""
        price = None if item.price is None else f"{item.price // 100}.{item.price % 100:02d}"
        return cls(sku=item.sku, name=item.name, category=item.category, quantity=item.quantity, price=price)


class DeliveryOut(BaseModel):
    """One parcel."""

    carrier: str | None
    tracking_number: str | None
    delivered_at: str | None

    @classmethod
    def of(cls, delivery: Parcel) -> "DeliveryOut":
        """Return what is told of a parcel."""
        return cls(
            carrier=delivery.carrier,
            tracking_number=delivery.tracking_number,
            delivered_at=_written(delivery.delivered_at),
        )


class OrderOut(BaseModel):
    """An order as it is kept."""

    id: str
    number: str
    party: str | None = Field(description="the merchant whose order it is; null for the tenant's own")
    ordered_at: str | None
    imported_at: str
    items: list[ItemOut]
    deliveries: list[DeliveryOut]

    @classmethod
    def of(cls, order: Order) -> "OrderOut":
        """Return what is told of an order."""
        return cls(
            id=order.id,
            number=order.number,
            party=order.party or None,
            ordered_at=_written(order.ordered_at),
            imported_at=format_timestamp(order.imported_at),
            items=[ItemOut.of(item) for item in order.items],
            deliveries=[DeliveryOut.of(delivery) for delivery in order.deliveries],
        )


class OrdersOut(BaseModel):
    """The orders that were sent, as they are kept."""

    items: list[OrderOut]


class OrderWithFilesOut(OrderOut):
    """An order as it is kept, and the files that came with it."""

    exhibits: list[ExhibitOut]


class ProblemOut(BaseModel):
    """What is wrong with one cell or value."""

    row: str = Field(description="3 of a table (the heading is row 1), orders[2] of a document")
    column: str | None
    code: str
    en: str
    zh: str

    @classmethod
    def of(cls, problem: Problem) -> "ProblemOut":
        """Return what is told of a fault."""
        return cls(row=problem.row, column=problem.column, code=problem.code, en=problem.en, zh=problem.zh)


class ImportOut(BaseModel):
    """What an import did, or would do."""

    dry_run: bool
    added: int
    changed: int
    unchanged: int
    problems: list[ProblemOut]
    more_problems: bool
    ignored_columns: list[str]


def _written(moment: datetime | None) -> str | None:
    return None if moment is None else format_timestamp(moment)
