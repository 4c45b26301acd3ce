"""The events of a decided case: goods go back and forth, remedies are carried out or taken back."""

from typing import ClassVar

from bixie.cases.event_parts import CaseEvent

__all__ = [
    "NotReceived",
    "Remedied",
    "RemedyFailed",
    "RemedyOrdered",
    "ReturnReceived",
    "ReturnSent",
    "ReversalFailed",
    "Reversed",
    "SentBack",
    "SentBackArrived",
    "Settled",
]


class ReturnSent(CaseEvent):
    """The buyer has sent the goods back."""

    type: ClassVar[str] = "case.return_sent"


class ReturnReceived(CaseEvent):
    """The merchant has the goods and has inspected them: pass, partial or fail."""

    type: ClassVar[str] = "case.return_received"
    inspection: str


class SentBack(CaseEvent):
    """Goods that the merchant owed were sent back, by its word; or have arrived, by the buyer's.

    It ends the duty to send them. What the buyer says later is `SentBackArrived` or `NotReceived`.
    """

    type: ClassVar[str] = "case.sent_back"


class SentBackArrived(CaseEvent):
    """The buyer confirms goods that the merchant had said before to have sent back (`SentBack`)."""

    type: ClassVar[str] = "case.sent_back_arrived"


class NotReceived(CaseEvent):
    """Nothing of what was said to be sent has come to the buyer: the platform sees to it."""

    type: ClassVar[str] = "case.not_received"


class Settled(CaseEvent):
    """The platform has settled by hand what could not be taken back, was not sent back or did not arrive."""

    type: ClassVar[str] = "case.settled"


class RemedyOrdered(CaseEvent):
    """The remedy was ordered outside."""

    type: ClassVar[str] = "case.remedy_ordered"
    remedy: str


class Remedied(CaseEvent):
    """The remedy was carried out."""

    type: ClassVar[str] = "case.remedied"
    remedy: str


class RemedyFailed(CaseEvent):
    """The outside refused the remedy: a person must see to it."""

    type: ClassVar[str] = "case.remedy_failed"
    remedy: str
    reason: str


class Reversed(CaseEvent):
    """The remedy of an overturned decision was taken back, or had never been carried out."""

    type: ClassVar[str] = "case.remedy_reversed"
    decision: str


class ReversalFailed(CaseEvent):
    """The remedy of an overturned decision could not be taken back: a person must see to it."""

    type: ClassVar[str] = "case.reversal_failed"
    decision: str
    reason: str
