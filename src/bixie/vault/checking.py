"""Checks received files: one transaction finds the exhibit, one records the result, decoding runs in none.

A file is decoded in a child process. If that ends before it can tell, because the file takes too much memory
or time or because the machine had a bad moment, the file stays in quarantine and a worker tries again later;
after the third time it is refused.
"""

from collections.abc import Collection
from datetime import timedelta

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
from bixie.vault import repository
from bixie.vault.claims import join_claim
from bixie.vault.errors import TooCostlyError
from bixie.vault.inspection import look_into
from bixie.vault.models import Exhibit, Role, State
from bixie.vault.service import found

__all__ = [
    "MAX_FAILED_CHECKS",
    "check",
    "check_again",
    "check_for_call",
    "count_cut_off",
    "forget_cut_offs",
    "set_aside",
]

MAX_FAILED_CHECKS = 3
"""A file whose check ended the child process so often is refused."""

_PAUSE = timedelta(minutes=1)
"""Between two attempts: one bad moment of the machine refuses no file."""
_REQUEST_WAIT_SECONDS = 10.0
"""For a child that is free, while somebody waits for the answer; after that a worker checks the file. Longer
than new children need to start on a slow machine."""
_WAIT_SECONDS = 30.0
_MARGIN = timedelta(minutes=5)
"""So much longer than its time limit an attempt may take: to wait for a child, and to read the file. After
that its process counts as ended."""


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
        Still `State.QUARANTINED` if this or an earlier check could not tell; `check_again` goes on.

    Raises
    ------
    VaultError
        ``vault.no_such_exhibit``.
    StoreError
        When the file is missing or damaged.
    """
    with reading(store, principal) as session:
        exhibit = found(session, exhibit_id)
    if exhibit.state != State.QUARANTINED or exhibit.failed_checks:
        return exhibit
    try:
        refusal = _refusal(blobs, exhibit, limits, _REQUEST_WAIT_SECONDS)
    except CutOffError:
        with writing(store, principal) as session:
            return _count_first(session, exhibit_id)
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
    pause: timedelta = _PAUSE,
    clock: Clock = utc_now,
) -> Exhibit:
    """Check a file that an earlier check has left in quarantine, unless another process does or just did.

    The attempt is counted before it is made: it may end this process too, where the memory of both together
    is limited. The count stays only then, and when the child ended.

    Parameters
    ----------
    store : Store
    principal : Principal
    blobs : Blobs
    exhibit_id : str
    limits : Limits
    pause : timedelta
        After an attempt that could not tell, until the next may begin.
    clock : callable

    Raises
    ------
    VaultError, StoreError
        As `check`.
    TaskError
        When our own program failed.
    """
    with writing(store, principal) as session:
        exhibit = _begin(session, exhibit_id, limits, clock)
    if exhibit is None:
        with reading(store, principal) as session:
            return found(session, exhibit_id)
    try:
        refusal = _refusal(blobs, exhibit, limits, _WAIT_SECONDS)
    except CutOffError:
        with writing(store, principal) as session:
            return _end(session, exhibit, clock, pause, counts=True)
    except Exception as error:  # says nothing about the file
        with writing(store, principal) as session:
            exhibit = _end(session, exhibit, clock, pause, counts=False)
        if isinstance(error, UnavailableError):
            return exhibit
        raise
    with writing(store, principal) as session:
        return _record(session, exhibit_id, refusal, clock)


def check_for_call(call: Call, exhibit_id: str) -> Exhibit:
    """Check a file that came with a call of the service; see `check`."""
    return check(call.store, call.principal, call.blobs, exhibit_id, call.limits, clock=call.clock)


def count_cut_off(session: TenantSession, exhibit_id: str) -> None:
    """Count that a process ended while it examined a file that had passed its check."""
    lock(session)
    found(session, exhibit_id).failed_checks += 1


def forget_cut_offs(session: TenantSession, exhibit_ids: Collection[str]) -> None:
    """Forget what was counted of files whose examination has come to an end."""
    lock(session)
    for exhibit in repository.with_failed_checks(session, exhibit_ids):
        exhibit.failed_checks = 0


def set_aside(exhibit: Exhibit) -> ImagingError | None:
    """Return why a kept file is not examined: it ended the process too often; otherwise None."""
    return ImagingError("imaging.too_costly") if exhibit.failed_checks >= MAX_FAILED_CHECKS else None


def _begin(session: TenantSession, exhibit_id: str, limits: Limits, clock: Clock) -> Exhibit | None:
    """Count an attempt at a file before it is made; None if there is nothing to do, or not yet."""
    lock(session)
    exhibit, now = found(session, exhibit_id), clock()
    if exhibit.state != State.QUARANTINED or (exhibit.next_check_at or now) > now:
        return None
    if exhibit.failed_checks >= MAX_FAILED_CHECKS:  # the last one ended its whole process
        _record(session, exhibit_id, TooCostlyError("vault.too_costly"), clock)
        return None
    exhibit.failed_checks += 1
    exhibit.next_check_at = now + timedelta(seconds=limits.seconds) + _MARGIN
    session.flush()
    session.refresh(exhibit)  # as the database has it: to the millisecond
    return exhibit


def _end(session: TenantSession, begun: Exhibit, clock: Clock, pause: timedelta, *, counts: bool) -> Exhibit:
    """Note that an attempt could not tell; refuse the file if that happened too often."""
    lock(session)
    exhibit = found(session, begun.id)
    # After a concurrent check that was faster, or one that began when this one took too long: leave it alone.
    if exhibit.state != State.QUARANTINED or exhibit.next_check_at != begun.next_check_at:
        return exhibit
    if counts and exhibit.failed_checks >= MAX_FAILED_CHECKS:
        return _record(session, begun.id, TooCostlyError("vault.too_costly"), clock)
    exhibit.next_check_at = clock() + pause
    if not counts:
        exhibit.failed_checks -= 1
    return exhibit


def _count_first(session: TenantSession, exhibit_id: str) -> Exhibit:
    """Count that the first check of a file was cut off; several at the same time are one."""
    lock(session)
    exhibit = found(session, exhibit_id)
    if exhibit.state == State.QUARANTINED:
        exhibit.failed_checks = max(exhibit.failed_checks, 1)
    return exhibit


def _record(session: TenantSession, exhibit_id: str, refusal: BixieError | None, clock: Clock) -> Exhibit:
    lock(session)
    exhibit = found(session, exhibit_id)
    if exhibit.state != State.QUARANTINED:  # a concurrent check was faster
        return exhibit
    exhibit.refusal = None if refusal is None else refusal.to_dict()
    exhibit.state = State.REFUSED if refusal else State.KEPT
    exhibit.failed_checks, exhibit.next_check_at = 0, None  # its examination counts anew
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


def _refusal(blobs: Blobs, exhibit: Exhibit, limits: Limits, wait_seconds: float) -> BixieError | None:
    """Return why a file is refused, None if it can be examined."""
    with blobs.open(exhibit.tenant, exhibit.sha256) as file:
        if is_video(exhibit.media_type):
            return None  # decoding its frames checks them against the limits
        return look_into(file, exhibit.name, limits, wait_seconds=wait_seconds)
