"""Tables of the ledger. The database lets only heads and personal data be changed or deleted.

No foreign keys: nothing that they could point to is ever deleted, and verifying believes no constraint.
"""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from bixie.access.tenancy import TenantOwned
from bixie.kit.canonical_json import Json
from bixie.store.base import Base, CanonicalJson

__all__ = [
    "LedgerCheckpoint",
    "LedgerEvent",
    "LedgerHead",
    "LedgerNode",
    "LedgerPersonal",
    "LedgerSignature",
    "LedgerStamp",
    "LedgerVerification",
]


class LedgerHead(TenantOwned, Base):
    """Size of a tenant's ledger; appending locks this row."""

    __tablename__ = "ledger_head"

    tenant: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int]
    hash: Mapped[str]


class LedgerEvent(TenantOwned, Base):
    """One event; `type`, `subject` and `hash` repeat the body, for queries."""

    __tablename__ = "ledger_event"
    __table_args__ = (
        Index(None, "tenant", "subject", "sequence"),
        Index(None, "tenant", "type", "sequence"),
    )

    tenant: Mapped[str] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    type: Mapped[str]
    subject: Mapped[str]
    hash: Mapped[str]
    body: Mapped[str]


class LedgerPersonal(TenantOwned, Base):
    """Salt (hexadecimal) and value (canonical JSON) of one commitment; erasing deletes the row."""

    __tablename__ = "ledger_personal"

    tenant: Mapped[str] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(primary_key=True)
    salt: Mapped[str]
    value: Mapped[str]


class LedgerCheckpoint(TenantOwned, Base):
    """A checkpoint; `root` repeats the body."""

    __tablename__ = "ledger_checkpoint"

    tenant: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    root: Mapped[str]
    body: Mapped[str]


class LedgerSignature(TenantOwned, Base):
    """The signature over a checkpoint's body; stores of earlier versions have none and can be verified."""

    __tablename__ = "ledger_signature"

    tenant: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    signer: Mapped[str]
    """Id of the key."""
    signature: Mapped[str]
    """Ed25519, in base 64."""


class LedgerStamp(TenantOwned, Base):
    """An authority's RFC 3161 response over a checkpoint's body."""

    __tablename__ = "ledger_stamp"

    tenant: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    authority: Mapped[str] = mapped_column(primary_key=True)
    response: Mapped[bytes]


class LedgerHandover(TenantOwned, Base):
    """How far a witness was told the checkpoints; bookkeeping that the witness's own record does not need."""

    __tablename__ = "ledger_handover"

    tenant: Mapped[str] = mapped_column(primary_key=True)
    witness: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int]
    """Of the last checkpoint that it took; 0 before the first."""
    told_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    """Of the last attempt, if it failed."""
    error: Mapped[str | None]


class LedgerNode(TenantOwned, Base):
    """Hash of a complete subtree of the Merkle tree, stored so that a proof need not hash every event."""

    __tablename__ = "ledger_node"

    tenant: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[str]


class LedgerVerification(Base):
    """The last verification of all ledgers by a worker: one row, of no tenant."""

    __tablename__ = "ledger_verification"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Always 1."""
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    """Of the last one that was finished."""
    fault: Mapped[dict[str, Json] | None] = mapped_column(CanonicalJson)
