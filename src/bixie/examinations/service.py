"""What an examination reads and leaves: the files of a claim, the order and the known pictures; the report.

Fetching and keeping are transactions. `bixie.examinations.examining` runs in between, in none.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from bixie.access.tenancy import TenantSession
from bixie.examinations.errors import ChangedError
from bixie.examinations.examining import ClaimFile, KnownFile, Task
from bixie.examinations.models import Examination
from bixie.examinations.rules import claim_time, order_document, provenance
from bixie.examiners.results import FileError, Provenance
from bixie.kit.ids import new_id
from bixie.kit.messages import catalogue
from bixie.kit.naming import unique_names
from bixie.kit.timestamps import Clock, format_timestamp, utc_now
from bixie.ledger import repository as ledger
from bixie.ledger.errors import NoSuchEventError
from bixie.ledger.rules import Event, event_from_body
from bixie.ledger.service import NewEvent, append
from bixie.orders import repository as orders
from bixie.orders.models import Order
from bixie.report.finished import FinishedReport
from bixie.report.saving import PAGE
from bixie.store.blobs import Blobs
from bixie.vault import repository as vault
from bixie.vault.checking import set_aside
from bixie.vault.claims import MAX_TOGETHER
from bixie.vault.documents import StoredDocument, keep_document
from bixie.vault.errors import ErasedError, ErasingError
from bixie.vault.models import Exhibit, Role
from bixie.vault.service import RECEIVED, found, record_access
from bixie.version import __version__

__all__ = ["EXAMINED", "MAX_KNOWN", "fetch", "keep"]

EXAMINED = "exhibit.examined"
"""Type of the event that records a report, for each exhibit that it is about."""

MAX_KNOWN = 200
"""Known pictures of one examination: those that were kept first, which count as older than the claim."""

_SAME_CLAIM = timedelta(days=1)
"""Files of one order that arrive within this time are examined as one claim."""

_PURPOSE = "examination"
_KNOWN = (Role.LISTING, Role.PACKING)


def fetch(
    session: TenantSession, first_id: str, clock: Clock = utc_now, *, examined_by: str | None = None
) -> Task:
    """Return what the examination of a claim needs, and record the access to each file.

    The claim is what arrived together with an exhibit, and what was examined for the same order shortly
    before. Known pictures are what is kept for the same order as listing or packing evidence. One with the
    same bytes as a file of the claim that came after it does not count: somebody sent the claim's own file
    back.

    Parameters
    ----------
    session : TenantSession
    first_id : str
        The exhibit that the job names: the first of those that arrived together.
    clock : callable
    examined_by : str, optional
        Name of the shop or desk, for the report.

    Raises
    ------
    VaultError
        ``vault.no_such_exhibit``, ``vault.not_kept`` or ``vault.erased`` when nothing is left to examine.
    """
    together = vault.arrived_together(session, first_id) or [found(session, first_id)]
    earlier, complete = _earlier(session, together)
    claim = [*earlier, *together]
    shas = [record_access(session, one.id, _PURPOSE, clock).sha256 for one in claim]
    pictures = vault.kept_for(session, claim[0].party, claim[0].order_number, _KNOWN, MAX_KNOWN + 1)
    complete_known = len(pictures) <= MAX_KNOWN
    began = _first_receipt(session, claim[0])
    origins = {one: provenance(_received(session, one), began, one.role) for one in pictures[:MAX_KNOWN]}
    origins = {one: kept for one, kept in origins.items() if one.sha256 not in shas or kept.before_claim}
    for one in origins:
        record_access(session, one.id, _PURPOSE, clock)
    names = unique_names(one.name or one.id for one in (*claim, *origins))
    return Task(
        files=tuple(
            ClaimFile(one.id, name, one.sha256, set_aside(one))
            for one, name in zip(claim, names, strict=False)
        ),
        known=tuple(
            KnownFile(one.id, name, one.sha256, kept, set_aside(one))
            for (one, kept), name in zip(origins.items(), names[len(claim) :], strict=True)
        ),
        order=_order_facts(session, claim, origins.values()),
        created_at=clock(),
        order_number=claim[0].order_number,
        examined_by=examined_by,
        first_id=together[0].id,
        warnings=_warnings(complete, complete_known),
    )


def keep(
    session: TenantSession,
    blobs: Blobs,
    task: Task,
    finished: FinishedReport,
    stored: StoredDocument,
    *,
    clock: Clock = utc_now,
) -> tuple[Examination, Event]:
    """Keep a report as an exhibit, and record it in the history of each exhibit that it is about.

    Parameters
    ----------
    session : TenantSession
    blobs : Blobs
    task : Task
    finished : FinishedReport
    stored : StoredDocument
        The report's bytes.
    clock : callable

    Returns
    -------
    Examination
    Event
        That of the ledger, about the first of the exhibits that arrived together.

    Raises
    ------
    ChangedError
        ``examinations.changed`` when one of the files was erased meanwhile: what is left is examined again.
    """
    claim = [found(session, one.id) for one in task.files]
    try:
        report = keep_document(
            session,
            blobs,
            stored,
            f"report-{task.first_id}.json",
            about=claim,
            shows=[one.id for one in task.known],
            clock=clock,
        )
    except (ErasedError, ErasingError) as error:
        raise ChangedError("examinations.changed") from error
    now = clock()
    made = Examination(
        id=new_id("examination", lambda: now),
        tenant=session.principal.tenant,
        party=report.party,
        exhibit_id=task.first_id,
        report_id=report.id,
        verdict=finished.verdict,
        exhibits=[
            {"exhibit": one.id, "verdict": verdict, "examiner": examiner}
            for one, verdict, examiner in zip(task.files, finished.verdicts, finished.deciders, strict=True)
        ],
        version=__version__,
        examined_at=now,
    )
    session.add(made)
    events = append(session, _events(made, report, task, stored), lambda: now)
    return made, events[0]


def _events(made: Examination, report: Exhibit, task: Task, stored: StoredDocument) -> list[NewEvent]:
    """Return an event for each exhibit of the report, first that of the exhibit that the job names."""
    same = {
        "examination": made.id,
        "report": report.id,
        "report_sha256": report.sha256,
        "page_sha256": stored.files[PAGE].sha256,
        "verdict": made.verdict,
        "exhibits": made.exhibits,
        "version": made.version,
    }

    def event(position: int) -> NewEvent:
        masks = {
            name: file.sha256 for name, file in stored.files.items() if name.startswith(f"masks/{position}-")
        }
        exhibit = task.files[position].id
        return NewEvent(EXAMINED, exhibit, same | {"masks": masks}, rows=(made,))

    first = next(number for number, one in enumerate(task.files) if one.id == task.first_id)
    return [event(first), *(event(number) for number in range(len(task.files)) if number != first)]


def _earlier(session: TenantSession, together: Sequence[Exhibit]) -> tuple[list[Exhibit], bool]:
    """Return earlier files of the claim that the report has room for, and whether these are all.

    A file without a report waits for its own, or could not be examined: it is not tried again with these.
    """
    first, room = together[0], max(0, MAX_TOGETHER - len(together))
    since = first.received_at - _SAME_CLAIM
    rows = vault.earlier_of_claim(session, first, since, MAX_TOGETHER)
    examined = [one for one, has_report in rows if has_report][:room]
    return examined[::-1], len(examined) == len(rows)


def _warnings(complete: bool, complete_known: bool) -> tuple[FileError, ...]:
    codes = [
        *([] if complete else ["examinations.more_files"]),
        *([] if complete_known else ["examinations.more_known"]),
    ]
    words = catalogue("bixie.examinations")
    return tuple(FileError(code, words.text(code, maximum=MAX_KNOWN)) for code in codes)


def _order_facts(
    session: TenantSession, claim: Sequence[Exhibit], origins: Iterable[Provenance]
) -> dict[str, object]:
    """Return the order document; the claim's time is the last file's: later files may show a later moment."""
    number = claim[0].order_number
    order = orders.by_number(session, claim[0].party, number)
    received = [_received(session, one) for one in claim]
    last = max(received, key=lambda event: event.sequence)
    before = [event.time for event in received] + _times_before(session, last, order, origins)
    return order_document(number, order, claim_time(last, before))


def _first_receipt(session: TenantSession, exhibit: Exhibit) -> Event:
    """Return the receipt of the first file of all claims for an order, which may be erased since."""
    sequence = vault.first_claim(session, exhibit.party, exhibit.order_number) or exhibit.sequence
    row = ledger.event_at(session, sequence)
    event = None if row is None else event_from_body(row.body)
    if event is None or event.type != RECEIVED:
        raise NoSuchEventError("ledger.no_such_event", sequence=sequence)
    return event


def _received(session: TenantSession, exhibit: Exhibit) -> Event:
    row = ledger.event_at(session, exhibit.sequence)
    event = None if row is None else event_from_body(row.body)
    if event is None or (event.type, event.subject) != (RECEIVED, exhibit.id):
        raise NoSuchEventError("ledger.no_such_event", sequence=exhibit.sequence)
    return event


def _times_before(
    session: TenantSession, received: Event, order: Order | None, origins: Iterable[Provenance]
) -> list[str]:
    """Return times of what the ledger has before a file's receipt, as far as the examination sees it."""
    last = ledger.event_at(session, received.sequence - 1)
    times = [] if last is None else [event_from_body(last.body).time]
    times += [origin.since for origin in origins if origin.event < received.sequence]
    if order is not None and order.sequence < received.sequence:
        times.append(format_timestamp(order.imported_at))
    return times
