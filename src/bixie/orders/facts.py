"""Orders as a shop hands them over, checked and not yet stored."""

from dataclasses import dataclass, field
from datetime import datetime

__all__ = ["GivenDelivery", "GivenItem", "GivenOrder", "Problem"]


@dataclass(frozen=True, slots=True)
class GivenItem:
    """One line of an order.

    Parameters
    ----------
    sku, name, category : str or None
    quantity : int
    price : int or None
        Of one piece, in fen.
    """

    sku: str | None = None
    name: str | None = None
    category: str | None = None
    quantity: int = 1
    price: int | None = None


@dataclass(frozen=True, slots=True)
class GivenDelivery:
    """One parcel.

    Parameters
    ----------
    carrier, tracking_number : str or None
    delivered_at : datetime or None
        With its zone.
    """

    carrier: str | None = None
    tracking_number: str | None = None
    delivered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class GivenOrder:
    """One order.

    Parameters
    ----------
    number : str
        As the shop writes it; digits are text.
    ordered_at : datetime or None
        With its zone.
    items : tuple of GivenItem
    deliveries : tuple of GivenDelivery
    row : str
        Where it stood: ``row 3`` of a table, ``orders[2]`` of a document.
    """

    number: str
    ordered_at: datetime | None = None
    items: tuple[GivenItem, ...] = ()
    deliveries: tuple[GivenDelivery, ...] = ()
    row: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one cell.

    Parameters
    ----------
    row : str
        ``3`` of a table (the heading is row 1), ``orders[2]`` of a document.
    column : str or None
        As the file writes it; None where the whole row is meant.
    code : str
        Stable; the sentence stands in ``messages.toml``.
    en, zh : str
    """

    row: str
    column: str | None
    code: str
    en: str
    zh: str
