"""Types that read the values of an order as shops write them, and refuse unclear ones."""

import re
from datetime import datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainSerializer,
    PlainValidator,
    WithJsonSchema,
)

from bixie.kit.calendar import CHINA
from bixie.kit.money import MoneyError, decimal_from_fen, fen_from_yuan
from bixie.kit.validation import coded, refusal

__all__ = ["MAX_NUMBER", "Lines", "Number", "Quantity", "Text", "Time", "Yuan"]

MAX_NUMBER = 100
"""Characters of an order number."""
_MAX_LINES = 1_000
_MAX_PIECES = 1_000_000
_MAX_TEXT = 500
_MIN_YEAR, _MAX_YEAR = 1970, 2999
"""A time outside these years is a typing error; at the ends of the calendar no zone can be applied."""
_ROUNDED = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+?[0-9]+")
"""A long number as a spreadsheet rounds it: 6.91235E+18. The last digits are lost."""
_OFFSET = re.compile(r" [+-]\d{4}")
_TIME = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?")


def _number(value: str) -> str:
    if _ROUNDED.fullmatch(value):
        raise refusal("orders.number_rounded", value=value)
    if not 0 < len(value) <= MAX_NUMBER or not value.isprintable():
        raise refusal("orders.bad_number", limit=MAX_NUMBER)
    return value


def _time(value: object) -> datetime:
    """Read a time; without a zone it is China's, as shops export it."""
    if isinstance(value, datetime):
        time = value
    elif isinstance(value, str):
        time = _time_from_text(value)
    else:
        raise refusal("orders.bad_time")
    if not _MIN_YEAR <= time.year <= _MAX_YEAR:
        raise refusal("orders.bad_time")
    return time if time.tzinfo else time.replace(tzinfo=CHINA)


def _time_from_text(text: str) -> datetime:
    found = _TIME.fullmatch(text)
    try:
        if found is None:
            return datetime.fromisoformat(_iso(text))
        year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
        return datetime(year, month, day, hour, minute, second, tzinfo=CHINA)
    except ValueError as error:
        raise refusal("orders.bad_time") from error


def _iso(text: str) -> str:
    """Return a time as ISO 8601 writes it: Shopify's ``2026-03-10 08:15:00 +0800`` has a blank too many."""
    if text.endswith(" UTC"):
        return f"{text.removesuffix(' UTC')}+00:00"
    return f"{text[:-6]}{text[-5:]}" if _OFFSET.fullmatch(text[-6:]) else text


def _quantity(value: object) -> int:
    if value is None:
        return 1
    digits = str(value).removesuffix(".0").removesuffix(".00")
    if isinstance(value, bool) or not (digits.isascii() and digits.isdigit()) or len(digits) > 7:
        raise refusal("orders.bad_quantity", limit=_MAX_PIECES)
    if not 1 <= int(digits) <= _MAX_PIECES:
        raise refusal("orders.bad_quantity", limit=_MAX_PIECES)
    return int(digits)


def _fen(value: Any) -> int:
    plain = value.lstrip("¥￥ ").removesuffix("元").replace(",", "") if isinstance(value, str) else value
    try:
        return fen_from_yuan(plain, "price")
    except MoneyError as error:
        raise refusal("orders.bad_price") from error


def _lines(value: object) -> object:
    if value is None:
        return ()
    if not isinstance(value, list | tuple) or len(value) > _MAX_LINES:
        raise refusal("orders.not_a_list", limit=_MAX_LINES)
    return value


Number = Annotated[
    str,
    Field(
        strict=True, description="as the shop writes it; digits are text", examples=["6912345678901234567"]
    ),
    AfterValidator(_number),
]
# JSON can escape a NUL, which PostgreSQL cannot store, and a lone surrogate, which UTF-8 cannot encode.
Text = Annotated[
    str,
    Field(strict=True, max_length=_MAX_TEXT, pattern=r"^[^\x00]*$"),
    coded("orders.bad_text", limit=_MAX_TEXT),
]
Time = Annotated[
    datetime,
    BeforeValidator(_time),
    WithJsonSchema(
        {
            "type": "string",
            "description": "ISO 8601 or 2026-03-10 08:15:00; without a zone it is China's",
            "examples": ["2026-03-10 08:15:00"],
        }
    ),
]
Quantity = Annotated[
    int,
    PlainValidator(_quantity),
    WithJsonSchema(
        {
            "anyOf": [{"type": "integer"}, {"type": "string"}, {"type": "null"}],
            "description": "1 when not given",
        }
    ),
]
Yuan = Annotated[
    int,
    PlainValidator(_fen),
    WithJsonSchema(
        {
            "anyOf": [{"type": "number"}, {"type": "string"}],
            "description": "of one piece, in yuan",
            "examples": ["195.00"],
        }
    ),
    PlainSerializer(decimal_from_fen, str),
]
"""Written in yuan, kept in fen."""
Lines = BeforeValidator(_lines)
"""Of a list: null is an empty one."""
