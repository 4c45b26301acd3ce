"""Turns cells and JSON values into orders; pure. What cannot be understood becomes a problem, not a guess."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bixie.kit.calendar import CHINA
from bixie.kit.messages import catalogue
from bixie.kit.money import MoneyError, fen_from_yuan
from bixie.kit.sanitise import sanitise
from bixie.orders.facts import GivenDelivery, GivenItem, GivenOrder, Problem

__all__ = ["MAX_NUMBER", "MAX_PROBLEMS", "Gathered", "problem"]

MAX_NUMBER = 100
MAX_PROBLEMS = 1_000
_MAX_ITEMS = 1_000
_MAX_PIECES = 1_000_000
_MAX_TEXT = 500
_EARLIEST_YEAR, _LATEST_YEAR = 1970, 2999
"""Outside of these a time is a slip of the keyboard, and at the far ends no zone can be told."""
_ROUNDED = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+?[0-9]+")
"""What a spreadsheet makes of a long number: 6.91235E+18. The last digits are gone for good."""
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")
"""What PostgreSQL keeps in no text, and what UTF-8 cannot write; JSON can escape both."""
_TIME = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?")
_ORDER_KEYS = {"number", "ordered_at", "items", "deliveries"}
_ITEM_KEYS = {"sku", "name", "category", "quantity", "price"}
_DELIVERY_KEYS = {"carrier", "tracking_number", "delivered_at"}


class _WrongError(Exception):
    """One value is not what it must be."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


def problem(code: str, row: str, column: str | None, **values: object) -> Problem:
    """Return a problem with its sentences."""
    text = catalogue("bixie.orders").text(code, **values)
    return Problem(row, column, code, text.en, text.zh)


class Gathered:
    """Orders and problems as a file is read: rows that share a number become one order."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.more = False
        self._orders: dict[str, GivenOrder] = {}
        self._broken: set[str] = set()

    def orders(self) -> tuple[GivenOrder, ...]:
        """Return the orders of which nothing is wrong."""
        return tuple(order for number, order in self._orders.items() if number not in self._broken)

    def report(self, found: Problem) -> None:
        """Keep a problem; of very many only the first are kept, and that there are more."""
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(found)
        else:
            self.more = True

    def refuse_row(self, number: str, fault: Problem) -> None:
        """Keep a problem of a whole row, and leave its order out."""
        self.report(fault)
        self._broken.add(number)

    def add_row(self, row: str, columns: Mapping[str, str], values: Mapping[str, str]) -> None:
        """Take a row of a table.

        Parameters
        ----------
        row : str
        columns : mapping
            Field to the heading as the file writes it.
        values : mapping
            Field to its cell; empty cells are left out.
        """
        faults: list[Problem] = []
        read = {name: _checked(name, cell, row, columns[name], faults) for name, cell in values.items()}
        if "number" not in values:
            faults.append(problem("orders.no_number", row, columns["number"]))
        self._take(row, columns.get("number"), _order_of_row(row, read), faults)

    def add_document(self, place: str, order: object) -> None:
        """Take an order of a JSON document."""
        faults: list[Problem] = []
        given = _order_of_document(place, order, faults)
        self._take(place, "number", given, faults)

    def _take(self, row: str, column: str | None, order: GivenOrder, faults: list[Problem]) -> None:
        for fault in faults:
            self.report(fault)
        if faults:
            self._broken.add(order.number)
            return
        earlier = self._orders.get(order.number)
        if earlier is None:
            self._orders[order.number] = order
            return
        if earlier.ordered_at and order.ordered_at and earlier.ordered_at != order.ordered_at:
            self.report(problem("orders.contradicts", row, column, other=earlier.row))
            self._broken.add(order.number)
            return
        self._orders[order.number] = _joined(earlier, order)


def _joined(earlier: GivenOrder, later: GivenOrder) -> GivenOrder:
    """Put two rows of one order together; a parcel that both name is one parcel."""
    parcels = dict.fromkeys((*earlier.deliveries, *later.deliveries))
    return replace(
        earlier,
        ordered_at=earlier.ordered_at or later.ordered_at,
        items=(*earlier.items, *later.items),
        deliveries=tuple(parcels),
    )


def _order_of_row(row: str, read: Mapping[str, Any]) -> GivenOrder:
    item = {name: read[name] for name in _ITEM_KEYS if read.get(name) is not None}
    delivery = {name: read[name] for name in _DELIVERY_KEYS if read.get(name) is not None}
    return GivenOrder(
        number=read.get("number") or "",
        ordered_at=read.get("ordered_at"),
        items=(GivenItem(**item),) if item else (),
        deliveries=(GivenDelivery(**delivery),) if delivery else (),
        row=row,
    )


def _order_of_document(place: str, order: object, faults: list[Problem]) -> GivenOrder:
    top = _object(order, place, _ORDER_KEYS, faults)
    if "number" not in top and isinstance(order, dict):
        faults.append(problem("orders.no_number", place, "number"))
    number = _checked("number", top.get("number"), place, "number", faults)
    return GivenOrder(
        number=number or "",
        ordered_at=_checked("ordered_at", top.get("ordered_at"), place, "ordered_at", faults),
        items=tuple(
            GivenItem(**values) for values in _list(top.get("items"), f"{place}.items", _ITEM_KEYS, faults)
        ),
        deliveries=tuple(
            GivenDelivery(**values)
            for values in _list(top.get("deliveries"), f"{place}.deliveries", _DELIVERY_KEYS, faults)
        ),
        row=place,
    )


def _list(value: object, place: str, keys: set[str], faults: list[Problem]) -> list[dict[str, Any]]:
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > _MAX_ITEMS:
        faults.append(problem("orders.not_a_list", place, None, most=_MAX_ITEMS))
        return []
    found = []
    for index, item in enumerate(value):
        here = f"{place}[{index}]"
        given = _object(item, here, keys, faults)
        read = {name: _checked(name, one, here, name, faults) for name, one in given.items()}
        found.append({name: one for name, one in read.items() if one is not None})
    return found


def _object(value: object, place: str, keys: set[str], faults: list[Problem]) -> dict[str, Any]:
    if not isinstance(value, dict):
        faults.append(problem("orders.not_an_object", place, None))
        return {}
    for name in value:
        if name not in keys:
            faults.append(problem("orders.unknown_key", place, sanitise(str(name), 80)))
    return {name: one for name, one in value.items() if name in keys}


def _checked(name: str, value: object, row: str, column: str, faults: list[Problem]) -> Any:
    if value is None:
        return None
    try:
        return _READERS[name](value)
    except _WrongError as wrong:
        faults.append(problem(wrong.code, row, column, **wrong.values))
        return None


def _number(value: object) -> str:
    if not isinstance(value, str):
        raise _WrongError("orders.number_not_text")
    if _ROUNDED.fullmatch(value):
        raise _WrongError("orders.number_rounded", value=value)
    if not 0 < len(value) <= MAX_NUMBER or not value.isprintable():
        raise _WrongError("orders.bad_number", most=MAX_NUMBER)
    return value


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > _MAX_TEXT or _UNWRITABLE.search(value):
        raise _WrongError("orders.bad_text", most=_MAX_TEXT)
    return value


def _moment(value: object) -> datetime:
    """Read a time; without a zone it is China's, as shops there export it."""
    if not isinstance(value, str):
        raise _WrongError("orders.bad_time")
    found = _TIME.fullmatch(value)
    try:
        if found:
            year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
            moment = datetime(year, month, day, hour, minute, second, tzinfo=CHINA)
        else:
            moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise _WrongError("orders.bad_time") from error
    if not _EARLIEST_YEAR <= moment.year <= _LATEST_YEAR:
        raise _WrongError("orders.bad_time")
    return moment if moment.tzinfo else moment.replace(tzinfo=CHINA)


def _quantity(value: object) -> int:
    digits = value if isinstance(value, str) else str(value)
    plain = digits.removesuffix(".0").removesuffix(".00")
    if isinstance(value, bool) or not (plain.isascii() and plain.isdigit()) or len(plain) > 7:
        raise _WrongError("orders.bad_quantity", most=_MAX_PIECES)
    if not 1 <= int(plain) <= _MAX_PIECES:
        raise _WrongError("orders.bad_quantity", most=_MAX_PIECES)
    return int(plain)


def _price(value: object) -> int:
    plain = value.lstrip("¥￥ ").removesuffix("元").replace(",", "") if isinstance(value, str) else value
    try:
        return fen_from_yuan(plain, "price")
    except MoneyError as error:
        raise _WrongError("orders.bad_price") from error


_READERS = {
    "number": _number,
    "ordered_at": _moment,
    "delivered_at": _moment,
    "sku": _text,
    "name": _text,
    "category": _text,
    "carrier": _text,
    "tracking_number": _text,
    "quantity": _quantity,
    "price": _price,
}
