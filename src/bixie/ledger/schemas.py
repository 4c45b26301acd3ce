"""The ledger as programs get it."""

from pydantic import BaseModel, ConfigDict, Field

from bixie.kit.canonical_json import MAX_SAFE_INTEGER, Json
from bixie.ledger.models import LedgerCheckpoint, LedgerEvent
from bixie.ledger.proofs import Proof
from bixie.ledger.rules import checkpoint_from_body, event_from_body

__all__ = ["CheckpointOut", "EventOut", "ProofIn", "ProofOut", "SignatureOut", "StampOut"]


class EventOut(BaseModel):
    """One event."""

    id: str = Field(description="the sequence, as a text")
    sequence: int
    type: str
    subject: str
    actor: str
    time: str
    data: dict[str, Json]
    hash: str
    body: str = Field(description="the canonical text that is hashed and proven")

    @classmethod
    def of(cls, row: LedgerEvent) -> "EventOut":
        """Return the document of an event."""
        event = event_from_body(row.body)
        return cls(
            id=str(row.sequence),
            sequence=row.sequence,
            type=event.type,
            subject=event.subject,
            actor=event.actor,
            time=event.time,
            data=dict(event.data),
            hash=row.hash,
            body=row.body,
        )


class CheckpointOut(BaseModel):
    """The state of the ledger at one size."""

    id: str = Field(description="the size, as a text")
    size: int = Field(description="number of events that it covers")
    root: str
    time: str
    body: str

    @classmethod
    def of(cls, row: LedgerCheckpoint) -> "CheckpointOut":
        """Return the document of a checkpoint."""
        made = checkpoint_from_body(row.body)
        return cls(id=str(row.size), size=row.size, root=row.root, time=made.time, body=row.body)


class StampOut(BaseModel):
    """An authority's RFC 3161 response over a checkpoint."""

    authority: str
    response: str = Field(description="DER in base 64")


class SignatureOut(BaseModel):
    """The signature of a checkpoint."""

    public: str = Field(description="the public key in base 64: compare it with the one you were told")
    signature: str = Field(description="Ed25519, in base 64")


class ProofIn(BaseModel):
    """The event to prove."""

    model_config = ConfigDict(extra="forbid")

    sequence: int = Field(ge=1, le=MAX_SAFE_INTEGER)


class ProofOut(BaseModel):
    """The proof that one event is in the ledger; verifying it needs no trust in this service."""

    id: str = Field(description="the sequence, as a text")
    format: str
    event: str
    checkpoint: str
    path: list[str]
    stamps: list[StampOut]
    signature: SignatureOut | None = None

    @classmethod
    def of(cls, sequence: int, proof: Proof) -> "ProofOut":
        """Return the proof as a document."""
        return cls(id=str(sequence), **proof.to_dict())
