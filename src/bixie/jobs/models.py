"""The table of jobs, and what is known of workers and their periodic tasks.

The table is the truth about jobs; the engine that runs them knows only ids.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bixie.kit.canonical_json import Json
from bixie.store.base import Base, CanonicalJson

__all__ = ["Job", "State", "TaskCount", "WorkerSeen"]


class State(StrEnum):
    """How far a job is."""

    WAITING = "waiting"
    """To be done, now or later, or being done; `Job.handed_at` says since when a worker has it."""
    DONE = "done"
    DEAD = "dead"
    """Given up with an error, until a person retries it."""


class Job(Base):
    """One thing to do. It knows a tenant's id and no more: this room lies below those that know tenants."""

    __tablename__ = "job"
    __table_args__ = (
        UniqueConstraint("tenant", "kind", "key"),
        Index(None, "state", "due_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    tenant: Mapped[str]
    kind: Mapped[str]
    """Name of the job type."""
    key: Mapped[str | None]
    payload: Mapped[Json] = mapped_column(CanonicalJson)
    state: Mapped[str]
    due_at: Mapped[datetime]
    failures: Mapped[int]
    crashes: Mapped[int]
    """How often a worker died while it had the job."""
    run: Mapped[int]
    """Number of the current run. Each requeue adds one, and whatever an earlier run still does is ignored."""
    handed_at: Mapped[datetime | None]
    error: Mapped[dict[str, str] | None] = mapped_column(CanonicalJson)
    """Code and sentences of the last failure; no personal data."""
    requested_at: Mapped[datetime]
    """When it was enqueued, or last retried by a person."""
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class WorkerSeen(Base):
    """When the worker in a slot was last seen. The slots are locks, which a server cannot list cheaply."""

    __tablename__ = "worker_seen"

    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seen_at: Mapped[datetime]
    is_running: Mapped[bool]
    """Not after it has ended by itself."""


class TaskCount(Base):
    """What a periodic task has counted: found when it was last done, or mended since the beginning."""

    __tablename__ = "task_count"

    name: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
    counted_at: Mapped[datetime]
