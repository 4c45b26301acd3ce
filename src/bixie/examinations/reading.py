"""Handing out reports: the document, its page and its masks. The ledger records each access."""

from bixie.access.principal import Principal
from bixie.access.tenancy import reading
from bixie.examinations import repository
from bixie.examinations.errors import ExaminationError
from bixie.examinations.models import Examination
from bixie.kit.ids import is_id
from bixie.kit.sanitise import sanitise
from bixie.kit.timestamps import Clock, utc_now
from bixie.report.saving import DOCUMENT
from bixie.store.blobs import Blobs
from bixie.store.unit_of_work import Store
from bixie.vault import repository as vault
from bixie.vault.documents import ReadFile, read_document

__all__ = ["about", "parts", "read_part", "with_id"]

_READING = "reading"


def with_id(store: Store, principal: Principal, report_id: str) -> Examination:
    """Return an examination by the id of its report in the API.

    Raises
    ------
    ExaminationError
        ``examinations.no_such_report``.
    """
    with reading(store, principal) as session:
        made = repository.by_id(session, report_id) if is_id("examination", report_id) else None
    if made is None:
        raise ExaminationError("examinations.no_such_report", report=sanitise(report_id))
    return made


def about(store: Store, principal: Principal, exhibit_id: str) -> Examination:
    """Return the newest examination of an exhibit.

    Raises
    ------
    ExaminationError
        ``examinations.none``.
    """
    with reading(store, principal) as session:
        made = repository.latest(session, exhibit_id)
    if made is None:
        raise ExaminationError("examinations.none", exhibit=sanitise(exhibit_id))
    return made


def parts(store: Store, principal: Principal, examination: Examination) -> list[str]:
    """Return the paths of a report's parts: ``report.json``, ``index.html`` and masks.

    Reports of earlier versions have the first only.
    """
    with reading(store, principal) as session:
        return [DOCUMENT, *(file.name for file in vault.files_of(session, examination.report_id))]


def read_part(
    store: Store,
    principal: Principal,
    blobs: Blobs,
    examination: Examination,
    path: str = DOCUMENT,
    *,
    clock: Clock = utc_now,
) -> ReadFile:
    """Return a part of a report; the ledger records the access.

    Parameters
    ----------
    store : Store
    principal : Principal
    blobs : Blobs
    examination : Examination
    path : str
        As `parts` has it.
    clock : callable

    Raises
    ------
    VaultError
        ``vault.no_such_file``; ``vault.erased`` for a report that was erased.
    StoreError
        ``store.file_missing`` or ``store.file_damaged``.
    """
    name = None if path == DOCUMENT else path
    report = examination.report_id
    return read_document(store, principal, blobs, report, _READING, name=name, clock=clock)
