"""What the forms of a case send, as the inputs that the API takes."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bixie.cases.errors import RefusedCaseError
from bixie.cases.reviews.schemas import ConflictIn
from bixie.cases.schemas import DecideIn, ItemIn, MessageIn, NegotiateIn, OutcomeIn, SaidIn
from bixie.cases.words import Audience, NegotiationForm, OutcomeKind, Side
from bixie.kit.money import Money, fen_from_yuan

__all__ = ["STANDS", "AskForm", "ConflictForm", "DecisionForm", "MessageForm", "SentForm", "SettleForm"]

STANDS = "stands"
"""Instead of an outcome: the appealed decision stands."""
_MAX_TEXT = 2_000


class SentForm(BaseModel):
    """What every form carries."""

    model_config = ConfigDict(extra="ignore")

    csrf: str = Field(max_length=200)
    once: str = Field("", max_length=200)


class MessageForm(SentForm):
    """A message of the thread."""

    text: str = Field("", max_length=_MAX_TEXT)
    audience: Audience = Audience.ALL

    def given(self) -> MessageIn:
        """Return the input of the API."""
        return MessageIn(text=_said(self.text, 500), audience=self.audience)


class SettleForm(SentForm):
    """How a person settled the rest of a case by hand."""

    text: str = Field("", max_length=_MAX_TEXT)

    def given(self) -> SaidIn:
        """Return the input of the API."""
        return SaidIn(text=_said(self.text, 500))


class AskForm(SentForm):
    """A request for other evidence."""

    asks: list[str] = Field(default_factory=list, max_length=10)
    asks_of: Literal["buyer", "merchant"] = "buyer"
    text: str = Field("", max_length=_MAX_TEXT)

    def given(self) -> NegotiateIn:
        """Return the input of the API."""
        if not self.asks:
            raise RefusedCaseError("cases.reason_missing")
        text = _said(self.text, 500) if self.text.strip() else ""
        side: Literal[Side.BUYER, Side.MERCHANT] = Side.BUYER if self.asks_of == "buyer" else Side.MERCHANT
        return NegotiateIn(
            form=NegotiationForm.ASK_EVIDENCE,
            asks=self.asks,
            asks_of=side,
            text=text,
            code_word=None,
            outcome=None,
            damage_level=None,
        )


class ConflictForm(SentForm):
    """A tie to a party of the case."""

    party: str = Field(max_length=80, pattern="^[a-z]+_[a-z0-9]{1,60}$")
    reason: Literal["family", "employment", "business", "dispute", "other"]

    def given(self) -> ConflictIn:
        """Return the input of the API."""
        return ConflictIn(reviewer=None, party=self.party, reason=self.reason)


class DecisionForm(SentForm):
    """A decision: first its letters are shown, then it is confirmed."""

    kind: str = Field("", max_length=40)
    amount: str = Field("", max_length=40)
    currency: str = Field("CNY", max_length=3)
    items: list[str] = Field(default_factory=list, max_length=100)
    reasons: list[str] = Field(default_factory=list, max_length=10)
    note: str = Field("", max_length=_MAX_TEXT)
    step: Literal["preview", "confirm", "change"] = "preview"

    def given(self) -> DecideIn:
        """Return the input of the API.

        Raises
        ------
        RefusedCaseError
            ``cases.outcome_missing``, ``cases.reason_missing`` or ``cases.amount_missing``.
        MoneyError
            Where the amount is none.
        """
        if not self.reasons:
            raise RefusedCaseError("cases.reason_missing")
        note = self.note.replace("\x00", "").replace("\r\n", "\n").strip() or None
        return DecideIn(outcome=self._outcome(), reasons=self.reasons, note=note)

    def _outcome(self) -> OutcomeIn | None:
        if self.kind == STANDS:
            return None
        try:
            kind = OutcomeKind(self.kind)
        except ValueError as error:
            raise RefusedCaseError("cases.outcome_missing") from error
        amount = None
        if kind in (OutcomeKind.REFUND, OutcomeKind.RETURN_REFUND):
            if not self.amount.strip():
                raise RefusedCaseError("cases.amount_missing")
            amount = Money(minor=fen_from_yuan(self.amount.strip(), "amount"), currency=self.currency)
        items = [] if kind is OutcomeKind.REFUSE else [one for one in map(_item, self.items) if one]
        return OutcomeIn(kind=kind, amount=amount, items=items)


def _item(text: str) -> ItemIn | None:
    """Return pieces of a line, written ``position:count``."""
    position, _, count = text.partition(":")
    if not (position.isdecimal() and count.isdecimal() and len(text) <= 8) or int(count) == 0:
        return None
    return ItemIn(position=int(position), count=int(count))


def _said(text: str, maximum: int) -> str:
    plain = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if not 0 < len(plain) <= maximum:
        raise RefusedCaseError("cases.text_length", maximum=maximum)
    return plain
