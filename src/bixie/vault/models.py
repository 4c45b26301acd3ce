"""Tables of the vault."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bixie.access.sequence import Sequenced
from bixie.access.tenancy import PartyOwned, TenantOwned
from bixie.ledger.recorded import Columns, Recorded
from bixie.store.base import Base, CanonicalJson

__all__ = ["DocumentFile", "DocumentLink", "Exhibit", "GivenRole", "MissingFile", "Relation", "Role", "State"]


class State(StrEnum):
    """How far an exhibit has come."""

    QUARANTINED = "quarantined"
    """Its bytes are safe and were not checked yet."""
    KEPT = "kept"
    REFUSED = "refused"
    """Its bytes are safe and are not handed out."""
    ERASED = "erased"
    """Its bytes, its name and its order are gone; hashes and custody stay."""


class Role(StrEnum):
    """The purpose of an exhibit."""

    CLAIM = "claim"
    """Evidence of a buyer."""
    LISTING = "listing"
    """Shows how the goods were offered."""
    PACKING = "packing"
    """Shows how they were packed and sent."""
    REPLY = "reply"
    """A merchant's answer to a claim: shown, and neither examined as a claim nor compared with one."""
    REPORT = "report"
    """Written by Bixie about another exhibit."""


class GivenRole(StrEnum):
    """The roles in which a file may be uploaded."""

    CLAIM = Role.CLAIM.value
    LISTING = Role.LISTING.value
    PACKING = Role.PACKING.value
    REPLY = Role.REPLY.value


class Relation(StrEnum):
    """What a document has to do with an exhibit."""

    ABOUT = "about"
    """It describes the exhibit; a hold on either covers both."""
    SHOWS = "shows"
    """It names or pictures the exhibit: a known picture that others were compared with."""


class Exhibit(Sequenced, Recorded, PartyOwned, Base):
    """One file of evidence for one order; the same bytes in the same role are one exhibit."""

    __tablename__ = "exhibit"
    __table_args__ = (
        UniqueConstraint("tenant", "party", "order_number", "role", "sha256"),
        Index(None, "tenant", "sha256"),
        Index(None, "tenant", "about"),
        Index(None, "tenant", "sequence", "id"),
        Index(None, "tenant", "party", "sequence", "id"),
        Index(None, "tenant", "order_number", "sequence", "id"),
        Index(None, "tenant", "party", "order_number", "sequence", "id"),
        Index(None, "tenant", "role", "sequence", "id"),
        Index(None, "tenant", "arrived_with"),
        Index("ix_exhibit_order_role", "tenant", "party", "order_number", "role", "sequence"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    order_number: Mapped[str]
    role: Mapped[str]
    name: Mapped[str]
    sha256: Mapped[str]
    sm3: Mapped[str]
    bytes: Mapped[int]
    media_type: Mapped[str]
    state: Mapped[str]
    refusal: Mapped[dict[str, str] | None] = mapped_column(CanonicalJson)
    """Code and sentences in both languages."""
    failed_checks: Mapped[int] = mapped_column(default=0)
    """How often the process that checked it, or examines it now, ended before it could tell.
    Of a quarantined file it counts an attempt that goes on as well."""
    next_check_at: Mapped[datetime | None]
    """Of a quarantined file: not checked again before, because an attempt goes on or has just failed."""
    received_at: Mapped[datetime]
    about: Mapped[str | None]
    """Of a report: the exhibit that it describes, or the first of several. `DocumentLink` has all of them."""
    arrived_with: Mapped[str | None]
    """Of a claim's file that was kept: the first of those that arrived together and are examined together.
    Its id is the key of their job."""
    first_claim: Mapped[int | None]
    """Event that received the first file of a claim for the order, if that was before this row, or if the
    file was erased since and this row took over what its order must not lose: an erased file has no order
    any more. It is a number, and leads to nobody."""
    erased_at: Mapped[datetime | None]
    discarded_at: Mapped[datetime | None]
    """When the bytes of an erased exhibit were removed, or were found to be in use by another exhibit."""

    recorded = Columns(
        plain=(
            *("party", "role", "sha256", "sm3", "bytes", "media_type", "state"),
            *("received_at", "about", "arrived_with", "first_claim", "erased_at", "discarded_at"),
        ),
        # The sentences of a refusal may name the file.
        personal=("order_number", "name", "refusal"),
        unrecorded={
            "failed_checks": "counts what happened to processes, not to the file",
            "next_check_at": "tells workers when to try again",
        },
        changing=("state", "refusal", "arrived_with", "first_claim", "erased_at", "discarded_at"),
    )


class DocumentLink(Recorded, PartyOwned, Base):
    """An exhibit that a document by Bixie describes or shows. Erasing the exhibit erases the document."""

    __tablename__ = "document_link"
    __table_args__ = (Index(None, "tenant", "exhibit_id"), Index(None, "tenant", "document_id"))

    document_id: Mapped[str] = mapped_column(primary_key=True)
    exhibit_id: Mapped[str] = mapped_column(primary_key=True)
    relation: Mapped[str]

    recorded = Columns(plain=("party", "relation"))


class DocumentFile(Recorded, PartyOwned, Base):
    """A file that belongs to a document, such as the page of a report. It is erased with the document."""

    __tablename__ = "document_file"
    __table_args__ = (Index(None, "tenant", "sha256"),)

    document_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    """Its path relative to the document: ``masks/0-0.png``."""
    sha256: Mapped[str]
    sm3: Mapped[str]
    bytes: Mapped[int]
    media_type: Mapped[str]

    recorded = Columns(plain=("party", "sha256", "sm3", "bytes", "media_type"))


class MissingFile(TenantOwned, Base):
    """A file that rows name and that is not there: found by reconciliation, until it is back."""

    __tablename__ = "missing_file"

    tenant: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(primary_key=True)
    noticed_at: Mapped[datetime]
