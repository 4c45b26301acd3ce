"""Codes of six digits from a telephone, as a second factor; each is valid once.

References
----------
RFC 6238 (TOTP), RFC 4226 (HOTP).
"""

import hashlib
import hmac
import re
from base64 import b32encode
from datetime import datetime
from urllib.parse import quote

__all__ = ["SECRET_BYTES", "STEP_SECONDS", "address", "code_at", "step_at", "step_of"]

SECRET_BYTES = 20
STEP_SECONDS = 30
_DIGITS = 6
_DRIFT = 1
"""Steps by which a telephone's clock may be off in either direction."""
_CODE = re.compile(r"[0-9]{6}", re.ASCII)


def step_at(moment: datetime) -> int:
    """Return the number of the step that a moment is in."""
    return int(moment.timestamp()) // STEP_SECONDS


def code_at(secret: bytes, step: int, digits: int = _DIGITS, algorithm: str = "sha1") -> str:
    """Return the code of a step.

    Parameters
    ----------
    secret : bytes
    step : int
        0 or more.
    digits : int
    algorithm : str
        Name for `hashlib`. Telephones know SHA-1 only; it is used as a MAC here, where it still holds.
    """
    digest = hmac.new(secret, step.to_bytes(8), getattr(hashlib, algorithm)).digest()
    offset = digest[-1] & 15
    number = int.from_bytes(digest[offset : offset + 4]) & 0x7FFFFFFF
    return f"{number % 10**digits:0{digits}}"


def step_of(code: str, secret: bytes, moment: datetime, used: int) -> int | None:
    """Return the step of a code, None if the code is not valid now.

    Parameters
    ----------
    code : str
        As typed; blanks are ignored.
    secret : bytes
    moment : datetime
        Now.
    used : int
        The last step whose code was used. It and all before it are invalid, so an observed code cannot be
        used again.
    """
    typed = "".join(code.split())
    if not _CODE.fullmatch(typed):
        return None
    now, found = step_at(moment), None
    for step in range(max(now - _DRIFT, 0), now + _DRIFT + 1):
        # Compare all: the time reveals nothing about which one fits.
        if hmac.compare_digest(code_at(secret, step), typed) and step > used:
            found = step
    return found


def address(secret: bytes, issuer: str, account: str) -> str:
    """Return the ``otpauth:`` address that an authenticator reads from a QR code."""
    label = quote(f"{issuer}:{account}", safe="")
    encoded = b32encode(secret).decode().rstrip("=")
    return (
        f"otpauth://totp/{label}?secret={encoded}&issuer={quote(issuer, safe='')}"
        f"&digits={_DIGITS}&period={STEP_SECONDS}"
    )
