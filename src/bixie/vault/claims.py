"""Which files of a claim are examined together: those of one order that arrive together.

The first of them makes the job, due a moment later. Files that arrive until a worker takes it join it. A
later file makes a job of its own, whose report is about the earlier files as well (`bixie.examinations`).
"""

import os
from collections.abc import Mapping
from datetime import timedelta

from bixie.access.tenancy import TenantSession
from bixie.jobs.service import enqueue, postpone
from bixie.kit.errors import SettingError
from bixie.kit.timestamps import Clock, utc_now
from bixie.vault import repository
from bixie.vault.models import Exhibit

__all__ = [
    "DELAY",
    "EXAMINATION",
    "MAX_TOGETHER",
    "examination_delay",
    "join_claim",
    "key_without",
    "request_examination",
]

EXAMINATION = "examination"
"""Type of the job that examines the files of a claim that arrived together. Its key is the id of the first,
its payload ``{"exhibit": id}``. A room above runs it."""

MAX_TOGETHER = 20
"""Files of a claim that are examined together; further ones are examined as another claim is. Shops take nine
photos and a video with a claim. Memory and time of one examination grow with this number."""

DELAY = "BIXIE_EXAMINATION_DELAY"
"""Setting: seconds that the examination of a claim's file waits for further files, 0 to 60."""
_DELAY_SECONDS = 1.0
_MAX_DELAY_SECONDS = 60.0
_MAX_WAIT = 5
"""Files that keep arriving put off the examination by so many delays at most."""


def examination_delay(environment: Mapping[str, str] | None = None) -> timedelta:
    """Return how long the examination of a claim's file waits for further files.

    Parameters
    ----------
    environment : mapping of str to str, optional
        ``os.environ`` when not given.

    Raises
    ------
    SettingError
        ``setting.not_seconds``.
    """
    value = (os.environ if environment is None else environment).get(DELAY, str(_DELAY_SECONDS))
    try:
        seconds = float(value)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= _MAX_DELAY_SECONDS:
        raise SettingError("setting.not_seconds", name=DELAY, value=value, maximum=int(_MAX_DELAY_SECONDS))
    return timedelta(seconds=seconds)


def join_claim(session: TenantSession, exhibit: Exhibit, clock: Clock = utc_now) -> None:
    """Let a claim's file, just found to be good, be examined with those that wait, or with those to come.

    The caller has locked the ledger, so two files of a claim do not miss each other.
    """
    delay = examination_delay()
    newest = repository.newest_of_claim(session, exhibit)
    if newest is not None and newest.arrived_with is not None:
        together = repository.count_together(session, newest.arrived_with)
        if together < MAX_TOGETHER and postpone(
            session,
            EXAMINATION,
            newest.arrived_with,
            clock() + delay,
            tenant=exhibit.tenant,
            at_most=_MAX_WAIT * delay,
        ):
            exhibit.arrived_with = newest.arrived_with
            return
    exhibit.arrived_with = exhibit.id
    request_examination(session, exhibit, delay=delay, clock=clock)


def key_without(first: str, erased: str) -> str:
    """Return the key of the job that examines files again: by the first of them and what was erased."""
    return f"{first} without {erased}"


def request_examination(
    session: TenantSession,
    first: Exhibit,
    *,
    delay: timedelta = timedelta(),
    key: str | None = None,
    clock: Clock = utc_now,
) -> None:
    """Add the job that examines the files of a claim that arrived together.

    Parameters
    ----------
    session : TenantSession
    first : Exhibit
        Any of them.
    delay : timedelta
    key : str, optional
        Of the job, when they are examined again; otherwise the id of the first.
    clock : callable
    """
    together = first.arrived_with or first.id
    enqueue(
        session,
        EXAMINATION,
        {"exhibit": together},
        tenant=first.tenant,
        key=key or together,
        due=clock() + delay,
        clock=clock,
    )
