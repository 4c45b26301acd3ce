"""Errors of the orders room.

::

    BixieError
    └── OrdersError           a file that is not a list of orders; faults of a row are `Problem` values
        ├── FaultyOrdersError   orders with faults, where all or none were to be added
        ├── InterruptedImportError  an import ended in the middle; what was imported stays
        └── NoSuchOrderError    no such order, or it belongs to another tenant or party
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from bixie.kit.errors import BixieError
from bixie.kit.messages import Text
from bixie.orders.problems import Problem

__all__ = ["FaultyOrdersError", "InterruptedImportError", "NoSuchOrderError", "OrdersError"]


class OrdersError(BixieError):
    """A file of orders cannot be read at all."""

    package = "bixie.orders"
    status = 422


class FaultyOrdersError(OrdersError):
    """Some of the orders have faults, and none was added.

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


class InterruptedImportError(OrdersError):
    """An import ended in the middle: what it has imported stays, and the same file can be sent again.

    Parameters
    ----------
    counts : mapping of str to int
        What was imported: ``added``, ``changed``, ``unchanged``.
    reason : Text
    """

    status = 503

    def __init__(self, counts: Mapping[str, int], reason: Text) -> None:
        self.counts = dict(counts)
        super().__init__("orders.interrupted", count=sum(counts.values()), reason=reason)

    def members(self) -> dict[str, Any]:
        """Return ``imported``, the counts."""
        return {"imported": self.counts}


class NoSuchOrderError(OrdersError):
    """No such order, or it belongs to another tenant or party: both look the same."""

    status = 404
