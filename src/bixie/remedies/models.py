"""The table of remedies."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bixie.access.sequence import Sequenced
from bixie.access.tenancy import TwoPartyOwned
from bixie.kit.canonical_json import Json
from bixie.ledger.recorded import Columns, Recorded
from bixie.store.base import Base, CanonicalJson

__all__ = ["Remedy", "State"]


class State(StrEnum):
    """How far a remedy is."""

    WAITING = "waiting"
    """Ordered, and not accepted by the gateway yet."""
    SENT = "sent"
    """Accepted; somebody confirms it later."""
    CONFIRMED = "confirmed"
    FAILED = "failed"
    """Refused, or not accepted for days: a person must see to it."""
    REVERSING = "reversing"
    """An order of the opposite direction was made."""
    REVERSED = "reversed"
    """Taken back, or never carried out."""
    IRREVERSIBLE = "irreversible"
    """The order of the opposite direction failed: a person must see to it."""


class Remedy(Sequenced, Recorded, TwoPartyOwned, Base):
    """One order to the outside: what a decision brings about, or the taking back of another remedy."""

    __tablename__ = "remedy"
    __table_args__ = (
        UniqueConstraint("tenant", "decision_id", "kind"),
        UniqueConstraint("tenant", "reversal_of"),
        Index(None, "tenant", "sequence", "id"),
        Index(None, "tenant", "party", "sequence", "id"),
        Index(None, "tenant", "buyer", "sequence", "id"),
        Index(None, "tenant", "case_id", "sequence", "id"),
        Index(None, "tenant", "state", "sequence", "id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str]
    decision_id: Mapped[str]
    order_id: Mapped[str]
    kind: Mapped[str]
    amount_minor: Mapped[int | None]
    currency: Mapped[str | None]
    items: Mapped[list[dict[str, Json]]] = mapped_column(CanonicalJson)
    """Each ``{"position": 0, "count": 1}``."""
    idempotency_key: Mapped[str]
    reversal_of: Mapped[str | None]
    """The remedy that this one takes back."""
    state: Mapped[str]
    ordered_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    failure: Mapped[str | None]
    """Code of the reason, of one that failed."""
    reference: Mapped[str | None]
    """What the outside calls it, such as the number of a payment: it leads to a person."""
    job_id: Mapped[str | None]
    """The job that sends it."""

    recorded = Columns(
        plain=(
            *("party", "buyer", "case_id", "decision_id", "order_id", "kind", "amount_minor", "currency"),
            *("items", "idempotency_key", "reversal_of", "state", "ordered_at", "sent_at", "confirmed_at"),
            "failure",
        ),
        personal=("reference",),
        unrecorded={"job_id": "says who sends it now; what was sent is an event"},
        changing=("state", "sent_at", "confirmed_at", "failure", "reference"),
    )
