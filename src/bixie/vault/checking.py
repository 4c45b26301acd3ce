"""Checks received files: one transaction finds the exhibit, one records the result, decoding runs in none.

A file is decoded in a child process. If that ends before it can tell, because the file takes too much memory
or time or because the machine had a bad moment, the file stays in quarantine and a worker tries again later;
after the third time it is refused.
"""

from bixie.access.call import Call
from bixie.access.principal import Principal
from bixie.access.tenancy import TenantSession, reading, writing
from bixie.imaging.errors import ImagingError
from bixie.imaging.limits import Limits
from bixie.imaging.sniff import is_video
from bixie.kit.canonical_json import Json
from bixie.kit.errors import BixieError
from bixie.kit.isolation.errors import CutOffError, UnavailableError
from bixie.kit.timestamps import Clock, utc_now
from bixie.ledger.service import NewEvent, append, lock
from bixie.store.blobs import Blobs
from bixie.store.unit_of_work import Store
from bixie.vault.claims import join_claim
from bixie.vault.errors import TooCostlyError
from bixie.vault.inspection import look_into
from bixie.vault.models import Exhibit, Role, State
from bixie.vault.service import found

__all__ = ["MAX_FAILED_CHECKS", "check", "check_again", "check_for_call", "count_cut_off", "set_aside"]

MAX_FAILED_CHECKS = 3
"""A file whose check ended the child process so often is refused."""


def check(
    store: Store,
    principal: Principal,
    blobs: Blobs,
    exhibit_id: str,
    limits: Limits,
    *,
    clock: Clock = utc_now,
) -> Exhibit:
    """Check a quarantined file: keep it, or refuse it and record why. A second call changes nothing.

    Returns
    -------
    Exhibit
        Still `State.QUARANTINED` if the check could not tell; `check_again` goes on.

    Raises
    ------
    VaultError
        ``vault.no_such_exhibit``.
    StoreError
        When the file is missing or damaged.
    """
    with reading(store, principal) as session:
        exhibit = found(session, exhibit_id)
    if exhibit.state != State.QUARANTINED:
        return exhibit
    try:
        refusal = _refusal(blobs, exhibit, limits)
    except CutOffError:
        with writing(store, principal) as session:
            return _count_failure(session, exhibit_id, clock)
    except UnavailableError:  # says nothing about the file
        return exhibit
    with writing(store, principal) as session:
        return _record(session, exhibit_id, refusal, clock)


def check_again(
    store: Store,
    principal: Principal,
    blobs: Blobs,
    exhibit_id: str,
    limits: Limits,
    *,
    clock: Clock = utc_now,
) -> Exhibit:
    """Check a file that an earlier check has left in quarantine; see `check`.

    The attempt is counted before it is made: it may end this process too, where the memory of both together
    is limited.
    """
    with writing(store, principal) as session:
        exhibit = _count_failure(session, exhibit_id, clock)
    if exhibit.state != State.QUARANTINED:
        return exhibit
    try:
        refusal = _refusal(blobs, exhibit, limits)
    except UnavailableError:
        with writing(store, principal) as session:
            found(session, exhibit_id).failed_checks -= 1
        return exhibit
    except CutOffError:
        if exhibit.failed_checks < MAX_FAILED_CHECKS:
            return exhibit
        refusal = TooCostlyError("vault.too_costly")
    with writing(store, principal) as session:
        return _record(session, exhibit_id, refusal, clock)


def check_for_call(call: Call, exhibit_id: str) -> Exhibit:
    """Check a file that came with a call of the service; see `check`."""
    return check(call.store, call.principal, call.blobs, exhibit_id, call.limits, clock=call.clock)


def count_cut_off(session: TenantSession, exhibit_id: str) -> None:
    """Count that a process ended while it examined a file that had passed its check."""
    found(session, exhibit_id).failed_checks += 1


def set_aside(exhibit: Exhibit) -> ImagingError | None:
    """Return why a kept file is not examined: it ended the process too often; otherwise None."""
    return ImagingError("imaging.too_costly") if exhibit.failed_checks >= MAX_FAILED_CHECKS else None


def _count_failure(session: TenantSession, exhibit_id: str, clock: Clock) -> Exhibit:
    """Count a failed check, or refuse the file if that happened too often already."""
    lock(session)
    exhibit = found(session, exhibit_id)
    if exhibit.state == State.QUARANTINED and exhibit.failed_checks >= MAX_FAILED_CHECKS:
        return _record(session, exhibit_id, TooCostlyError("vault.too_costly"), clock)
    exhibit.failed_checks += 1
    return exhibit


def _record(session: TenantSession, exhibit_id: str, refusal: BixieError | None, clock: Clock) -> Exhibit:
    lock(session)
    exhibit = found(session, exhibit_id)
    if exhibit.state != State.QUARANTINED:  # a concurrent check was faster
        return exhibit
    exhibit.refusal = None if refusal is None else refusal.to_dict()
    exhibit.state = State.REFUSED if refusal else State.KEPT
    exhibit.failed_checks = 0  # its examination counts anew
    if exhibit.state == State.KEPT and exhibit.role == Role.CLAIM:
        join_claim(session, exhibit, clock)
    append(session, [NewEvent("exhibit.checked", exhibit.id, _facts(exhibit), rows=(exhibit,))], clock)
    return exhibit


def _facts(exhibit: Exhibit) -> dict[str, Json]:
    facts: dict[str, Json] = {"sha256": exhibit.sha256, "state": str(exhibit.state)}
    if exhibit.refusal:
        facts["reason"] = exhibit.refusal["code"]
    if exhibit.arrived_with is not None:
        facts["arrived_with"] = exhibit.arrived_with
    return facts


def _refusal(blobs: Blobs, exhibit: Exhibit, limits: Limits) -> BixieError | None:
    """Return why a file is refused, None if it can be examined."""
    with blobs.open(exhibit.tenant, exhibit.sha256) as file:
        if is_video(exhibit.media_type):
            return None  # decoding its frames checks them against the limits
        return look_into(file, exhibit.name, limits)
