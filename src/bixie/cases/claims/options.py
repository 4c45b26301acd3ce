"""The options of a claim as typed models; `options.yaml` has the ones that Bixie comes with."""

from collections.abc import Sequence
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from bixie.kit.messages import Text

__all__ = [
    "GENERAL",
    "Ask",
    "Category",
    "ClaimOptions",
    "Coded",
    "CostTable",
    "DamageLevel",
    "DecisionReason",
    "EvidenceEntry",
    "Label",
    "Limits",
    "MerchantOption",
    "MoreTimeReason",
    "Need",
    "NegotiateForm",
    "Notice",
    "Reason",
    "RejectReason",
    "Role",
    "Service",
    "find",
    "find_notice",
]

GENERAL = "general"
"""Category of goods that have none of their own."""

Percent = Annotated[int, Field(ge=0, le=100)]
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
Media = Literal["picture", "video", "any"]


def _text(value: object) -> object:
    """Read a text in both languages; one of them alone is refused."""
    if isinstance(value, Text):
        return value
    if not isinstance(value, dict) or set(value) != {"zh", "en"}:
        raise ValueError("a text has zh and en")
    if not all(isinstance(one, str) and one.strip() for one in value.values()):
        raise ValueError("a text says something in zh and in en")
    return Text(en=value["en"].strip(), zh=value["zh"].strip())


Words = Annotated[Text, BeforeValidator(_text)]


class _Given(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Coded(_Given):
    """A code with its name for people.

    Parameters
    ----------
    key : str
    title : Text
    text_required : bool
        Whether whoever gives it has to add words.
    external : dict of str to str
        Codes of other platforms for the same, by platform.
    """

    key: Key
    title: Words
    text_required: bool = False
    external: dict[str, str] = Field(default_factory=dict)


_Entry = TypeVar("_Entry", bound=Coded)


def find(entries: Sequence[_Entry], key: str | None) -> _Entry | None:
    """Return the entry with a key, if there is one."""
    return next((one for one in entries if one.key == key), None)


class Service(Coded):
    """What a buyer may ask for.

    Parameters
    ----------
    explain : Text
    money : bool
        Whether the claim has an amount.
    needs_goods : bool
        Whether it makes sense only when the goods have arrived.
    """

    explain: Words
    money: bool
    needs_goods: bool


class Category(Coded):
    """A kind of goods; `words` find it in a shop's own category."""

    words: tuple[str, ...] = ()


class Reason(Coded):
    """Why a buyer claims.

    Parameters
    ----------
    received, not_received : tuple of str
        Services that may be asked for with it, when the goods have arrived and when not; the usual one first.
    categories : tuple of str
        Categories that have it; empty for all.
    return_right : {"quality", "seven_days", "none"}
        Whether the law lets the buyer return the goods. For `quality` the merchant pays the way back
        (Consumer Rights Law, article 24), for `seven_days` the buyer does (article 25).
    within_days : int or None
        Days after the delivery's day within which the right lasts.
    """

    received: tuple[str, ...] = ()
    not_received: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    return_right: Literal["quality", "seven_days", "none"]
    within_days: int | None = Field(None, ge=1)

    def services(self, received: bool | None = None) -> tuple[str, ...]:
        """Return the services for goods that have arrived, or have not; both without an answer."""
        if received is None:
            return tuple(dict.fromkeys(self.received + self.not_received))
        return self.received if received else self.not_received

    def suits(self, category: str) -> bool:
        """Return whether goods of a category have this reason."""
        return not self.categories or category in self.categories


class Label(Coded):
    """What exactly, for some reasons in some categories."""

    reasons: tuple[str, ...] = Field(min_length=1)
    categories: tuple[str, ...] = Field(min_length=1)


class Role(Coded):
    """What a file of evidence shows.

    Parameters
    ----------
    show : Text
        What should be in the picture.
    media : {"picture", "video", "any"}
    """

    show: Words
    media: Media


class Ask(Coded):
    """What one side may ask the other for.

    Parameters
    ----------
    role : str
        Of the file that answers it.
    media : {"picture", "video", "any"}
    enforced : bool
        Whether an answer without the file needs words.
    """

    role: str
    media: Media
    enforced: bool = False


class Need(_Given):
    """Files in one role that a claim should have.

    Parameters
    ----------
    role : str
    need : {"required", "helpful"}
        A claim without a required one is taken, and the buyer is told what is missing.
    count : int
    """

    role: str
    need: Literal["required", "helpful"]
    count: int = Field(1, ge=1)


class EvidenceEntry(_Given):
    """What to show for some reasons, in some categories or in all."""

    reasons: tuple[str, ...] = Field(min_length=1)
    categories: tuple[str, ...] = ()
    needs: tuple[Need, ...]


class Limits(_Given):
    """How much one side may send. Lengths are in characters, times in seconds, the rest are counts.

    Parameters
    ----------
    pictures_at_once, videos_at_once, exhibits_at_once : int
        In one step: a claim, an answer.
    exhibits_per_side : int
        In the whole case.
    supplements_per_side, offers_per_side : int
        In the whole case. Whoever is asked for something can still say that nothing more is to come.
    lowerings_per_case : int
        How often the amount goes down.
    """

    pictures_at_once: int = Field(ge=1)
    videos_at_once: int = Field(ge=0)
    video_seconds: int = Field(ge=1)
    exhibits_at_once: int = Field(ge=1)
    exhibits_per_side: int = Field(ge=1)
    messages_per_side: int = Field(ge=1)
    supplements_per_side: int = Field(ge=1)
    offers_per_side: int = Field(ge=1)
    lowerings_per_case: int = Field(ge=1)
    text_characters: int = Field(ge=1)
    claims_per_item: int = Field(ge=1)


class DamageLevel(_Given):
    """A step of the scale by which shops settle for damaged goods."""

    percent: int = Field(ge=1, le=100)
    title: Words
    explain: Words


class NegotiateForm(Coded):
    """A form of the merchant's answer between yes and no."""


class RejectReason(Coded):
    """Why a merchant does not agree.

    Parameters
    ----------
    buyer : Text
        What the buyer reads: of goods and files, never of persons.
    picture : bool
        Whether it takes a picture.
    at : tuple of {"answer", "inspection"}
        When it may be given: answering the claim, inspecting returned goods.
    """

    buyer: Words
    picture: bool
    at: tuple[Literal["answer", "inspection"], ...] = Field(min_length=1)


class DecisionReason(Coded):
    """Why a reviewer decides so; `outcomes` are the kinds of decision that it can explain."""

    outcomes: tuple[Literal["refuse", "refund", "return_refund", "exchange", "replenish", "repair"], ...] = (
        Field(min_length=1)
    )


class MoreTimeReason(Coded):
    """Why a side asks for more time."""

    sides: tuple[Literal["buyer", "merchant"], ...] = Field(min_length=1)


class Notice(_Given):
    """What is shown with the form.

    Parameters
    ----------
    key, version, purpose : str
    consent : bool
        Whether the buyer is asked to agree (`bixie.identity.consent` keeps the proof); otherwise it informs.
    required : bool
        Whether a form for buyers files nothing without that consent. Programs answer for their own forms.
    kinds : tuple of str
        Kinds of data.
    recipient : str or None
        Who else gets them.
    text : Text
    """

    key: Key
    version: str = Field(min_length=1)
    consent: bool
    required: bool = False
    purpose: str
    kinds: tuple[str, ...] = Field(min_length=1)
    recipient: str | None = None
    text: Words


def find_notice(options: "ClaimOptions", key: str) -> Notice | None:
    """Return the notice with a key, if there is one."""
    return next((one for one in options.notices if one.key == key), None)


class MerchantOption(Coded):
    """What a merchant may opt in to; nothing of it applies to a merchant that has not.

    Parameters
    ----------
    explain : Text
        What it means for the merchant.
    limit : bool
        Whether it has an amount, which the merchant sets.
    """

    explain: Words
    limit: bool


class CostTable(_Given):
    """What a remedy costs, by category; a category without a figure has that of `general`.

    Parameters
    ----------
    currency : str
    shipping, handling, visit : dict of str to int
        Fen: of one parcel one way, of taking a return in, of a visit by a technician.
    goods_percent : dict of str to int
        What new goods cost the shop, in per cent of the price.
    parts_percent : dict of str to int
        What parts cost for damage of the whole price, in per cent of it.
    residual_percent : dict of str to dict of int to int
        By level of damage: what returned goods are still worth, in per cent of what new ones cost the shop.
    """

    currency: Literal["CNY"]
    shipping: dict[str, Annotated[int, Field(ge=0)]]
    handling: dict[str, Annotated[int, Field(ge=0)]]
    visit: dict[str, Annotated[int, Field(ge=0)]]
    goods_percent: dict[str, Percent]
    parts_percent: dict[str, Percent]
    residual_percent: dict[str, dict[int, Percent]]


class ClaimOptions(_Given):
    """Everything that a claim, its answers and its decision may say."""

    version: str = Field(min_length=1)
    services: tuple[Service, ...] = Field(min_length=1)
    categories: tuple[Category, ...] = Field(min_length=1)
    reasons: tuple[Reason, ...] = Field(min_length=1)
    labels: tuple[Label, ...]
    roles: tuple[Role, ...] = Field(min_length=1)
    asks: tuple[Ask, ...]
    evidence: tuple[EvidenceEntry, ...]
    limits: Limits
    damage_levels: tuple[DamageLevel, ...] = Field(min_length=1)
    negotiate_forms: tuple[NegotiateForm, ...]
    reject_reasons: tuple[RejectReason, ...] = Field(min_length=1)
    appeal_reasons: tuple[Coded, ...] = Field(min_length=1)
    decision_reasons: tuple[DecisionReason, ...] = Field(min_length=1)
    more_time_reasons: tuple[MoreTimeReason, ...] = Field(min_length=1)
    merchant_options: tuple[MerchantOption, ...]
    notices: tuple[Notice, ...]
    costs: CostTable

    def category_of(self, text: str | None) -> str:
        """Return the category that a shop's own word for one means; `general` where none is known.

        Parameters
        ----------
        text : str or None
            As the order has it: ``茶具/陶瓷杯``. The longest word that it contains decides.
        """
        if not text:
            return GENERAL
        lowered = text.lower()
        if find(self.categories, lowered):
            return lowered
        found = [
            (len(word), one.key) for one in self.categories for word in one.words if word.lower() in lowered
        ]
        return max(found, default=(0, GENERAL))[1]

    def needs(self, reason: str, category: str) -> tuple[Need, ...]:
        """Return what to show for a reason: of the category's own entry, and what only the common one has."""
        entries = [one for one in self.evidence if reason in one.reasons]
        own = [one for one in entries if category in one.categories]
        common = [one for one in entries if not one.categories]
        by_role: dict[str, Need] = {}
        for entry in (*common, *own):
            by_role |= {need.role: need for need in entry.needs}
        return tuple(by_role.values())
