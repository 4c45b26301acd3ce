"""The numbers of a pack: how long each side has, what follows on silence, where the limits lie."""

from collections.abc import Collection
from itertools import pairwise
from typing import Annotated, Literal, Self, get_args

from pydantic import Field, model_validator

from bixie.kit.due_time import Length
from bixie.kit.validation import refusal
from bixie.policies.facts import REFUND_ONLY_ON_SILENCE
from bixie.policies.values import Count, Fen, Group, LengthOfTime, NameSet

__all__ = ["DutyKind", "Extensions", "Limits", "OnSilence", "Terms"]

DutyKind = Literal[
    "answer",
    "choose",
    "respond",
    "supplement",
    "hearing",
    "review",
    "return",
    "inspect",
    "appeal",
    "review_appeal",
    "carry_out",
    "send_back",
    "reverse",
    "follow_up",
]
Silence = Literal["accept", "escalate"]
_Hours = Annotated[int, Field(strict=True, ge=0, le=720)]
_Percent = Annotated[int, Field(strict=True, ge=1, le=100)]


class Extensions(Group):
    """How a hearing grows longer."""

    suspect: LengthOfTime = Field(description="Added once when a photo is suspect or refuted.")
    asked: LengthOfTime = Field(description="Added each time a side asks for more time.")
    max: Count = Field(description="How often a side may ask.")


class OnSilence(Group):
    """What follows when the merchant does not answer in time, by service."""

    refund_only: Silence
    return_refund: Silence
    exchange: Silence
    replenish: Silence
    repair: Silence


class Terms(Group):
    """How long each side has, and what follows on silence."""

    answer: LengthOfTime = Field(description="The merchant answers a claim.")
    choose: LengthOfTime = Field(description="The buyer chooses what to do after a refusal.")
    respond: LengthOfTime = Field(description="The buyer responds to a proposal.")
    supplement: LengthOfTime = Field(description="The buyer gives the evidence asked for.")
    hearing: LengthOfTime = Field(description="Both sides are heard by the platform.")
    review: LengthOfTime = Field(description="A reviewer decides.")
    return_: LengthOfTime = Field(alias="return", description="The buyer sends the goods back.")
    inspect: LengthOfTime = Field(description="The merchant inspects goods that came back.")
    appeal: LengthOfTime = Field(description="The side that lost may appeal.")
    review_appeal: LengthOfTime = Field(description="Another reviewer decides the appeal.")
    carry_out: LengthOfTime = Field(description="The remedy is carried out.")
    send_back: LengthOfTime = Field(
        default=Length(7, "days"), description="The merchant sends back goods that it may not keep."
    )
    reverse: LengthOfTime = Field(
        default=Length(72, "hours"), description="The remedy of an overturned decision is taken back."
    )
    follow_up: LengthOfTime = Field(
        default=Length(3, "workdays"), description="The platform sees to goods that were not sent back."
    )
    extensions: Extensions
    on_silence: OnSilence
    escalate_within: LengthOfTime = Field(description="After a refusal the platform may be asked so long.")
    service_hours: _Hours = Field(description="Hours after which a side that was served counts as informed.")
    second_review_above: Fen | None = Field(description="Minor units; null: no second review by amount.")
    max_claims_per_item: Annotated[int, Field(strict=True, ge=1, le=100)]
    damage_levels: Annotated[tuple[_Percent, ...], Field(min_length=1, max_length=20)] = Field(
        description="Percent of the price that partial refunds are proposed at, ascending."
    )

    @model_validator(mode="after")
    def _ascending(self) -> Self:
        if any(low >= high for low, high in pairwise(self.damage_levels)):
            raise refusal("policy.levels_out_of_order")
        return self

    def length(self, kind: str) -> Length:
        """Return how long a side has for a duty.

        Parameters
        ----------
        kind : str
            One of `DutyKind`.

        Raises
        ------
        KeyError
            For another kind.
        """
        if kind not in get_args(DutyKind):
            raise KeyError(kind)
        length: Length = getattr(self, "return_" if kind == "return" else kind)
        return length

    def silence(self, service: str, merchant_options: Collection[str]) -> Silence:
        """Return what follows when this merchant does not answer a claim in time.

        Refund-only is never accepted by silence unless the merchant opted in.

        Parameters
        ----------
        service : str
            One of `bixie.policies.facts.Service`.
        merchant_options : collection of str
            What the merchant opted into.
        """
        said: Silence = getattr(self.on_silence, service)
        if service == "refund_only" and REFUND_ONLY_ON_SILENCE not in merchant_options:
            return "escalate"
        return said


class Limits(Group):
    """The numbers and names that conditions compare facts with. Amounts are minor units."""

    refund_only_amount: Fen = Field(description="Up to here a refund-only claim is a small one.")
    refund_only_count: Count = Field(description="So many refund-only claims of a buyer are few.")
    refund_only_window: LengthOfTime = Field(
        description="The window in which they are counted, in hours or days."
    )
    person_categories: NameSet = Field(default=(), description="Categories that need a person.")
    person_reasons: NameSet = Field(default=(), description="Reasons that need a person.")

    @model_validator(mode="after")
    def _window_of_fixed_length(self) -> Self:
        if self.refund_only_window.unit == "workdays":
            raise refusal("policy.window_in_workdays")
        return self
