"""The facts that a pack is asked about. Every key may be missing: what is missing is unknown.

A key is added, never renamed and never read anew: records of earlier years are replayed with this model.
"""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, PlainSerializer, PlainValidator, WithJsonSchema

from bixie.kit.timestamps import format_timestamp, parse_timestamp
from bixie.kit.validation import refusal
from bixie.policies.values import Count, Fen, Flag, Group, NameSet

__all__ = [
    "REFUND_ONLY_ON_SILENCE",
    "REFUND_ONLY_WITHOUT_PERSON",
    "Basis",
    "Challenge",
    "EvidenceVerdict",
    "Facts",
    "Inspection",
    "MerchantOption",
    "OutcomeKind",
    "Service",
    "Stage",
]

Stage = Literal["after_sales", "platform"]
Service = Literal["refund_only", "return_refund", "exchange", "replenish", "repair"]
EvidenceVerdict = Literal["refuted", "suspect", "inconclusive", "supported", "unreadable", "none"]
Challenge = Literal["none", "open", "answered", "unanswered"]
Basis = Literal["agreement", "policy", "silence", "ruling"]
OutcomeKind = Literal["refuse", "refund", "return_refund", "exchange", "replenish", "repair"]
Inspection = Literal["pass", "partial", "fail"]
MerchantOption = Literal["refund_only_without_person", "refund_only_on_silence"]
REFUND_ONLY_WITHOUT_PERSON: MerchantOption = "refund_only_without_person"
REFUND_ONLY_ON_SILENCE: MerchantOption = "refund_only_on_silence"


def _moment(value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
        # To the millisecond: what a record keeps must read back as the same value.
        return parse_timestamp(format_timestamp(moment))
    except (AttributeError, TypeError, ValueError, OverflowError) as error:
        raise refusal("policy.not_a_time") from error


_Moment = Annotated[
    datetime,
    PlainValidator(_moment),
    PlainSerializer(format_timestamp, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time", "description": "ISO 8601, with its zone."}),
]
_Word = Annotated[str, Field(strict=True, min_length=1, max_length=100)]


def _fact(description: str) -> Any:
    return Field(default=None, description=description)


class Facts(Group):
    """What is known of a claim when a pack is asked. None is unknown, for every key."""

    decided_at: _Moment | None = _fact("When the pack was asked.")
    stage: Stage | None = _fact("How far the claim has come.")
    service: Service | None = _fact("What the buyer asks for.")
    reason: _Word | None = _fact("Key of the buyer's reason.")
    received: Flag | None = _fact("The buyer received the goods.")
    amount_minor: Fen | None = _fact("What is claimed, in minor units.")
    paid_minor: Fen | None = _fact("What was paid for the items.")
    currency: Annotated[str, Field(strict=True, pattern=r"^[A-Z]{3}$")] | None = _fact("Of all amounts.")
    category: _Word | None = _fact("Key of the category of the goods.")
    evidence_verdict: EvidenceVerdict | None = _fact(
        "Of the files that are offered as proof together; none: no file was given."
    )
    examined: Flag | None = _fact("All files were examined.")
    any_examined: Flag | None = _fact("At least one file was examined.")
    exhibit_roles: NameSet | None = _fact("Which views the buyer's files show.")
    merchant_consents: Flag | None = _fact("The merchant accepted this outcome.")
    merchant_options: NameSet | None = _fact("What the merchant opted into, as far as it covers this claim.")
    refund_only_count: Count | None = _fact(
        "The buyer's refund-only claims in the pack's window, this one included."
    )
    claims_on_item: Count | None = _fact("Claims on the same item, this one included.")
    buyer_asks_person: Flag | None = _fact("The buyer asked for a person.")
    challenge: Challenge | None = _fact("Whether other evidence was asked for, and whether it came.")
    served_buyer: Flag | None = _fact("The buyer has had the whole file for long enough.")
    served_merchant: Flag | None = _fact("The merchant has had the whole file for long enough.")
    basis: Basis | None = _fact("Why the outcome would stand.")
    confirmed_by_person: Flag | None = _fact("A person confirmed the outcome.")
    outcome_kind: OutcomeKind | None = _fact("What is to be decided.")
    outcome_minor: Fen | None = _fact("What is to be paid.")
    inspection: Inspection | None = _fact("How goods that came back were found.")

    def as_dict(self) -> dict[str, Any]:
        """Return the known facts in JSON types, as records keep them."""
        return self.model_dump(mode="json", exclude_none=True)
