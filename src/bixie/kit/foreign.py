"""Text out of somebody else's file, made fit for a sentence: one line, bounded, nothing invisible."""

import unicodedata

__all__ = ["cleaned"]

_MOST_LETTERS = 80
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def cleaned(value: object, most: int = _MOST_LETTERS) -> str | None:
    """Return `value` as one short line, or None where nothing is left.

    Control characters, text direction marks and unassigned characters become spaces, runs of spaces one.

    Parameters
    ----------
    value : object
        Anything that is not a string gives None.
    most : int
        Letters kept; what is longer ends in an ellipsis.
    """
    if not isinstance(value, str):
        return None
    # Cut before looking at every letter: a block of metadata may be many megabytes long.
    cut = value[: 8 * most]
    shown = "".join(" " if unicodedata.category(letter) in _INVISIBLE else letter for letter in cut)
    line = " ".join(shown.split())
    return (line if len(line) <= most else line[: most - 1] + "…") or None
