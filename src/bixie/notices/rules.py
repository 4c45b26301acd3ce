"""When something that was not taken is sent again, and what states sending goes through. Pure."""

import re
from datetime import timedelta
from enum import StrEnum

from bixie.notices.errors import NoticeError

__all__ = ["MAX_ATTEMPTS", "Channel", "State", "checked_event", "matches", "pause", "retry_after"]

MAX_ATTEMPTS = 15
"""With the pauses below they reach over two to four days, about three: a weekend, and the Monday after."""
_FIRST = timedelta(seconds=5)
_FACTOR = 4
_LONGEST = timedelta(hours=12)
_MAX_ASKED = timedelta(hours=24)
_EVENT = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+", re.ASCII)
_MAX_EVENT = 100


class Channel(StrEnum):
    """By which way something is sent."""

    EMAIL = "email"
    SMS = "sms"
    WEBHOOK = "webhook"


class State(StrEnum):
    """How far sending is."""

    WAITING = "waiting"
    SENDING = "sending"
    """A worker has it; when that worker dies, it is due again after a while."""
    SENT = "sent"
    DEAD = "dead"
    """Given up; a person can have it sent again."""


def pause(attempts: int, fraction: float) -> timedelta | None:
    """Return how long to wait after so many attempts; None when it is given up.

    Parameters
    ----------
    attempts : int
        Made so far, 1 or more.
    fraction : float
        Random, from 0 to 1: half of each pause is by chance, so that receivers that were away are not
        overrun by all senders in the same second.

    Notes
    -----
    5 s, 20 s, 80 s … times 4 each, 12 h at most.
    """
    if attempts >= MAX_ATTEMPTS:
        return None
    # The exponent is held down: no power of a large number is computed.
    whole = min(_FIRST * int(_FACTOR ** min(attempts - 1, 10)), _LONGEST)
    return whole / 2 + whole / 2 * min(max(fraction, 0.0), 1.0)


def retry_after(header: str | None) -> timedelta:
    """Return how long a receiver asks to wait, in the seconds of ``Retry-After``, a day at most."""
    if header is None or not re.fullmatch(r"[0-9]{1,9}", header.strip(), re.ASCII):
        return timedelta()
    return min(timedelta(seconds=int(header)), _MAX_ASKED)


def checked_event(name: str) -> str:
    """Return the name of an event, ``claim.decided``.

    Raises
    ------
    NoticeError
        ``notices.not_an_event``.
    """
    if len(name) > _MAX_EVENT or not _EVENT.fullmatch(name):
        raise NoticeError("notices.not_an_event", name=name[:_MAX_EVENT])
    return name


def matches(wanted: list[str], event: str) -> bool:
    """Return whether a target that wants these events (none: all) wants this one."""
    return not wanted or event in wanted
