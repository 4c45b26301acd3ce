"""What the vault refuses.

::

    BixieError
    └── VaultError            there is no such exhibit, or it is somebody else's: both look the same
        ├── NotKeptError      it is there, and is not handed out
        ├── ErasedError       it was there, and is gone for good
        ├── BadOrderError     an order number that cannot be
        ├── HoldError         a hold that cannot be, or is not there
        ├── HeldError         a hold keeps the exhibit from being erased
        ├── ErasingError      the same bytes are just being erased
        └── RetentionError    nothing is kept for so short or so long
"""

from bixie.kit.errors import BixieError

__all__ = [
    "BadOrderError",
    "ErasedError",
    "ErasingError",
    "HeldError",
    "HoldError",
    "NotKeptError",
    "RetentionError",
    "VaultError",
]


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


class ErasedError(VaultError):
    """The exhibit was erased; what is left of it is on record."""

    status = 410


class HoldError(VaultError):
    """A hold cannot be as asked, or is not there."""

    status = 422

    def __init__(self, code: str, *, status: int = 422, **values: object) -> None:
        self.status = status
        super().__init__(code, **values)


class HeldError(VaultError):
    """The exhibit is not erased while a hold lies on it."""

    status = 409


class ErasingError(VaultError):
    """The same bytes are just being erased for another exhibit; sent again they are kept."""

    status = 503


class RetentionError(VaultError):
    """Nothing is kept for so short, or so long."""

    status = 422
