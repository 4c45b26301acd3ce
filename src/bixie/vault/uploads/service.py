"""Uploads that are sent in parts, and resumed after a break.

What has arrived is kept as a part, the bytes before the row; how far the upload has come is the sum of the
rows. No lock is held while bytes arrive: who keeps a part that does not begin where the last one ends has
been overtaken, and is told so. A connection that hangs therefore keeps nobody from going on.

When everything is there, the file goes through the same door as any other. That it did and which exhibit it
became is one transaction, so that a process may die at any instruction: whoever asks next goes on from there.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from bixie.access.call import Call
from bixie.access.tenancy import TenantSession
from bixie.imaging.errors import ImagingError
from bixie.imaging.limits import Limits
from bixie.kit.ids import is_id, new_id
from bixie.kit.messages import Text
from bixie.kit.sanitise import sanitise
from bixie.kit.timestamps import Clock
from bixie.ledger.service import lock
from bixie.store.errors import StoreError
from bixie.vault.checking import check_given
from bixie.vault.errors import VaultError
from bixie.vault.models import Role
from bixie.vault.service import Upload, check_order_number, max_file_bytes, receive, stage
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
    "standing",
]

KEPT_FOR = timedelta(hours=24)
"""After the last byte."""
MAX_OPEN = 100
"""Uploads that have not ended, of the tenant itself and of each party."""
MAX_PARTS = 2000
"""Of one upload: a video of the largest size in pieces of 256 KiB still fits."""

_ROLES = {str(role): role for role in (Role.LISTING, Role.PACKING, Role.CLAIM)}
"""What Bixie itself writes is sent by nobody."""


@dataclass(frozen=True, slots=True)
class NewUpload:
    """What a client says of a file before it sends it.

    Parameters
    ----------
    length : int
        In bytes.
    about : str
        ``Upload-Metadata`` as it was written.
    said : dict
        The same, read: ``order``, ``filename``, ``role``.
    """

    length: int
    about: str
    said: dict[str, str]


@dataclass(frozen=True, slots=True)
class UploadProgress:
    """How far an upload has come.

    Parameters
    ----------
    upload : ResumableUpload
    offset : int
        Bytes that are safe.
    parts : int
        That are kept.
    """

    upload: ResumableUpload
    offset: int
    parts: int

    @property
    def is_whole(self) -> bool:
        """Whether everything is there, and something of `finish` is left to do."""
        return self.offset == self.upload.length and self.parts > 0

    def check_open(self) -> None:
        """Refuse to go on with a file that was refused.

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
            raise UploadError("vault.too_many_parts", most=MAX_PARTS)


def begin(session: TenantSession, new: NewUpload, limits: Limits, clock: Clock) -> ResumableUpload:
    """Begin an upload.

    Raises
    ------
    UploadError
        ``vault.upload_too_large``, ``vault.bad_upload_metadata`` or ``vault.too_many_uploads``.
    ImagingError
        ``imaging.empty_file``.
    BadOrderError
        ``vault.bad_order``.
    """
    role = _ROLES.get(new.said.get("role", Role.PACKING))
    if role is None or "order" not in new.said:
        raise UploadError("vault.bad_upload_metadata")
    check_order_number(new.said["order"])
    name = sanitise(new.said.get("filename", "")) or "file"
    if new.length == 0:
        raise ImagingError("imaging.empty_file", path=name)
    limit = max_file_bytes(limits)
    if new.length > limit:
        raise UploadError("vault.upload_too_large", limit=limit, length=new.length)
    lock(session)  # two that begin at the same time are counted one after the other
    now = clock()
    party = session.principal.party or ""
    if repository.count_open(session, party, now) >= MAX_OPEN:
        raise UploadError("vault.too_many_uploads", most=MAX_OPEN)
    upload = ResumableUpload(
        id=new_id("upload", clock),
        tenant=session.principal.tenant,
        party=party,
        order_number=new.said["order"],
        role=str(role),
        name=name,
        about=new.about,
        length=new.length,
        state=str(UploadState.OPEN),
        expires_at=now + KEPT_FOR,
    )
    session.add(upload)
    return upload


def standing(session: TenantSession, upload_id: str, clock: Clock) -> UploadProgress:
    """Return how far an upload has come.

    Raises
    ------
    UploadError
        ``vault.no_such_upload`` or ``vault.upload_expired``.
    """
    return _standing(session, repository.by_id, upload_id, clock)


def keep_part(call: Call, upload_id: str, start: int, chunks: Iterable[bytes]) -> int:
    """Keep bytes as the next part of an upload; return where it stands then.

    Raises
    ------
    UploadError
        As `standing` and `UploadProgress.check_part`: nothing of the part stays.
        ``vault.wrong_offset`` also where another request was faster.
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
        # Of no other error can it be known that the row is not there.
        upload_parts.remove(call.blobs, sha256)
        raise
    return start + size


def finish(call: Call, upload_id: str) -> UploadProgress:
    """Take the file of an upload that is whole into the vault, check it, and take its parts away.

    Each step may have been done before, by a process that died after it; it is then not done again. What the
    vault refuses is noted: `UploadProgress.check_open` says so.

    Raises
    ------
    UploadError
        As `standing`; ``vault.wrong_offset`` when it is not whole.
    StoreError
        When the disk or the database refuses, or a part is missing or damaged; to be tried again.
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
            upload = standing(session, upload_id, call.clock).upload
        if upload.state == UploadState.OPEN:
            raise
        # Somebody else was faster, and took the parts away while they were read here.
    if upload.exhibit_id is not None:
        # The bytes are safe from here on. Looking inside them may end the process, and can be done again.
        check_given(call, upload.exhibit_id)
    _take_parts_away(call, upload_id)
    with call.reading() as session:
        return standing(session, upload_id, call.clock)


def end(call: Call, upload_id: str) -> None:
    """End an upload and take away what has come of it; an exhibit that it has become stays.

    Raises
    ------
    UploadError
        As `standing`.
    StoreError
        When the disk or the database refuses; what is left is taken away when expired uploads are.
    """
    with call.writing() as session:
        upload = _locked(session, upload_id, call.clock).upload
        upload.state, upload.expires_at = str(UploadState.GONE), call.clock()
    _forget(call, upload_id)


def end_if_expired(call: Call, upload_id: str) -> bool:
    """Take away an upload whose time is over; return whether it was.

    Raises
    ------
    StoreError
        When the disk or the database refuses; to be tried again.
    """
    with call.writing() as session:
        upload = repository.locked(session, upload_id)
        # Since somebody saw that it had expired, more may have come.
        if upload is None or upload.expires_at > call.clock():
            return False
        upload.state = str(UploadState.GONE)
    _forget(call, upload_id)
    return True


def _standing(
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
    return _standing(session, repository.locked, upload_id, clock)


def _received(call: Call, upload_id: str) -> ResumableUpload:
    """Put the parts together and take the file in, unless that was done; return how the upload ended."""
    with call.reading() as session:
        found = standing(session, upload_id, call.clock)
        parts = [part.sha256 for part in repository.parts_of(session, upload_id)]
    upload = found.upload
    if found.offset < upload.length:
        raise UploadError("vault.wrong_offset", offset=found.offset)
    if upload.state != UploadState.OPEN:
        return upload
    with upload_parts.joined(call.blobs, parts) as stream:
        given = Upload(stream, upload.name, upload.order_number, Role(upload.role), upload.party)
        with stage(call.blobs, given, call.limits) as arrived, call.writing() as session:
            upload = _locked(session, upload_id, call.clock).upload
            if upload.state == UploadState.OPEN:  # two may finish it at the same time
                upload.exhibit_id = receive(session, call.blobs, arrived, call.clock).id
                upload.state = str(UploadState.DONE)
    return upload


def _take_parts_away(call: Call, upload_id: str) -> None:
    """Take away the files first: a row without its file can be seen, a file without its row cannot."""
    with call.reading() as session:
        parts = repository.parts_of(session, upload_id)
    for part in parts:
        upload_parts.remove(call.blobs, part.sha256)
    with call.writing() as session:
        repository.delete_parts(session, upload_id)


def _forget(call: Call, upload_id: str) -> None:
    _take_parts_away(call, upload_id)
    with call.writing() as session:
        repository.delete_upload(session, upload_id)
