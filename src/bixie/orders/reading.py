"""Reads a file of orders: CSV in UTF-8 or GB18030, or JSON. Nothing is stored, every fault is named.

A file of a hundred thousand rows with one bad cell gives the other orders and one problem: who imports
decides what to do with them.
"""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bixie.orders.errors import OrdersError
from bixie.orders.facts import GivenOrder, Problem
from bixie.orders.headings import field_of
from bixie.orders.rules import Gathered, problem

__all__ = ["MAX_FILE", "MAX_ROWS", "Read", "read_orders"]

MAX_FILE = 20 * 1024 * 1024
MAX_ROWS = 100_000
_MAX_CELL = 2_000
_SAMPLE = 64 * 1024
_DELIMITERS = ",\t;"
_ENCODINGS = ("utf-8-sig", "gb18030")


@dataclass(frozen=True, slots=True)
class Read:
    """What a file held.

    Parameters
    ----------
    orders : tuple of GivenOrder
        Those without a problem, in the order of the file; rows of one number are one order.
    problems : tuple of Problem
        At most `MAX_PROBLEMS`; `more` says whether there were others.
    more : bool
    ignored : tuple of str
        Headings that mean nothing here.
    """

    orders: tuple[GivenOrder, ...]
    problems: tuple[Problem, ...]
    more: bool
    ignored: tuple[str, ...]


def read_orders(data: bytes) -> Read:
    """Read a file of orders.

    Parameters
    ----------
    data : bytes
        A table with a row of headings, or a JSON document: a list of orders, or ``{"orders": […]}``.

    Raises
    ------
    OrdersError
        ``orders.too_large``, ``orders.empty``, ``orders.not_text``, ``orders.not_a_table``,
        ``orders.not_json``, ``orders.no_number_column``, ``orders.column_twice`` or ``orders.too_many_rows``.
    """
    if len(data) > MAX_FILE:
        raise OrdersError("orders.too_large", limit=MAX_FILE)
    text = _decoded(data)
    if not text.strip():
        raise OrdersError("orders.empty")
    gathered = Gathered()
    ignored = _document(text, gathered) if text.lstrip()[0] in "[{" else _table(text, gathered)
    return Read(gathered.orders(), tuple(gathered.problems), gathered.more, ignored)


def _decoded(data: bytes) -> str:
    if b"\0" in data:
        raise OrdersError("orders.not_text")
    for encoding in _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise OrdersError("orders.not_text")


def _table(text: str, gathered: Gathered) -> tuple[str, ...]:
    first = text[:_SAMPLE].split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    rows = _rows(text, delimiter)
    headings = next(rows)
    fields: dict[int, str] = {}
    for index, heading in enumerate(headings):
        name = field_of(heading)
        if name is not None and name in fields.values():
            raise OrdersError("orders.column_twice", column=heading.strip()[:80])
        if name is not None:
            fields[index] = name
    if "number" not in fields.values():
        raise OrdersError("orders.no_number_column")
    for count, row in enumerate(rows, 2):
        if count > MAX_ROWS + 1:
            raise OrdersError("orders.too_many_rows", limit=MAX_ROWS)
        if any(cell.strip() for cell in row):
            _add_row(gathered, str(count), headings, fields, row)
    return tuple(
        heading.strip() for index, heading in enumerate(headings) if index not in fields and heading.strip()
    )


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except csv.Error as error:
        raise OrdersError("orders.not_a_table", reason=str(error)) from error


def _add_row(
    gathered: Gathered, row: str, headings: list[str], fields: Mapping[int, str], cells: list[str]
) -> None:
    at = next(index for index, name in fields.items() if name == "number")
    number = _unwrapped(cells[at]) if at < len(cells) else ""
    if len(cells) > len(headings):
        gathered.refuse_row(number, problem("orders.too_many_cells", row, None, most=len(headings)))
        return
    columns = {name: headings[index].strip() for index, name in fields.items()}
    values: dict[str, Any] = {}
    for index, name in fields.items():
        cell = _unwrapped(cells[index]) if index < len(cells) else ""
        if len(cell) > _MAX_CELL:
            gathered.refuse_row(number, problem("orders.too_long", row, columns[name], most=_MAX_CELL))
            return
        if cell:
            values[name] = cell
    gathered.add_row(row, columns, values)


def _unwrapped(cell: str) -> str:
    """Return a cell without what keeps spreadsheets from rounding it: ``="…"``, a leading ``'``, a tab."""
    cell = cell.strip()
    if cell.startswith('="') and cell.endswith('"') and len(cell) > 2:
        cell = cell[2:-1]
    return cell.removeprefix("'").strip()


def _document(text: str, gathered: Gathered) -> tuple[str, ...]:
    try:
        document = json.loads(text, parse_float=str)
    except (ValueError, RecursionError) as error:
        raise OrdersError("orders.not_json", reason=str(error)[:200]) from error
    orders = document.get("orders") if isinstance(document, dict) else document
    if not isinstance(orders, list):
        raise OrdersError("orders.not_json", reason='a list, or {"orders": [...]}')
    if len(orders) > MAX_ROWS:
        raise OrdersError("orders.too_many_rows", limit=MAX_ROWS)
    for index, order in enumerate(orders):
        gathered.add_document(f"orders[{index}]", order)
    return ()
