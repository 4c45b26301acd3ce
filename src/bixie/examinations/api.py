"""``/api/v1/reports``: what came of examining exhibits. A worker makes them; until then there is none."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field

from bixie.access.call import Call, current_call
from bixie.access.paging import Page, PageQuery
from bixie.access.principal import Role
from bixie.access.sequence import place_of
from bixie.examinations import repository
from bixie.examinations.reading import read_part, with_id
from bixie.examinations.schemas import ReportOut
from bixie.report.saving import DOCUMENT, PAGE

__all__ = ["part_answer", "router"]

router = APIRouter(prefix="/api/v1/reports", tags=["reports"])

_READERS = frozenset({Role.CLERK, Role.REVIEWER, Role.ADMIN, Role.API_KEY})
_DOCUMENT: dict[str, Any] = {"content": {"application/json": {"schema": {"type": "object"}}}}
_PAGE: dict[str, Any] = {"content": {"text/html": {"schema": {"type": "string"}}}}
_MASK: dict[str, Any] = {"content": {"image/png": {"schema": {"type": "string", "format": "binary"}}}}
_PAGE_HEADERS = {
    # What the page may load is in its own policy, by the hashes of its script and style. Here it gets an
    # origin of its own, apart from the service's.
    "Content-Security-Policy": "base-uri 'none'; form-action 'none'; frame-ancestors 'self'; "
    "sandbox allow-scripts allow-modals",
    "X-Frame-Options": "SAMEORIGIN",
}
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
    """Say which exhibits were examined together, and with what outcome."""
    call.allow(_READERS)
    return ReportOut.of(with_id(call.store, call.principal, report_id))


@router.get("/{report_id}/document", response_class=Response, responses={200: _DOCUMENT})
def get_document(call: _Call, report_id: str) -> Response:
    """Get a report as a document: `bixie.report/1`, byte for byte as hashed; the ledger records the access.

    The paths of masks in it are relative to this address.
    """
    call.allow(_READERS)
    return part_answer(call, report_id, DOCUMENT)


@router.get("/{report_id}/page", response_class=Response, responses={200: _PAGE})
def get_page(call: _Call, report_id: str) -> Response:
    """Get a report as a page: one HTML file that loads nothing; the ledger records the access."""
    call.allow(_READERS)
    return part_answer(call, report_id, PAGE)


@router.get("/{report_id}/masks/{name}", response_class=Response, responses={200: _MASK})
def get_mask(call: _Call, report_id: str, name: str) -> Response:
    """Get a mask of a report: 255 where content differs; the ledger records the access."""
    call.allow(_READERS)
    return part_answer(call, report_id, f"masks/{name}")


def part_answer(call: Call, report_id: str, path: str) -> Response:
    """Answer with a part of a report; the ledger records the access.

    Parameters
    ----------
    call : Call
    report_id : str
    path : str
        As `bixie.examinations.reading.parts` has it.
    """
    made = with_id(call.store, call.principal, report_id)
    part = read_part(call.store, call.principal, call.blobs, made, path, clock=call.clock)
    headers = _PAGE_HEADERS if path == PAGE else None
    return Response(part.data, media_type=part.media_type, headers=headers)
