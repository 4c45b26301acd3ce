"""What the vault refuses.

::

    BixieError
    └── VaultError            there is no such exhibit, or it is somebody else's: both look the same
        ├── NotKeptError      it is there, and is not handed out
        └── BadOrderError     an order number that cannot be
"""

from bixie.kit.errors import BixieError

__all__ = ["BadOrderError", "NotKeptError", "VaultError"]


class VaultError(BixieError):
    """The vault cannot do what it was asked."""

    package = "bixie.vault"
    status = 404


class NotKeptError(VaultError):
    """The exhibit was not checked yet, or was refused."""

    status = 409


class BadOrderError(VaultError):
    """No order has such a number."""

    status = 422
