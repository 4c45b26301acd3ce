"""A create that is sent twice happens once: the answer is stored with the change, in the same transaction.

After a broken connection a client cannot know whether its request arrived. It repeats the request with the
same ``Idempotency-Key`` and gets the answer that it missed. A refusal is not stored: nothing happened.
"""

import hashlib
import json
import re
from collections.abc import Callable
from datetime import timedelta

from pydantic import BaseModel

from bixie.access import repository
from bixie.access.errors import AccessError, ReusedKeyError
from bixie.access.tenancy import TenantSession
from bixie.kit.canonical_json import Json
from bixie.kit.timestamps import Clock

__all__ = ["HEADER", "KEPT_FOR", "as_bytes", "checked_key", "fingerprint", "once"]

HEADER = "Idempotency-Key"
KEPT_FOR = timedelta(days=3)
"""A weekend of outage and a day to notice it."""
_MAX_LENGTH = 200
_KEY = re.compile(rf"[!-~]{{1,{_MAX_LENGTH}}}", re.ASCII)


def checked_key(text: str | None) -> str | None:
    """Return the key of a request's header.

    Raises
    ------
    AccessError
        ``access.bad_idempotency_key``.
    """
    if text is not None and not _KEY.fullmatch(text):
        raise AccessError("access.bad_idempotency_key", maximum=_MAX_LENGTH)
    return text


def fingerprint(operation: str, *parts: bytes) -> str:
    """Return a hash that distinguishes requests: of the operation and its input.

    Parameters
    ----------
    operation : str
        Stable: ``orders.create``.
    *parts : bytes
        Everything that changes the outcome, in parts.
    """
    digest = hashlib.sha256(operation.encode())
    for part in parts:
        digest.update(b"\n%d\n" % len(part))
        digest.update(part)
    return digest.hexdigest()


def as_bytes(body: BaseModel) -> bytes:
    """Return a request's body for `fingerprint`; text that UTF-8 cannot encode is no problem."""
    return json.dumps(body.model_dump(), sort_keys=True).encode()


def once(
    session: TenantSession,
    clock: Clock,
    key: str | None,
    fingerprint: str,
    work: Callable[[TenantSession], Json],
) -> Json:
    """Do the work and return its answer, or the earlier answer if the key was used before.

    Parameters
    ----------
    session : TenantSession
        Keys are separate for each principal.
    clock : callable
    key : str or None
        Without a key the work is always done.
    fingerprint : str
    work : callable
        Its answer is stored, so it must hold no secret.

    Raises
    ------
    ReusedKeyError
        ``access.reused_idempotency_key``: the key was used for another request.
    """
    if key is None:
        return work(session)
    now = clock()
    repository.delete_answers(session, now - KEPT_FOR)
    earlier = repository.answer_to(session, key)
    if earlier is None:
        row = repository.take_key(session, key, fingerprint, now)
        if row is not None:
            row.answer = work(session)
            return row.answer
        earlier = repository.answer_to(session, key)
    if earlier is None or earlier.fingerprint != fingerprint:
        raise ReusedKeyError("access.reused_idempotency_key")
    return earlier.answer
