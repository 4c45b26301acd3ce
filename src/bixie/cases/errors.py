"""What cases refuse.

::

    BixieError
    └── CaseError             the request cannot be done
        ├── RefusedCaseError    its values do not fit the case
        ├── NotNowError         not in this state of the case, or not any more
        ├── NotYoursError       another side's action, or another person's
        ├── NoSuchCaseError     no such case, or the caller is no side of it: both look the same
        └── NoSuchDraftError    nothing is written and not sent
"""

from bixie.cases.words import Action, Side, Status
from bixie.kit.errors import BixieError
from bixie.kit.messages import Text, catalogue

__all__ = [
    "CaseError",
    "NoSuchCaseError",
    "NoSuchDraftError",
    "NotNowError",
    "NotYoursError",
    "RefusedCaseError",
    "name_of",
]


def name_of(word: "Action | Side | Status") -> Text:
    """Return the name of a word for people, in both languages."""
    return catalogue("bixie.cases").text(f"{type(word).__name__.lower()}.{word}")


class CaseError(BixieError):
    """A request about a case cannot be done.

    Parameters
    ----------
    code : str
    **values
        Words of a case are named in both languages.
    """

    package = "bixie.cases"
    status = 422

    def __init__(self, code: str, **values: object) -> None:
        named = {
            key: name_of(value) if isinstance(value, Action | Side | Status) else value
            for key, value in values.items()
        }
        super().__init__(code, **named)


class RefusedCaseError(CaseError):
    """The values of a request do not fit the case."""


class NotNowError(CaseError):
    """Not in this state of the case, or not any more."""

    status = 409


class NotYoursError(CaseError):
    """Another side's action, or another person's."""

    status = 403


class NoSuchCaseError(CaseError):
    """No such case, or the caller is no side of it."""

    status = 404


class NoSuchDraftError(CaseError):
    """The side has written nothing that is not sent."""

    status = 404
