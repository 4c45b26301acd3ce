"""Time stamps of an RFC 3161 authority: an outside proof that a checkpoint existed at a time.

The network is touched only by `Authority.stamp`, and only where ``BIXIE_TIMESTAMP_URL`` names authorities;
checking a stamp needs none. ``BIXIE_TIMESTAMP_ROOTS`` names a PEM file of the certificates that are trusted.
"""

import hashlib
import os
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPException
from pathlib import Path

from cryptography.x509 import Certificate, load_pem_x509_certificates
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from bixie.kit.errors import SettingError, describe_exception
from bixie.kit.messages import catalogue
from bixie.kit.reasons import plain_reason
from bixie.ledger.errors import LedgerError

__all__ = ["ROOTS", "URL", "Authority", "check", "named_authorities", "stamped_at", "trusted_roots"]

URL = "BIXIE_TIMESTAMP_URL"
ROOTS = "BIXIE_TIMESTAMP_ROOTS"
_SECONDS = 15
_MAX_BYTES = 1 << 20
_SCHEMES = ("http://", "https://")


@dataclass(frozen=True, slots=True)
class Authority:
    """A time-stamp authority.

    Parameters
    ----------
    url : str
        Its address; also the name under which its stamps are stored.
    roots : tuple of Certificate
        Root certificates that its stamps must lead to.
    """

    url: str
    roots: tuple[Certificate, ...]

    def stamp(self, message: bytes) -> bytes:
        """Return the authority's response over a message, in DER.

        Raises
        ------
        LedgerError
            ``ledger.authority_unreachable``, or ``ledger.stamp_invalid`` when the answer does not hold.
        """
        builder = TimestampRequestBuilder().data(message).hash_algorithm(HashAlgorithm.SHA256)
        asked = builder.nonce(nonce=True).cert_request(cert_request=True).build()
        answer = self._ask(asked.as_bytes())
        check(answer, message, self.roots, nonce=asked.nonce)
        return answer

    def _ask(self, query: bytes) -> bytes:
        request = urllib.request.Request(
            self.url, data=query, headers={"Content-Type": "application/timestamp-query"}
        )
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS) as response:
                answer: bytes = response.read(_MAX_BYTES)
        except (OSError, ValueError, HTTPException) as error:
            if isinstance(error, urllib.error.HTTPError):
                error.close()
            raise LedgerError("ledger.authority_unreachable", reason=plain_reason(error)) from error
        return answer


def named_authorities(environment: Mapping[str, str] | None = None) -> tuple[Authority, ...]:
    """Return the authorities that the environment names, their addresses parted by commas; empty without one.

    Raises
    ------
    SettingError
        ``setting.not_an_address``; ``setting.missing`` for authorities without roots, whose stamps cannot be
        verified; ``setting.unreadable_file``.
    """
    variables = os.environ if environment is None else environment
    named = dict.fromkeys(filter(None, map(str.strip, variables.get(URL, "").split(","))))
    if not all(one.lower().startswith(_SCHEMES) for one in named):
        raise SettingError("setting.not_an_address", name=URL, schemes=" / ".join(_SCHEMES))
    roots = trusted_roots(variables) if named else ()
    if named and not roots:
        raise SettingError("setting.missing", name=ROOTS, reason=URL)
    return tuple(Authority(one, roots) for one in named)


def trusted_roots(environment: Mapping[str, str] | None = None) -> tuple[Certificate, ...]:
    """Return the trusted certificates that the environment names; empty without a file.

    Raises
    ------
    SettingError
        ``setting.unreadable_file``.
    """
    path = (os.environ if environment is None else environment).get(ROOTS, "")
    if not path:
        return ()
    try:
        return tuple(load_pem_x509_certificates(Path(path).read_bytes()))
    except OSError as error:
        raise SettingError("setting.unreadable_file", name=ROOTS, reason=plain_reason(error)) from error
    except ValueError as error:
        reason = catalogue("bixie.kit").text("reason.not_a_certificate")
        raise SettingError("setting.unreadable_file", name=ROOTS, reason=reason) from error


def check(
    response: bytes, message: bytes, roots: tuple[Certificate, ...], *, nonce: int | None = None
) -> datetime:
    """Return the time of a stamp after verifying the signature, the chain to a root, and the message.

    Parameters
    ----------
    response : bytes
        As the authority gave it.
    message : bytes
        What must have been stamped.
    roots : tuple of Certificate
        At least one.
    nonce : int, optional
        What the response must repeat, when it has just been asked for.

    Raises
    ------
    LedgerError
        ``ledger.stamp_invalid``.
    """
    builder = VerifierBuilder(roots=list(roots), nonce=nonce)
    try:
        decoded = _decoded(response)
        builder.build().verify(decoded, hashlib.sha256(message).digest())
    except VerificationError as error:
        raise LedgerError("ledger.stamp_invalid", reason=describe_exception(error)) from error
    return decoded.tst_info.gen_time


def stamped_at(response: bytes, message: bytes) -> datetime:
    """Return the time of a stamp that belongs to the message; its signer is not verified.

    Raises
    ------
    LedgerError
        ``ledger.stamp_invalid``.
    """
    stamped = _decoded(response).tst_info
    if stamped.message_imprint.message != hashlib.sha256(message).digest():
        raise LedgerError("ledger.stamp_invalid", reason="another message")
    return stamped.gen_time


def _decoded(response: bytes) -> TimeStampResponse:
    try:
        decoded = decode_timestamp_response(response)
        decoded.tst_info  # noqa: B018 - a refusal has none, and says so only when asked
    except (TypeError, ValueError) as error:
        raise LedgerError("ledger.stamp_invalid", reason=describe_exception(error)) from error
    return decoded
