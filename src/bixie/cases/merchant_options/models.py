"""Table of what merchants have opted in to."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from bixie.access.sequence import Sequenced
from bixie.access.tenancy import PartyOwned
from bixie.ledger.recorded import Columns, Recorded
from bixie.store.base import Base

__all__ = ["MerchantOption"]


class MerchantOption(Sequenced, Recorded, PartyOwned, Base):
    """One time during which a merchant has opted in; what was in force when a claim was filed stays known."""

    __tablename__ = "case_merchant_option"
    __table_args__ = (
        Index(None, "tenant", "party", "option", "sequence", "id"),
        Index(None, "tenant", "party", "sequence", "id"),
        Index(None, "tenant", "sequence", "id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    option: Mapped[str]
    limit_minor: Mapped[int | None]
    """Fen up to which it applies; None for an option without an amount."""
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    """It applies before this moment; None for good."""
    set_by: Mapped[str]
    unset_by: Mapped[str | None]

    recorded = Columns(
        plain=("party", "option", "limit_minor", "since", "until", "set_by", "unset_by"),
        changing=("until", "unset_by"),
    )
