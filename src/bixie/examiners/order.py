"""Reading and checking ``order.json``: what the shop knows about the order. Every key is optional.

A wrong value is refused with the key's name; a key that is not known is a warning, since a misspelt
``claimed_at`` would otherwise be missed without a word.
"""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bixie.examiners.results import FileError
from bixie.kit.errors import UsageError
from bixie.kit.messages import catalogue

__all__ = ["MAX_ORDER_BYTES", "Order", "OrderError", "check_order", "read_order"]

MAX_ORDER_BYTES = 1024 * 1024

_PACKAGE = "bixie.examiners"


class OrderError(UsageError):
    """The order document is not what it must be; `values` names the field."""

    package = _PACKAGE


@dataclass(frozen=True, slots=True)
class Order:
    """A checked order document.

    Parameters
    ----------
    facts : dict
        The document as given, JSON types.
    warnings : tuple of FileError
        Keys that are not known.
    """

    facts: dict[str, Any]
    warnings: tuple[FileError, ...] = ()


Warn = Callable[[str], None]
Check = Callable[[str, Any, Warn], None]


def read_order(path: str) -> Order:
    """Read and check the order document at `path`.

    Raises
    ------
    OrderError
        ``order.unreadable``, ``order.too_large``, ``order.not_json``, or what `check_order` raises.
    """
    try:
        with Path(path).open("rb") as file:
            data = file.read(MAX_ORDER_BYTES + 1)
    except (OSError, ValueError) as error:
        raise OrderError("order.unreadable", path=path) from error
    if len(data) > MAX_ORDER_BYTES:
        raise OrderError("order.too_large", bytes=len(data), limit=MAX_ORDER_BYTES)
    try:
        return check_order(json.loads(data.decode("utf-8-sig")))
    except (ValueError, RecursionError) as error:
        raise OrderError("order.not_json", reason=str(error)) from error


def check_order(document: Any) -> Order:
    """Check an order document that is in memory.

    Raises
    ------
    OrderError
        ``order.not_an_object``, ``order.not_a_list``, ``order.not_text``, ``order.not_a_number``,
        ``order.not_a_time``, ``order.out_of_range`` or ``order.incomplete_place``; ``values["field"]``
        names the key, as in ``items[0].sku``.
    """
    unknown: list[str] = []
    _mapping("", document, unknown.append, _ORDER)
    code = "order.unknown_field"
    warnings = tuple(FileError(code, catalogue(_PACKAGE).text(code, field=key)) for key in unknown)
    return Order(document, warnings)


def _mapping(key: str, value: Any, warn: Warn, fields: dict[str, Check]) -> None:
    if not isinstance(value, dict):
        raise OrderError("order.not_an_object", field=key or "order")
    for name, item in value.items():
        inner = f"{key}.{name}" if key else name
        if name in fields:
            fields[name](inner, item, warn)
        else:
            warn(inner)


def _text(key: str, value: Any, _warn: Warn) -> None:
    if not isinstance(value, str):
        raise OrderError("order.not_text", field=key)


def _time(key: str, value: Any, _warn: Warn) -> None:
    try:
        if datetime.fromisoformat(value).tzinfo is not None:
            return
    except (TypeError, ValueError):
        pass
    raise OrderError("order.not_a_time", field=key)


def _between(low: int, high: int) -> Check:
    def check(key: str, value: Any, _warn: Warn) -> None:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        # Integers have no upper end in JSON; only a float can be no number at all.
        if not number or (isinstance(value, float) and not math.isfinite(value)):
            raise OrderError("order.not_a_number", field=key)
        if not low <= value <= high:
            raise OrderError("order.out_of_range", field=key, low=low, high=high)

    return check


def _place(key: str, value: Any, warn: Warn) -> None:
    _mapping(key, value, warn, {"lat": _between(-90, 90), "lon": _between(-180, 180)})
    if not {"lat", "lon"} <= value.keys():
        raise OrderError("order.incomplete_place", field=key)


def _items(key: str, value: Any, warn: Warn) -> None:
    if not isinstance(value, list):
        raise OrderError("order.not_a_list", field=key)
    for index, item in enumerate(value):
        _mapping(f"{key}[{index}]", item, warn, {"sku": _text, "name": _text, "category": _text})


def _claim(key: str, value: Any, warn: Warn) -> None:
    _mapping(key, value, warn, {"reason": _text, "text": _text})


_ORDER: dict[str, Check] = {
    "id": _text,
    "ordered_at": _time,
    "delivered_at": _time,
    "claimed_at": _time,
    "delivery_place": _place,
    "items": _items,
    "claim": _claim,
}
