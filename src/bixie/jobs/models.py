"""The table of jobs. It is the truth about them; the engine that carries them out only knows their ids."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bixie.kit.canonical_json import Json
from bixie.store.base import Base, CanonicalJson

__all__ = ["Job", "State"]


class State(StrEnum):
    """How far a job has come."""

    WAITING = "waiting"
    """To be done, now or later; `Job.handed_at` tells whether a worker has it."""
    DONE = "done"
    DEAD = "dead"
    """Given up with an error, until a person has it run again."""


class Job(Base):
    """One thing to do. It has a tenant's id and no more: this room lies below those that know tenants."""

    __tablename__ = "job"
    __table_args__ = (
        UniqueConstraint("tenant", "kind", "key"),
        Index(None, "state", "due_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    tenant: Mapped[str]
    kind: Mapped[str]
    key: Mapped[str | None]
    payload: Mapped[Json] = mapped_column(CanonicalJson)
    state: Mapped[str]
    due_at: Mapped[datetime]
    failures: Mapped[int]
    run: Mapped[int]
    """Counts the times that it was begun anew; what an earlier run still wants to say no longer counts."""
    handed_at: Mapped[datetime | None]
    error: Mapped[dict[str, str] | None] = mapped_column(CanonicalJson)
    """Code and sentences of the last failure; no personal data."""
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
