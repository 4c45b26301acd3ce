"""``/api/v1/reports``: what came of examining exhibits. A worker makes them; until then there is none."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field

from bixie.access.call import Call, current_call
from bixie.access.paging import Page, PageQuery
from bixie.access.principal import Role
from bixie.access.sequence import place_of
from bixie.access.tenancy import TenantSession
from bixie.examinations import repository
from bixie.examinations.errors import ExaminationError
from bixie.examinations.models import Examination
from bixie.examinations.schemas import ReportOut
from bixie.examinations.service import document_of
from bixie.kit.ids import is_id
from bixie.kit.sanitise import sanitise

__all__ = ["router"]

router = APIRouter(prefix="/api/v1/reports", tags=["reports"])

_READERS = frozenset({Role.CLERK, Role.REVIEWER, Role.ADMIN, Role.API_KEY})
_DOCUMENT: dict[str, Any] = {"content": {"application/json": {"schema": {"type": "object"}}}}
_Call = Annotated[Call, Depends(current_call)]


class _ReportsQuery(PageQuery):
    exhibit: str | None = Field(None, pattern="^[a-z0-9_]{1,64}$", description="only of this exhibit")


@router.get("")
def list_reports(call: _Call, query: Annotated[_ReportsQuery, Query()]) -> Page[ReportOut]:
    """List reports, the oldest first."""
    call.allow(_READERS)
    window = call.window("reports", query)
    with call.reading() as session:
        rows = repository.page(session, window.after_place, window.rows, query.exhibit)
        return window.page(rows, ReportOut.of, place_of)


@router.get("/{report_id}")
def get_report(call: _Call, report_id: str) -> ReportOut:
    """Return which exhibit was examined, and with what outcome."""
    call.allow(_READERS)
    with call.reading() as session:
        return ReportOut.of(_found(session, report_id))


@router.get("/{report_id}/document", response_class=Response, responses={200: _DOCUMENT})
def get_document(call: _Call, report_id: str) -> Response:
    """Return the report (`bixie.report/1`), byte for byte as hashed in the ledger; it records the access."""
    call.allow(_READERS)
    with call.reading() as session:
        made = _found(session, report_id)
    data = document_of(call.store, call.principal, call.blobs, made, call.clock)
    return Response(data, media_type="application/json")


def _found(session: TenantSession, report_id: str) -> Examination:
    found = repository.by_id(session, report_id) if is_id("examination", report_id) else None
    if found is None:
        raise ExaminationError("examinations.no_such_report", report=sanitise(report_id))
    return found
