"""What the vault refuses.

::

    BixieError
    └── VaultError            there is no such exhibit, or it is somebody else's: both look the same
        ├── NotKeptError      it is there, and is not handed out
        ├── ErasedError       it was there, and is gone for good
        ├── BadOrderError     an order number that cannot be
        ├── HoldError         a hold that cannot be
        │   └── NoHoldError   there is no such hold
        ├── HeldError         a hold keeps the exhibit from being erased
        ├── ErasingError      the same bytes are just being erased
        ├── RetentionError    nothing is kept for so short or so long
        └── UploadError       an upload that is sent in parts cannot go on so; the code decides the status
"""

from http import HTTPStatus
from typing import ClassVar

from bixie.kit.errors import BixieError

__all__ = [
    "BadOrderError",
    "ErasedError",
    "ErasingError",
    "HeldError",
    "HoldError",
    "NoHoldError",
    "NotKeptError",
    "RetentionError",
    "UploadError",
    "VaultError",
]

_CHECKSUM_MISMATCH = 460
"""The protocol's own; HTTP knows none of this number."""


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
    """A hold cannot be as asked."""

    status = 422


class NoHoldError(HoldError):
    """There is no such hold, or it is somebody else's."""

    status = 404


class HeldError(VaultError):
    """The exhibit is not erased while a hold lies on it."""

    status = 409


class ErasingError(VaultError):
    """The same bytes are just being erased for another exhibit; sent again they are kept."""

    status = 503


class RetentionError(VaultError):
    """Nothing is kept for so short, or so long."""

    status = 422


class UploadError(VaultError):
    """An upload that is sent in parts cannot begin, or cannot go on so."""

    _statuses: ClassVar = {
        "vault.bad_upload_header": HTTPStatus.BAD_REQUEST,
        "vault.bad_upload_metadata": HTTPStatus.BAD_REQUEST,
        "vault.no_such_upload": HTTPStatus.NOT_FOUND,
        "vault.wrong_offset": HTTPStatus.CONFLICT,
        "vault.too_many_uploads": HTTPStatus.CONFLICT,
        "vault.upload_expired": HTTPStatus.GONE,
        "vault.wrong_tus_version": HTTPStatus.PRECONDITION_FAILED,
        "vault.upload_too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "vault.beyond_length": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "vault.wrong_part_type": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        "vault.too_many_parts": HTTPStatus.UNPROCESSABLE_ENTITY,
        "vault.upload_refused": HTTPStatus.UNPROCESSABLE_ENTITY,
        "vault.checksum_mismatch": _CHECKSUM_MISMATCH,
    }

    def __init__(self, code: str, **values: object) -> None:
        self.status = self._statuses[code]
        super().__init__(code, **values)
