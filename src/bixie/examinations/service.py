"""One examination: fetch the exhibit, the order and the known pictures, examine them, keep the report.

Fetching and keeping are transactions. Examining takes seconds and runs in none.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from bixie.access.principal import Principal
from bixie.access.tenancy import TenantSession, reading
from bixie.examinations import repository
from bixie.examinations.errors import ExaminationError
from bixie.examinations.models import Examination
from bixie.examinations.rules import claim_time, order_document, provenance, with_provenance
from bixie.examiners.config import ExaminationConfig
from bixie.examiners.known import load_known
from bixie.examiners.order import Order, check_order
from bixie.examiners.results import ClaimResult, Provenance
from bixie.examiners.runner import examine_claim
from bixie.imaging.limits import Limits
from bixie.imaging.source import Source, byte_limit, check_bytes, source_from_bytes
from bixie.kit.ids import new_id
from bixie.kit.sanitise import sanitise
from bixie.kit.timestamps import Clock, format_timestamp, utc_now
from bixie.ledger import repository as ledger
from bixie.ledger.rules import Event, event_from_body
from bixie.ledger.service import NewEvent, append
from bixie.orders import repository as orders
from bixie.orders.models import Order as OrderRow
from bixie.report.document import json_bytes, to_document
from bixie.report.record import Record
from bixie.store.blobs import Blobs
from bixie.store.errors import StoreError
from bixie.store.unit_of_work import Store
from bixie.vault import repository as vault
from bixie.vault.errors import VaultError
from bixie.vault.models import Exhibit, Role
from bixie.vault.service import RECEIVED, keep_document, open_for, record_access
from bixie.version import __version__

__all__ = ["EXAMINED", "Fetched", "document_of", "examine", "fetch", "keep", "report_about"]

EXAMINED = "exhibit.examined"
"""Type of the event that records a report."""

_PURPOSE, _READING = "examination", "reading"
_KNOWN = (Role.LISTING, Role.PACKING)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an examination needs to know; `examine` opens the files, one at a time.

    Parameters
    ----------
    exhibit : Exhibit
    order : Order
    files : dict of str to str
        SHA-256 of the exhibit and of each known picture by the exhibit's id, which is its name in the report.
    known : dict of str to Provenance
        What the ledger says of each known picture, by its id.
    """

    exhibit: Exhibit
    order: Order
    files: dict[str, str] = field(default_factory=dict)
    known: dict[str, Provenance] = field(default_factory=dict)


def fetch(session: TenantSession, exhibit_id: str, clock: Clock = utc_now) -> Fetched:
    """Return what the examination of an exhibit needs, and record the access to each file.

    Known pictures are what is kept for the same order as listing or packing evidence. One with the same bytes
    as the exhibit that came after it does not count: somebody sent the claim's own file back.

    Raises
    ------
    VaultError
        ``vault.no_such_exhibit`` or ``vault.not_kept``.
    """
    exhibit = vault.by_id(session, exhibit_id)
    if exhibit is None:
        raise VaultError("vault.no_such_exhibit", exhibit=sanitise(exhibit_id))
    number = exhibit.order_number
    received = _received(session, exhibit)
    origins = {
        known: provenance(_received(session, known), received, known.role)
        for known in vault.kept_for(session, exhibit.party, number, _KNOWN)
    }
    order = orders.by_number(session, exhibit.party, number)
    before = _times_before(session, received, order, origins.values())
    facts = order_document(number, order, claim_time(received, before))
    fetched = Fetched(exhibit, check_order(facts))
    fetched.files[exhibit.id] = record_access(session, exhibit.id, _PURPOSE, clock).sha256
    for known, origin in origins.items():
        if known.sha256 != exhibit.sha256 or origin.before_claim:
            fetched.files[known.id] = record_access(session, known.id, _PURPOSE, clock).sha256
            fetched.known[known.id] = origin
    return fetched


def examine(fetched: Fetched, blobs: Blobs, limits: Limits) -> ClaimResult:
    """Examine what was fetched; whatever the files hold, there is a result.

    An order may have more known pictures than a process may have open files, so each file is open only while
    it is read.

    Raises
    ------
    StoreError
        ``store.file_missing``, ``store.file_damaged`` or ``store.files``. The files are not to blame, so no
        report calls them unreadable.
    """
    failures: list[StoreError] = []

    def read(exhibit_id: str, within: Limits) -> Source:
        try:
            return _source(blobs, fetched, exhibit_id, within)
        except StoreError as error:
            failures.append(error)
            raise

    # Several jobs run at the same time; each has one thread.
    known = load_known(list(fetched.known), limits=limits, workers=1, read=read)
    if failures:
        raise failures[0]
    config = ExaminationConfig(order=fetched.order, limits=limits, workers=1, keep_views=False, read=read)
    result = examine_claim([fetched.exhibit.id], with_provenance(known, fetched.known), config)
    if failures:
        raise failures[0]
    return result


def keep(
    session: TenantSession,
    blobs: Blobs,
    exhibit: Exhibit,
    result: ClaimResult,
    clock: Clock = utc_now,
    *,
    examined_by: str | None = None,
) -> tuple[Examination, Event]:
    """Keep a report as an exhibit, and record it in the history of the exhibit that it is about.

    Parameters
    ----------
    examined_by : str, optional
        Name of the shop or desk, for the report.

    Returns
    -------
    Examination
    Event
        That of the ledger.
    """
    record = Record(clock(), exhibit.order_number, examined_by)
    document = json_bytes(to_document(result, record))
    report = keep_document(session, blobs, exhibit, document, f"report-{exhibit.id}.json", clock=clock)
    made = Examination(
        id=new_id("examination", clock),
        tenant=session.principal.tenant,
        party=exhibit.party,
        exhibit_id=exhibit.id,
        report_id=report.id,
        verdict=str(result.verdict),
        exhibits=[{"exhibit": one.path, "verdict": str(one.verdict)} for one in result.exhibits],
        version=__version__,
        examined_at=clock(),
    )
    session.add(made)
    data = {
        "examination": made.id,
        "report": report.id,
        "report_sha256": report.sha256,
        "verdict": made.verdict,
        "version": made.version,
    }
    (event,) = append(session, [NewEvent(EXAMINED, exhibit.id, data, rows=(made,))], clock)
    return made, event


def report_about(
    store: Store, principal: Principal, blobs: Blobs, exhibit_id: str, clock: Clock = utc_now
) -> bytes:
    """Return the newest report about an exhibit; the ledger records the access.

    Raises
    ------
    ExaminationError
        ``examinations.none``.
    StoreError
        ``store.file_missing`` or ``store.file_damaged``.
    """
    with reading(store, principal) as session:
        made = repository.latest(session, exhibit_id)
    if made is None:
        raise ExaminationError("examinations.none", exhibit=sanitise(exhibit_id))
    return document_of(store, principal, blobs, made, clock)


def document_of(
    store: Store, principal: Principal, blobs: Blobs, examination: Examination, clock: Clock = utc_now
) -> bytes:
    """Return the report of one examination; the ledger records the access.

    Raises
    ------
    VaultError
        ``vault.not_kept`` for a report that was erased.
    StoreError
        ``store.file_missing`` or ``store.file_damaged``.
    """
    with open_for(store, principal, blobs, examination.report_id, _READING, clock=clock) as file:
        return file.read()


def _received(session: TenantSession, exhibit: Exhibit) -> Event:
    events = (event_from_body(row.body) for row in ledger.events_about(session, exhibit.id))
    return next(event for event in events if event.type == RECEIVED)


def _times_before(
    session: TenantSession, received: Event, order: OrderRow | None, origins: Iterable[Provenance]
) -> list[str]:
    """Return times of what the ledger has before a file's receipt, as far as the examination sees it."""
    last = ledger.event_at(session, received.sequence - 1)
    times = [] if last is None else [event_from_body(last.body).time]
    times += [origin.since for origin in origins if origin.before_claim]
    if order is not None and order.sequence < received.sequence:
        times.append(format_timestamp(order.imported_at))
    return times


def _source(blobs: Blobs, fetched: Fetched, exhibit_id: str, limits: Limits) -> Source:
    with blobs.open(fetched.exhibit.tenant, fetched.files[exhibit_id]) as file:
        data = file.read()
    check_bytes(len(data), byte_limit(data, limits))
    return source_from_bytes(exhibit_id, data)
