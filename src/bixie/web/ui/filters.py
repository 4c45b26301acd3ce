"""How pages write sentences, times, amounts and sizes: filters of the templates, for one reader."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from bixie.kit.due_time import moment_in_zone
from bixie.kit.messages import Language, Text
from bixie.kit.money import decimal_from_fen, yuan_from_fen
from bixie.kit.timestamps import parse_timestamp

__all__ = ["FILTERS", "Reader"]

_SIGNS = {"CNY": "¥"}
_KILO = 1024


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a page; templates have it as ``reader``.

    Parameters
    ----------
    language : {"zh", "en"}
    zone : tzinfo
        In which times are written.
    """

    language: Language
    zone: tzinfo


@pass_context
def _text(context: Context, value: object) -> str:
    """Return the side of a `Text`, a ``TextOut`` or ``{"zh", "en"}`` that the reader understands."""
    language = _reader(context).language
    if value is None:
        return ""
    if isinstance(value, Text):
        return value.in_(language)
    return str(value[language] if isinstance(value, Mapping) else getattr(value, language))


@pass_context
def _time(context: Context, value: datetime | str | None) -> Markup:
    """Return a moment to the minute, with its zone."""
    if value is None:
        return Markup()
    reader, moment = _reader(context), _moment(value)
    said = moment_in_zone(moment, reader.zone).in_(reader.language)
    return Markup('<time datetime="{}">{}</time>').format(moment.isoformat(), said)


@pass_context
def _day(context: Context, value: datetime | str | None) -> str:
    """Return the day of a moment: ``2026-11-30``."""
    return "" if value is None else _moment(value).astimezone(_reader(context).zone).date().isoformat()


def _money(value: Any) -> str:
    """Return a `Money` or ``{"minor", "currency"}``: ``¥19.99``, ``USD 19.99``."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        minor, currency = int(value["minor"]), str(value["currency"])
    else:
        minor, currency = int(value.minor), str(value.currency)
    if currency in _SIGNS:
        return _SIGNS[currency] + yuan_from_fen(minor)
    return f"{currency} {decimal_from_fen(minor)}"


def _size(value: int | None) -> str:
    """Return a number of bytes: ``3 MB``."""
    if value is None:
        return ""
    size = float(value)
    for unit in ("B", "kB", "MB"):
        if size < _KILO:
            return f"{size:.0f} {unit}"
        size /= _KILO
    return f"{size:.1f} GB"


def _embedded(value: object) -> Markup:
    """Return a value as JSON inside a script element; ``<`` would let a text end it."""
    return Markup(json.dumps(value, ensure_ascii=False).replace("<", "\\u003c"))


def _reader(context: Context) -> Reader:
    reader = context["reader"]
    assert isinstance(reader, Reader)
    return reader


def _moment(value: datetime | str) -> datetime:
    return parse_timestamp(value) if isinstance(value, str) else value


FILTERS: Mapping[str, Callable[..., Any]] = {
    "text": _text,
    "time": _time,
    "day": _day,
    "money": _money,
    "size": _size,
    "embedded": _embedded,
}
"""By the names that templates use; None becomes an empty text."""
