"""Reads a file of orders: CSV in UTF-8 or GB18030, or JSON. Stores nothing and names every fault.

A file of a hundred thousand rows with one bad cell gives the other orders and one problem; the caller decides
what to do with them. The file is read piece by piece, so memory does not grow with it.
"""

import codecs
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, BinaryIO, TextIO

from pydantic import ValidationError

from bixie.kit.chunks import chunks
from bixie.kit.reasons import plain_reason
from bixie.orders.collector import CollectedOrders, OrderCollector
from bixie.orders.errors import OrdersError
from bixie.orders.headings import Columns, columns_of
from bixie.orders.json_stream import values_of
from bixie.orders.problems import Problem, faults_in, problem, problems_in_document, problems_in_row
from bixie.orders.schemas import DeliveryIn, ItemIn, OrderIn

__all__ = ["MAX_FILE", "MAX_ROWS", "ParsedFile", "read_orders"]

MAX_FILE = 20 * 1024 * 1024
MAX_ROWS = 100_000
_MAX_CELL = 2_000
_MAX_HEADING = 80
_MAX_LINE = 2_000_000
"""Characters between two line ends."""
_SAMPLE = 64 * 1024
_DELIMITERS = ",\t;"
_ENCODINGS = ("utf-8-sig", "gb18030")
_NOTHING = {"-", "--", "—", "null"}
"""Cells by which exports say that there is no value."""


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """The content of a file; a context manager that deletes what it keeps on the disk.

    Parameters
    ----------
    orders : CollectedOrders
        Orders without a problem, in the order of the file; rows with one number are one order.
    problems : tuple of Problem
        At most `MAX_PROBLEMS`; `more` is true if there were others.
    more : bool
    ignored : tuple of str
        Headings of columns whose meaning is not known.
    notes : tuple of Problem
        Columns whose meaning is known and that are not used, each with the reason.
    """

    orders: CollectedOrders
    problems: tuple[Problem, ...]
    more: bool
    ignored: tuple[str, ...]
    notes: tuple[Problem, ...] = ()

    def __enter__(self) -> "ParsedFile":
        return self

    def __exit__(self, *_: object) -> None:
        self.orders.close()


def read_orders(file: BinaryIO) -> ParsedFile:
    """Read a file of orders.

    Parameters
    ----------
    file : binary file
        A table with a row of headings, or a JSON document: a list, or an object with a list as ``orders``.
        Seekable; is not closed.

    Raises
    ------
    OrdersError
        ``orders.too_large``, ``orders.empty``, ``orders.not_text``, ``orders.not_a_table``,
        ``orders.not_json``, ``orders.value_too_long``, ``orders.no_number_column``,
        ``orders.column_twice`` or ``orders.too_many_rows``.
    StoreError
        ``store.full`` or ``store.files``: what is read lies on the disk meanwhile.
    """
    if file.seek(0, io.SEEK_END) > MAX_FILE:
        raise OrdersError("orders.too_large", limit=MAX_FILE)
    text, collector = io.TextIOWrapper(file, _encoding(file), newline=""), OrderCollector()
    try:
        is_document = _begins(text) in "[{"
        ignored, notes = _document(text, collector) if is_document else _table(text, collector)
        return ParsedFile(collector.orders(), tuple(collector.problems), collector.more, ignored, notes)
    except BaseException:
        collector.close()
        raise
    finally:
        text.detach()  # otherwise it would close the file


def _encoding(file: BinaryIO) -> str:
    """Return the encoding in which the whole file is text; the file is at its beginning again."""
    for encoding in _ENCODINGS:
        with suppress(UnicodeDecodeError):
            file.seek(0)
            decoder = codecs.getincrementaldecoder(encoding)()
            for chunk in chunks(file):
                if b"\0" in chunk:
                    raise OrdersError("orders.not_text")
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
            file.seek(0)
            return encoding
    raise OrdersError("orders.not_text")


def _begins(text: TextIO) -> str:
    """Return the first character that is not blank; the text is at its beginning again."""
    while piece := text.read(_SAMPLE):
        if stripped := piece.lstrip():
            text.seek(0)
            return stripped[0]
    raise OrdersError("orders.empty")


def _table(text: TextIO, collector: OrderCollector) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """Read a table; return the headings that are not known, and notes on known ones that are not used."""
    first = text.read(_SAMPLE).split("\n", 1)[0]
    text.seek(0)
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


def _rows(text: TextIO, delimiter: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(_lines(text), delimiter=delimiter, strict=True)
    except csv.Error as error:
        raise OrdersError("orders.not_a_table", reason=plain_reason(error)) from error


def _lines(text: TextIO) -> Iterator[str]:
    while line := text.readline(_MAX_LINE + 1):
        if len(line) > _MAX_LINE:
            raise csv.Error("line too long")
        yield line


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


def _document(text: TextIO, collector: OrderCollector) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    for index, order in enumerate(values_of(text)):
        if index >= MAX_ROWS:
            raise OrdersError("orders.too_many_rows", limit=MAX_ROWS)
        try:
            checked = OrderIn.model_validate(order)
        except ValidationError as error:
            number = order.get("number") if isinstance(order, dict) else None
            problems = problems_in_document(faults_in(error), ("orders", index))
            collector.refuse(number if isinstance(number, str) else "", problems)
        else:
            collector.add(checked, f"orders[{index}]", "number")
    return (), ()
