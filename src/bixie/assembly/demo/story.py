"""What a story of the demo is made of: shops, orders, and steps of cases in time. Pure data, no services."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

__all__ = [
    "Accept",
    "Appeal",
    "Ask",
    "BuyerWord",
    "CarryOut",
    "CaseStory",
    "Decide",
    "Escalate",
    "File",
    "Goods",
    "Inspect",
    "Offer",
    "OrderStory",
    "Photo",
    "ReadFile",
    "Reject",
    "Reviewer",
    "Say",
    "SendBack",
    "ShopWord",
    "SideWord",
    "Step",
    "Supplement",
    "Timed",
    "Withdraw",
    "ago",
]

SideWord = Literal["buyer", "merchant"]
ShopWord = Literal["food", "clothes"]
BuyerWord = Literal["a", "b", "c", "d", "e", "f"]
Reviewer = Literal["reviewer_1", "reviewer_2"]


def ago(days: float, hours: float = 0) -> timedelta:
    """Return how long before the demo was made something happened."""
    return timedelta(days=days, hours=hours)


@dataclass(frozen=True, slots=True)
class Goods:
    """What a shop sells.

    Parameters
    ----------
    key : str
        ``item.KEY`` is its name in the messages.
    category : str
        ``category.KEY`` is its category in the messages.
    price_minor : int
        Of one, in fen.
    listing : str or None
        File of the listing photo.
    """

    key: str
    category: str
    price_minor: int
    listing: str | None = None


@dataclass(frozen=True, slots=True)
class OrderStory:
    """An order.

    Parameters
    ----------
    number : str
    shop : {"food", "clothes"}
    goods : Goods
    ordered, delivered : timedelta
        Before the demo was made.
    packing : str or None
        File of the photo of the packing, taken before the parcel left.
    """

    number: str
    shop: ShopWord
    goods: Goods
    ordered: timedelta
    delivered: timedelta
    packing: str | None = None


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo that a side hands in.

    Parameters
    ----------
    file : str
        In the folder of pictures.
    role : str
        As the options of claims name it.
    """

    file: str
    role: str = "damage"


@dataclass(frozen=True, slots=True)
class File:
    """The buyer files the claim; the amount is a share of the price, in per cent."""

    service: str
    reason: str
    text: str
    photos: tuple[Photo, ...] = ()
    percent: int = 100
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Say:
    """A side writes in the thread."""

    by: SideWord
    text: str


@dataclass(frozen=True, slots=True)
class Reject:
    """The merchant refuses, with a coded reason; it may show a photo."""

    reason: str
    text: str
    photo: Photo | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """The merchant asks the buyer for other evidence."""

    asks: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A side offers a refund of so many per cent of the price, the goods stay with the buyer."""

    by: SideWord
    percent: int
    text: str


@dataclass(frozen=True, slots=True)
class Accept:
    """A side accepts the claim or the other's offer."""

    by: SideWord
    text: str


@dataclass(frozen=True, slots=True)
class Supplement:
    """A side adds to its evidence, and has nothing more to add; it may say so without a word."""

    by: SideWord
    text: str | None = None
    photos: tuple[Photo, ...] = ()


@dataclass(frozen=True, slots=True)
class Withdraw:
    """The buyer withdraws the claim."""

    text: str


@dataclass(frozen=True, slots=True)
class Escalate:
    """The buyer asks the platform to step in."""

    text: str


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A side opens the case file: it has had the evidence and the rules."""

    by: SideWord


@dataclass(frozen=True, slots=True)
class Decide:
    """A reviewer decides, also about an appeal: refuses, or grants so many per cent of the price.

    Parameters
    ----------
    by : str
        The person.
    percent : int
        0 refuses.
    reason : str
        Coded.
    text : str
    """

    by: Reviewer
    percent: int
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class Appeal:
    """The buyer appeals, with a coded reason."""

    reason: str
    text: str
    photos: tuple[Photo, ...] = ()


@dataclass(frozen=True, slots=True)
class SendBack:
    """The buyer sends the goods back."""


@dataclass(frozen=True, slots=True)
class Inspect:
    """The merchant has the goods back, and they are as they should be."""


@dataclass(frozen=True, slots=True)
class CarryOut:
    """The shop confirms that the remedy was carried out."""


Step = (
    File
    | Say
    | Reject
    | Ask
    | Offer
    | Accept
    | Supplement
    | Withdraw
    | Escalate
    | ReadFile
    | Decide
    | Appeal
    | SendBack
    | Inspect
    | CarryOut
)


@dataclass(frozen=True, slots=True)
class Timed:
    """A step with its time, before the demo was made."""

    before: timedelta
    step: Step


@dataclass(frozen=True, slots=True)
class CaseStory:
    """A case from its filing on.

    Parameters
    ----------
    key : str
        ``KEY.TEXT`` is a text of it in the messages.
    order : OrderStory
    buyer : str
        ``buyer.LETTER`` is its name in the messages.
    steps : tuple of Timed
        In order of time.
    ends : str
        Status at the end.
    verdicts : mapping of str to str
        What the examination says of each photo, by file.
    """

    key: str
    order: OrderStory
    buyer: BuyerWord
    steps: tuple[Timed, ...]
    ends: str
    verdicts: Mapping[str, str] = field(default_factory=dict)
