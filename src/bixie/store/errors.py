"""Why a store cannot be used.

::

    BixieError
    └── StoreError            there is no store, it is another one, or the database refuses
"""

from bixie.kit.errors import BixieError

__all__ = ["StoreError"]


class StoreError(BixieError):
    """The store cannot be opened, or its content is wrong."""

    package = "bixie.store"
    status = 503
