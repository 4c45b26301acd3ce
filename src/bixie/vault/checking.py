"""Looking inside what came in: one transaction to find it, one to say what was seen, none while looking."""

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

__all__ = ["EXAMINATION", "check", "check_given"]

EXAMINATION = "examination"
"""Kind of the job that is asked for when a claim's file was found fit to be looked at; its payload is
``{"exhibit": id}``. A room above does it."""

_CHECKED_SIDE = 256
"""A picture is decoded to this long side to see that it can be: large JPEGs are then read much faster."""


def check(
    store: Store,
    principal: Principal,
    blobs: Blobs,
    exhibit_id: str,
    limits: Limits,
    *,
    clock: Clock = utc_now,
) -> Exhibit:
    """Look inside a quarantined file: keep it, or refuse it with the reason on record. Once is enough.

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
        return _told(session, exhibit_id, refusal, clock)


def check_given(call: Call, exhibit_id: str) -> Exhibit:
    """Look inside what came in with a call of the service, as `check` does."""
    return check(call.store, call.principal, call.blobs, exhibit_id, call.limits, clock=call.clock)


def _told(session: TenantSession, exhibit_id: str, refusal: dict[str, str] | None, clock: Clock) -> Exhibit:
    lock(session)
    exhibit = found(session, exhibit_id)
    if exhibit.state != State.QUARANTINED:  # two checks at the same time tell one result
        return exhibit
    exhibit.refusal = refusal
    exhibit.state = State.REFUSED if refusal else State.KEPT
    append(session, [NewEvent("exhibit.checked", exhibit.id, _facts(exhibit))], clock)
    if exhibit.state == State.KEPT and exhibit.role == Role.CLAIM:
        asked = {"exhibit": exhibit.id}
        enqueue(session, EXAMINATION, asked, tenant=exhibit.tenant, key=exhibit.id, clock=clock)
    return exhibit


def _facts(exhibit: Exhibit) -> dict[str, Json]:
    reason: dict[str, Json] = {"reason": exhibit.refusal["code"]} if exhibit.refusal else {}
    return {"sha256": exhibit.sha256, "state": str(exhibit.state)} | reason


def _refusal(blobs: Blobs, exhibit: Exhibit, limits: Limits) -> dict[str, str] | None:
    """Return what is wrong with a file, None when it can be examined."""
    with blobs.open(exhibit.tenant, exhibit.sha256) as file:
        if is_video(exhibit.media_type):
            return None  # a video's frames are held against the limits by who decodes them
        data = file.read()
    try:
        decode(source_from_bytes(exhibit.name, data), limits, long_side=_CHECKED_SIDE)
    except ImagingError as error:
        return error.to_dict()
    return None
