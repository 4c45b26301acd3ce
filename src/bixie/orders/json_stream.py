"""Reads a JSON list of any length value by value: memory holds one of them."""

import json
from collections.abc import Iterator
from typing import Any, TextIO

from bixie.kit.reasons import plain_reason
from bixie.orders.errors import OrdersError

__all__ = ["MAX_VALUE", "values_of"]

MAX_VALUE = 2_000_000
"""Characters of one value; the thousand lines that an order may have need a tenth of it."""
_STEP = 64 * 1024
_SPACE = " \t\n\r"
_KEY = "orders"


def values_of(text: TextIO) -> Iterator[Any]:
    """Yield the values of a list, or of the list that an object has as ``orders``.

    Numbers with a fraction are texts, as the document writes them.

    Parameters
    ----------
    text : text file
        At its beginning; not blank.

    Raises
    ------
    OrdersError
        ``orders.not_json`` or ``orders.value_too_long``, where the fault stands: values before it were
        yielded.
    """
    reader = _Reader(text)
    try:
        yield from _list(reader) if reader.next() == "[" else _member(reader)
        if reader.next():
            raise reader.error("Extra data")
    except (ValueError, RecursionError) as error:
        raise OrdersError("orders.not_json", reason=plain_reason(error)) from error


def _list(reader: "_Reader") -> Iterator[Any]:
    reader.skip()
    if reader.next() == "]":
        reader.skip()
        return
    while True:
        yield reader.value()
        if reader.ends("]"):
            return


def _member(reader: "_Reader") -> Iterator[Any]:
    """Yield the values of the list that the object's member ``orders`` is."""
    found = False
    reader.skip()
    empty = reader.next() == "}"
    if empty:
        reader.skip()
    while not empty:
        key = reader.value()
        if not isinstance(key, str) or reader.next() != ":":
            raise reader.error("Expecting ':' delimiter")
        reader.skip()
        is_list = reader.next() == "["
        if key != _KEY:
            reader.value()
        elif found or not is_list:
            raise _no_list()
        else:
            found = True
            yield from _list(reader)
        empty = reader.ends("}")
    if not found:
        raise _no_list()


def _no_list() -> OrdersError:
    return OrdersError("orders.not_json", reason='a list, or {"orders": [...]}')


class _Reader:
    """A text and the place in it."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._decoder = json.JSONDecoder(parse_float=str)
        self._buffer, self._at = "", 0
        self._ended = False
        # Of what was dropped from the buffer, to name places in the whole text.
        self._lines = self._columns = 0

    def next(self) -> str:
        """Return the next character that is no space, without taking it; empty at the end."""
        while True:
            while self._at < len(self._buffer) and self._buffer[self._at] in _SPACE:
                self._at += 1
            if self._at < len(self._buffer) or not self._grow():
                return self._buffer[self._at : self._at + 1]

    def skip(self) -> None:
        """Take the next character."""
        self._at += 1

    def ends(self, closing: str) -> bool:
        """Take a comma or the closing bracket; return whether it was the bracket."""
        found = self.next()
        if found not in {",", closing}:
            raise self.error("Expecting ',' delimiter")
        self.skip()
        return found == closing

    def value(self) -> Any:
        """Take the next value."""
        self.next()
        failed_at = -1
        while True:
            try:
                value, end = self._decoder.raw_decode(self._buffer, self._at)
            except json.JSONDecodeError as error:
                # The value may go on in what was not read yet. A fault stays where it is, however much is.
                too_long, at = len(self._buffer) - self._at > MAX_VALUE, error.pos - self._at
                if too_long and at != failed_at:
                    raise OrdersError("orders.value_too_long", limit=MAX_VALUE) from error
                failed_at = at
                if too_long or not self._grow():
                    raise self.error(error.msg, self._at + at) from error
                continue
            # A number at the end of the buffer may have more digits.
            length = end - self._at  # growing moves what the buffer holds
            if end < len(self._buffer) or not self._grow():
                self._at += length
                return value

    def error(self, message: str, at: int | None = None) -> json.JSONDecodeError:
        """Return an error that names a place in the whole text; by default this one."""
        error = json.JSONDecodeError(message, self._buffer, self._at if at is None else at)
        if error.lineno == 1:
            error.colno += self._columns
        error.lineno += self._lines
        return error

    def _grow(self) -> bool:
        """Read on, as much again as the buffer holds; return whether there was more."""
        if self._ended:
            return False
        self._drop()
        more = self._text.read(max(_STEP, len(self._buffer)))
        self._buffer += more
        self._ended = not more
        return bool(more)

    def _drop(self) -> None:
        taken = self._buffer[: self._at]
        lines = taken.count("\n")
        self._columns = len(taken) - taken.rfind("\n") - 1 if lines else self._columns + len(taken)
        self._lines += lines
        self._buffer, self._at = self._buffer[self._at :], 0
