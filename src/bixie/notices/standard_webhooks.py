"""Signatures of webhooks as Standard Webhooks defines them, for senders and receivers.

A receiver needs only `verify` and its secret. It should also remember ids for as long as the window lasts:
within it, a captured message can be replayed.

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
"""How far a message's time may be off, either way: an older one may be a replay."""
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
    """Return the headers of a message, signed with each secret: a receiver may be changing its secret."""
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
    """Return the id of a received message, if one of the secrets signed it and its time is recent.

    Parameters
    ----------
    secrets : sequence of str
        ``whsec_…``; several while a secret is being changed.
    received : mapping of str to str
        Headers; upper and lower case are equal.
    body : bytes
        Exactly as received: parsing and rewriting JSON may change it.
    now : datetime
    window : timedelta

    Raises
    ------
    SignatureError
        ``notices.not_signed`` without the headers, ``notices.wrong_signature``, or ``notices.out_of_window``.
    """
    by_name = {name.lower(): value for name, value in received.items()}
    try:
        message_id, written, signatures = (
            by_name[f"webhook-{name}"] for name in ("id", "timestamp", "signature")
        )
    except KeyError as error:
        raise SignatureError("notices.not_signed") from error
    if not _SECONDS.fullmatch(written) or not message_id:
        raise SignatureError("notices.not_signed")
    try:
        moment = datetime.fromtimestamp(int(written), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise SignatureError("notices.out_of_window") from error
    expected = [sign(secret, message_id, moment, body) for secret in secrets]
    received_signatures = signatures.split(" ")[:_MAX_SIGNATURES]
    found = [_same(one, other) for one in received_signatures for other in expected]
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
