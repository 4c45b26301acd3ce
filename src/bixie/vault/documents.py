"""Documents that Bixie writes about exhibits, each with its files: a report, its page and its masks.

A document is an exhibit in the role `Role.REPORT`. Its files are not: they come and go with it.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bixie.access.principal import Principal
from bixie.access.tenancy import TenantSession, reading, writing
from bixie.kit.sanitise import sanitise
from bixie.kit.timestamps import Clock, utc_now
from bixie.ledger.service import lock
from bixie.store.blobs import Blobs
from bixie.store.incoming import Received
from bixie.store.unit_of_work import Store
from bixie.vault import repository
from bixie.vault.errors import ErasedError, VaultError
from bixie.vault.models import DocumentFile, DocumentLink, Exhibit, Relation, Role, State
from bixie.vault.service import (
    Upload,
    append_new,
    check_kept,
    check_not_erased,
    found,
    new_exhibit,
    record_access,
)

__all__ = ["WRITTEN", "ReadFile", "StoredDocument", "keep_document", "read_document", "store_document"]

WRITTEN = "exhibit.written"
"""Type of the event that begins a document's custody."""

_DOCUMENT = "application/json"
_MEDIA_TYPES = {"html": "text/html", "png": "image/png"}


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document whose bytes are safe, to be recorded with `keep_document`.

    Parameters
    ----------
    document : Received
    files : dict of str to Received
        By path relative to the document.
    """

    document: Received
    files: Mapping[str, Received] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A document, or a file of one, as it is handed out.

    Parameters
    ----------
    data : bytes
    media_type : str
    """

    data: bytes = field(repr=False)
    media_type: str


def store_document(
    blobs: Blobs, tenant: str, document: bytes, files: Mapping[str, bytes] | None = None
) -> StoredDocument:
    """Store the bytes of a document and its files, before the transaction that records them.

    A bucket takes time, and a file that no row names does no harm.

    Raises
    ------
    StoreError
        When the disk or the service refuses.
    """

    def store(data: bytes) -> Received:
        with blobs.receiving([data]) as received:
            blobs.keep(tenant, received)
            return received

    return StoredDocument(store(document), {name: store(data) for name, data in (files or {}).items()})


def keep_document(
    session: TenantSession,
    blobs: Blobs,
    stored: StoredDocument,
    name: str,
    *,
    about: Sequence[Exhibit],
    shows: Iterable[str] = (),
    clock: Clock = utc_now,
) -> Exhibit:
    """Record a document that Bixie itself wrote, as an exhibit for the order of what it is about.

    It needs neither sniffing nor a check, because no one else has touched it.

    Parameters
    ----------
    session : TenantSession
    blobs : Blobs
    stored : StoredDocument
    name : str
    about : sequence of Exhibit
        At least one, all of one party's order.
    shows : iterable of str
        Ids of further exhibits that it names or pictures. It is erased with any of them.
    clock : callable

    Raises
    ------
    ErasedError
        ``vault.erased``, when one of the exhibits is.
    ErasingError
        ``vault.being_erased``: store the document again.
    """
    lock(session)  # an exhibit may have been erased since it was read
    links = dict.fromkeys(shows, Relation.SHOWS) | {one.id: Relation.ABOUT for one in about}
    for one in links:
        exhibit = found(session, one)
        session.refresh(exhibit)
        if exhibit.state == State.ERASED:
            raise ErasedError("vault.erased", exhibit=one)
    for received in (stored.document, *stored.files.values()):
        check_not_erased(session, blobs, received)
    upload = Upload(io.BytesIO(), name, about[0].order_number, Role.REPORT, about[0].party)
    document = new_exhibit(session, stored.document, upload, clock)
    document.media_type, document.state, document.about = _DOCUMENT, str(State.KEPT), about[0].id
    rows: list[DocumentLink | DocumentFile] = [*_links(document, links), *_files(document, stored.files)]
    session.add_all(rows)
    facts = {
        "about": [one.id for one in about],
        "files": {one: received.sha256 for one, received in stored.files.items()},
    }
    append_new(session, WRITTEN, document, facts, rows)
    return document


def read_document(
    store: Store,
    principal: Principal,
    blobs: Blobs,
    document_id: str,
    purpose: str,
    *,
    name: str | None = None,
    clock: Clock = utc_now,
) -> ReadFile:
    """Return the bytes of a document or of one of its files, checked against the hash, and record the access.

    The bytes are read in no transaction: a bucket takes time.

    Parameters
    ----------
    store : Store
    principal : Principal
    blobs : Blobs
    document_id : str
    purpose : str
        A stable word; no personal data.
    name : str, optional
        Of the file; the document itself when not given.
    clock : callable

    Raises
    ------
    VaultError
        ``vault.no_such_file``, or those of `bixie.vault.service.record_access`.
    StoreError
        ``store.file_missing`` or ``store.file_damaged``.
    """
    with reading(store, principal) as session:
        document = found(session, document_id)
        file = None if name is None else repository.file_of(session, document_id, name)
    if name is not None and file is None:
        raise VaultError("vault.no_such_file", file=sanitise(name))
    check_kept(document)
    wanted = file or document
    with blobs.open(principal.tenant, wanted.sha256) as opened:
        data = opened.read()
    with writing(store, principal) as session:
        record_access(session, document_id, purpose, clock, file=file)  # it may have been erased meanwhile
    return ReadFile(data, wanted.media_type)


def _links(document: Exhibit, relations: Mapping[str, Relation]) -> list[DocumentLink]:
    return [
        DocumentLink(
            tenant=document.tenant,
            party=document.party,
            document_id=document.id,
            exhibit_id=exhibit_id,
            relation=str(relation),
        )
        for exhibit_id, relation in relations.items()
    ]


def _files(document: Exhibit, files: Mapping[str, Received]) -> list[DocumentFile]:
    return [
        DocumentFile(
            tenant=document.tenant,
            party=document.party,
            document_id=document.id,
            name=name,
            sha256=received.sha256,
            sm3=received.sm3,
            bytes=received.size,
            media_type=_MEDIA_TYPES[name.rpartition(".")[2]],
        )
        for name, received in sorted(files.items())
    ]
