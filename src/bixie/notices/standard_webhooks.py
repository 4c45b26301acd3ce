"""Signatures of webhooks as Standard Webhooks has them, for who sends and for who receives.

A receiver needs `verify` and its secret only; it should also remember ids for as long as the window is wide,
because inside it the same message can be sent again.

References
----------
Standard Webhooks, specification 1.0.0: headers ``webhook-id``, ``webhook-timestamp``, ``webhook-signature``.
"""

import hmac
import re
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from bixie.kit.ids import Entropy
from bixie.notices.errors import SignatureError

__all__ = ["WINDOW", "headers", "new_secret", "sign", "verify"]

WINDOW = timedelta(minutes=5)
"""How far a message's time may be off, either way: what is older was perhaps caught and sent again."""
_PREFIX = "whsec_"
_SECRET_BYTES = 32
_MIN_BYTES, _MAX_BYTES = 24, 64
_SECONDS = re.compile(r"[0-9]{1,12}", re.ASCII)
_MAX_SIGNATURES = 20


def new_secret(entropy: Entropy) -> str:
    """Return a new secret, ``whsec_…``."""
    return _PREFIX + b64encode(entropy(_SECRET_BYTES)).decode()


def sign(secret: str, message_id: str, moment: datetime, body: bytes) -> str:
    """Return the signature of a message, ``v1,…``.

    Raises
    ------
    SignatureError
        ``notices.not_a_secret``.
    """
    signed = f"{message_id}.{int(moment.timestamp())}.".encode() + body
    return "v1," + b64encode(hmac.digest(_key(secret), signed, "sha256")).decode()


def headers(secrets: Sequence[str], message_id: str, moment: datetime, body: bytes) -> dict[str, str]:
    """Return the headers of a message, signed with each secret: receivers may be changing theirs."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(sign(secret, message_id, moment, body) for secret in secrets),
    }


def verify(
    secrets: Sequence[str],
    received: Mapping[str, str],
    body: bytes,
    now: datetime,
    window: timedelta = WINDOW,
) -> str:
    """Return the id of a received message, if one of the secrets signed it and it is not too old.

    Parameters
    ----------
    secrets : sequence of str
        ``whsec_…``; more than one while they are being changed.
    received : mapping of str to str
        Headers; upper and lower case are the same.
    body : bytes
        Exactly as received: parsing and writing JSON anew may change it.
    now : datetime
    window : timedelta

    Raises
    ------
    SignatureError
        ``notices.not_signed`` without the headers, ``notices.wrong_signature``, or ``notices.out_of_window``.
    """
    there = {name.lower(): value for name, value in received.items()}
    try:
        message_id, written, signatures = (
            there[f"webhook-{name}"] for name in ("id", "timestamp", "signature")
        )
    except KeyError as error:
        raise SignatureError("notices.not_signed") from error
    if not _SECONDS.fullmatch(written) or not message_id:
        raise SignatureError("notices.not_signed")
    try:
        moment = datetime.fromtimestamp(int(written), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise SignatureError("notices.out_of_window") from error
    right = [sign(secret, message_id, moment, body) for secret in secrets]
    given = signatures.split(" ")[:_MAX_SIGNATURES]
    found = [_same(one, other) for one in given for other in right]
    if not any(found):
        raise SignatureError("notices.wrong_signature")
    if abs(now - moment) > window:
        raise SignatureError("notices.out_of_window")
    return message_id


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(errors="replace"), other.encode())


def _key(secret: str) -> bytes:
    try:
        key = b64decode(secret.removeprefix(_PREFIX), validate=True)
    except ValueError as error:
        raise SignatureError("notices.not_a_secret") from error
    if not _MIN_BYTES <= len(key) <= _MAX_BYTES:
        raise SignatureError("notices.not_a_secret")
    return key
