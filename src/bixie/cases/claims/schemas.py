"""The form of a claim as programs get it. A text is both languages, or the one that `lang` asks for."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["ClaimOptionsOut", "OptionsQuery"]


class OptionsQuery(BaseModel):
    """What the form is for."""

    model_config = ConfigDict(extra="forbid")

    service: str | None = Field(None, max_length=40, description="only reasons for this service")
    received: bool | None = Field(None, description="whether the goods have arrived")
    category: str | None = Field(
        None, max_length=500, description="of `categories`, or the shop's own word for one"
    )
    lang: Literal["zh", "en"] | None = Field(None, description="texts in this language; in both without it")


class TextOut(BaseModel):
    """A text in both languages."""

    en: str
    zh: str


Said = str | TextOut


class CodedOut(BaseModel):
    """A code with its name."""

    key: str
    title: Said
    text_required: bool = Field(False, description="whether whoever gives it has to add words")


class FormFieldOut(BaseModel):
    """A field of the form, in the order in which it is asked."""

    key: str
    title: Said
    required: bool


class ServiceOut(CodedOut):
    """What a buyer may ask for."""

    explain: Said
    money: bool = Field(description="whether the claim has an amount")
    needs_goods: bool = Field(description="whether the goods must have arrived")


class NeedOut(BaseModel):
    """Files to show."""

    role: str = Field(description="of `roles`")
    need: Literal["required", "helpful"] = Field(
        description="without a required one the claim is taken all the same"
    )
    count: int


class ReasonOut(CodedOut):
    """Why a buyer claims."""

    services: list[str] = Field(description="that may be asked for with it, the usual one first")
    labels: list[CodedOut] = Field(description="what exactly; optional")
    evidence: list[NeedOut]
    return_right: Literal["quality", "seven_days", "none"] = Field(
        description="whether the law lets the buyer return the goods"
    )


class RoleOut(CodedOut):
    """What a file may show."""

    show: Said
    media: Literal["picture", "video", "any"]
    picture: str = Field(description="address of a drawn example")


class AskOut(CodedOut):
    """What one side may ask the other for."""

    role: str
    media: Literal["picture", "video", "any"]
    enforced: bool = Field(description="whether an answer without it needs words")


class RejectReasonOut(CodedOut):
    """Why a merchant does not agree."""

    buyer: Said = Field(description="what the buyer reads")
    picture: bool = Field(description="whether it takes a picture")
    at: list[Literal["answer", "inspection"]]


class DecisionReasonOut(CodedOut):
    """Why a reviewer decides so."""

    outcomes: list[str]


class MoreTimeReasonOut(CodedOut):
    """Why a side asks for more time."""

    sides: list[Literal["buyer", "merchant"]]


class MerchantOptionOut(CodedOut):
    """What a merchant may opt in to."""

    explain: Said
    limit: bool = Field(description="whether it has an amount")


class DamageLevelOut(BaseModel):
    """A step of the scale for damaged goods."""

    percent: int
    title: Said
    explain: Said


class LimitsOut(BaseModel):
    """How much one side may send."""

    pictures_at_once: int
    videos_at_once: int
    video_seconds: int
    exhibits_at_once: int
    exhibits_per_side: int
    messages_per_case: int
    text_characters: int
    claims_per_item: int


class NoticeOut(BaseModel):
    """What is shown with the form; with `consent` the buyer is asked to agree."""

    key: str
    version: str
    consent: bool
    purpose: str
    kinds: list[str]
    recipient: str | None
    text: Said


class ClaimOptionsOut(BaseModel):
    """The form of a claim: fields in their order, lists, limits, checklists and notices."""

    version: str
    category: str = Field(description="the category that was understood")
    fields: list[FormFieldOut]
    services: list[ServiceOut]
    reasons: list[ReasonOut]
    categories: list[CodedOut]
    roles: list[RoleOut]
    asks: list[AskOut]
    limits: LimitsOut
    damage_levels: list[DamageLevelOut]
    negotiate_forms: list[CodedOut]
    reject_reasons: list[RejectReasonOut]
    appeal_reasons: list[CodedOut]
    decision_reasons: list[DecisionReasonOut]
    more_time_reasons: list[MoreTimeReasonOut]
    merchant_options: list[MerchantOptionOut]
    notices: list[NoticeOut]
