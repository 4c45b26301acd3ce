"""Tries a pack on the decisions of a tenant."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import NoReturn

from bixie.access.sequence import Place, place_of
from bixie.access.tenancy import TenantSession
from bixie.cases import repository
from bixie.cases.models import CaseDecision
from bixie.cases.packs.lookup import pack_of_row
from bixie.cases.packs.models import PolicyPack
from bixie.kit.canonical_json import encode_canonical
from bixie.policies import Backtest, Pack, PolicyError, Record, backtest
from bixie.policies.records import parse_record

__all__ = ["MAX_DECISIONS", "backtest_of_pack", "backtest_of_tenant", "record_of_row", "records_of_tenant"]

MAX_DECISIONS = 2_000
"""In one request: some seconds. The command line tries all."""
_AT_ONCE = 500


def backtest_of_tenant(session: TenantSession, row: PolicyPack, limit: int) -> tuple[Backtest, bool]:
    """Try a pack on the newest decisions.

    Parameters
    ----------
    session : TenantSession
    row : PolicyPack
    limit : int
        Most decisions.

    Returns
    -------
    Backtest
    bool
        Whether there are older decisions, which were not tried.
    """
    return backtest_of_pack(session, pack_of_row(row), limit)


def backtest_of_pack(session: TenantSession, pack: Pack, limit: int) -> tuple[Backtest, bool]:
    """Try a pack, the tenant's or Bixie's own, on the newest decisions; see `backtest_of_tenant`."""
    records = records_of_tenant(session, _refuse)
    found = backtest(pack, islice(records, limit))
    return found, next(records, None) is not None


def records_of_tenant(session: TenantSession, refused: Callable[[PolicyError], object]) -> Iterator[Record]:
    """Yield the records of a tenant's decisions, the newest first.

    Parameters
    ----------
    session : TenantSession
    refused : callable
        Called with what is wrong with a row that was changed in the database and is no record.
    """
    after: Place | None = None
    while rows := repository.decisions(session, after, _AT_ONCE):
        for row in rows:
            try:
                yield record_of_row(row)
            except PolicyError as error:
                refused(error)
        after = place_of(rows[-1])


def record_of_row(row: CaseDecision) -> Record:
    """Return the record of a decision.

    Raises
    ------
    PolicyError
        Where the row was changed in the database and is no record.
    """
    return parse_record(encode_canonical(row.record), row.id)


def _refuse(error: PolicyError) -> NoReturn:
    raise error
