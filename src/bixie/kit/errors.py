"""The root of the error tree. Every room derives its errors from it.

::

    BixieError
    ├── UsageError            the caller asked for something that cannot be done
    ├── SettingError          a setting has an invalid value
    └── imaging.ImagingError  a file was refused, and why
"""

from typing import Any

from bixie.kit.messages import Text, catalogue

__all__ = ["BixieError", "SettingError", "UsageError", "describe_exception"]


class BixieError(Exception):
    """A refusal with a stable code and a sentence in both languages.

    Parameters
    ----------
    code : str
        Stable, dotted, lower case: ``imaging.too_many_pixels``. Programs compare this.
    **values
        Placeholders of the code's sentence; kept in `values` for programs.

    Notes
    -----
    A subclass sets ``package``, whose ``messages.toml`` holds its sentences, and the HTTP ``status`` with
    which a service reports it.
    """

    package = "bixie.kit"
    status = 400

    def __init__(self, code: str, **values: object) -> None:
        self.code = code
        self.values = values
        self.text: Text = catalogue(self.package).text(code, **values)
        super().__init__(f"{code}: {self.text.en}")

    def to_dict(self) -> dict[str, str]:
        """Return ``{"code", "en", "zh"}`` as documents and services report it."""
        return {"code": self.code, **self.text.to_dict()}

    def members(self) -> dict[str, Any]:
        """Return what a service adds to the problem document (RFC 9457) of this error; nothing by default."""
        return {}


class UsageError(BixieError):
    """The caller asked for something that cannot be done."""


class SettingError(BixieError):
    """A setting has an invalid value."""

    status = 500


def describe_exception(error: Exception) -> str:
    """Return the type and message of an unexpected exception, in one line.

    Messages of libraries contain line breaks, which would break up a report or a terminal.
    """
    try:
        message = " ".join(str(error).split())
    except Exception:  # an exception of another package may fail to describe itself
        message = ""
    return f"{type(error).__name__}: {message}" if message else type(error).__name__
