"""The audit as programs get it."""

from pydantic import BaseModel, Field

from bixie.identity.audit.service import Entry
from bixie.kit.canonical_json import Json
from bixie.ledger.statements import without_statements

__all__ = ["EntryOut"]


class EntryOut(BaseModel):
    """One event of the audit."""

    id: str = Field(description="the sequence in the ledger, as a text")
    sequence: int
    time: str
    type: str
    subject: str = Field(description="id of the person, key or other thing that it is about")
    subject_name: str | None
    actor: str = Field(description="id of the person, key or program that did it")
    actor_name: str | None
    source: str | None = Field(description="network address; null if it is not known or was erased")
    data: dict[str, Json]

    @classmethod
    def of(cls, entry: Entry) -> "EntryOut":
        """Return the document of an entry."""
        event = entry.event
        return cls(
            id=str(event.sequence),
            sequence=event.sequence,
            time=event.time,
            type=event.type,
            subject=event.subject,
            subject_name=entry.subject_name,
            actor=event.actor,
            actor_name=entry.actor_name,
            source=entry.source,
            data=without_statements(event.data),
        )
