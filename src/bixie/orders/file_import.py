"""Reads a file of orders: CSV in UTF-8 or GB18030, or JSON. Stores nothing and names every fault.

A file of a hundred thousand rows with one bad cell gives the other orders and one problem; the caller decides
what to do with them.
"""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from bixie.kit.reasons import plain_reason
from bixie.orders.errors import OrdersError
from bixie.orders.headings import Columns, columns_of
from bixie.orders.problems import Problem, faults_in, problem, problems_in_document, problems_in_row
from bixie.orders.rules import OrderCollector
from bixie.orders.schemas import DeliveryIn, ItemIn, OrderIn

__all__ = ["MAX_FILE", "MAX_ROWS", "ParsedFile", "read_orders"]

MAX_FILE = 20 * 1024 * 1024
MAX_ROWS = 100_000
_MAX_CELL = 2_000
_MAX_HEADING = 80
_SAMPLE = 64 * 1024
_DELIMITERS = ",\t;"
_ENCODINGS = ("utf-8-sig", "gb18030")
_NOTHING = {"-", "--", "—", "null"}
"""Cells by which exports say that there is no value."""


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """The content of a file.

    Parameters
    ----------
    orders : tuple of OrderIn
        Orders without a problem, in the order of the file; rows with one number are one order.
    problems : tuple of Problem
        At most `MAX_PROBLEMS`; `more` is true if there were others.
    more : bool
    ignored : tuple of str
        Headings of columns whose meaning is not known.
    notes : tuple of Problem
        Columns whose meaning is known and that are not used, each with the reason.
    """

    orders: tuple[OrderIn, ...]
    problems: tuple[Problem, ...]
    more: bool
    ignored: tuple[str, ...]
    notes: tuple[Problem, ...] = ()


def read_orders(data: bytes) -> ParsedFile:
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
    collector = OrderCollector()
    ignored, notes = _document(text, collector) if text.lstrip()[0] in "[{" else _table(text, collector)
    return ParsedFile(collector.orders(), tuple(collector.problems), collector.more, ignored, notes)


def _decoded(data: bytes) -> str:
    if b"\0" in data:
        raise OrdersError("orders.not_text")
    for encoding in _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise OrdersError("orders.not_text")


def _table(text: str, collector: OrderCollector) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """Read a table; return the headings that are not known, and notes on known ones that are not used."""
    first = text[:_SAMPLE].split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    rows = _rows(text, delimiter)
    headings = [heading.strip() for heading in next(rows)]
    columns = columns_of(headings)
    if columns.repeated is not None:
        raise OrdersError("orders.column_twice", column=headings[columns.repeated][:_MAX_HEADING])
    if "number" not in columns.fields.values():
        raise OrdersError("orders.no_number_column")
    for count, row in enumerate(rows, 2):
        if count > MAX_ROWS + 1:
            raise OrdersError("orders.too_many_rows", limit=MAX_ROWS)
        if any(cell.strip() for cell in row):
            _add_row(collector, str(count), headings, columns.fields, row)
    notes = tuple(_notes(headings, columns))
    told = {*columns.fields, *columns.passed_over, *columns.confirmations}
    ignored = tuple(heading for index, heading in enumerate(headings) if index not in told and heading)
    return ignored, notes


def _notes(headings: Sequence[str], columns: Columns) -> Iterator[Problem]:
    for index, counts in columns.passed_over.items():
        heading, used = (headings[at][:_MAX_HEADING] for at in (index, counts))
        yield problem("orders.column_passed_over", "1", heading, used=used)
    for index in columns.confirmations:
        yield problem("orders.column_confirms", "1", headings[index][:_MAX_HEADING])


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except csv.Error as error:
        raise OrdersError("orders.not_a_table", reason=plain_reason(error)) from error


def _add_row(
    collector: OrderCollector, row: str, headings: Sequence[str], fields: Mapping[int, str], cells: list[str]
) -> None:
    at = next(index for index, name in fields.items() if name == "number")
    number = _unwrapped(cells[at]) if at < len(cells) else ""
    if len(cells) > len(headings):
        collector.refuse(number, [problem("orders.too_many_cells", row, None, limit=len(headings))])
        return
    columns = {name: headings[index] for index, name in fields.items()}
    values: dict[str, str] = {}
    for index, name in fields.items():
        cell = _unwrapped(cells[index]) if index < len(cells) else ""
        if len(cell) > _MAX_CELL:
            collector.refuse(number, [problem("orders.too_long", row, columns[name], limit=_MAX_CELL)])
            return
        if cell:
            # Taobao writes tracking numbers so.
            values[name] = cell.removeprefix("No:") if name == "tracking_number" else cell
    try:
        order = OrderIn.model_validate(_as_document(values))
    except ValidationError as error:
        collector.refuse(number, problems_in_row(faults_in(error), row, columns))
    else:
        collector.add(order, row, columns["number"])


def _as_document(values: Mapping[str, str]) -> dict[str, Any]:
    """Return a row as the document of an order; a field without a cell is left out."""
    item = {name: values[name] for name in ItemIn.model_fields if name in values}
    delivery = {name: values[name] for name in DeliveryIn.model_fields if name in values}
    order: dict[str, Any] = {name: values[name] for name in ("number", "ordered_at") if name in values}
    return order | {"items": [item] if item else [], "deliveries": [delivery] if delivery else []}


def _unwrapped(cell: str) -> str:
    """Strip what keeps spreadsheets from rounding a cell: ``="…"``, a leading ``'``, a tab."""
    cell = cell.strip()
    if cell.startswith('="') and cell.endswith('"') and len(cell) > 2:
        cell = cell[2:-1]
    cell = cell.removeprefix("'").strip()
    return "" if cell.casefold() in _NOTHING else cell


def _document(text: str, collector: OrderCollector) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    try:
        document = json.loads(text, parse_float=str)
    except (ValueError, RecursionError) as error:
        raise OrdersError("orders.not_json", reason=plain_reason(error)) from error
    orders = document.get("orders") if isinstance(document, dict) else document
    if not isinstance(orders, list):
        raise OrdersError("orders.not_json", reason='a list, or {"orders": [...]}')
    if len(orders) > MAX_ROWS:
        raise OrdersError("orders.too_many_rows", limit=MAX_ROWS)
    for index, order in enumerate(orders):
        try:
            checked = OrderIn.model_validate(order)
        except ValidationError as error:
            number = order.get("number") if isinstance(order, dict) else None
            problems = problems_in_document(faults_in(error), ("orders", index))
            collector.refuse(number if isinstance(number, str) else "", problems)
        else:
            collector.add(checked, f"orders[{index}]", "number")
    return (), ()
