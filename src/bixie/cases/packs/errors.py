"""What is refused about policy packs.

::

    BixieError
    └── PackRefusedError        the pack cannot be added, published or retired so
        ├── NoSuchPackError       there is no such pack
        └── PackStateError        not in this state of the pack, or beside another version
"""

from bixie.kit.errors import BixieError

__all__ = ["NoSuchPackError", "PackRefusedError", "PackStateError"]


class PackRefusedError(BixieError):
    """The pack cannot be added, published or retired so."""

    package = "bixie.cases.packs"
    status = 422


class NoSuchPackError(PackRefusedError):
    """There is no such pack."""

    status = 404


class PackStateError(PackRefusedError):
    """Not in this state of the pack, or beside another version."""

    status = 409
