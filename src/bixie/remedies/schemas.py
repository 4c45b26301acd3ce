"""Remedies as programs get them, and what they say of them."""

from pydantic import BaseModel, ConfigDict, Field

from bixie.kit.messages import catalogue
from bixie.kit.money import Money
from bixie.kit.timestamps import format_optional, format_timestamp
from bixie.remedies.gateway import MAX_REFERENCE, Kind
from bixie.remedies.models import Remedy, State
from bixie.remedies.rules import Failure, Reported

__all__ = ["ConfirmIn", "FailIn", "ItemOut", "RemedyOut", "SaysOut", "says"]


class ConfirmIn(BaseModel):
    """A remedy was carried out."""

    model_config = ConfigDict(extra="forbid")

    reference: str | None = Field(
        None, max_length=MAX_REFERENCE, description="what the outside calls it, such as a payment's number"
    )


class FailIn(BaseModel):
    """A remedy will not be carried out."""

    model_config = ConfigDict(extra="forbid")

    reason: Reported


class ItemOut(BaseModel):
    """Some pieces of one line of the order."""

    position: int
    count: int


class SaysOut(BaseModel):
    """A sentence for people."""

    en: str
    zh: str


class RemedyOut(BaseModel):
    """One order to the outside, and how far it is."""

    id: str
    case: str
    decision: str
    order: str
    party: str = Field(description="id of the merchant; empty for the tenant itself")
    kind: Kind
    amount: Money | None
    items: list[ItemOut]
    state: State
    says: SaysOut = Field(description="what the state means, and who must act")
    failure: Failure | None
    reverses: str | None = Field(description="the remedy that this one takes back")
    idempotency_key: str
    reference: str | None
    ordered_at: str
    sent_at: str | None
    confirmed_at: str | None

    @classmethod
    def of(cls, remedy: Remedy) -> "RemedyOut":
        """Return what is told of a remedy."""
        amount = None
        if remedy.amount_minor is not None and remedy.currency is not None:
            amount = Money(minor=remedy.amount_minor, currency=remedy.currency)
        return cls(
            id=remedy.id,
            case=remedy.case_id,
            decision=remedy.decision_id,
            order=remedy.order_id,
            party=remedy.party,
            kind=Kind(remedy.kind),
            amount=amount,
            items=[ItemOut.model_validate(one) for one in remedy.items],
            state=State(remedy.state),
            says=says(remedy),
            failure=None if remedy.failure is None else Failure(remedy.failure),
            reverses=remedy.reversal_of,
            idempotency_key=remedy.idempotency_key,
            reference=remedy.reference,
            ordered_at=format_timestamp(remedy.ordered_at),
            sent_at=format_optional(remedy.sent_at),
            confirmed_at=format_optional(remedy.confirmed_at),
        )


def says(remedy: Remedy) -> SaysOut:
    """Return what the state of a remedy means, and who must act."""
    key = f"state.{remedy.state}"
    if remedy.kind == Kind.REPAIR and remedy.state == State.WAITING:
        key = "state.waiting.repair"
    words = catalogue("bixie.remedies")
    reason = words.text(f"failure.{remedy.failure}") if remedy.failure else ""
    return SaysOut(**words.text(key, reason=reason).to_dict())
