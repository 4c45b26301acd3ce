"""The form of a claim as programs get it. A text is both languages, or the one that `lang` asks for."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bixie.cases.claims.consents import Agreed
from bixie.cases.claims.options import Key
from bixie.cases.claims.settlement import Remedy, Suggestion
from bixie.kit.messages import Language, Text
from bixie.kit.money import MAX_FEN

__all__ = ["ClaimOptionsOut", "ConsentIn", "OptionsQuery", "SuggestionOut", "SuggestionQuery", "TextOut"]


class ConsentIn(BaseModel):
    """What the buyer has agreed to."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: Key = Field(description="of a notice with `consent` in /api/v1/claim-options")
    text_version: str = Field(
        min_length=1, max_length=100, pattern=r"^[^\x00]*$", description="of the text that was shown"
    )
    language: Language = Field("zh", description="in which the text was shown")

    def as_agreed(self) -> Agreed:
        """Return the consent as the checks of a claim take it."""
        return Agreed(self.code, self.text_version, self.language)


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

    @classmethod
    def of(cls, text: Text) -> "TextOut":
        """Return a text for the API."""
        return cls(en=text.en, zh=text.zh)


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
    messages_per_side: int
    supplements_per_side: int
    offers_per_side: int
    lowerings_per_case: int
    text_characters: int
    claims_per_item: int


class NoticeOut(BaseModel):
    """What is shown with the form; with `consent` the buyer is asked to agree."""

    key: str
    version: str
    consent: bool
    required: bool = Field(description="a form for buyers asks for this consent before it files")
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


class SuggestionQuery(BaseModel):
    """What a remedy is suggested for."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(max_length=40, description="of `reasons`")
    received: bool = Field(description="whether the goods have arrived")
    paid: int = Field(ge=1, le=MAX_FEN, description="for the claimed pieces, in fen")
    level: int | None = Field(None, description="damage in per cent, of `damage_levels`")
    category: str | None = Field(None, max_length=500, description="of `categories`, or the shop's own word")


class CostLineOut(BaseModel):
    """One summand of what a remedy costs."""

    code: str
    side: Literal["merchant", "buyer"] = Field(description="who bears it")
    minor: int = Field(description="negative for what is saved")
    text: TextOut = Field(description="with its arithmetic")


class RemedyOut(BaseModel):
    """One way to settle."""

    service: str
    refund_minor: int = Field(description="what the buyer gets back")
    total_minor: int = Field(description="the sum of the lines, those of both sides")
    sum: TextOut
    gets: TextOut = Field(description="what the buyer gets")
    by_right: bool = Field(
        description="the law lets the buyer ask for it; other ways need the buyer's consent"
    )
    lines: list[CostLineOut]

    @classmethod
    def of(cls, remedy: Remedy) -> "RemedyOut":
        """Return a remedy for the API."""
        return cls(
            service=remedy.service,
            refund_minor=remedy.refund,
            total_minor=remedy.total,
            sum=TextOut.of(remedy.sum_text),
            gets=TextOut.of(remedy.gets),
            by_right=remedy.by_right,
            lines=[
                CostLineOut(code=one.code, side=one.side, minor=one.minor, text=TextOut.of(one.text))
                for one in remedy.lines
            ],
        )


class SuggestionOut(BaseModel):
    """Ways to settle, the cheapest first. It decides nothing."""

    currency: str
    remedies: list[RemedyOut]
    law: TextOut
    assumes: TextOut

    @classmethod
    def of(cls, suggestion: Suggestion) -> "SuggestionOut":
        """Return a suggestion for the API."""
        return cls(
            currency=suggestion.currency,
            remedies=[RemedyOut.of(one) for one in suggestion.remedies],
            law=TextOut.of(suggestion.law),
            assumes=TextOut.of(suggestion.assumes),
        )
