"""Errors of the law room.

::

    BixieError
    ├── UsageError
    │   └── FactsError        invalid facts; names the key
    └── CatalogueError        invalid catalogue; names file and line
"""

from bixie.kit.errors import BixieError, UsageError

__all__ = ["CatalogueError", "FactsError"]

_PACKAGE = "bixie.law"


class FactsError(UsageError):
    """The facts are invalid; ``values["field"]`` names the key."""

    package = _PACKAGE


class CatalogueError(BixieError):
    """The catalogue is invalid; ``values`` has ``file`` and ``line``."""

    package = _PACKAGE
    status = 500
