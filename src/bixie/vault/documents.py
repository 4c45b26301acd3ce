"""Documents that Bixie writes about exhibits, each with its files: a report, its page and its masks.

A document is an exhibit in the role `Role.REPORT`. Its files are not: they come and go with it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from bixie.access.tenancy import TenantSession
from bixie.kit.canonical_json import Json
from bixie.kit.sanitise import sanitise
from bixie.kit.timestamps import Clock, utc_now
from bixie.ledger.service import NewEvent, append, lock
from bixie.store.blobs import Blobs
from bixie.store.incoming import Received
from bixie.vault import repository
from bixie.vault.errors import ErasedError, VaultError
from bixie.vault.models import DocumentFile, DocumentLink, Exhibit, Relation, Role, State
from bixie.vault.service import check_not_erased, found, new_exhibit, record_access

__all__ = ["WRITTEN", "StoredDocument", "keep_document", "open_file_of", "store_document"]

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
    links = {one: Relation.SHOWS for one in shows} | {one.id: Relation.ABOUT for one in about}
    for one in links:
        exhibit = found(session, one)
        session.refresh(exhibit)
        if exhibit.state == State.ERASED:
            raise ErasedError("vault.erased", exhibit=one)
    for received in (stored.document, *stored.files.values()):
        check_not_erased(session, blobs, received)
    order_number, party = about[0].order_number, about[0].party
    document = new_exhibit(session, stored.document, name, order_number, Role.REPORT, party, clock)
    document.media_type, document.state, document.about = _DOCUMENT, str(State.KEPT), about[0].id
    _add_links(session, document, links)
    files = _add_files(session, document, stored.files)
    _append_written(session, document, links, files, clock)
    return document


def open_file_of(
    session: TenantSession, blobs: Blobs, document: Exhibit, name: str, purpose: str, clock: Clock = utc_now
) -> tuple[DocumentFile, BinaryIO]:
    """Return a file of a document with its bytes, checked against the hash, and record the access.

    Raises
    ------
    VaultError
        ``vault.no_such_file``, or those of `bixie.vault.service.record_access`.
    StoreError
        ``store.file_missing`` or ``store.file_damaged``.
    """
    file = repository.file_of(session, document.id, name)
    if file is None:
        raise VaultError("vault.no_such_file", file=sanitise(name))
    record_access(session, document.id, purpose, clock, file=file)
    return file, blobs.open(document.tenant, file.sha256)


def _add_links(session: TenantSession, document: Exhibit, links: Mapping[str, Relation]) -> None:
    for exhibit_id, relation in links.items():
        session.add(
            DocumentLink(
                tenant=document.tenant,
                party=document.party,
                document_id=document.id,
                exhibit_id=exhibit_id,
                relation=str(relation),
            )
        )


def _add_files(
    session: TenantSession, document: Exhibit, files: Mapping[str, Received]
) -> list[DocumentFile]:
    made = [
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
    session.add_all(made)
    return made
