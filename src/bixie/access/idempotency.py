"""A create that is sent twice happens once: the answer is kept with the change, in the same transaction.

A caller whose connection broke cannot know whether its request arrived. It sends the same again with the same
``Idempotency-Key`` and gets the answer that it missed. A refusal is not kept: nothing happened.
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
"""A weekend of outage and a day to notice; what is in an answer is not kept for longer than it helps."""
_LONGEST = 200
_KEY = re.compile(rf"[!-~]{{1,{_LONGEST}}}", re.ASCII)


def checked_key(text: str | None) -> str | None:
    """Return a key as the header gave it.

    Raises
    ------
    AccessError
        ``access.bad_idempotency_key``.
    """
    if text is not None and not _KEY.fullmatch(text):
        raise AccessError("access.bad_idempotency_key", most=_LONGEST)
    return text


def fingerprint(operation: str, *given: bytes) -> str:
    """Return what tells one request from another: the name of what is to be done, and what with.

    Parameters
    ----------
    operation : str
        Stable: ``orders.create``.
    *given : bytes
        Everything that would change the outcome, each part on its own.
    """
    digest = hashlib.sha256(operation.encode())
    for part in given:
        digest.update(b"\n%d\n" % len(part))
        digest.update(part)
    return digest.hexdigest()


def as_bytes(given: BaseModel) -> bytes:
    """Return a request's body as `fingerprint` takes it, also one with text that UTF-8 cannot write."""
    return json.dumps(given.model_dump(), sort_keys=True).encode()


def once(
    session: TenantSession,
    clock: Clock,
    key: str | None,
    fingerprint: str,
    work: Callable[[TenantSession], Json],
) -> Json:
    """Do the work and return its answer; or, where the key came before, the answer of that time.

    Parameters
    ----------
    session : TenantSession
        Answers are those of its principal.
    clock : callable
    key : str or None
        Without one the work is always done.
    fingerprint : str
    work : callable
        Its answer is kept as it is, so it holds no secret.

    Raises
    ------
    ReusedKeyError
        ``access.reused_idempotency_key``: the key came with another request.
    """
    if key is None:
        return work(session)
    now = clock()
    repository.forget_answers(session, now - KEPT_FOR)
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
