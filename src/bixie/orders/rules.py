"""Merges the rows of a file into orders; pure. Rows with one number are one order."""

from collections.abc import Iterable

from bixie.orders.problems import Problem, problem
from bixie.orders.schemas import OrderIn

__all__ = ["MAX_PROBLEMS", "OrderCollector"]

MAX_PROBLEMS = 1_000


class OrderCollector:
    """The orders and problems of a file, as it is read."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.more = False
        self._orders: dict[str, OrderIn] = {}
        self._rows: dict[str, str] = {}
        self._broken: set[str] = set()

    def orders(self) -> tuple[OrderIn, ...]:
        """Return the orders without a problem."""
        return tuple(order for number, order in self._orders.items() if number not in self._broken)

    def refuse(self, number: str, problems: Iterable[Problem]) -> None:
        """Record the problems of a row and leave its order out; only the first `MAX_PROBLEMS` are kept."""
        self._broken.add(number)
        for found in problems:
            if len(self.problems) < MAX_PROBLEMS:
                self.problems.append(found)
            else:
                self.more = True

    def add(self, order: OrderIn, row: str, column: str | None) -> None:
        """Add the order of a row; merge it with an earlier one of the same number.

        Parameters
        ----------
        order : OrderIn
        row : str
            ``3`` of a table, ``orders[2]`` of a document.
        column : str or None
            Column of the number, as the file writes it.
        """
        earlier = self._orders.get(order.number)
        if earlier is None:
            self._orders[order.number] = order
            self._rows[order.number] = row
        elif earlier.ordered_at and order.ordered_at and earlier.ordered_at != order.ordered_at:
            other = self._rows[order.number]
            self.refuse(order.number, [problem("orders.contradicts", row, column, other=other)])
        else:
            self._orders[order.number] = _joined(earlier, order)


def _joined(earlier: OrderIn, later: OrderIn) -> OrderIn:
    """Merge two rows of one order; a parcel named by both is one parcel."""
    parcels = dict.fromkeys((*earlier.deliveries, *later.deliveries))
    return earlier.model_copy(
        update={
            "ordered_at": earlier.ordered_at or later.ordered_at,
            "items": (*earlier.items, *later.items),
            "deliveries": tuple(parcels),
        }
    )
