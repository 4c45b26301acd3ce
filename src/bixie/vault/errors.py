"""What the vault refuses.

::

    BixieError
    └── VaultError            there is no such exhibit, or it cannot be had
"""

from bixie.kit.errors import BixieError

__all__ = ["VaultError"]


class VaultError(BixieError):
    """The vault cannot do what it was asked."""

    package = "bixie.vault"
    status = 404
