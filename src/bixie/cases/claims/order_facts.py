"""What an order on record and files in the vault say to the checks of a claim."""

from collections.abc import Iterable

from bixie.cases.claims.drafts import DraftExhibit, ItemFacts, OrderFacts
from bixie.cases.claims.options import ClaimOptions
from bixie.orders.models import Order
from bixie.vault.models import Exhibit

__all__ = ["draft_exhibits", "order_facts"]


def order_facts(order: Order, options: ClaimOptions) -> OrderFacts:
    """Return the facts of an order.

    The total is known where the price of every line is. The goods are delivered when the last parcel
    is; while the delivery of one is not known, that of the goods is not.
    """
    items = {
        line.position: ItemFacts(line.quantity, line.price, options.category_of(line.category))
        for line in order.items
    }
    prices = [line.price for line in order.items if line.price is not None]
    whole = len(prices) == len(order.items) > 0
    paid = sum((line.price or 0) * line.quantity for line in order.items) if whole else None
    arrived = [parcel.delivered_at for parcel in order.deliveries if parcel.delivered_at is not None]
    delivered = max(arrived) if arrived and len(arrived) == len(order.deliveries) else None
    return OrderFacts(items, paid, ordered_at=order.ordered_at, delivered_at=delivered)


def draft_exhibits(files: Iterable[tuple[Exhibit, str]]) -> tuple[DraftExhibit, ...]:
    """Return files of the vault, each with the role in which it is given."""
    return tuple(DraftExhibit(file.id, role, file.media_type, file.sha256) for file, role in files)
