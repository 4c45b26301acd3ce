"""What the page of the demo shows and opens; `bixie.assembly.demo` fills it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bixie.access.principal import Principal
from bixie.kit.messages import Text

__all__ = ["Actor", "BuyerDoor", "Stage"]


@dataclass(frozen=True, slots=True)
class Actor:
    """A person of the demo whose role a visitor can take.

    Parameters
    ----------
    key : str
        The login.
    name : Text
    """

    key: str
    name: Text


@dataclass(frozen=True, slots=True)
class BuyerDoor:
    """A claim or an order that a visitor can look at as its buyer.

    Parameters
    ----------
    key : str
        Number of the order.
    title : Text
        What was bought.
    status : str or None
        Of the case; None where nothing is claimed yet.
    status_name : Text or None
    """

    key: str
    title: Text
    status: str | None = None
    status_name: Text | None = None


class Stage(Protocol):
    """The demo, as its page needs it."""

    def actors(self) -> Sequence[Actor]:
        """Return whose role can be taken."""
        ...

    def enter(self, key: str) -> tuple[Principal, str]:
        """Sign a person of the demo in; return it and the token of its session.

        Raises
        ------
        NotThereError
            ``identity.no_such_person``.
        """
        ...

    def buyers(self) -> Sequence[BuyerDoor]:
        """Return orders to look at as their buyers: one without a claim, and one for each stage of a case."""
        ...

    def buyer_path(self, key: str) -> str:
        """Make a buyer's link for an order, to its case or to a new claim; return its path.

        Raises
        ------
        NoSuchOrderError
            ``orders.no_such_order``.
        """
        ...
