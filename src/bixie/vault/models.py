"""Tables of the vault."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bixie.access.tenancy import PartyOwned
from bixie.store.base import Base, CanonicalJson

__all__ = ["Exhibit", "GivenRole", "Role", "State"]


class State(StrEnum):
    """How far an exhibit has come."""

    QUARANTINED = "quarantined"
    """Its bytes are safe; nobody has looked inside them."""
    KEPT = "kept"
    REFUSED = "refused"
    """Its bytes are safe, and are not handed out."""
    ERASED = "erased"
    """Its bytes, its name and its order are gone; hashes and custody stay."""


class Role(StrEnum):
    """What an exhibit is there for."""

    CLAIM = "claim"
    """What a buyer shows."""
    LISTING = "listing"
    """How the goods were offered."""
    PACKING = "packing"
    """How they were packed and sent."""
    REPORT = "report"
    """What Bixie itself wrote about another exhibit."""


class GivenRole(StrEnum):
    """Those of `Role` in which somebody may give a file."""

    CLAIM = Role.CLAIM.value
    LISTING = Role.LISTING.value
    PACKING = Role.PACKING.value


class Exhibit(PartyOwned, Base):
    """One file of evidence for one order; the same bytes in the same role are one exhibit."""

    __tablename__ = "exhibit"
    __table_args__ = (
        UniqueConstraint("tenant", "party", "order_number", "role", "sha256"),
        Index(None, "tenant", "sha256"),
        Index(None, "tenant", "about"),
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
    """Of a report: the exhibit that it is about."""
    erased_at: Mapped[datetime | None]
    discarded_at: Mapped[datetime | None]
    """When the bytes of an erased exhibit were taken away, or were found to be another's as well."""
