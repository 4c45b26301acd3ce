"""One examination: the exhibit, the order and the known pictures are fetched, looked at, and the report kept.

Fetching and keeping are transactions; looking, which takes seconds, is in none.
"""

from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import BinaryIO

from bixie.access.tenancy import TenantSession
from bixie.examinations import repository
from bixie.examinations.errors import ExaminationError
from bixie.examinations.models import Examination
from bixie.examinations.rules import order_document, provenance, with_provenance
from bixie.examiners.config import ExaminationConfig
from bixie.examiners.known import load_known
from bixie.examiners.order import Order, check_order
from bixie.examiners.results import ClaimResult, Provenance
from bixie.examiners.runner import examine_claim
from bixie.imaging.limits import Limits
from bixie.imaging.source import Source, byte_limit, check_bytes, source_from_bytes
from bixie.kit.ids import new_id
from bixie.kit.sanitise import sanitise
from bixie.kit.timestamps import Clock, utc_now
from bixie.ledger import repository as ledger
from bixie.ledger.rules import Event, event_from_body
from bixie.ledger.service import NewEvent, append
from bixie.orders import repository as orders
from bixie.report.document import json_bytes, to_document
from bixie.store.blobs import Blobs
from bixie.vault import repository as vault
from bixie.vault.errors import VaultError
from bixie.vault.models import Exhibit, Role
from bixie.vault.service import RECEIVED, keep_document, open_for
from bixie.version import __version__

__all__ = ["EXAMINED", "Fetched", "document_of", "fetch", "keep", "look", "report_about"]

EXAMINED = "exhibit.examined"
"""Type of the event that a report is on record with."""

_PURPOSE, _READING = "examination", "reading"
_KNOWN = (Role.LISTING, Role.PACKING)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an examination needs, out of the store; a context that closes the files at its end.

    Parameters
    ----------
    exhibit : Exhibit
    order : Order
    files : dict of str to binary file
        Of the exhibit and the known pictures, by the exhibits' ids: these are what the report calls them.
    known : dict of str to Provenance
        What the ledger says of each known picture, by its id.
    """

    exhibit: Exhibit
    order: Order
    files: dict[str, BinaryIO] = field(default_factory=dict)
    known: dict[str, Provenance] = field(default_factory=dict)
    _open: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> "Fetched":
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def add(self, exhibit_id: str, file: BinaryIO) -> None:
        """Add a file, to be closed at the end."""
        self.files[exhibit_id] = self._open.enter_context(file)


def fetch(session: TenantSession, blobs: Blobs, exhibit_id: str, clock: Clock = utc_now) -> Fetched:
    """Return what the examination of an exhibit needs; that the files are handed out is on record.

    Known pictures are what is kept for the same order as listing or packing evidence. One with the very bytes
    of the exhibit that came after it is none: somebody gave the claim's own file back.

    Raises
    ------
    VaultError
        ``vault.no_such_exhibit`` or ``vault.not_kept``.
    StoreError
        ``store.file_missing`` or ``store.file_damaged``.
    """
    exhibit = vault.by_id(session, exhibit_id)
    if exhibit is None:
        raise VaultError("vault.no_such_exhibit", exhibit=sanitise(exhibit_id))
    number = exhibit.order_number
    facts = order_document(number, orders.by_number(session, exhibit.party, number), exhibit.received_at)
    fetched = Fetched(exhibit, check_order(facts))
    try:
        fetched.add(exhibit.id, open_for(session, blobs, exhibit.id, _PURPOSE, clock))
        received = _received(session, exhibit)
        for known in vault.kept_for(session, exhibit.party, number, _KNOWN):
            said = provenance(_received(session, known), received, known.role)
            if known.sha256 != exhibit.sha256 or said.before_claim:
                fetched.add(known.id, open_for(session, blobs, known.id, _PURPOSE, clock))
                fetched.known[known.id] = said
    except BaseException:
        fetched.__exit__()
        raise
    return fetched


def look(fetched: Fetched, limits: Limits) -> ClaimResult:
    """Examine what was fetched; whatever the files hold, there is a result."""

    def read(exhibit_id: str, within: Limits) -> Source:
        return _source(exhibit_id, fetched.files[exhibit_id], within)

    # One job is one of several at the same time; each has one thread.
    known = load_known(list(fetched.known), limits=limits, workers=1, read=read)
    config = ExaminationConfig(order=fetched.order, limits=limits, workers=1, keep_views=False, read=read)
    return examine_claim([fetched.exhibit.id], with_provenance(known, fetched.known), config)


def keep(
    session: TenantSession, blobs: Blobs, exhibit: Exhibit, result: ClaimResult, clock: Clock = utc_now
) -> tuple[Examination, Event]:
    """Keep a report as an exhibit, and put it on record at the exhibit that it is about.

    Returns
    -------
    Examination
    Event
        That of the ledger.
    """
    data = json_bytes(to_document(result))
    report = keep_document(session, blobs, exhibit, data, f"report-{exhibit.id}.json", clock=clock)
    made = Examination(
        id=new_id("examination", clock),
        tenant=session.principal.tenant,
        party=exhibit.party,
        exhibit_id=exhibit.id,
        report_id=report.id,
        verdict=str(result.verdict),
        version=__version__,
        examined_at=clock(),
    )
    session.add(made)
    told = {
        "examination": made.id,
        "report": report.id,
        "report_sha256": report.sha256,
        "verdict": made.verdict,
        "version": made.version,
    }
    (event,) = append(session, [NewEvent(EXAMINED, exhibit.id, told)], clock)
    return made, event


def report_about(session: TenantSession, blobs: Blobs, exhibit_id: str, clock: Clock = utc_now) -> bytes:
    """Return the newest report about an exhibit; that it is handed out is on record.

    Raises
    ------
    ExaminationError
        ``examinations.none``.
    StoreError
        ``store.file_missing`` or ``store.file_damaged``.
    """
    made = repository.latest(session, exhibit_id)
    if made is None:
        raise ExaminationError("examinations.none", exhibit=sanitise(exhibit_id))
    return document_of(session, blobs, made, clock)


def document_of(
    session: TenantSession, blobs: Blobs, examination: Examination, clock: Clock = utc_now
) -> bytes:
    """Return the report of one examination; that it is handed out is on record.

    Raises
    ------
    VaultError
        ``vault.not_kept`` for one that is not there any more.
    StoreError
        ``store.file_missing`` or ``store.file_damaged``.
    """
    with open_for(session, blobs, examination.report_id, _READING, clock) as file:
        return file.read()


def _received(session: TenantSession, exhibit: Exhibit) -> Event:
    events = (event_from_body(row.body) for row in ledger.events_about(session, exhibit.id))
    return next(event for event in events if event.type == RECEIVED)


def _source(exhibit_id: str, file: BinaryIO, limits: Limits) -> Source:
    file.seek(0)
    data = file.read()
    check_bytes(len(data), byte_limit(data, limits))
    return source_from_bytes(exhibit_id, data)
