"""What an order says to the outside, and what a gateway to the outside is."""

import hashlib
from datetime import datetime
from enum import StrEnum
from typing import Literal, NamedTuple, Protocol

from pydantic import BaseModel, ConfigDict, Field

from bixie.kit.canonical_json import encode_canonical
from bixie.kit.money import Money

__all__ = [
    "MAX_REFERENCE",
    "REVERSALS",
    "GatewayAnswer",
    "Kind",
    "OrderedFor",
    "OrderedItem",
    "Past",
    "RemedyGateway",
    "RemedyOrder",
    "Reverses",
    "idempotency_key",
]

MAX_REFERENCE = 200
"""Characters of what the outside calls a remedy."""
_KEY_PREFIX = "remedy-"
_KEY_DIGITS = 40


class Kind(StrEnum):
    """What is ordered."""

    REFUND = "refund"
    RETURN_REFUND = "return_refund"
    """The money for goods that came back."""
    EXCHANGE = "exchange"
    REPLENISH = "replenish"
    REPAIR = "repair"
    REFUND_REVERSAL = "refund_reversal"
    """Take back money that was paid under the order in `RemedyOrder.reverses`, and nothing else."""
    EXCHANGE_REVERSAL = "exchange_reversal"
    REPLENISH_REVERSAL = "replenish_reversal"
    """Stop the goods if they can still be stopped."""


REVERSALS = {
    Kind.REFUND: Kind.REFUND_REVERSAL,
    Kind.RETURN_REFUND: Kind.REFUND_REVERSAL,
    Kind.EXCHANGE: Kind.EXCHANGE_REVERSAL,
    Kind.REPLENISH: Kind.REPLENISH_REVERSAL,
}
"""What takes a kind back. A repair is not ordered outside, so nothing takes it back."""

Past = Literal["confirmed", "sent", "unanswered"]
"""What is known of an order: it was carried out, it was accepted, or no answer to it arrived."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class OrderedFor(_Part):
    """The order that the remedy is for."""

    id: str = Field(description="in Bixie")
    number: str = Field(description="as the shop writes it")


class OrderedItem(_Part):
    """Some pieces of one line of that order."""

    position: int = Field(ge=0, description="of the line, from 0")
    count: int = Field(ge=1)
    sku: str | None = Field(description="null where the shop gave none")


class Reverses(_Part):
    """The earlier order that this one takes back."""

    id: str
    idempotency_key: str
    known: Past = Field(
        description="unanswered: whether it arrived is not known; take back only what was done"
    )


class RemedyOrder(_Part):
    """One order to the outside (`bixie.remedy_order/1`). It names files and ids, and no person.

    The same order always has the same id and the same key, however often it is sent.
    """

    schema_: Literal["bixie.remedy_order/1"] = Field(default="bixie.remedy_order/1", alias="schema")
    id: str
    idempotency_key: str
    tenant: str
    party: str = Field(description="id of the merchant; empty for the tenant itself")
    case: str
    decision: str
    kind: Kind
    order: OrderedFor
    amount: Money | None = Field(description="of a refund")
    items: tuple[OrderedItem, ...] = Field(description="goods that came back, are sent, or were not usable")
    reverses: Reverses | None = Field(description="of a reversal")
    ordered_at: str = Field(description="time with zone: 2026-11-25T08:30:00.123Z")

    def encoded(self) -> bytes:
        """Return the order as canonical JSON: the same order is the same bytes."""
        return encode_canonical(self.model_dump(mode="json", by_alias=True))


class GatewayAnswer(NamedTuple):
    """What a gateway answered to an order that it accepted.

    Parameters
    ----------
    reference : str or None
        What the outside calls it.
    settled : bool
        Whether it was carried out already. Otherwise somebody confirms it later.
    """

    reference: str | None = None
    settled: bool = False


class RemedyGateway(Protocol):
    """A way to the shop, the payment service or the warehouse that carries out remedies."""

    @property
    def name(self) -> str:
        """What people call it, without a secret."""
        ...

    def send(self, order: RemedyOrder, moment: datetime) -> GatewayAnswer:
        """Hand over an order. One that was handed over before is accepted and changes nothing.

        Parameters
        ----------
        order : RemedyOrder
        moment : datetime
            Now.

        Raises
        ------
        GatewayError
            ``final`` if it will never be accepted. After any other error the same order is sent again.
        """
        ...


def idempotency_key(tenant: str, decision: str, kind: Kind) -> str:
    """Return the key of an order, which no restart and no other worker can make differently.

    Parameters
    ----------
    tenant, decision : str
    kind : Kind
    """
    said = encode_canonical({"decision": decision, "kind": str(kind), "tenant": tenant})
    digest = hashlib.sha256(b"bixie.remedy/1\n" + said).hexdigest()
    return _KEY_PREFIX + digest[:_KEY_DIGITS]
