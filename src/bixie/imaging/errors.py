"""Errors that refuse a file, and warnings about a file that is examined all the same.

::

    BixieError
    └── ImagingError          the file is refused; `code` says why
"""

from dataclasses import dataclass

from bixie.kit.errors import BixieError
from bixie.kit.messages import Text, catalogue

__all__ = ["FileNote", "ImagingError", "note"]

_PACKAGE = "bixie.imaging"


class ImagingError(BixieError):
    """A file is refused: it cannot be read, has the wrong type, or exceeds a limit."""

    package = _PACKAGE
    status = 422

    def __reduce__(self) -> tuple[object, ...]:
        # The default pickling would lose the keywords from which the base class builds its message.
        return _rebuild, (self.code, self.values)


def _rebuild(code: str, values: dict[str, object]) -> ImagingError:
    return ImagingError(code, **values)


@dataclass(frozen=True, slots=True)
class FileNote:
    """A warning about a file that is examined all the same.

    Parameters
    ----------
    code : str
        Stable, dotted, from the same catalogue as the errors.
    text : Text
        The sentence in both languages.
    """

    code: str
    text: Text

    def to_dict(self) -> dict[str, str]:
        """Return ``{"code", "en", "zh"}`` as the report document wants it."""
        return {"code": self.code, **self.text.to_dict()}


def note(code: str, **values: object) -> FileNote:
    """Return the warning `code` with `values` filled into its sentence."""
    return FileNote(code, catalogue(_PACKAGE).text(code, **values))
