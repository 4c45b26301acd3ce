"""One text of a file's metadata, wherever it stands: what every reader of marks looks at."""

import unicodedata
from dataclasses import dataclass
from typing import Any

__all__ = ["LONGEST_SHOWN", "Field", "shown"]

LONGEST_SHOWN = 160
"""Characters of a value from the file that a report repeats; the file itself has the rest."""

_CUT = "…"


@dataclass(frozen=True, slots=True)
class Field:
    """One text of a file's metadata.

    Parameters
    ----------
    carrier : str
        The kind of place, one of `bixie.examine.label.carriers.CARRIERS`.
    key : str
        Name of the field there: keyword, EXIF tag name, XMP property, key, tag name; empty for bare text.
    text : str
        As decoded, neither shortened nor cleaned.
    node : str
        The container's own name of the part: ``iTXt``, ``APP1``, ``uuid``.
    offset : int
        Of that part, in bytes from the start of the file.
    namespace : str
        Of an XMP property.
    late : bool
        Whether it stands after the picture data.
    """

    carrier: str
    key: str
    text: str
    node: str
    offset: int
    namespace: str = ""
    late: bool = False

    def place(self) -> dict[str, Any]:
        """Return where it stands, as findings carry it."""
        return {
            "carrier": self.carrier,
            "key": shown(self.key),
            "part": self.node,
            "offset": self.offset,
            "after_picture": self.late,
        }


def shown(text: str, longest: int = LONGEST_SHOWN) -> str:
    """Return `text` as a report may repeat it: one line, no control or format characters, shortened.

    Parameters
    ----------
    text : str
        Anything a file may hold.
    longest : int
        In characters; what is cut off is replaced by an ellipsis.
    """
    # Twice as much is looked at as is kept: a text of a million line breaks is not cleaned whole.
    piece = "".join(_plain(letter) for letter in text[: 2 * longest])
    words = " ".join(piece.split())
    return words if len(words) <= longest and len(text) <= 2 * longest else words[: longest - 1] + _CUT


def _plain(letter: str) -> str:
    category = unicodedata.category(letter)
    if category in ("Cc", "Zl", "Zp", "Zs"):
        return " "
    # Format characters can turn the direction of a line; surrogates cannot be written as UTF-8.
    return "" if category in ("Cf", "Cs", "Co", "Cn") else letter
