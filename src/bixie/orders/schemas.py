"""Orders as the API and files give them, and as the API returns them.

A call, a row of a table and a JSON document all become an `OrderIn`, which reads what shops write: its prices
are fen, its times have a zone.
"""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from bixie.kit.money import decimal_from_fen
from bixie.kit.timestamps import format_timestamp
from bixie.orders.models import Item, Order, Parcel
from bixie.orders.problems import Problem
from bixie.orders.values import Lines, Number, Quantity, Text, Time, Yuan
from bixie.vault.schemas import ExhibitOut

__all__ = [
    "DeliveryIn",
    "ImportOut",
    "ItemIn",
    "OrderIn",
    "OrderOut",
    "OrderWithFilesOut",
    "OrdersIn",
    "OrdersOut",
    "ProblemOut",
]

_MAX_ORDERS = 1_000


class _Given(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ItemIn(_Given):
    """One line of an order."""

    sku: Text | None = None
    name: Text | None = None
    category: Text | None = None
    quantity: Quantity = 1
    price: Yuan | None = None


class DeliveryIn(_Given):
    """One parcel."""

    carrier: Text | None = None
    tracking_number: Text | None = None
    delivered_at: Time | None = None


class OrderIn(_Given):
    """An order as the shop has it."""

    number: Number
    ordered_at: Time | None = None
    items: Annotated[tuple[ItemIn, ...], Lines] = ()
    deliveries: Annotated[tuple[DeliveryIn, ...], Lines] = ()


class OrdersIn(BaseModel):
    """Several orders: all are added or none."""

    model_config = ConfigDict(extra="forbid")

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
        """Return the line as the API shows it."""
        price = None if item.price is None else decimal_from_fen(item.price)
        return cls(sku=item.sku, name=item.name, category=item.category, quantity=item.quantity, price=price)


class DeliveryOut(BaseModel):
    """One parcel."""

    carrier: str | None
    tracking_number: str | None
    delivered_at: str | None

    @classmethod
    def of(cls, delivery: Parcel) -> "DeliveryOut":
        """Return the parcel as the API shows it."""
        return cls(
            carrier=delivery.carrier,
            tracking_number=delivery.tracking_number,
            delivered_at=_written(delivery.delivered_at),
        )


class OrderOut(BaseModel):
    """An order as it is stored."""

    id: str
    number: str
    party: str | None = Field(description="the merchant whose order it is; null for the tenant's own")
    ordered_at: str | None
    imported_at: str
    items: list[ItemOut]
    deliveries: list[DeliveryOut]

    @classmethod
    def of(cls, order: Order) -> "OrderOut":
        """Return the order as the API shows it."""
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
    """The orders of the call, as they are stored."""

    items: list[OrderOut]


class OrderWithFilesOut(OrderOut):
    """An order as it is stored, with the files of the call."""

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
        """Return the problem as the API shows it."""
        return cls(row=problem.row, column=problem.column, code=problem.code, en=problem.en, zh=problem.zh)


class ImportOut(BaseModel):
    """Counts and problems of an import, or of a dry run."""

    dry_run: bool
    added: int
    changed: int
    unchanged: int
    problems: list[ProblemOut]
    more_problems: bool
    ignored_columns: list[str]
    notes: list[ProblemOut] = Field(description="columns that are known and not used, each with the reason")


def _written(moment: datetime | None) -> str | None:
    return None if moment is None else format_timestamp(moment)
