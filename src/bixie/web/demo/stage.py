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
    """A buyer's link.

    Parameters
    ----------
    path : str
    title : Text
        What the order or the claim is about.
    status : str or None
        Of the case; None where the claim is still to be filed.
    status_name : Text or None
    """

    path: str
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
        """Return links of buyers: to file a claim, and one for each stage of a case."""
        ...
