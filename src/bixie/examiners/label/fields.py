"""One text of a file's metadata, in the form that every reader of marks takes."""

from dataclasses import dataclass
from typing import Any

from bixie.kit.sanitise import sanitise

__all__ = ["Field"]


@dataclass(frozen=True, slots=True)
class Field:
    """One text of a file's metadata.

    Parameters
    ----------
    carrier : str
        The kind of place, one of `bixie.examiners.label.carriers.CARRIERS`.
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
            "key": sanitise(self.key),
            "part": self.node,
            "offset": self.offset,
            "after_picture": self.late,
        }
