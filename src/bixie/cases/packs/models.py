"""Table of the policy packs of a tenant."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from bixie.access.sequence import Sequenced
from bixie.access.tenancy import TenantOwned
from bixie.kit.canonical_json import Json
from bixie.ledger.recorded import Columns, Recorded
from bixie.store.base import Base, CanonicalJson

__all__ = ["PolicyPack"]


class PolicyPack(Sequenced, Recorded, TenantOwned, Base):
    """One version of a pack. Its body never changes; what is in force when is said beside it."""

    __tablename__ = "case_policy_pack"
    __table_args__ = (
        Index(None, "tenant", "pack", "version", unique=True),
        Index(None, "tenant", "state", "effective_from", "sequence"),
        Index(None, "tenant", "sequence", "id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    pack: Mapped[str]
    """Its own name, which its versions share."""
    version: Mapped[int]
    sha256: Mapped[str]
    body: Mapped[dict[str, Json]] = mapped_column(CanonicalJson)
    state: Mapped[str]
    """``draft``, ``published`` or ``retired``."""
    effective_from: Mapped[str | None]
    """First day in force, in UTC+8: ``2026-12-01``. None for a draft."""
    effective_to: Mapped[str | None]
    """Last day in force; None without end."""
    added_by: Mapped[str]
    added_at: Mapped[datetime]
    published_by: Mapped[str | None]
    published_at: Mapped[datetime | None]
    retired_by: Mapped[str | None]
    retired_at: Mapped[datetime | None]

    recorded = Columns(
        plain=(
            *("pack", "version", "sha256", "state", "effective_from", "effective_to", "added_by", "added_at"),
            *("published_by", "published_at", "retired_by", "retired_at"),
        ),
        hashed=("body",),
        changing=(
            *("state", "effective_from", "effective_to", "published_by", "published_at"),
            *("retired_by", "retired_at"),
        ),
    )
