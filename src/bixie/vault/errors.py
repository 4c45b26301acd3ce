"""What the vault refuses.

::

    BixieError
    └── VaultError            there is no such exhibit, or it belongs to somebody else: both look the same
        ├── NotKeptError      the exhibit was not checked yet, or was refused
        ├── ErasedError       the exhibit was erased
        ├── ErasingError      the same bytes are being erased at this moment
        ├── FilesMissingError  rows name files that are not there
        ├── BadOrderError     no order can have such a number
        ├── TooCostlyError    the file cannot be opened within the limits of memory and time
        ├── retention.errors  holds, rules, erasing
        └── uploads.errors    uploads in parts
"""

from bixie.kit.errors import BixieError

__all__ = [
    "BadOrderError",
    "ErasedError",
    "ErasingError",
    "FilesMissingError",
    "NotKeptError",
    "TooCostlyError",
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
    """No order can have such a number."""

    status = 422


class TooCostlyError(VaultError):
    """The file cannot be opened within the limits of memory and time."""

    status = 422


class ErasedError(VaultError):
    """The exhibit was erased; its record stays."""

    status = 410


class ErasingError(VaultError):
    """The same bytes are being erased for another exhibit at this moment; repeat the upload."""

    status = 503


class FilesMissingError(VaultError):
    """Rows name files that are not there."""

    status = 500
