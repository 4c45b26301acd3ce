"""Sanitise text from a foreign file for a report: one line, bounded, no invisible characters."""

import unicodedata

__all__ = ["MAX_VALUE_LENGTH", "sanitise", "sanitise_or_none"]

_MAX_SHORT_LENGTH = 80
MAX_VALUE_LENGTH = 160
"""Characters of a value from a file that a report repeats, at most."""
_ELLIPSIS = "…"
_BLANK = frozenset({"Cc", "Zl", "Zp", "Zs"})
_INVISIBLE = frozenset({"Cf", "Cs", "Co", "Cn"})
"""Format characters can turn the direction of a line; surrogates cannot be written as UTF-8."""


def sanitise(text: str, max_length: int = MAX_VALUE_LENGTH) -> str:
    """Return `text` as one line without control and format characters, shortened.

    Parameters
    ----------
    text : str
        Any text of a file.
    max_length : int
        Characters; an ellipsis replaces the rest.
    """
    # Bounds the work: a text of a million line breaks is not processed whole.
    scanned = 8 * max_length
    words = " ".join("".join(_plain(letter) for letter in text[:scanned]).split())
    return words if len(words) <= max_length and len(text) <= scanned else words[: max_length - 1] + _ELLIPSIS


def sanitise_or_none(value: object, max_length: int = _MAX_SHORT_LENGTH) -> str | None:
    """Return `value` sanitised, or None if it is no text or nothing of it is left.

    Parameters
    ----------
    value : object
        Anything that is not a string gives None.
    max_length : int
        Characters.
    """
    if not isinstance(value, str):
        return None
    line = sanitise(value, max_length)
    return None if line in {"", _ELLIPSIS} else line


def _plain(letter: str) -> str:
    category = unicodedata.category(letter)
    if category in _BLANK:
        return " "
    return "" if category in _INVISIBLE else letter
