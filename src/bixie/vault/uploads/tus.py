"""Headers of the protocol tus 1.0.0.

References
----------
https://tus.io/protocols/resumable-upload
"""

import hashlib
import re
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime

from bixie.vault.uploads.errors import UploadError

__all__ = [
    "ALGORITHMS",
    "EXTENSIONS",
    "PART_TYPE",
    "VERSION",
    "Checksum",
    "check_version",
    "checksum",
    "http_date",
    "metadata",
    "whole_number",
]

VERSION = "1.0.0"
EXTENSIONS = ("creation", "expiration", "termination", "checksum")
ALGORITHMS = ("sha1", "sha256")
"""The protocol asks for SHA-1; it detects transmission errors, not tampering."""
PART_TYPE = "application/offset+octet-stream"

_MAX_METADATA = 4096
_NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)
_KEY = re.compile(r"[!-+\--~]+", re.ASCII)
"""ASCII without the space and the comma."""


@dataclass(frozen=True, slots=True)
class Checksum:
    """What the bytes of one request must hash to.

    Parameters
    ----------
    algorithm : str
        One of `ALGORITHMS`.
    digest : bytes
    """

    algorithm: str
    digest: bytes


def check_version(text: str | None) -> None:
    """Refuse a request in another version of the protocol.

    Raises
    ------
    UploadError
        ``vault.wrong_tus_version``.
    """
    if text != VERSION:
        raise UploadError("vault.wrong_tus_version", version=VERSION)


def whole_number(name: str, text: str | None) -> int:
    """Return a header's number of bytes.

    Raises
    ------
    UploadError
        ``vault.bad_upload_header``.
    """
    if text is None or not _NUMBER.fullmatch(text):
        raise UploadError("vault.bad_upload_header", name=name)
    return int(text)


def metadata(text: str | None) -> dict[str, str]:
    """Return the pairs of ``Upload-Metadata``, the values decoded from base64.

    Raises
    ------
    UploadError
        ``vault.bad_upload_header``.
    """
    found: dict[str, str] = {}
    with _refusing("Upload-Metadata"):
        if text is not None and (len(text) > _MAX_METADATA or not text.isascii()):
            raise ValueError
        for pair in (text or "").split(",") if text else ():
            key, _, value = pair.strip(" ").partition(" ")
            if key in found or not _KEY.fullmatch(key):
                raise ValueError
            found[key] = b64decode(value.encode(), validate=True).decode()
    return found


def checksum(text: str | None) -> Checksum | None:
    """Return what ``Upload-Checksum`` declares: an algorithm, and the hash in base64.

    Raises
    ------
    UploadError
        ``vault.bad_upload_header``.
    """
    if text is None:
        return None
    with _refusing("Upload-Checksum"):
        algorithm, _, value = text.partition(" ")
        digest = b64decode(value.encode(), validate=True)
        if algorithm not in ALGORITHMS or len(digest) != hashlib.new(algorithm).digest_size:
            raise ValueError
    return Checksum(algorithm, digest)


def http_date(moment: datetime) -> str:
    """Return a moment in the format of ``Upload-Expires``."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


@contextmanager
def _refusing(name: str) -> Iterator[None]:
    try:
        yield
    except ValueError as error:
        raise UploadError("vault.bad_upload_header", name=name) from error
