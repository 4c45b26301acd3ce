"""How rows become orders; pure. Rows with one number are one order."""

from collections.abc import Iterable
from functools import reduce

from bixie.orders.schemas import OrderIn

__all__ = ["MAX_PROBLEMS", "joined"]

MAX_PROBLEMS = 1_000
"""Of one file, that are named."""


def joined(rows: Iterable[OrderIn]) -> OrderIn:
    """Merge the rows of one order, at least one; a parcel named by two of them is one parcel."""
    return reduce(_joined, rows)


def _joined(earlier: OrderIn, later: OrderIn) -> OrderIn:
    parcels = dict.fromkeys((*earlier.deliveries, *later.deliveries))
    return earlier.model_copy(
        update={
            "ordered_at": earlier.ordered_at or later.ordered_at,
            "items": (*earlier.items, *later.items),
            "deliveries": tuple(parcels),
        }
    )
