"""A create that is sent twice happens once: the answer is stored with the change, in the same transaction.

After a broken connection a client cannot know whether its request arrived. It repeats the request with the
same ``Idempotency-Key`` and gets the answer that it missed. A refusal is not stored: nothing happened.

What takes long is done in steps, each a transaction, so that others write in between. The key then remembers
what is done: a repeat continues there, whatever broke off the earlier request.
"""

import hashlib
import json
import re
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

from pydantic import BaseModel

from bixie.access import repository
from bixie.access.errors import AccessError, ReusedKeyError
from bixie.access.models import GivenAnswer
from bixie.access.tenancy import TenantSession
from bixie.kit.canonical_json import Json
from bixie.kit.timestamps import Clock

__all__ = [
    "HEADER",
    "KEPT_FOR",
    "Step",
    "as_bytes",
    "checked_key",
    "fingerprint",
    "is_answered",
    "once",
    "once_in_steps",
]

HEADER = "Idempotency-Key"
KEPT_FOR = timedelta(days=3)
"""A weekend of outage and a day to notice it."""
_MAX_LENGTH = 200
_BETWEEN_SECONDS = 0.02
"""Between two steps the database is left to others: on SQLite they ask for it every few milliseconds."""
_KEY = re.compile(rf"[!-~]{{1,{_MAX_LENGTH}}}", re.ASCII)

Step = Callable[[TenantSession, Json], tuple[Json, bool]]
"""Gets what was done so far, None at first; does the next step. Returns what is done now, and whether that is
the answer."""


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
    row, is_new = _row(session, clock, key, fingerprint)
    if is_new:
        row.answer = work(session)
    return row.answer


def is_answered(session: TenantSession, clock: Clock, key: str | None, fingerprint: str) -> bool:
    """Return whether a key has its answer already.

    Raises
    ------
    ReusedKeyError
        ``access.reused_idempotency_key``: the key was used for another request.
    """
    earlier = None if key is None else repository.answer_to(session, key)
    if earlier is None or earlier.made_at < clock() - KEPT_FOR:
        return False
    if earlier.fingerprint != fingerprint:
        raise ReusedKeyError("access.reused_idempotency_key")
    return True


def once_in_steps(
    transaction: Callable[[], AbstractContextManager[TenantSession]],
    clock: Clock,
    key: str | None,
    fingerprint: str,
    step: Step,
) -> Json:
    """Do steps, each in a transaction of its own, and return the answer of the last one.

    With a key a repeat continues after the last step that was committed. Two requests with one key do the
    work together, each step once.

    Parameters
    ----------
    transaction : callable
        Opens one.
    clock : callable
    key : str or None
    fingerprint : str
    step : callable
        What it returns is stored, so it must hold no secret.

    Raises
    ------
    ReusedKeyError
        ``access.reused_idempotency_key``: the key was used for another request.
    """
    done: Json = None
    while True:
        with transaction() as session:
            if key is None:
                done, is_last = step(session, done)
            else:
                done, is_last = _next_step(session, _row(session, clock, key, fingerprint)[0], step)
        if is_last:
            return done
        time.sleep(_BETWEEN_SECONDS)


def _next_step(session: TenantSession, row: GivenAnswer, step: Step) -> tuple[Json, bool]:
    if row.answer is not None:
        return row.answer, True
    done, is_last = step(session, row.progress)
    row.answer, row.progress = (done, None) if is_last else (None, done)
    return done, is_last


def _row(session: TenantSession, clock: Clock, key: str, fingerprint: str) -> tuple[GivenAnswer, bool]:
    """Return the locked row of a key, and whether it is new."""
    now = clock()
    earlier = repository.answer_to(session, key, lock=True)
    if earlier is None or earlier.made_at < now - KEPT_FOR:
        repository.delete_answers(session, now - KEPT_FOR)
        row = repository.take_key(session, key, fingerprint, now)
        if row is not None:
            return row, True
        earlier = repository.answer_to(session, key, lock=True)
    if earlier is None or earlier.fingerprint != fingerprint:
        raise ReusedKeyError("access.reused_idempotency_key")
    return earlier, False
