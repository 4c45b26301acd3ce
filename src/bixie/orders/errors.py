"""What the orders room refuses.

::

    BixieError
    └── OrdersError           a file that is no list of orders; one row's faults are `Problem` values
        ├── FaultyOrdersError   orders with faults, each named, where all or nothing was to be taken in
        └── NoSuchOrderError    there is no such order, or it is somebody else's
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from bixie.kit.errors import BixieError
from bixie.orders.problems import Problem

__all__ = ["FaultyOrdersError", "NoSuchOrderError", "OrdersError"]


class OrdersError(BixieError):
    """A file of orders cannot be read at all."""

    package = "bixie.orders"
    status = 422


class FaultyOrdersError(OrdersError):
    """Some of the orders have faults, and nothing was taken in.

    Parameters
    ----------
    problems : sequence of Problem
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("orders.faulty", count=len(self.problems))

    def members(self) -> dict[str, Any]:
        """Return ``problems``, each with order, row, column and sentences."""
        return {"problems": [asdict(one) for one in self.problems]}


class NoSuchOrderError(OrdersError):
    """There is no such order, or it is somebody else's: both look the same."""

    status = 404
