"""Receiving evidence and handing it out, each with its custody event, in the caller's transaction.

Bytes arrive and are stored before that transaction, and are fetched and hashed in none: neither a slow line
nor a slow bucket holds a database lock. They are stored before the row that names them, so a process may die
at any instruction: every exhibit that was confirmed has its bytes. A file that no row names does no harm.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from bixie.access.principal import Principal
from bixie.access.tenancy import TenantSession, reading, writing
from bixie.imaging.errors import ImagingError
from bixie.imaging.limits import Limits
from bixie.imaging.sniff import HEAD_BYTES, sniff
from bixie.imaging.source import byte_limit, check_bytes
from bixie.kit.canonical_json import Json
from bixie.kit.ids import is_id, new_id
from bixie.kit.sanitise import sanitise
from bixie.kit.timestamps import Clock, utc_now
from bixie.ledger.jobs import ask_to_stamp
from bixie.ledger.recorded import Recorded
from bixie.ledger.service import NewEvent, append, lock
from bixie.store.blobs import Blobs
from bixie.store.incoming import Received
from bixie.store.unit_of_work import Store
from bixie.vault import repository
from bixie.vault.errors import BadOrderError, ErasedError, ErasingError, NotKeptError, VaultError
from bixie.vault.models import DocumentFile, Exhibit, Role, State

__all__ = [
    "MAX_ORDER_NUMBER",
    "RECEIVED",
    "StagedFile",
    "Upload",
    "append_new",
    "check_kept",
    "check_not_erased",
    "check_order_number",
    "found",
    "keep_bytes",
    "new_exhibit",
    "open_for",
    "receive",
    "record_access",
    "stage",
]

RECEIVED = "exhibit.received"
"""Type of the event that begins an exhibit's custody."""

MAX_ORDER_NUMBER = 100
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that is uploaded.

    Parameters
    ----------
    stream : binary file
        Read once, from its current position.
    name : str
        The uploader's name for it; never opened as a path.
    order_number : str
        As the shop writes it.
    role : Role
        Its purpose. The caller decides which roles a principal may use.
    party : str
        Its owner; empty for the tenant itself.
    fixed_camera : bool
        Whether a camera that stands still took it: its first event says so.
    """

    stream: BinaryIO
    name: str
    order_number: str
    role: Role
    party: str = ""
    fixed_camera: bool = False

    def digest(self) -> bytes:
        """Return the SHA-256 of the rest of the stream, and restore its position."""
        digest, start = hashlib.sha256(), self.stream.tell()
        while chunk := self.stream.read(_CHUNK):
            digest.update(chunk)
        self.stream.seek(start)
        return digest.digest()


@dataclass(frozen=True, slots=True)
class StagedFile:
    """A file that has arrived completely, to be recorded within the block of `stage`.

    Parameters
    ----------
    upload : Upload
    media_type : str
    received : Received
    """

    upload: Upload
    media_type: str
    received: Received


@contextmanager
def stage(blobs: Blobs, upload: Upload, limits: Limits) -> Iterator[StagedFile]:
    """Read a file to its end; the bytes are removed after the block unless `receive` recorded them.

    Stage before the transaction: on SQLite the first statement of one locks out all other writers.

    Raises
    ------
    ImagingError
        ``imaging.empty_file``, ``imaging.unknown_format`` or ``imaging.too_many_bytes``.
    BadOrderError
        ``vault.bad_order``.
    StoreError
        When the disk refuses.
    """
    check_order_number(upload.order_number)
    head = upload.stream.read(HEAD_BYTES)
    if not head:
        raise ImagingError("imaging.empty_file", path=upload.name)
    media_type = sniff(head)
    if media_type is None:
        raise ImagingError("imaging.unknown_format", path=upload.name)
    with blobs.receiving(_chunks(head, upload.stream, byte_limit(head, limits))) as received:
        yield StagedFile(upload, media_type, received)


def keep_bytes(blobs: Blobs, tenant: str, staged: StagedFile) -> None:
    """Make the bytes of a staged file safe, before the transaction that records them: a bucket takes time.

    Raises
    ------
    StoreError
        When the disk or the service refuses.
    """
    blobs.keep(tenant, staged.received)


def receive(session: TenantSession, blobs: Blobs, staged: StagedFile, clock: Clock = utc_now) -> Exhibit:
    """Record a staged file, whose bytes are safe, as an exhibit, in quarantine until it is checked.

    The same bytes for the same order in the same role are the same exhibit: it is returned unchanged, and the
    ledger records that it was received again.

    Raises
    ------
    ErasingError
        ``vault.being_erased``: nothing was kept; the upload can be repeated at once.
    StoreError
        When the disk or the database refuses.
    """
    upload, received = staged.upload, staged.received
    lock(session)
    known = repository.by_content(session, upload.party, upload.order_number, upload.role, received.sha256)
    if known is not None:
        _append(session, known, "exhibit.received_again", {"sha256": known.sha256}, clock)
        return known
    check_not_erased(session, blobs, received)
    first_claim = repository.first_claim(session, upload.party, upload.order_number)
    exhibit = new_exhibit(session, received, upload, clock)
    exhibit.first_claim = first_claim
    exhibit.media_type, exhibit.state = staged.media_type, str(State.QUARANTINED)
    append_new(session, RECEIVED, exhibit, {"fixed_camera": True} if upload.fixed_camera else None)
    if upload.role == Role.PACKING:
        # What it shows is gone in minutes: an outside proof of the hour is worth most now.
        ask_to_stamp(session, exhibit.id, clock)
    return exhibit


def check_order_number(number: str) -> None:
    """Refuse a text that cannot be an order number.

    Raises
    ------
    BadOrderError
        ``vault.bad_order``.
    """
    if not 0 < len(number) <= MAX_ORDER_NUMBER or not number.isprintable():
        raise BadOrderError("vault.bad_order", maximum=MAX_ORDER_NUMBER)


def open_for(
    store: Store,
    principal: Principal,
    blobs: Blobs,
    exhibit_id: str,
    purpose: str,
    *,
    clock: Clock = utc_now,
) -> BinaryIO:
    """Return the bytes of a kept exhibit, checked against the hash, and record the access.

    The bytes are fetched and hashed in no transaction.

    Parameters
    ----------
    store : Store
    principal : Principal
    blobs : Blobs
    exhibit_id : str
    purpose : str
        A stable word, such as ``download``; no personal data.
    clock : callable

    Returns
    -------
    binary file
        At its beginning; the caller closes it.

    Raises
    ------
    VaultError
        Those of `record_access`.
    StoreError
        ``store.file_missing`` or ``store.file_damaged``; the access is not recorded.
    """
    with reading(store, principal) as session:
        exhibit = found(session, exhibit_id)
        check_kept(exhibit)
    file = blobs.open(principal.tenant, exhibit.sha256)
    try:
        with writing(store, principal) as session:
            record_access(session, exhibit_id, purpose, clock)  # it may have been erased meanwhile
    except BaseException:
        file.close()
        raise
    return file


def record_access(
    session: TenantSession,
    exhibit_id: str,
    purpose: str,
    clock: Clock = utc_now,
    *,
    file: DocumentFile | None = None,
) -> Exhibit:
    """Record that the bytes of a kept exhibit are handed out, to whom and what for; return the exhibit.

    Parameters
    ----------
    session : TenantSession
    exhibit_id : str
    purpose : str
        A stable word, such as ``examination``; no personal data.
    clock : callable
    file : DocumentFile, optional
        Of the exhibit: its bytes are handed out instead.

    Raises
    ------
    VaultError
        ``vault.no_such_exhibit``; as a `NotKeptError` ``vault.not_kept``; as an `ErasedError`
        ``vault.erased``.
    """
    exhibit = found(session, exhibit_id)
    lock(session)  # another transaction may be erasing it
    session.refresh(exhibit)
    check_kept(exhibit)
    data: dict[str, Json] = {"sha256": exhibit.sha256, "purpose": purpose}
    if file is not None:
        data |= {"sha256": file.sha256, "file": file.name}
    _append(session, exhibit, "exhibit.handed_out", data, clock)
    return exhibit


def check_kept(exhibit: Exhibit) -> None:
    """Refuse an exhibit whose bytes are not handed out.

    Raises
    ------
    VaultError
        As a `NotKeptError` ``vault.not_kept``; as an `ErasedError` ``vault.erased``.
    """
    if exhibit.state == State.ERASED:
        raise ErasedError("vault.erased", exhibit=exhibit.id)
    if exhibit.state != State.KEPT:
        raise NotKeptError("vault.not_kept", exhibit=exhibit.id)


def found(session: TenantSession, exhibit_id: str) -> Exhibit:
    """Return an exhibit.

    Raises
    ------
    VaultError
        ``vault.no_such_exhibit``.
    """
    exhibit = repository.by_id(session, exhibit_id) if is_id("exhibit", exhibit_id) else None
    if exhibit is None:
        raise VaultError("vault.no_such_exhibit", exhibit=sanitise(exhibit_id))
    return exhibit


def check_not_erased(session: TenantSession, blobs: Blobs, received: Received) -> None:
    """Refuse bytes that an erasure removed between `Blobs.keep` and the lock.

    The erased exhibit may belong to another party, whose rows a party's session does not see.

    Raises
    ------
    ErasingError
        ``vault.being_erased``.
    """
    if not blobs.holds(session.principal.tenant, received.sha256):
        raise ErasingError("vault.being_erased")


def new_exhibit(session: TenantSession, received: Received, upload: Upload, clock: Clock) -> Exhibit:
    """Add the row of an exhibit; the caller sets its media type and state, and appends its first event."""
    exhibit = Exhibit(
        id=new_id("exhibit", clock),
        tenant=session.principal.tenant,
        party=upload.party,
        order_number=upload.order_number,
        role=str(upload.role),
        name=sanitise(upload.name),
        sha256=received.sha256,
        sm3=received.sm3,
        bytes=received.size,
        received_at=clock(),
    )
    session.add(exhibit)
    return exhibit


def append_new(
    session: TenantSession,
    event_type: str,
    exhibit: Exhibit,
    more: Mapping[str, Json] | None = None,
    rows: Sequence[Recorded] = (),
) -> None:
    """Append the event that begins an exhibit's custody, at the time that its row says.

    Parameters
    ----------
    session : TenantSession
    event_type : str
    exhibit : Exhibit
    more : dict, optional
        What else the event says.
    rows : sequence of Recorded
        Further rows that it states.
    """
    facts = {name: getattr(exhibit, name) for name in ("sha256", "sm3", "bytes", "media_type", "role")}
    data = {**facts, **(more or {})}
    event = NewEvent(event_type, exhibit.id, data, rows=(exhibit, *rows))
    append(session, [event], lambda: exhibit.received_at)


def _chunks(head: bytes, stream: BinaryIO, limit: int) -> Iterator[bytes]:
    size, chunk = 0, head
    while chunk:
        size += len(chunk)
        check_bytes(size, limit)
        yield chunk
        chunk = stream.read(_CHUNK)


def _append(
    session: TenantSession, exhibit: Exhibit, event_type: str, data: dict[str, Json], clock: Clock
) -> None:
    append(session, [NewEvent(event_type, exhibit.id, data)], clock)
