"""``/api/v1/cases/{id}/…``: evidence for whoever is a side of the case: handed in, shown, and its reports."""

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Form, Header, Query, Response, UploadFile
from fastapi.responses import StreamingResponse
from pydantic import Field

from bixie.access.body_limit import FORM_BYTES, body_limit
from bixie.access.call import Call
from bixie.access.tenancy import TenantSession
from bixie.cases import repository
from bixie.cases.access import case_call
from bixie.cases.answer import case_out
from bixie.cases.effects import after_evidence
from bixie.cases.errors import CaseError, NotYoursError, RefusedCaseError
from bixie.cases.evidence import GivenExhibit, add_exhibits
from bixie.cases.opening import found, open_case
from bixie.cases.requests import SIDES, Asked, Asks, CurrentCall, reader_for
from bixie.cases.schemas import CaseOut
from bixie.cases.thread import post
from bixie.cases.words import Action, Side
from bixie.examinations import repository as examinations
from bixie.examinations.api import part_answer
from bixie.examinations.errors import ExaminationError
from bixie.kit.canonical_json import Json
from bixie.kit.ids import is_id
from bixie.kit.sanitise import sanitise
from bixie.orders import repository as orders
from bixie.report.saving import DOCUMENT, PAGE
from bixie.vault.api import Rendition, content_answer, rendition_answer
from bixie.vault.checking import check_for_call
from bixie.vault.models import Role
from bixie.vault.renditions import LongSide
from bixie.vault.service import Upload, keep_bytes, receive, stage

__all__ = ["AskedPicture", "router"]

router = APIRouter(prefix="/api/v1/cases", tags=["cases"])

_PURPOSE = "case"
_ROLES = {Side.BUYER: Role.CLAIM, Side.MERCHANT: Role.REPLY}
"""What a side's file is in the vault: only a buyer's is examined."""
_JPEG: dict[int | str, dict[str, Any]] = {
    200: {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}}
}
_FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}
}


class AskedPicture(Asked):
    """Query parameters of a smaller copy of a picture of the case."""

    pixels: LongSide = Field(LongSide.SCREEN, description="on the long side, at most")


@router.post("/{case_id}/upload", status_code=201)
@body_limit(lambda limits: limits.max_file_bytes + FORM_BYTES)
def upload_file(
    call: CurrentCall,
    case_id: str,
    *,
    asked: Asks,
    file: UploadFile,
    role: Annotated[str, Form(pattern="^[a-z][a-z0-9_]{1,60}$", description="what it shows")] = "damage",
    text: Annotated[str, Form(max_length=500, pattern=r"^[^\x00]*$", description="for the thread")] = "",
) -> CaseOut:
    """Hand in a file of evidence as buyer or merchant: it is kept for its order and added.

    What cannot be read is kept as well, in the state `refused`.
    """
    call.allow(SIDES)
    inner, side = case_call(call, case_id, asked.side)
    upload = _upload(inner, case_id, side, file)
    with stage(inner.blobs, upload, inner.limits) as staged:

        def work(session: TenantSession) -> Json:
            exhibit = receive(session, inner.blobs, staged, call.clock)
            case = open_case(session, case_id, call.clock)
            add_exhibits(case, side, [GivenExhibit(exhibit.id, role)])
            if text.strip():
                post(case, side, text, exhibits=[exhibit.id])
            after_evidence(case)
            return {"exhibit": exhibit.id, "skipped": list(case.skipped)}

        keep = partial(keep_bytes, inner.blobs, inner.principal.tenant, staged)
        fields = (case_id, str(side), role, text, upload.name, staged.received.sha256)
        kept = inner.once("cases.upload", tuple(one.encode() for one in fields), work, before=keep)
    # In a transaction of its own; where the check cannot tell, a worker checks the file again.
    check_for_call(inner, kept["exhibit"])
    with inner.reading() as session:
        shown = case_out(session, found(session, case_id), reader_for(call, side, asked))
    return shown.model_copy(update={"skipped": kept.get("skipped", [])})


@router.get("/{case_id}/exhibits/{exhibit_id}/content", response_class=StreamingResponse, responses=_FILE)
def get_case_content(call: CurrentCall, case_id: str, exhibit_id: str, asked: Asks) -> StreamingResponse:
    """Get the exact bytes of a file of the case, of either side; the ledger records the access."""
    return content_answer(_call_for_file(call, case_id, exhibit_id, asked), exhibit_id, _PURPOSE)


@router.get("/{case_id}/exhibits/{exhibit_id}/rendition", response_class=Response, responses=_JPEG)
def get_case_rendition(
    call: CurrentCall,
    case_id: str,
    exhibit_id: str,
    asked: Annotated[AskedPicture, Query()],
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Get a smaller copy of a picture of the case, of either side: a JPEG without metadata, to look at.

    304 where the caller has it already. The ledger records the access.
    """
    inner = _call_for_file(call, case_id, exhibit_id, asked)
    return rendition_answer(inner, exhibit_id, Rendition(side=asked.pixels), _PURPOSE, if_none_match)


@router.get("/{case_id}/report/{report_id}/document", response_class=Response, responses=_FILE)
def get_case_document(call: CurrentCall, case_id: str, report_id: str, asked: Asks) -> Response:
    """Get a report about a file of the case: `bixie.report/1`; the ledger records the access."""
    return part_answer(_call_for_report(call, case_id, report_id, asked), report_id, DOCUMENT)


@router.get("/{case_id}/report/{report_id}/page", response_class=Response, responses=_FILE)
def get_case_page(call: CurrentCall, case_id: str, report_id: str, asked: Asks) -> Response:
    """Get a report about a file of the case as a page; the ledger records the access."""
    return part_answer(_call_for_report(call, case_id, report_id, asked), report_id, PAGE)


@router.get("/{case_id}/report/{report_id}/masks/{name}", response_class=Response, responses=_FILE)
def get_case_mask(call: CurrentCall, case_id: str, report_id: str, name: str, asked: Asks) -> Response:
    """Get a mask of a report about a file of the case; the ledger records the access."""
    return part_answer(_call_for_report(call, case_id, report_id, asked), report_id, f"masks/{name}")


def _upload(call: Call, case_id: str, side: Side, file: UploadFile) -> Upload:
    if side not in _ROLES:
        raise NotYoursError("cases.not_your_turn", action=Action.SUPPLEMENT)
    with call.reading() as session:
        case = found(session, case_id)
        order = orders.by_id(session, case.order_id)
    if order is None:
        raise CaseError("cases.no_such_order")
    name = sanitise(file.filename or "") or "file"
    return Upload(file.file, name, order.number, _ROLES[side], case.party)


def _call_for_file(call: Call, case_id: str, exhibit_id: str, asked: Asked) -> Call:
    """Return the call as it works inside a case that a file is evidence in."""
    call.allow(SIDES)
    inner, _ = case_call(call, case_id, asked.side)
    with inner.reading() as session:
        there = {link.exhibit_id for link in repository.exhibits_of(session, case_id)}
    if exhibit_id not in there:
        raise RefusedCaseError("cases.no_such_exhibit", exhibit=sanitise(exhibit_id)[:80])
    return inner


def _call_for_report(call: Call, case_id: str, report_id: str, asked: Asks) -> Call:
    """Return the call as it works inside a case that a report is about.

    Raises
    ------
    ExaminationError
        ``examinations.no_such_report`` also for a report about other files only.
    """
    call.allow(SIDES)
    inner, _ = case_call(call, case_id, asked.side)
    with inner.reading() as session:
        made = examinations.by_id(session, report_id) if is_id("examination", report_id) else None
        there = {link.exhibit_id for link in repository.exhibits_of(session, case_id)}
    if made is None or there.isdisjoint(str(one["exhibit"]) for one in made.exhibits):
        raise ExaminationError("examinations.no_such_report", report=sanitise(report_id))
    return inner
