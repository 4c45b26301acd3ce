"""The error of due times."""

from bixie.kit.errors import BixieError

__all__ = ["DueTimeError"]


class DueTimeError(BixieError):
    """A length, a time or a file of days off that cannot be used."""

    package = "bixie.kit.due_time"
