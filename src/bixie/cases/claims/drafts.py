"""What the checks of a claim are given: the claim as it was typed, the order, and the claims before it.

Amounts are in minor units of their currency (fen of CNY). Positions count the lines of an order from 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bixie.cases.claims.consents import Agreed

__all__ = ["ClaimDraft", "DraftExhibit", "EarlierClaim", "ItemFacts", "OrderFacts"]


@dataclass(frozen=True, slots=True)
class DraftExhibit:
    """A file that is handed in with a claim or an answer.

    Parameters
    ----------
    exhibit : str
        Its id.
    role : str
        Key of the options' `roles`: what it shows.
    media_type : str
        ``image/jpeg``.
    sha256 : str
    """

    exhibit: str
    role: str
    media_type: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ClaimDraft:
    """A claim as the buyer has filled it in.

    Parameters
    ----------
    service, reason : str
        Keys of the options.
    received : bool
        Whether the goods have arrived.
    items : tuple of (int, int)
        Position in the order, and how many pieces.
    amount : int or None
        Minor units; may be None for a service without money, where it says what the goods are worth.
    currency : str or None
        Of the amount.
    text : str
    label : str or None
        Key of the options' `labels`.
    exhibits : tuple of DraftExhibit
    previous : str or None
        Id of an earlier case about the same goods; where that ended in an exchange, about the new ones.
    consents : tuple of Agreed
    """

    service: str
    reason: str
    received: bool
    items: tuple[tuple[int, int], ...]
    amount: int | None = None
    currency: str | None = None
    text: str = ""
    label: str | None = None
    exhibits: tuple[DraftExhibit, ...] = ()
    previous: str | None = None
    consents: tuple[Agreed, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """One line of the order.

    Parameters
    ----------
    count : int
        How many pieces were ordered.
    price : int or None
        What was paid for one piece, in minor units; None where it is not known.
    category : str
        Key of the options' `categories`; `ClaimOptions.category_of` finds it.
    """

    count: int
    price: int | None = None
    category: str = "general"


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What is known of the order.

    Parameters
    ----------
    items : mapping of int to ItemFacts
        By position.
    paid : int or None
        What was paid in all, in minor units; None where it is not known.
    currency : str
    ordered_at, delivered_at : datetime or None
        With zone.
    """

    items: Mapping[int, ItemFacts]
    paid: int | None = None
    currency: str = "CNY"
    ordered_at: datetime | None = None
    delivered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class EarlierClaim:
    """A claim that was filed on the same order before, whatever became of it.

    Parameters
    ----------
    case : str
        Its id.
    service : str
        What was asked for; of a settled one, what was agreed or decided.
    items : tuple of (int, int)
        Position and pieces.
    state : {"open", "settled", "ended"}
        `settled`: a remedy was agreed or decided, carried out or not. `ended`: withdrawn or refused.
    amount : int
        Minor units that it asks for while it is open, or that were agreed or decided; 0 for none.
    previous : str or None
        As in `ClaimDraft`.
    filed_by_buyer : bool
        False where the merchant filed it for the buyer.
    """

    case: str
    service: str
    items: tuple[tuple[int, int], ...]
    state: Literal["open", "settled", "ended"]
    amount: int = 0
    previous: str | None = None
    filed_by_buyer: bool = True
