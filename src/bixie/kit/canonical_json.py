"""Encode values as canonical JSON (JCS), so that a value has one spelling and one hash, in any language.

Fractions are refused, because readers round them differently: amounts are whole minor units, times are text.

References
----------
RFC 8785 (JCS); RFC 7493 (I-JSON) for what it builds on.
"""

import json
from functools import cache
from typing import Any, NoReturn

from bixie.kit.errors import BixieError

__all__ = ["MAX_SAFE_INTEGER", "CanonicalError", "Json", "decode_canonical", "encode_canonical"]

# A plain assignment cannot be recursive; the functions below check values instead.
Json = Any
"""None, bool, int, str, and lists and string-keyed dictionaries of these."""

MAX_SAFE_INTEGER = 2**53 - 1
"""Largest integer that every JSON reader keeps exactly (RFC 7493, section 2.2)."""

_MAX_DEPTH = 64
_KEYS = {str}
# Made once: making one takes as long as reading a short text.
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


class CanonicalError(BixieError):
    """A value without a canonical form, or a text that is not canonical."""


def encode_canonical(value: Json) -> bytes:
    """Return the canonical bytes of a value.

    Parameters
    ----------
    value : None, bool, int, str, list, tuple or dict
        Strings are kept as they are: RFC 8785 asks for no normalisation. Whole numbers lie between
        ``-MAX_SAFE_INTEGER`` and `MAX_SAFE_INTEGER`.

    Returns
    -------
    bytes
        UTF-8; keys sorted by their UTF-16 code units, no blanks, minimal escapes.

    Raises
    ------
    CanonicalError
        ``json.not_a_value`` for other types, floats among them, ``json.too_large`` for numbers,
        ``json.not_a_key``, ``json.surrogate`` for text that UTF-8 cannot encode, ``json.too_deep``.
    """
    ordered = _ordered(value, 0)
    try:
        return _ENCODER.encode(ordered).encode()
    except UnicodeEncodeError as error:
        raise CanonicalError("json.surrogate") from error


def decode_canonical(data: bytes | str) -> Json:
    """Return the value that `data` encodes canonically.

    Raises
    ------
    CanonicalError
        The codes of `encode_canonical`, and ``json.not_json``, ``json.duplicate_key``, or
        ``json.not_canonical`` for another spelling of the same value.
    """
    try:
        text = data.decode() if isinstance(data, bytes) else data
        value = _decoder().decode(text)
    except (ValueError, RecursionError) as error:  # includes UnicodeDecodeError and JSONDecodeError
        raise CanonicalError("json.not_json") from error
    if encode_canonical(value).decode() != text:
        raise CanonicalError("json.not_canonical")
    return value


def _ordered(value: Json, depth: int) -> Json:
    kind = type(value)  # exact: a subclass, such as an enumeration, may serialise itself differently
    if kind is str or kind is bool or value is None:
        return value
    if kind is int:
        if not -MAX_SAFE_INTEGER <= value <= MAX_SAFE_INTEGER:
            raise CanonicalError("json.too_large", number=value)
        return value
    if depth == _MAX_DEPTH:
        raise CanonicalError("json.too_deep", depth=_MAX_DEPTH)
    if kind is dict:
        if not set(map(type, value)) <= _KEYS:
            raise CanonicalError("json.not_a_key")
        # Most values are text, for which a call takes longer than to look.
        return {
            key: one if type(one := value[key]) is str else _ordered(one, depth + 1)
            for key in _sorted_keys(value)
        }
    if kind is list or kind is tuple:
        return [_ordered(one, depth + 1) for one in value]
    raise CanonicalError("json.not_a_value", type=kind.__name__)


def _sorted_keys(keys: dict[str, Json]) -> list[str]:
    # For ASCII both orders agree, and the plain sort is faster.
    if all(map(str.isascii, keys)):
        return sorted(keys)
    try:
        return sorted(keys, key=lambda key: key.encode("utf-16-be"))
    except UnicodeEncodeError as error:
        raise CanonicalError("json.surrogate") from error


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise CanonicalError("json.duplicate_key")
    return found


def _no_fraction(text: str) -> NoReturn:
    raise CanonicalError("json.not_a_value", type=text[:40])


@cache
def _decoder() -> json.JSONDecoder:
    return json.JSONDecoder(object_pairs_hook=_unique, parse_float=_no_fraction, parse_constant=_no_fraction)
