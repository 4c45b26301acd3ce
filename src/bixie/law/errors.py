"""What the law room refuses.

::

    BixieError
    ├── UsageError
    │   └── FactsError        facts that are not what they must be; names the key
    └── CatalogueError        the catalogue's data contradict themselves; names file and line
"""

from bixie.kit.errors import BixieError, UsageError

__all__ = ["CatalogueError", "FactsError"]

_PACKAGE = "bixie.law"


class FactsError(UsageError):
    """The facts are not what they must be; ``values["field"]`` names the key."""

    package = _PACKAGE


class CatalogueError(BixieError):
    """The data of the catalogue are wrong; ``values`` has ``file`` and ``line``."""

    package = _PACKAGE
    status = 500
