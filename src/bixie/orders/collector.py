"""Collects the rows of a file of orders in a temporary file: memory holds one number for each order.

A fault anywhere in the file leaves its order out, so nothing can be imported before the whole file was read.
A hundred thousand orders as objects would take half a gigabyte meanwhile.
"""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, overload

from bixie.orders.problems import Problem, problem
from bixie.orders.rules import MAX_PROBLEMS, joined
from bixie.orders.schemas import OrderIn
from bixie.store.disk import file_refusals

__all__ = ["CollectedOrders", "OrderCollector"]

_IN_MEMORY = 1 << 20
"""Bytes; more go to the disk."""


@dataclass(slots=True)
class _Rows:
    """The rows of an order that has several."""

    first: str
    """Name of the first one."""
    ordered_at: datetime | None
    places: list[int]
    """Where they begin in the temporary file."""


class OrderCollector:
    """The orders and problems of a file, as it is read."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.more = False
        # An unnamed file: it is gone when it is closed, or when the process ends.
        self._file: BinaryIO = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # type: ignore[assignment]  # noqa: SIM115
        self._end = 0
        self._rows: dict[str, int | _Rows] = {}
        self._broken: set[str] = set()

    def close(self) -> None:
        """Delete the temporary file; not needed after `orders`, whose result does it."""
        self._file.close()

    def orders(self) -> "CollectedOrders":
        """Return the orders without a problem; nothing can be added afterwards."""
        rows = [places for number, places in self._rows.items() if number not in self._broken]
        self._rows.clear()
        return CollectedOrders(self._file, rows)

    def refuse(self, number: str, problems: Iterable[Problem]) -> None:
        """Record the problems of a row and leave its order out; only the first `MAX_PROBLEMS` are kept."""
        self._broken.add(number)
        for found in problems:
            if len(self.problems) < MAX_PROBLEMS:
                self.problems.append(found)
            else:
                self.more = True

    def add(self, order: OrderIn, row: str, column: str | None) -> None:
        """Add the order of a row; it is merged with earlier ones of the same number.

        Parameters
        ----------
        order : OrderIn
        row : str
            ``3`` of a table, ``orders[2]`` of a document.
        column : str or None
            Column of the number, as the file writes it.

        Raises
        ------
        StoreError
            ``store.full`` or ``store.files``, of the temporary file.
        """
        if order.number not in self._rows:
            self._rows[order.number] = self._write(order, row)
            return
        rows = self._several(order.number)
        if rows.ordered_at and order.ordered_at and rows.ordered_at != order.ordered_at:
            self.refuse(order.number, [problem("orders.contradicts", row, column, other=rows.first)])
            return
        rows.ordered_at = rows.ordered_at or order.ordered_at
        rows.places.append(self._write(order, row))

    def _several(self, number: str) -> _Rows:
        rows = self._rows[number]
        if isinstance(rows, int):
            row, first = _read(self._file, rows)
            rows = self._rows[number] = _Rows(row, first.ordered_at, [rows])
        return rows

    def _write(self, order: OrderIn, row: str) -> int:
        place, line = self._end, f"{row}\t{order.model_dump_json()}\n".encode()
        with file_refusals():
            self._file.seek(place)
            self._file.write(line)
        self._end += len(line)
        return place


class CollectedOrders(Sequence[OrderIn]):
    """Orders in the order of their file, each read when it is asked for; to be closed.

    Parameters
    ----------
    file : binary file
    rows : sequence
        For each order, where its rows begin.
    """

    def __init__(self, file: BinaryIO, rows: Sequence[int | _Rows]) -> None:
        self._file = file
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, at: int) -> OrderIn: ...

    @overload
    def __getitem__(self, at: slice) -> list[OrderIn]: ...

    def __getitem__(self, at: int | slice) -> OrderIn | list[OrderIn]:
        if isinstance(at, slice):
            return [self._order(rows) for rows in self._rows[at]]
        return self._order(self._rows[at])

    def __iter__(self) -> Iterator[OrderIn]:
        return map(self._order, self._rows)

    def close(self) -> None:
        """Delete the temporary file."""
        self._file.close()

    def _order(self, rows: int | _Rows) -> OrderIn:
        places = [rows] if isinstance(rows, int) else rows.places
        return joined(_read(self._file, place)[1] for place in places)


def _read(file: BinaryIO, place: int) -> tuple[str, OrderIn]:
    with file_refusals():
        file.seek(place)
        row, _, document = file.readline().partition(b"\t")
    return row.decode(), OrderIn.model_validate_json(document)
