"""Compares what the events of a room's objects come to with their rows; the rooms above say what that is."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from bixie.access.tenancy import EveryTenantSession
from bixie.kit.timestamps import format_timestamp
from bixie.ledger import repository
from bixie.ledger.errors import BrokenLedger

__all__ = ["Difference", "Folding", "check_folded", "folded_otherwise"]


class Difference(NamedTuple):
    """A column of a row that says something else than the events come to.

    Parameters
    ----------
    table, id, column : str
    row, folded : object
        What the row says, and what the events come to.
    """

    table: str
    id: str
    column: str
    row: object
    folded: object


class Folding(Protocol):
    """Folds the events of one room's objects, for one tenant, and compares them with the rows."""

    def __call__(self, session: EveryTenantSession, tenant: str) -> int:
        """Return how many objects were folded.

        Raises
        ------
        BrokenLedger
            ``ledger.folded_otherwise`` at the first column that differs.
        """


def folded_otherwise(tenant: str, subject: str, sequence: int, found: Difference) -> BrokenLedger:
    """Return the fault that a row says something else than the events about a subject up to one of them."""
    return BrokenLedger(
        "ledger.folded_otherwise",
        tenant=tenant,
        sequence=sequence,
        subject=subject,
        table=found.table,
        id=found.id,
        column=found.column,
        row=_shown(found.row),
        ledger=_shown(found.folded),
    )


def _shown(value: object) -> str:
    return format_timestamp(value) if isinstance(value, datetime) else str(value)


def check_folded(session: EveryTenantSession, foldings: Sequence[Folding]) -> int:
    """Fold the objects of all tenants; return how many there were.

    An event states the rows that it changes, and `verify` compares the two. What an event states could still
    be something else than what it and those before it come to: that is found here.

    Parameters
    ----------
    session : EveryTenantSession
        Whose ledgers and rows were verified.
    foldings : sequence of Folding

    Raises
    ------
    BrokenLedger
        ``ledger.folded_otherwise``.
    """
    tenants = sorted(repository.tenants_begun(session))
    return sum(folding(session, tenant) for tenant in tenants for folding in foldings)
