"""Erasing evidence so that the proof stays: the ledger keeps that it was there, by its hash, and is gone.

First the row says so and the ledger's personal values go, in one transaction; from then on nobody is handed
anything. Then the bytes go, once no other exhibit of the tenant has the same. A process that dies in between
leaves bytes that nobody can ask for, and `discard` finds them.
"""

from collections.abc import Iterator
from contextlib import suppress
from enum import StrEnum

from bixie.access.principal import Principal
from bixie.access.tenancy import TenantSession, reading, writing
from bixie.kit.timestamps import Clock, utc_now
from bixie.ledger import repository as ledger
from bixie.ledger.service import NewEvent, append, lock
from bixie.ledger.service import erase as erase_personal
from bixie.store.blobs import Blobs
from bixie.store.errors import StoreError
from bixie.store.unit_of_work import Store
from bixie.vault.models import Exhibit, State
from bixie.vault.retention import repository
from bixie.vault.retention.errors import HeldError
from bixie.vault.retention.service import kept_for
from bixie.vault.service import found

__all__ = ["GivenReason", "Reason", "discard", "erase", "erase_expired", "expired"]

_AT_ONCE = 100


class Reason(StrEnum):
    """Why an exhibit is erased; stands in the ledger."""

    REQUEST = "request"
    """Somebody whose data it is asks for it (PIPL, article 47)."""
    MISTAKE = "mistake"
    """It should not have been given."""
    RETENTION = "retention"
    """It was kept for as long as the tenant's rule says."""


class GivenReason(StrEnum):
    """Those of `Reason` that somebody may give."""

    REQUEST = Reason.REQUEST.value
    MISTAKE = Reason.MISTAKE.value


def erase(session: TenantSession, exhibit_id: str, reason: Reason, clock: Clock = utc_now) -> list[Exhibit]:
    """Erase an exhibit, and the reports about it; `discard` takes the bytes away afterwards.

    Returns
    -------
    list of Exhibit
        Those that were erased now; none when it was erased before.

    Raises
    ------
    VaultError
        ``vault.no_such_exhibit``; as a `HeldError` ``vault.held``.
    """
    lock(session)  # an exhibit is erased or held, whichever comes first
    exhibit = found(session, exhibit_id)
    session.refresh(exhibit)
    if exhibit.state == State.ERASED:
        return []
    gone = [exhibit, *repository.reports_about(session, exhibit.id)]
    # A report is held with what it is about, and that with a report of it.
    together = gone if exhibit.about is None else [exhibit, found(session, exhibit.about)]
    holds = {hold.id for one in together for hold in repository.held_by(session, one)}
    if holds:
        raise HeldError("vault.held", exhibit=exhibit.id, holds=", ".join(sorted(holds)))
    for one in gone:
        _erase(session, one, reason, clock)
    return gone


def discard(store: Store, principal: Principal, blobs: Blobs, clock: Clock = utc_now) -> int:
    """Take away the bytes of a tenant's erased exhibits that no other exhibit has; return how many files.

    Raises
    ------
    StoreError
        When the disk or the service refuses; what is left is taken away the next time.
    """
    removed, after, trouble = 0, "", None
    while True:
        with reading(store, principal) as session:
            left = [exhibit.id for exhibit in repository.not_discarded(session, after, _AT_ONCE)]
        for exhibit_id in left:
            try:
                with writing(store, principal) as session:
                    removed += _discard(session, blobs, exhibit_id, clock)
            except StoreError as error:
                trouble = error  # one file that cannot be removed holds up no other
        if len(left) < _AT_ONCE:
            if trouble is not None:
                raise trouble
            return removed
        after = left[-1]


def expired(session: TenantSession, limit: int, clock: Clock = utc_now) -> list[Exhibit]:
    """Return exhibits that have been kept for as long as the tenant's rules say, the oldest first."""
    found = [
        exhibit
        for rule in repository.rules(session)
        for exhibit in repository.expired(session, rule.role, clock() - kept_for(rule), limit)
    ]
    return sorted(found, key=lambda exhibit: (exhibit.received_at, exhibit.id))[:limit]


def erase_expired(
    store: Store, principal: Principal, blobs: Blobs, clock: Clock = utc_now
) -> Iterator[Exhibit]:
    """Erase what `expired` finds, each in a transaction of its own, and take the bytes away.

    Yields
    ------
    Exhibit
        Each that was erased, reports among them.
    """
    while True:
        with reading(store, principal) as session:
            ids = [exhibit.id for exhibit in expired(session, _AT_ONCE, clock)]
        for exhibit_id in ids:
            with suppress(HeldError):  # somebody has held it since
                with writing(store, principal) as session:
                    gone = _erase_if_expired(session, exhibit_id, clock)
                yield from gone
        discard(store, principal, blobs, clock)
        if len(ids) < _AT_ONCE:
            return


def _erase_if_expired(session: TenantSession, exhibit_id: str, clock: Clock) -> list[Exhibit]:
    """Erase an exhibit, unless the rule has changed since it was found."""
    lock(session)
    exhibit = found(session, exhibit_id)
    rule = repository.rule_for(session, exhibit.role)
    if rule is None or clock() - exhibit.received_at <= kept_for(rule):
        return []
    return erase(session, exhibit_id, Reason.RETENTION, clock)


def _erase(session: TenantSession, exhibit: Exhibit, reason: Reason, clock: Clock) -> None:
    for event in ledger.events_about(session, exhibit.id):
        names = [one.name for one in ledger.personal_of(session, event.sequence)]
        if names:
            erase_personal(session, event.sequence, names, clock)
    exhibit.state, exhibit.erased_at, exhibit.refusal, exhibit.name = str(State.ERASED), clock(), None, ""
    # The number leads to a person. Its own id in the place of it lets the same bytes come in again.
    exhibit.order_number = exhibit.id
    told = {"sha256": exhibit.sha256, "reason": str(reason)}
    append(session, [NewEvent("exhibit.erased", exhibit.id, told)], clock)


def _discard(session: TenantSession, blobs: Blobs, exhibit_id: str, clock: Clock) -> bool:
    lock(session)  # nobody receives the same bytes meanwhile
    exhibit = found(session, exhibit_id)
    if exhibit.discarded_at is not None:
        return False
    shared = repository.bytes_in_use(session, exhibit.sha256)
    if not shared:
        blobs.remove(exhibit.tenant, exhibit.sha256)
    exhibit.discarded_at = clock()
    told = {"sha256": exhibit.sha256, "removed": not shared}
    append(session, [NewEvent("exhibit.discarded", exhibit.id, told)], clock)
    return not shared
