"""What an upload is refused.

::

    VaultError
    └── UploadError           an upload in parts cannot begin or continue; the code decides the status
"""

from http import HTTPStatus
from typing import ClassVar

from bixie.vault.errors import VaultError

__all__ = ["UploadError"]

_CHECKSUM_MISMATCH = 460
"""Defined by tus; HTTP has no such status."""


class UploadError(VaultError):
    """An upload in parts cannot begin or continue."""

    _statuses: ClassVar = {
        "vault.bad_upload_header": HTTPStatus.BAD_REQUEST,
        "vault.bad_upload_metadata": HTTPStatus.BAD_REQUEST,
        "vault.not_granted": HTTPStatus.FORBIDDEN,
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
