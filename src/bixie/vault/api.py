"""``/api/v1/exhibits``: receives evidence, finds it and hands it out, each with a custody event."""

from base64 import b64encode
from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any, BinaryIO

from fastapi import APIRouter, Depends, Form, Header, Query, Response, UploadFile
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.types import Receive, Scope, Send

from bixie.access.body_limit import FORM_BYTES, body_limit
from bixie.access.call import Call, current_call
from bixie.access.paging import Page, PageQuery
from bixie.access.principal import Role
from bixie.access.sequence import place_of
from bixie.access.tenancy import TenantSession
from bixie.kit.canonical_json import Json
from bixie.kit.chunks import chunks
from bixie.kit.sanitise import sanitise
from bixie.ledger.service import prove
from bixie.vault import repository
from bixie.vault.checking import check_for_call
from bixie.vault.errors import BadOrderError
from bixie.vault.exhibit_facts import facts_of
from bixie.vault.models import Exhibit, GivenRole
from bixie.vault.models import Role as ExhibitRole
from bixie.vault.renditions import LongSide, rendition_of
from bixie.vault.schemas import AddedExhibitOut, ExhibitOut, PartyQuery, ReceiptOut, notes_on_order
from bixie.vault.service import (
    MAX_ORDER_NUMBER,
    Upload,
    check_kept,
    found,
    keep_bytes,
    open_for,
    receive,
    stage,
)

__all__ = ["OpenFileResponse", "Rendition", "content_answer", "rendition_answer", "router"]

router = APIRouter(prefix="/api/v1/exhibits", tags=["exhibits"])

_WRITERS = frozenset({Role.CLERK, Role.ADMIN, Role.API_KEY})
_READERS = _WRITERS | {Role.REVIEWER}
_PURPOSE = "download"
_PURPOSE_VIEW = "viewing"
_Call = Annotated[Call, Depends(current_call)]
_JPEG: dict[int | str, dict[str, Any]] = {
    200: {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}}
}


class Rendition(BaseModel):
    """Query parameters of a smaller copy of a picture."""

    model_config = ConfigDict(extra="forbid")

    side: LongSide = Field(LongSide.SCREEN, description="at most so many pixels on the long side")


class OpenFileResponse(StreamingResponse):
    """Sends a file and closes it, also where the client goes away before the first byte."""

    def __init__(self, file: BinaryIO, *, media_type: str, headers: Mapping[str, str]) -> None:
        super().__init__(chunks(file), media_type=media_type, headers=headers)
        self._file = file

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        with self._file:
            await super().__call__(scope, receive, send)


class _ExhibitsQuery(PageQuery):
    order: str | None = Field(None, max_length=MAX_ORDER_NUMBER, description="only those of this order")


@router.post("", status_code=201)
@body_limit(lambda limits: limits.max_file_bytes + FORM_BYTES)
def add_exhibit(
    call: _Call,
    file: UploadFile,
    order: Annotated[str, Form(description="the order's number, as the shop writes it")],
    role: Annotated[GivenRole, Form(description="its purpose")] = GivenRole.PACKING,
    *,
    fixed_camera: Annotated[bool, Form(description="a camera that stands still took it")] = False,
    party: PartyQuery = None,
) -> AddedExhibitOut:
    """Keep a picture or video as evidence for an order; the same bytes for the same order are kept once.

    What cannot be read is kept as well, in the state `refused`. An order that is not known yet is a note.
    """
    call.allow(_WRITERS)
    owner = call.party(party)
    name = sanitise(file.filename or "") or "file"
    upload = Upload(file.file, name, order, ExhibitRole(role), owner, fixed_camera)

    fingerprint = _fingerprint(call, upload)
    with stage(call.blobs, upload, call.limits) as staged:

        def work(session: TenantSession) -> Json:
            return {"id": receive(session, call.blobs, staged, call.clock).id}

        keep = partial(keep_bytes, call.blobs, call.principal.tenant, staged)
        kept = call.once("exhibits.add", fingerprint, work, before=keep)
    # The bytes are safe now. Where the check cannot tell, a worker checks them again.
    return _with_notes(call, check_for_call(call, kept["id"]))


@router.get("")
def list_exhibits(call: _Call, query: Annotated[_ExhibitsQuery, Query()]) -> Page[ExhibitOut]:
    """List exhibits, the first received first."""
    call.allow(_READERS)
    if query.order is not None and not query.order.isprintable():
        raise BadOrderError("vault.bad_order", maximum=MAX_ORDER_NUMBER)
    window = call.window("exhibits", query)
    with call.reading() as session:
        rows = repository.page(session, window.after_place, window.rows, query.order)
        facts = facts_of(session, rows[: window.limit])
        return window.page(rows, lambda one: ExhibitOut.of(one, facts[one.id]), place_of)


@router.get("/{exhibit_id}")
def get_exhibit(call: _Call, exhibit_id: str) -> AddedExhibitOut:
    """Get an exhibit, with the note if its order is not known yet."""
    call.allow(_READERS)
    with call.reading() as session:
        exhibit = found(session, exhibit_id)
    return _with_notes(call, exhibit)


@router.get(
    "/{exhibit_id}/content",
    response_class=StreamingResponse,
    responses={200: {"content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}},
)
def get_content(call: _Call, exhibit_id: str) -> StreamingResponse:
    """Get the exact bytes of a kept exhibit; the ledger records the access."""
    call.allow(_READERS)
    return content_answer(call, exhibit_id, _PURPOSE)


@router.get("/{exhibit_id}/rendition", response_class=Response, responses=_JPEG)
def get_rendition(
    call: _Call,
    exhibit_id: str,
    query: Annotated[Rendition, Query()],
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Return a smaller copy of a picture, to look at: a JPEG without metadata; the ledger records the access.

    304 where the caller has it already.
    """
    call.allow(_READERS)
    return rendition_answer(call, exhibit_id, query, _PURPOSE_VIEW, if_none_match)


@router.get("/{exhibit_id}/receipt")
def get_receipt(call: _Call, exhibit_id: str) -> ReceiptOut:
    """Get the receipt for an exhibit: its hash, and the proof that it was received.

    Until a checkpoint covers the receipt, some minutes at most, it is refused with `ledger.not_covered`.
    """
    call.allow(_READERS)
    with call.reading() as session:
        exhibit = found(session, exhibit_id)
        return ReceiptOut.of(exhibit, prove(session, exhibit.sequence))


def content_answer(call: Call, exhibit_id: str, purpose: str) -> StreamingResponse:
    """Answer with the exact bytes of a kept exhibit; the ledger records the access.

    Parameters
    ----------
    call : Call
    exhibit_id : str
    purpose : str
        As `bixie.vault.service.open_for` takes it.
    """
    content = open_for(call.store, call.principal, call.blobs, exhibit_id, purpose, clock=call.clock)
    with call.reading() as session:
        exhibit = found(session, exhibit_id)
    digest = b64encode(bytes.fromhex(exhibit.sha256)).decode()
    headers = {
        "Content-Length": str(exhibit.bytes),
        # No browser renders it, and the uploader does not choose the name it is saved under.
        "Content-Disposition": f'attachment; filename="{exhibit.id}"',
        "Repr-Digest": f"sha-256=:{digest}:",
    }
    return OpenFileResponse(content, media_type=exhibit.media_type, headers=headers)


def rendition_answer(
    call: Call, exhibit_id: str, query: Rendition, purpose: str, known: str | None
) -> Response:
    """Answer with a smaller copy of a kept picture, or with 304; see `bixie.vault.renditions.rendition_of`.

    Parameters
    ----------
    call : Call
    exhibit_id : str
    query : Rendition
    purpose : str
    known : str or None
        The header ``If-None-Match``.
    """
    with call.reading() as session:
        exhibit = found(session, exhibit_id)
        check_kept(exhibit)
    headers = {"ETag": f'"{exhibit.sha256[:32]}-{int(query.side)}"', "Cache-Control": "private, no-cache"}
    if known == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    data = rendition_of(call, exhibit, query.side, purpose)
    return Response(data, media_type="image/jpeg", headers=headers)


def _with_notes(call: Call, exhibit: Exhibit) -> AddedExhibitOut:
    with call.reading() as session:
        document = ExhibitOut.of(exhibit, facts_of(session, [exhibit])[exhibit.id])
    if document.order is None or exhibit.role == ExhibitRole.REPORT:
        return AddedExhibitOut(**document.model_dump(), notes=[])
    known = call.knows_order(exhibit.party, exhibit.order_number)
    notes = notes_on_order(exhibit.order_number, known=known)
    return AddedExhibitOut(**document.model_dump(), notes=notes)


def _fingerprint(call: Call, upload: Upload) -> tuple[bytes, ...]:
    """Return what distinguishes one upload from another; only a request with an idempotency key needs it."""
    if call.idempotency_key is None:
        return ()
    marked = "fixed" if upload.fixed_camera else ""
    fields = (upload.order_number, upload.name, upload.role, upload.party, marked)
    return (*(field.encode(errors="replace") for field in fields), upload.digest())
