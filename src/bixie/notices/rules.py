"""When something that could not be sent is sent again, and which webhook wants which event. Pure."""

import re
from datetime import timedelta
from enum import StrEnum

from bixie.jobs.rules import Retries
from bixie.notices.errors import NoticeError

__all__ = ["MAX_AGE", "RETRIES", "Channel", "checked_event", "job_name", "matches", "retry_after"]

RETRIES = Retries(
    max_attempts=15, initial_wait=timedelta(seconds=5), max_wait=timedelta(hours=12), multiplier=4
)
"""5 s, 20 s, 80 s … 12 h. All attempts take two to four days, about three: a weekend and the day after."""
MAX_AGE = timedelta(days=7)
"""A message that could not be sent for so long is of no use any more."""
_MAX_RETRY_AFTER = timedelta(hours=24)
_EVENT = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+", re.ASCII)
_MAX_EVENT = 100


class Channel(StrEnum):
    """How something is sent."""

    EMAIL = "email"
    SMS = "sms"
    WEBHOOK = "webhook"


def job_name(channel: Channel) -> str:
    """Return the name of the job type that delivers by a channel."""
    return f"notice.{channel}"


def retry_after(header: str | None) -> timedelta:
    """Return how long a receiver asks to wait: the seconds of ``Retry-After``, a day at most."""
    if header is None or not re.fullmatch(r"[0-9]{1,9}", header.strip(), re.ASCII):
        return timedelta()
    return min(timedelta(seconds=int(header)), _MAX_RETRY_AFTER)


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
    """Return whether a webhook that wants these events (none: all) wants this one."""
    return not wanted or event in wanted
