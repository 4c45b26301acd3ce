"""Text out of somebody else's file, made fit for a sentence: one line, bounded, nothing invisible."""

import unicodedata

__all__ = ["MAX_VALUE_LENGTH", "sanitise", "sanitise_or_none"]

_MAX_LETTERS = 80
MAX_VALUE_LENGTH = 160
"""Characters of a value from a file that a report repeats; the file itself has the rest."""
_CUT = "…"
_BLANK = frozenset({"Cc", "Zl", "Zp", "Zs"})
_INVISIBLE = frozenset({"Cf", "Cs", "Co", "Cn"})
"""Format characters can turn the direction of a line; surrogates cannot be written as UTF-8."""


def sanitise(text: str, max_length: int = MAX_VALUE_LENGTH) -> str:
    """Return `text` as a report may repeat it: one line, no control or format characters, shortened.

    Parameters
    ----------
    text : str
        Anything a file may hold.
    max_length : int
        In characters; what is cut off is replaced by an ellipsis.
    """
    # Not much more is looked at than is kept: a text of a million line breaks is not cleaned whole.
    looked_at = 8 * max_length
    words = " ".join("".join(_plain(letter) for letter in text[:looked_at]).split())
    return words if len(words) <= max_length and len(text) <= looked_at else words[: max_length - 1] + _CUT


def sanitise_or_none(value: object, max_length: int = _MAX_LETTERS) -> str | None:
    """Return `value` as `shown`, or None where it is no text or nothing of it is left.

    Parameters
    ----------
    value : object
        Anything that is not a string gives None.
    max_length : int
        In characters.
    """
    if not isinstance(value, str):
        return None
    line = sanitise(value, max_length)
    return None if line in {"", _CUT} else line


def _plain(letter: str) -> str:
    category = unicodedata.category(letter)
    if category in _BLANK:
        return " "
    return "" if category in _INVISIBLE else letter
