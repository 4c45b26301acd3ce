"""What the ledger refuses, and what verification finds.

::

    BixieError
    └── LedgerError           an event that cannot be written, a proof that cannot be given, a stamp not got
        ├── NoSuchEventError  there is no such event
        ├── NotCoveredError   no checkpoint covers it yet
        ├── NoKeyError        the key that signs this ledger is not here
        │   └── SignedOtherwiseError  the key has signed another history
        ├── WitnessError      a witness did not take a checkpoint
        └── BrokenLedger      the ledger does not hold together: where, and why
"""

from typing import Any

from bixie.kit.errors import BixieError
from bixie.kit.messages import Text

__all__ = [
    "BrokenLedger",
    "LedgerError",
    "NoKeyError",
    "NoSuchEventError",
    "NotCoveredError",
    "SignedOtherwiseError",
    "UnrecordedError",
    "WitnessError",
    "shown",
]

_PLACE = ("table", "id", "column", "ledger", "row")
_MAX_SHOWN = 1000


def shown(value: object) -> Any:
    """Return a value of a damaged table as documents can hold it: bytes by their repr, text as UTF-8.

    Parameters
    ----------
    value : object
        Text is cut off after 1000 characters.
    """
    if isinstance(value, Text):
        return Text(shown(value.en), shown(value.zh))
    if isinstance(value, bytes):
        return repr(value[:_MAX_SHOWN])
    if isinstance(value, str):
        return value[:_MAX_SHOWN].encode("utf-8", "backslashreplace").decode()
    return value


class LedgerError(BixieError):
    """The ledger cannot do what it was asked."""

    package = "bixie.ledger"
    status = 422


class NoSuchEventError(LedgerError):
    """There is no such event."""

    status = 404


class NotCoveredError(LedgerError):
    """No checkpoint covers the event to prove."""

    status = 409


class NoKeyError(LedgerError):
    """The key that signs the ledger's checkpoints is not here."""

    status = 503


class SignedOtherwiseError(NoKeyError):
    """The key is not lent to this ledger, because it has signed another history of the tenant."""


class WitnessError(LedgerError):
    """A witness did not take a checkpoint, or cannot be asked."""

    status = 502


class BrokenLedger(LedgerError):  # noqa: N818 - a finding, as the words of the contract have it
    """The first place where a ledger is broken.

    Parameters
    ----------
    code : str
    tenant : str
    sequence : int
        Of the event; 0 where no event can be named.
    """

    status = 500

    def __init__(self, code: str, *, tenant: str, sequence: int, **values: object) -> None:
        self.tenant = shown(tenant)
        self.sequence = shown(sequence)
        about = {name: shown(value) for name, value in values.items()}
        super().__init__(code, tenant=self.tenant, sequence=self.sequence, **about)

    def place(self) -> dict[str, Any]:
        """Return the row that is at fault: table, id and column, and both values in both languages."""
        named = {name: self.values[name] for name in _PLACE if name in self.values}
        return {name: one.to_dict() if isinstance(one, Text) else one for name, one in named.items()}


class UnrecordedError(TypeError):
    """A recorded row changes and no event states it: a defect of the caller, never of the input."""
