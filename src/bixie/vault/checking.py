"""Checks received files: one transaction finds the exhibit, one records the result, decoding runs in none."""

from bixie.access.call import Call
from bixie.access.principal import Principal
from bixie.access.tenancy import TenantSession, reading, writing
from bixie.imaging.decode import decode
from bixie.imaging.errors import ImagingError
from bixie.imaging.limits import Limits
from bixie.imaging.sniff import is_video
from bixie.imaging.source import source_from_bytes
from bixie.jobs.service import enqueue
from bixie.kit.canonical_json import Json
from bixie.kit.timestamps import Clock, utc_now
from bixie.ledger.service import NewEvent, append, lock
from bixie.store.blobs import Blobs
from bixie.store.unit_of_work import Store
from bixie.vault.models import Exhibit, Role, State
from bixie.vault.service import found

__all__ = ["EXAMINATION", "check", "check_for_call"]

EXAMINATION = "examination"
"""Type of the job that is enqueued once a claim's file passed its check; payload ``{"exhibit": id}``. A room
above runs it."""

_CHECKED_SIDE = 256
"""Long side in pixels for the trial decoding: large JPEGs decode much faster at a reduced size."""


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
    refusal = _refusal(blobs, exhibit, limits)
    with writing(store, principal) as session:
        return _record(session, exhibit_id, refusal, clock)


def check_for_call(call: Call, exhibit_id: str) -> Exhibit:
    """Check a file that came with a call of the service; see `check`."""
    return check(call.store, call.principal, call.blobs, exhibit_id, call.limits, clock=call.clock)


def _record(session: TenantSession, exhibit_id: str, refusal: dict[str, str] | None, clock: Clock) -> Exhibit:
    lock(session)
    exhibit = found(session, exhibit_id)
    if exhibit.state != State.QUARANTINED:  # a concurrent check was faster
        return exhibit
    exhibit.refusal = refusal
    exhibit.state = State.REFUSED if refusal else State.KEPT
    if exhibit.state == State.KEPT and exhibit.role == Role.CLAIM:
        exhibit.arrived_with = exhibit.id
    append(session, [NewEvent("exhibit.checked", exhibit.id, _facts(exhibit), rows=(exhibit,))], clock)
    if exhibit.arrived_with is not None:
        payload = {"exhibit": exhibit.id}
        enqueue(session, EXAMINATION, payload, tenant=exhibit.tenant, key=exhibit.id, clock=clock)
    return exhibit


def _facts(exhibit: Exhibit) -> dict[str, Json]:
    facts: dict[str, Json] = {"sha256": exhibit.sha256, "state": str(exhibit.state)}
    if exhibit.refusal:
        facts["reason"] = exhibit.refusal["code"]
    if exhibit.arrived_with is not None:
        facts["arrived_with"] = exhibit.arrived_with
    return facts


def _refusal(blobs: Blobs, exhibit: Exhibit, limits: Limits) -> dict[str, str] | None:
    """Return why a file is refused, None if it can be examined."""
    with blobs.open(exhibit.tenant, exhibit.sha256) as file:
        if is_video(exhibit.media_type):
            return None  # decoding its frames checks them against the limits
        data = file.read()
    try:
        decode(source_from_bytes(exhibit.name, data), limits, long_side=_CHECKED_SIDE)
    except ImagingError as error:
        return error.to_dict()
    return None
