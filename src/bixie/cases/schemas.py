"""Cases as the API takes and returns them."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from bixie.cases.appeal_schemas import AppealOut
from bixie.cases.claims.schemas import ConsentIn
from bixie.cases.event_parts import Item, Outcome
from bixie.cases.evidence import GivenExhibit
from bixie.cases.service import Said
from bixie.cases.words import Audience, NegotiationForm, OutcomeKind, Service, Side, Status
from bixie.kit.messages import Text
from bixie.kit.money import Money
from bixie.orders.values import MAX_NUMBER

__all__ = [
    "AcceptIn",
    "AppealIn",
    "CaseIn",
    "CaseOut",
    "CaseSummary",
    "ClaimOut",
    "DecideIn",
    "DecisionOut",
    "DutyOut",
    "ExhibitsIn",
    "InspectionIn",
    "ItemIn",
    "LowerIn",
    "MessageIn",
    "MessageOut",
    "MissingOut",
    "MoreTimeIn",
    "NegotiateIn",
    "OfferOut",
    "OutcomeIn",
    "RejectIn",
    "SaidIn",
    "ServedOut",
    "SupplementIn",
    "TextOut",
]

_Code = Annotated[str, Field(pattern="^[a-z][a-z0-9_]{1,60}$")]
_Id = Annotated[str, Field(pattern="^[a-z]+_[a-z0-9]{1,60}$")]
# JSON can escape a NUL, which PostgreSQL cannot store.
_Text = Annotated[str, Field(pattern=r"^[^\x00]*$")]
_Said = Annotated[_Text, Field(max_length=500)]


class _Given(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TextOut(BaseModel):
    """A sentence in both languages."""

    zh: str
    en: str

    @classmethod
    def of(cls, text: Text) -> "TextOut":
        """Return a sentence for the API."""
        return cls(zh=text.zh, en=text.en)


class ItemIn(_Given):
    """Some pieces of one line of the order."""

    position: int = Field(strict=True, ge=0, le=999, description="of the line, from 0")
    count: int = Field(1, strict=True, ge=1, le=9_999)

    def as_item(self) -> Item:
        """Return the item as events have it."""
        return Item(position=self.position, count=self.count)


class ExhibitIn(_Given):
    """A file of evidence that lies in the vault."""

    exhibit: _Id
    role: _Code = Field("damage", description="what it shows; see /api/v1/claim-options")

    def as_given(self) -> GivenExhibit:
        """Return the file as the room has it."""
        return GivenExhibit(self.exhibit, self.role)


class OutcomeIn(_Given):
    """What is to be done for the buyer."""

    kind: OutcomeKind
    amount: Money | None = Field(None, description="of a refund")
    items: list[ItemIn] = Field(default_factory=list, max_length=100)

    def as_outcome(self) -> Outcome:
        """Return the outcome as events have it."""
        return Outcome(
            kind=self.kind,
            amount_minor=None if self.amount is None else self.amount.minor,
            currency=None if self.amount is None else self.amount.currency,
            items=tuple(one.as_item() for one in self.items),
        )


class CaseIn(_Given):
    """A claim."""

    order: _Text = Field(min_length=1, max_length=MAX_NUMBER, description="its number")
    buyer: _Id | None = Field(None, description="id of the buyer's party, if the tenant has one for it")
    items: list[ItemIn] = Field(min_length=1, max_length=100)
    received: bool = Field(description="whether the buyer has the goods")
    service: Service
    reason: _Code
    amount: Money | None = Field(
        None,
        description="what is to be refunded; needed for a refund only, otherwise what the goods are worth",
    )
    text: _Said = ""
    exhibits: list[ExhibitIn] = Field(default_factory=list, max_length=20)
    previous: _Id | None = Field(None, description="an earlier case about the same goods")
    wants_person: bool = Field(False, description="the buyer wants a person to look at it")
    label: _Code | None = Field(None, description="what exactly; see /api/v1/claim-options")
    consents: list[ConsentIn] = Field(
        default_factory=list, max_length=10, description="what the buyer has agreed to; kept as proof"
    )


class SaidIn(_Given):
    """What a side says and shows with an action."""

    text: _Said = ""
    exhibits: list[ExhibitIn] = Field(default_factory=list, max_length=20)

    def said(self) -> Said:
        """Return text and files."""
        return Said(self.text, tuple(one.as_given() for one in self.exhibits))


class AcceptIn(SaidIn):
    """Accept the claim, or the other side's offer."""

    offer: _Id | None = Field(
        None, description="the offer that is accepted; refused where another one, or none, is open by now"
    )


class RejectIn(SaidIn):
    """Reject the claim, or the other side's offer."""

    reason: _Code | None = Field(None, description="coded; needed to reject a claim")


class NegotiateIn(SaidIn):
    """An invitation to withdraw, a request for other evidence, or an offer."""

    form: NegotiationForm
    asks: list[_Code] = Field(default_factory=list, max_length=10)
    asks_of: Literal[Side.BUYER, Side.MERCHANT] = Side.BUYER
    # It stands in the ledger for good: some letters and a short number, and no telephone number.
    code_word: str | None = Field(None, min_length=2, pattern=r"^[^\d\x00]{1,10}\d{0,4}$")
    outcome: OutcomeIn | None = Field(None, description="what is offered")
    damage_level: int | None = Field(
        None,
        description="instead of an outcome: refunds this share of what was paid; of the pack",
    )


class SupplementIn(SaidIn):
    """More evidence, or a statement."""

    complete: bool = Field(False, description="nothing more is to come; otherwise until the deadline")


class AppealIn(SaidIn):
    """An appeal."""

    reason: _Code


class LowerIn(_Given):
    """A lower amount."""

    amount: Money


class MoreTimeIn(_Given):
    """A request for more time."""

    reason: _Code


class InspectionIn(SaidIn):
    """What the merchant found when goods came back."""

    inspection: Literal["pass", "partial", "fail"]


class DecideIn(_Given):
    """A ruling, or a decision on an appeal."""

    outcome: OutcomeIn | None = Field(None, description="null lets the appealed decision stand")
    reasons: list[_Code] = Field(min_length=1, max_length=10)
    note: _Text | None = Field(None, max_length=2_000, description="for both sides")


class MessageIn(_Given):
    """A message of the thread."""

    text: _Said = Field(min_length=1)
    audience: Audience = Audience.ALL
    exhibits: list[_Id] = Field(default_factory=list, max_length=20)


class ExhibitsIn(_Given):
    """Files of evidence."""

    exhibits: list[ExhibitIn] = Field(min_length=1, max_length=20)


class MissingOut(BaseModel):
    """Files that would help the claim, or that it should have."""

    role: str
    role_name: TextOut
    need: Literal["required", "helpful"]
    count: int


class ClaimOut(BaseModel):
    """What the buyer asks for."""

    order: str | None = Field(description="its number; null once it was erased")
    order_id: str
    party: str = Field(description="id of the merchant's party; empty for the tenant itself")
    buyer: str
    service: Service
    service_name: TextOut
    reason: str
    reason_name: TextOut
    received: bool
    items: list[dict[str, int]]
    amount: Money
    filed_amount: Money
    text: str | None
    previous: str | None
    label: str | None
    label_name: TextOut | None
    consents: list[Mapping[str, str]] = Field(description="what the buyer agreed to: code and text version")
    missing: list[MissingOut] = Field(description="files that the checklist has and the claim has not")
    filed_at: str
    pack: Mapping[str, Any]


class DutyOut(BaseModel):
    """What a side owes by when, and why then."""

    id: str
    kind: str
    name: TextOut
    owner: Side
    owner_name: TextOut
    state: Literal["open", "paused", "closed"]
    state_name: TextOut
    opened_at: str
    due_at: str
    on_timeout: str
    timeout_text: TextOut
    explain: TextOut = Field(description="by when, how it is counted, and what follows otherwise")
    answered_at: str | None
    closed_at: str | None
    closed_how: str | None


class CaseExhibitOut(BaseModel):
    """A file of evidence in the case."""

    id: str
    role: str
    role_name: TextOut
    side: Side
    side_name: TextOut
    sha256: str | None
    media_type: str | None
    state: str
    verdict: str | None = Field(description="of its examination; null until there is one")
    verdict_name: TextOut
    report: str | None
    added_at: str


class OfferOut(BaseModel):
    """An offer."""

    id: str
    by: Side
    by_name: TextOut
    outcome: Mapping[str, Any]
    outcome_name: TextOut
    made_at: str
    state: str
    state_name: TextOut


class DecisionOut(BaseModel):
    """A decision."""

    id: str
    basis: str
    basis_name: TextOut
    outcome: Mapping[str, Any]
    outcome_name: TextOut
    reasons: list[str]
    reason_names: list[TextOut] = Field(description="of `reasons`, in the same order")
    rules: list[str]
    pack: Mapping[str, Any]
    note: str | None
    person: str | None = Field(description="id of who confirmed it; only the platform sees it")
    person_name: TextOut | None = Field(description="who confirmed it, by office; null where no person did")
    persons: list[str] = Field(description="ids, where several reviewed it; only the platform sees them")
    persons_count: int = Field(description="how many people reviewed it")
    decided_at: str
    appeal_until: str | None
    overturned: bool


class MessageOut(BaseModel):
    """An entry of the thread: a message, or what happened."""

    id: str | None
    at: str
    by: Side
    by_name: TextOut
    type: str = Field(description="type of the event")
    name: TextOut
    text: str | None
    audience: Audience
    exhibits: list[str]


class ServedOut(BaseModel):
    """Whether a side has had the case file, which it must before a ruling."""

    served_at: str | None = Field(description="when the file was last put before it")
    opened_at: str | None = Field(description="when it last opened the file")
    counts_at: str | None = Field(description="from when having been served counts as having had it")
    current: bool = Field(description="what it was served is the file as it is now")


class CaseSummary(BaseModel):
    """A case in a list."""

    id: str
    status: Status
    status_name: TextOut
    result_name: TextOut | None = Field(description="what a closed case came to; null while it goes on")
    stage: str
    stage_name: TextOut
    side: Side = Field(description="the side that `next_actions` are for")
    side_name: TextOut
    claim: ClaimOut
    duties: list[DutyOut]
    deadline: str | None
    timeout_policy: str | None
    timeout_text: TextOut | None
    waiting_for: Side | None = Field(description="the side that owes what is due next")
    waiting_for_all: list[Side] = Field(description="every side that owes something now, that one first")
    waiting_for_names: list[TextOut] = Field(description="of `waiting_for_all`, in the same order")
    next_actions: list[str]
    action_names: list[TextOut] = Field(description="of `next_actions`, in the same order")


class CaseOut(CaseSummary):
    """A case."""

    period_over: TextOut | None = Field(
        description="said where the period was over by the shop's date of delivery; it refuses nothing"
    )
    exhibits: list[CaseExhibitOut]
    offers: list[OfferOut]
    decision: DecisionOut | None
    decisions: list[DecisionOut]
    appeals: list[AppealOut]
    thread: list[MessageOut]
    rejection: Mapping[str, Any] | None = Field(
        None, description="the last one: reason, its name, words for the buyer"
    )
    challenge: Mapping[str, Any] | None
    file: Mapping[Side, ServedOut] = Field(description="the case file, for buyer and merchant")
    returned: str | None
    sent_back: str | None = Field(description="`sent` or `arrived`: goods that the merchant may not keep")
    remedy: Mapping[str, Any] | None
    closed_why: str | None
    skipped: list[str] = Field(
        default_factory=list, description="files of this request that the side had added before"
    )
