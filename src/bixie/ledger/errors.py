"""What the ledger refuses, and what verification finds.

::

    BixieError
    └── LedgerError           an event that cannot be written, a proof that cannot be given, a stamp not got
        ├── NoSuchEventError  there is no such event
        ├── NotCoveredError   no checkpoint covers it yet
        ├── NoKeyError        the key that signs this ledger is not here
        └── BrokenLedger      the ledger does not hold together: where, and why
"""

from bixie.kit.errors import BixieError

__all__ = ["BrokenLedger", "LedgerError", "NoKeyError", "NoSuchEventError", "NotCoveredError"]


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
        self.tenant = tenant
        self.sequence = sequence
        super().__init__(code, tenant=tenant, sequence=sequence, **values)
