"""Workers say that they live, so that a service can tell when none does."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bixie.jobs import repository
from bixie.jobs.models import WorkerSeen
from bixie.kit.timestamps import Clock
from bixie.store.unit_of_work import Store

__all__ = ["BEAT_SECONDS", "Workers", "beat", "workers"]

BEAT_SECONDS = 15.0
_ALIVE = timedelta(seconds=4 * BEAT_SECONDS)
"""A worker that was seen within this time counts as alive: a slow disk may delay a beat or two."""


@dataclass(frozen=True, slots=True)
class Workers:
    """What is known of the workers of a store.

    Parameters
    ----------
    last_seen : datetime or None
        None when there was never one.
    alive : int
    """

    last_seen: datetime | None
    alive: int


def beat(store: Store, slot: int, clock: Clock, *, is_running: bool = True) -> None:
    """Write down that the worker in a slot lives, or that it ends now.

    Raises
    ------
    StoreError
        When the database cannot be reached.
    """
    with store.writing(Session) as session:
        session.merge(WorkerSeen(slot=slot, seen_at=clock(), is_running=is_running))


def workers(session: Session, now: datetime) -> Workers:
    """Return what is known of the workers."""
    seen = repository.workers_seen(session)
    alive = sum(one.is_running and one.seen_at > now - _ALIVE for one in seen)
    return Workers(max((one.seen_at for one in seen), default=None), alive)
