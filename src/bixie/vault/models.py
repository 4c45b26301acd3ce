"""Tables of the vault."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bixie.access.sequence import Sequenced
from bixie.access.tenancy import PartyOwned
from bixie.store.base import Base, CanonicalJson

__all__ = ["Exhibit", "GivenRole", "Role", "State"]


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
    REPORT = "report"
    """Written by Bixie about another exhibit."""


class GivenRole(StrEnum):
    """The roles in which a file may be uploaded."""

    CLAIM = Role.CLAIM.value
    LISTING = Role.LISTING.value
    PACKING = Role.PACKING.value


class Exhibit(Sequenced, PartyOwned, Base):
    """One file of evidence for one order; the same bytes in the same role are one exhibit."""

    __tablename__ = "exhibit"
    __table_args__ = (
        UniqueConstraint("tenant", "party", "order_number", "role", "sha256"),
        Index(None, "tenant", "sha256"),
        Index(None, "tenant", "about"),
        Index(None, "tenant", "sequence", "id"),
        Index(None, "tenant", "party", "sequence", "id"),
        Index(None, "tenant", "order_number", "sequence", "id"),
        Index(None, "tenant", "role", "sequence", "id"),
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
    received_at: Mapped[datetime]
    about: Mapped[str | None]
    """Of a report: the exhibit that it describes."""
    erased_at: Mapped[datetime | None]
    discarded_at: Mapped[datetime | None]
    """When the bytes of an erased exhibit were removed, or were found to be in use by another exhibit."""
