"""Verifies a store once a day, whichever worker comes first, and keeps the result for services to show."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bixie.access.tenancy import EveryTenantSession
from bixie.kit.canonical_json import Json
from bixie.kit.timestamps import Clock, utc_now
from bixie.ledger.errors import BrokenLedger
from bixie.ledger.models import LedgerVerification
from bixie.ledger.timestamps import trusted_roots
from bixie.ledger.verification import verify
from bixie.ledger.verifying_foldings import Folding, check_folded
from bixie.ledger.verifying_signatures import Trust, own_trust
from bixie.store.unit_of_work import Store

__all__ = ["EVERY", "LastVerification", "last_verification", "verify_if_due", "verify_now"]

EVERY = timedelta(days=1)
_FIRST_SIGNATURES = timedelta(minutes=30)

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LastVerification:
    """The last verification that was finished.

    Parameters
    ----------
    at : datetime
        Its end.
    fault : dict or None
        The first fault: code and sentences, tenant and sequence; None when the ledger and its rows hold.
    """

    at: datetime
    fault: dict[str, Json] | None


def verify_if_due(
    store: Store,
    clock: Clock = utc_now,
    started: datetime | None = None,
    foldings: Sequence[Folding] = (),
) -> None:
    """Verify the ledgers of all tenants with their rows, unless that was begun within a day.

    Parameters
    ----------
    store : Store
    clock : callable
    started : datetime, optional
        When the worker started. For half an hour no ledger needs a first signature: it is making them.

    foldings : sequence of Folding
        Of the rooms above: what their events come to is compared with their rows.

    Raises
    ------
    SettingError
        When the file with the key cannot be read.
    StoreError
        When the database refuses; it is tried again a day after its beginning.
    """
    trust = own_trust(store.about, clock())
    if started is not None and clock() - started < _FIRST_SIGNATURES:
        trust = replace(trust, must_sign=False)
    with store.writing(EveryTenantSession) as session:
        run = session.get(LedgerVerification, 1, with_for_update=True)
        if run is not None and timedelta(0) <= clock() - run.begun_at < EVERY:
            return
        if run is None:
            session.add(LedgerVerification(number=1, begun_at=clock()))
        else:
            run.begun_at = clock()
    _verify(store, clock, trust, foldings)


def verify_now(store: Store, clock: Clock = utc_now, foldings: Sequence[Folding] = ()) -> None:
    """Verify the ledgers of all tenants with their rows because somebody asked, and keep the result.

    Raises
    ------
    SettingError, StoreError
        As `verify_if_due`.
    """
    with store.writing(EveryTenantSession) as session:
        if session.get(LedgerVerification, 1) is None:
            session.add(LedgerVerification(number=1, begun_at=clock()))
    _verify(store, clock, own_trust(store.about, clock()), foldings)


def _verify(store: Store, clock: Clock, trust: Trust, foldings: Sequence[Folding]) -> None:
    fault = None
    try:
        with store.reading(EveryTenantSession) as session:
            verify(session, trusted_roots(), trust=trust)
            check_folded(session, foldings)
    except BrokenLedger as broken:
        _logger.error("%s", broken)
        fault = {"tenant": broken.tenant, "sequence": broken.sequence, **broken.to_dict()}
    with store.writing(EveryTenantSession) as session:
        run = session.get(LedgerVerification, 1, with_for_update=True)
        if run is not None:
            run.ended_at, run.fault = clock(), fault


def last_verification(session: EveryTenantSession) -> LastVerification | None:
    """Return the last verification that was finished, None before the first."""
    run = session.get(LedgerVerification, 1)
    if run is None or run.ended_at is None:
        return None
    return LastVerification(run.ended_at, run.fault)
