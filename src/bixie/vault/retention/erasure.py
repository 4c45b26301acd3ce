"""Erasing evidence while its proof stays: the ledger keeps the hash, and the record that it was erased.

One transaction marks the row and erases the ledger's personal values; from then on the bytes are not handed
out. The bytes are removed afterwards, unless another exhibit of the tenant has the same. If a process dies in
between, `discard` finds the bytes later.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from enum import StrEnum

from bixie.access.principal import Principal
from bixie.access.tenancy import TenantSession, reading, writing
from bixie.kit.timestamps import Clock, utc_now
from bixie.ledger.service import NewEvent, append, erase_about, lock
from bixie.store.blobs import Blobs
from bixie.store.errors import StoreError
from bixie.store.unit_of_work import Store
from bixie.vault import repository as vault
from bixie.vault.claims import key_without, request_examination
from bixie.vault.models import Exhibit, State
from bixie.vault.retention import repository
from bixie.vault.retention.errors import HeldError
from bixie.vault.retention.service import kept_for
from bixie.vault.service import found

__all__ = ["GivenReason", "Reason", "clock_is_borne_out", "discard", "erase", "erase_expired", "expired"]

_BATCH = 100
_SETTLED, _RECENT = timedelta(days=7), timedelta(days=365)
"""A jump that stays unnoticed for a week erases; one of less than a year stays within the year that rules
leave (`bixie.vault.retention.service.MIN_DAYS`)."""


class Reason(StrEnum):
    """Why an exhibit is erased; recorded in the ledger."""

    REQUEST = "request"
    """The person concerned asks for it (PIPL, article 47)."""
    MISTAKE = "mistake"
    """It should not have been uploaded."""
    RETENTION = "retention"
    """The period of the tenant's rule is over."""


class GivenReason(StrEnum):
    """The reasons that a person may give."""

    REQUEST = Reason.REQUEST.value
    MISTAKE = Reason.MISTAKE.value


def erase(session: TenantSession, exhibit_id: str, reason: Reason, clock: Clock = utc_now) -> list[Exhibit]:
    """Erase an exhibit and the reports that describe or show it; `discard` removes the bytes afterwards.

    What else these reports described is examined again, without it, unless a rule's period is over.

    Returns
    -------
    list of Exhibit
        Those erased now; empty if it was erased before.

    Raises
    ------
    VaultError
        ``vault.no_such_exhibit``; as a `HeldError` ``vault.held``.
    """
    lock(session)  # erasing and holding exclude each other
    exhibit = found(session, exhibit_id)
    session.refresh(exhibit)
    if exhibit.state == State.ERASED:
        return []
    gone = [exhibit, *repository.reports_on(session, exhibit.id)]
    described = repository.described_by(session, [one.id for one in gone])
    # A hold on an exhibit covers the documents that describe it, and a hold on a document what it describes.
    together = {one.id: one for one in (*gone, *described)}
    holds = {hold.id for one in together.values() for hold in repository.held_by(session, one)}
    if holds:
        raise HeldError("vault.held", exhibit=exhibit.id, holds=", ".join(sorted(holds)))
    heir = _hand_on_first_claim(session, exhibit, [one.id for one in gone])
    for one in gone:
        _erase(session, one, reason, clock, heir)
    if exhibit.about is None and reason is not Reason.RETENTION:
        _examine_the_rest(session, exhibit, described, clock)
    return gone


def discard(store: Store, principal: Principal, blobs: Blobs, clock: Clock = utc_now) -> int:
    """Remove the bytes of a tenant's erased exhibits that no other exhibit has; return how many files.

    Raises
    ------
    StoreError
        When the disk or the service refuses; the next call removes what is left.
    """
    removed, after, trouble = 0, "", None
    while True:
        with reading(store, principal) as session:
            left = [exhibit.id for exhibit in repository.not_discarded(session, after, _BATCH)]
        for exhibit_id in left:
            try:
                with writing(store, principal) as session:
                    removed += _discard(session, blobs, exhibit_id, clock)
            except StoreError as error:
                trouble = error  # one file that cannot be removed stops no other
        if len(left) < _BATCH:
            if trouble is not None:
                raise trouble
            return removed
        after = left[-1]


def expired(session: TenantSession, limit: int, clock: Clock = utc_now) -> list[Exhibit]:
    """Return exhibits whose retention period is over, the oldest first."""
    found = [
        exhibit
        for rule in repository.rules(session)
        for exhibit in repository.expired(session, rule.role, clock() - kept_for(rule), limit)
    ]
    return sorted(found, key=lambda exhibit: (exhibit.received_at, exhibit.id))[:limit]


def clock_is_borne_out(session: TenantSession, clock: Clock = utc_now) -> bool:
    """Return whether the tenant received something between a week and a year ago, by the clock.

    Seen from a clock that has jumped ahead, that year is empty. So it is where a tenant receives nothing any
    more: then a person has to look.
    """
    now = clock()
    return repository.received_between(session, now - _RECENT, now - _SETTLED)


def erase_expired(
    store: Store, principal: Principal, blobs: Blobs, clock: Clock = utc_now
) -> Iterator[Exhibit]:
    """Erase what `expired` finds, each in a transaction of its own, and remove the bytes.

    Yields
    ------
    Exhibit
        Each that was erased, reports included.
    """
    while True:
        with reading(store, principal) as session:
            ids = [exhibit.id for exhibit in expired(session, _BATCH, clock)]
        for exhibit_id in ids:
            with suppress(HeldError):  # it is held since
                with writing(store, principal) as session:
                    gone = _erase_if_expired(session, exhibit_id, clock)
                yield from gone
        discard(store, principal, blobs, clock)
        if len(ids) < _BATCH:
            return


def _erase_if_expired(session: TenantSession, exhibit_id: str, clock: Clock) -> list[Exhibit]:
    """Erase an exhibit unless the rule changed since the query."""
    lock(session)
    exhibit = found(session, exhibit_id)
    rule = repository.rule_for(session, exhibit.role)
    if rule is None or clock() - exhibit.received_at <= kept_for(rule):
        return []
    return erase(session, exhibit_id, Reason.RETENTION, clock)


def _hand_on_first_claim(session: TenantSession, exhibit: Exhibit, gone: Sequence[str]) -> list[Exhibit]:
    """Let what is left of the order know when its first claim came; return the rows to be stated.

    Otherwise a picture that was made from the erased file would pass for one from before the claim.
    """
    first = vault.first_claim(session, exhibit.party, exhibit.order_number)
    heir = None if first is None else vault.newest_of_order(session, exhibit, gone)
    if heir is None:
        return []
    heir.first_claim = first
    return [heir]


def _erase(
    session: TenantSession, exhibit: Exhibit, reason: Reason, clock: Clock, heir: Sequence[Exhibit]
) -> None:
    erase_about(session, exhibit.id, clock)
    now = clock()
    exhibit.state, exhibit.erased_at, exhibit.refusal, exhibit.name = str(State.ERASED), now, None, ""
    # The number leads to a person. The id in its place lets the same bytes be received again.
    exhibit.order_number = exhibit.id
    data = {"sha256": exhibit.sha256, "reason": str(reason)}
    append(session, [NewEvent("exhibit.erased", exhibit.id, data, rows=(exhibit, *heir))], lambda: now)


def _examine_the_rest(
    session: TenantSession, erased: Exhibit, described: Sequence[Exhibit], clock: Clock
) -> None:
    """Ask for an examination of those that have no report any more, one for each that arrived together."""
    rest = [
        one
        for one in described
        if one.state == State.KEPT and one.id != erased.id and not repository.is_described(session, one.id)
    ]
    for first in {one.arrived_with: one for one in reversed(rest)}.values():
        key = key_without(first.arrived_with or first.id, erased.id)
        request_examination(session, first, key=key, clock=clock)


def _discard(session: TenantSession, blobs: Blobs, exhibit_id: str, clock: Clock) -> bool:
    lock(session)  # the same bytes are not received meanwhile
    exhibit = found(session, exhibit_id)
    if exhibit.discarded_at is not None:
        return False
    files = {exhibit.sha256, *(file.sha256 for file in vault.files_of(session, exhibit.id))}
    gone = sorted(sha256 for sha256 in files if not repository.bytes_in_use(session, sha256))
    for sha256 in gone:
        blobs.remove(exhibit.tenant, sha256)
    now = exhibit.discarded_at = clock()
    data = {"sha256": exhibit.sha256, "removed": exhibit.sha256 in gone}
    others = [sha256 for sha256 in gone if sha256 != exhibit.sha256]
    if len(files) > 1:
        data |= {"files": others}
    append(session, [NewEvent("exhibit.discarded", exhibit.id, data, rows=(exhibit,))], lambda: now)
    return exhibit.sha256 in gone
