"""Uploads that are sent in parts and resumed after a break.

What has arrived is stored as a part, the bytes before the row; the sum of the rows is the offset. No lock is
held while bytes arrive: a part that does not begin at the offset was overtaken by another request and is
refused. A stalled connection never blocks other clients.

A complete file is received like any other. One transaction records that and names the exhibit, so a process
may die at any instruction: the next request continues from there.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from bixie.access.call import Call, UploadGrant
from bixie.access.tenancy import TenantSession
from bixie.imaging.errors import ImagingError
from bixie.imaging.limits import Limits
from bixie.kit.ids import is_id, new_id
from bixie.kit.messages import Text
from bixie.kit.sanitise import sanitise
from bixie.kit.timestamps import Clock
from bixie.ledger.service import lock
from bixie.store.errors import StoreError
from bixie.vault.checking import check_for_call
from bixie.vault.errors import VaultError
from bixie.vault.models import Role
from bixie.vault.service import Upload, check_order_number, keep_bytes, receive, stage
from bixie.vault.uploads import parts as upload_parts
from bixie.vault.uploads import repository
from bixie.vault.uploads.errors import UploadError
from bixie.vault.uploads.models import ResumableUpload, UploadPart, UploadState

__all__ = [
    "KEPT_FOR",
    "MAX_OPEN",
    "MAX_PARTS",
    "NewUpload",
    "UploadProgress",
    "begin",
    "end",
    "end_if_expired",
    "finish",
    "keep_part",
    "progress_of",
]

KEPT_FOR = timedelta(hours=24)
"""After the last byte."""
MAX_OPEN = 100
"""Open uploads of the tenant itself, and of each party."""
MAX_PARTS = 2000
"""Of one upload: a video of the largest size in parts of 256 KiB still fits."""

_ROLES = {str(role): role for role in (Role.LISTING, Role.PACKING, Role.CLAIM, Role.REPLY)}
"""Reports are written by Bixie only."""


@dataclass(frozen=True, slots=True)
class NewUpload:
    """What a client declares about a file before it sends it.

    Parameters
    ----------
    length : int
        In bytes.
    header : str
        ``Upload-Metadata`` as sent.
    metadata : dict
        The header, parsed: ``order``, ``filename``, ``role``.
    """

    length: int
    header: str
    metadata: dict[str, str]


@dataclass(frozen=True, slots=True)
class UploadProgress:
    """How far an upload is.

    Parameters
    ----------
    upload : ResumableUpload
    offset : int
        Bytes that are safe.
    parts : int
        Number of stored parts.
    """

    upload: ResumableUpload
    offset: int
    parts: int

    @property
    def is_whole(self) -> bool:
        """Whether all bytes are there and `finish` is not done."""
        return self.offset == self.upload.length and self.parts > 0

    def check_open(self) -> None:
        """Refuse to continue an upload whose file was refused.

        Raises
        ------
        UploadError
            ``vault.upload_refused``.
        """
        reason = self.upload.refusal
        if reason is not None:
            raise UploadError("vault.upload_refused", reason=Text(en=reason["en"], zh=reason["zh"]))

    def check_part(self, start: int, size: int) -> None:
        """Refuse bytes that cannot come next.

        Raises
        ------
        UploadError
            ``vault.wrong_offset``, ``vault.beyond_length`` or ``vault.too_many_parts``.
        """
        if start != self.offset:
            raise UploadError("vault.wrong_offset", offset=self.offset)
        if start + size > self.upload.length:
            raise UploadError("vault.beyond_length", length=self.upload.length)
        if size and self.parts >= MAX_PARTS:
            raise UploadError("vault.too_many_parts", maximum=MAX_PARTS)


def begin(
    session: TenantSession,
    new: NewUpload,
    limits: Limits,
    clock: Clock,
    party: str = "",
    *,
    grant: UploadGrant | None = None,
) -> ResumableUpload:
    """Begin an upload.

    Parameters
    ----------
    session : TenantSession
    new : NewUpload
    limits : Limits
    clock : callable
    party : str
        Whose upload it is; empty for the tenant itself.
    grant : UploadGrant, optional
        What the holder of a link may upload.

    Raises
    ------
    UploadError
        ``vault.upload_too_large``, ``vault.bad_upload_metadata``, ``vault.not_granted`` or
        ``vault.too_many_uploads``.
    ImagingError
        ``imaging.empty_file``.
    BadOrderError
        ``vault.bad_order``.
    """
    role = _ROLES.get(new.metadata.get("role", Role.PACKING))
    if role is None or "order" not in new.metadata:
        raise UploadError("vault.bad_upload_metadata")
    if grant is not None and (role is not Role.CLAIM or new.metadata["order"] != grant.order):
        raise UploadError("vault.not_granted")
    check_order_number(new.metadata["order"])
    name = sanitise(new.metadata.get("filename", "")) or "file"
    if new.length == 0:
        raise ImagingError("imaging.empty_file", path=name)
    limit = limits.max_file_bytes if grant is None else grant.max_bytes
    if new.length > limit:
        raise UploadError("vault.upload_too_large", limit=limit, length=new.length)
    lock(session)  # concurrent requests must not exceed the limit together
    now = clock()
    if repository.count_open(session, party, now) >= MAX_OPEN:
        raise UploadError("vault.too_many_uploads", maximum=MAX_OPEN)
    upload = ResumableUpload(
        id=new_id("upload", clock),
        tenant=session.principal.tenant,
        party=party,
        order_number=new.metadata["order"],
        role=str(role),
        name=name,
        about=new.header,
        length=new.length,
        state=str(UploadState.OPEN),
        expires_at=now + KEPT_FOR,
    )
    session.add(upload)
    return upload


def progress_of(session: TenantSession, upload_id: str, clock: Clock) -> UploadProgress:
    """Return how far an upload is.

    Raises
    ------
    UploadError
        ``vault.no_such_upload`` or ``vault.upload_expired``.
    """
    return _progress(session, repository.by_id, upload_id, clock)


def keep_part(call: Call, upload_id: str, start: int, chunks: Iterable[bytes]) -> int:
    """Store bytes as the next part of an upload; return the new offset.

    Raises
    ------
    UploadError
        Those of `progress_of` and `UploadProgress.check_part`; the part is removed. ``vault.wrong_offset``
        also where another request was faster.
    StoreError
        When the disk or the database refuses.
    """
    sha256, size = upload_parts.keep(call.blobs, chunks, call.clock)
    try:
        with call.writing() as session:
            found = _locked(session, upload_id, call.clock)
            found.check_open()
            found.check_part(start, size)
            found.upload.expires_at = call.clock() + KEPT_FOR
            session.add(
                UploadPart(
                    upload_id=upload_id,
                    start=start,
                    tenant=session.principal.tenant,
                    size=size,
                    sha256=sha256,
                )
            )
    except VaultError:
        # Only a VaultError guarantees that the row was not written.
        upload_parts.remove(call.blobs, sha256)
        raise
    return start + size


def finish(call: Call, upload_id: str) -> UploadProgress:
    """Receive the file of a complete upload as an exhibit, check it, and remove the parts.

    A step that an earlier process completed is not repeated. A refusal by the vault is recorded, and
    `UploadProgress.check_open` raises it.

    Raises
    ------
    UploadError
        Those of `progress_of`; ``vault.wrong_offset`` for an incomplete upload.
    StoreError
        When the disk or the database refuses, or a part is missing or damaged; try again.
    """
    try:
        upload = _received(call, upload_id)
    except ImagingError as refusal:
        with call.writing() as session:
            upload = _locked(session, upload_id, call.clock).upload
            if upload.state == UploadState.OPEN:
                upload.refusal, upload.state = refusal.to_dict(), str(UploadState.REFUSED)
    except StoreError:
        with call.reading() as session:
            upload = progress_of(session, upload_id, call.clock).upload
        if upload.state == UploadState.OPEN:
            raise
        # Another request was faster and removed the parts while this one read them.
    if upload.exhibit_id is not None:
        # The bytes are safe now. Where the check cannot tell, a worker checks them again.
        check_for_call(call, upload.exhibit_id)
    _remove_parts(call, upload_id)
    with call.reading() as session:
        return progress_of(session, upload_id, call.clock)


def end(call: Call, upload_id: str) -> None:
    """End an upload and remove its parts; an exhibit that it became stays.

    Raises
    ------
    UploadError
        Those of `progress_of`.
    StoreError
        When the disk or the database refuses; the task that removes expired uploads removes the rest.
    """
    with call.writing() as session:
        upload = _locked(session, upload_id, call.clock).upload
        upload.state, upload.expires_at = str(UploadState.GONE), call.clock()
    _remove(call, upload_id)


def end_if_expired(call: Call, upload_id: str) -> bool:
    """Remove an upload if it has expired; return whether it had.

    Raises
    ------
    StoreError
        When the disk or the database refuses; try again.
    """
    with call.writing() as session:
        upload = repository.locked(session, upload_id)
        # More may have arrived since the query found it expired.
        if upload is None or upload.expires_at > call.clock():
            return False
        upload.state = str(UploadState.GONE)
    _remove(call, upload_id)
    return True


def _progress(
    session: TenantSession,
    find: Callable[[TenantSession, str], ResumableUpload | None],
    upload_id: str,
    clock: Clock,
) -> UploadProgress:
    upload = find(session, upload_id) if is_id("upload", upload_id) else None
    if upload is None or upload.state == UploadState.GONE:
        raise UploadError("vault.no_such_upload", upload=sanitise(upload_id))
    if upload.expires_at <= clock():
        raise UploadError("vault.upload_expired")
    size, parts = repository.received(session, upload_id)
    return UploadProgress(upload, size if upload.state == UploadState.OPEN else upload.length, parts)


def _locked(session: TenantSession, upload_id: str, clock: Clock) -> UploadProgress:
    return _progress(session, repository.locked, upload_id, clock)


def _received(call: Call, upload_id: str) -> ResumableUpload:
    """Join the parts and receive the file unless that was done; return the upload."""
    with call.reading() as session:
        found = progress_of(session, upload_id, call.clock)
        parts = [part.sha256 for part in repository.parts_of(session, upload_id)]
    upload = found.upload
    if found.offset < upload.length:
        raise UploadError("vault.wrong_offset", offset=found.offset)
    if upload.state != UploadState.OPEN:
        return upload
    with upload_parts.joined(call.blobs, parts) as stream:
        owner = upload.party if call.upload_grant is None else call.upload_grant.party
        whole = Upload(stream, upload.name, upload.order_number, Role(upload.role), owner)
        with stage(call.blobs, whole, call.limits) as staged:
            keep_bytes(call.blobs, call.principal.tenant, staged)
            with call.writing() as session:
                upload = _locked(session, upload_id, call.clock).upload
                if upload.state == UploadState.OPEN:  # a concurrent request may have finished it
                    upload.exhibit_id = receive(session, call.blobs, staged, call.clock).id
                    upload.state = str(UploadState.DONE)
    return upload


def _remove_parts(call: Call, upload_id: str) -> None:
    """Remove files before rows: a row without its file can be found, a file without its row cannot."""
    with call.reading() as session:
        parts = repository.parts_of(session, upload_id)
    for part in parts:
        upload_parts.remove(call.blobs, part.sha256)
    with call.writing() as session:
        repository.delete_parts(session, upload_id)


def _remove(call: Call, upload_id: str) -> None:
    _remove_parts(call, upload_id)
    with call.writing() as session:
        repository.delete_upload(session, upload_id)
