"""What the vault refuses.

::

    BixieError
    └── VaultError            there is no such exhibit, or it is somebody else's: both look the same
        ├── NotKeptError      it is there, and is not handed out
        ├── BadOrderError     an order number that cannot be
        └── UploadError       an upload that is sent in parts cannot go on so; the code decides the status
"""

from http import HTTPStatus
from typing import ClassVar

from bixie.kit.errors import BixieError

__all__ = ["BadOrderError", "NotKeptError", "UploadError", "VaultError"]

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
