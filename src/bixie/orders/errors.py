"""What the orders room refuses.

::

    BixieError
    └── OrdersError           a file that is no list of orders; one row's faults are `Problem` values
"""

from bixie.kit.errors import BixieError

__all__ = ["OrdersError"]


class OrdersError(BixieError):
    """A file of orders cannot be read at all."""

    package = "bixie.orders"
