"""The order of rows in lists: by the ledger number of the event that made each row, which no clock moves.

Ids and times sort by a clock, which may step back between two rows: a reader whose cursor is past that time
would never see the later one. A tenant's ledger is locked for the rest of each appending transaction, so its
numbers become visible in order, and a row that appears later always stands after every cursor.
"""

from typing import TYPE_CHECKING, NamedTuple, TypeVar

from sqlalchemy import Select, tuple_
from sqlalchemy.orm import Mapped, mapped_column

__all__ = ["Place", "Sequenced", "page_after", "place_of"]

_Row = TypeVar("_Row", bound="Sequenced")


class Place(NamedTuple):
    """Where a row stands in its list; several rows of one event are told apart by id.

    Parameters
    ----------
    sequence : int
    id : str
    """

    sequence: int
    id: str

    def __str__(self) -> str:
        return f"{self.sequence}.{self.id}"


class Sequenced:
    """Mixin of models whose rows are made by an event of the ledger and are listed in its order."""

    if TYPE_CHECKING:
        id: Mapped[str]

    sequence: Mapped[int] = mapped_column(default=0)
    """Number of that event; `bixie.ledger.service.append` sets it. 0 until an event has named the row."""


def place_of(row: Sequenced) -> Place:
    """Return the place of a row."""
    return Place(row.sequence, row.id)


def page_after(
    wanted: Select[_Row],
    model: type[_Row],
    after: Place | None,
    limit: int | None,
    *,
    newest_first: bool = False,
) -> Select[_Row]:
    """Return a query for the next rows in ledger order.

    Parameters
    ----------
    wanted : Select
        Of `model`, with any conditions.
    model : type
    after : Place or None
        Of the last row of the page before; None for the first page.
    limit : int or None
        Most rows; None for all.
    newest_first : bool
    """
    columns = (model.sequence, model.id)
    if after is not None:
        place = tuple_(*columns)
        wanted = wanted.where(place < tuple(after) if newest_first else place > tuple(after))
    order = [column.desc() for column in columns] if newest_first else columns
    return wanted.order_by(*order).limit(limit)
