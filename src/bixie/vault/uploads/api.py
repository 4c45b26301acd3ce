"""``/api/v1/uploads``: resumable uploads by the protocol tus 1.0.0."""

import json
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from bixie.access.body_limit import body_limit
from bixie.access.call import Call, current_call
from bixie.access.principal import Role
from bixie.access.tenancy import TenantSession
from bixie.kit.canonical_json import Json
from bixie.kit.timestamps import parse_timestamp
from bixie.vault.schemas import notes_on_order
from bixie.vault.uploads import service as uploads
from bixie.vault.uploads import tus
from bixie.vault.uploads.errors import UploadError
from bixie.vault.uploads.part_receiver import PartReceiver
from bixie.vault.uploads.schemas import UploadOut

__all__ = ["router"]

_PREFIX = "/api/v1/uploads"
_WRITERS = frozenset({Role.CLERK, Role.ADMIN, Role.API_KEY})
_READERS = _WRITERS | {Role.REVIEWER}
_NO_CONTENT = 204


_NUMBER: dict[str, Json] = {"pattern": "^[0-9]{1,18}$"}
"""For the OpenAPI document only: the protocol defines the refusals."""


def _speaks_tus(
    version: Annotated[
        str | None, Header(alias="Tus-Resumable", json_schema_extra={"enum": [tus.VERSION]})
    ] = None,
) -> None:
    tus.check_version(version)


router = APIRouter(prefix=_PREFIX, tags=["uploads"])

_Call = Annotated[Call, Depends(current_call)]
_TUS = [Depends(_speaks_tus)]
_PART = {
    "requestBody": {
        "required": True,
        "content": {tus.PART_TYPE: {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.options("", status_code=_NO_CONTENT, response_class=Response)
def describe_uploads(call: _Call) -> Response:
    """Say which version and extensions of tus this service supports."""
    call.allow(_READERS)
    return Response(
        status_code=_NO_CONTENT,
        headers={
            "Tus-Version": tus.VERSION,
            "Tus-Extension": ",".join(tus.EXTENSIONS),
            "Tus-Checksum-Algorithm": ",".join(tus.ALGORITHMS),
            "Tus-Max-Size": str(call.limits.max_file_bytes),
        },
    )


@router.post("", status_code=201, dependencies=_TUS)
def begin_upload(
    call: _Call,
    response: Response,
    length: Annotated[str | None, Header(alias="Upload-Length", json_schema_extra=_NUMBER)] = None,
    header: Annotated[
        str | None,
        Header(alias="Upload-Metadata", description="`order`, `filename`, `role`: each a key and base64"),
    ] = None,
) -> UploadOut:
    """Begin an upload; send its bytes to `Location`. It expires a day after the last byte."""
    call, party = _own(call)
    new = uploads.NewUpload(tus.whole_number("Upload-Length", length), header or "", tus.metadata(header))

    def work(session: TenantSession) -> Json:
        upload = uploads.begin(session, new, call.limits, call.clock, party, grant=call.upload_grant)
        return UploadOut.of(uploads.UploadProgress(upload, 0, 0)).model_dump()

    fingerprint = json.dumps([new.length, new.metadata], sort_keys=True).encode()
    begun = UploadOut.model_validate(call.once("uploads.begin", (fingerprint,), work))
    response.headers["Location"] = f"{_PREFIX}/{begun.id}"
    response.headers["Upload-Expires"] = tus.http_date(parse_timestamp(begun.expires_at))
    owner = party if call.upload_grant is None else call.upload_grant.party
    return _with_notes(call, begun, owner, new.metadata["order"])


@router.get("/{upload_id}")
def get_upload(call: _Call, upload_id: str) -> UploadOut:
    """Say how far an upload is, and which exhibit it became."""
    call = _own(call, _READERS, upload_id)[0]
    with call.reading() as session:
        progress = uploads.progress_of(session, upload_id, call.clock)
    return _with_notes(call, UploadOut.of(progress), progress.upload.party, progress.upload.order_number)


@router.head("/{upload_id}", response_class=Response, dependencies=_TUS)
def find_offset(call: _Call, upload_id: str) -> Response:
    """Say where to resume: in `Upload-Offset`. A complete file becomes an exhibit first."""
    call = _own(call, upload_id=upload_id)[0]
    with call.reading() as session:
        found = uploads.progress_of(session, upload_id, call.clock)
    if found.is_whole:
        found = uploads.finish(call, upload_id)
    headers = _headers(found) | {"Upload-Length": str(found.upload.length)}
    if found.upload.about:
        headers["Upload-Metadata"] = found.upload.about
    return Response(headers=headers)


@router.patch(
    "/{upload_id}",
    status_code=_NO_CONTENT,
    response_class=Response,
    dependencies=_TUS,
    openapi_extra=_PART,
)
@body_limit(lambda limits: limits.max_file_bytes)
async def send_part(
    call: _Call,
    request: Request,
    upload_id: str,
    offset: Annotated[str | None, Header(alias="Upload-Offset", json_schema_extra=_NUMBER)] = None,
    checksum: Annotated[
        str | None, Header(alias="Upload-Checksum", description="`sha256` or `sha1`, and the hash in base64")
    ] = None,
) -> Response:
    """Send the next bytes of a file. The last of them make it an exhibit: its id is in `Bixie-Exhibit`.

    If the request breaks off, what has arrived is kept.
    """
    call = (await run_in_threadpool(_own, call, upload_id=upload_id))[0]
    start = tus.whole_number("Upload-Offset", offset)
    wanted = tus.checksum(checksum)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != tus.PART_TYPE:
        raise UploadError("vault.wrong_part_type", media_type=tus.PART_TYPE)
    size = int(request.headers.get("content-length", "0"))  # BodyLimitMiddleware has validated it
    found = await run_in_threadpool(_ready, call, upload_id, start, size)
    with PartReceiver(call, found, wanted) as receiver:
        try:
            reached = await receiver.receive(request.stream())
        except ClientDisconnect as error:
            raise HTTPException(400) from error
    return await run_in_threadpool(_after, call, upload_id, whole=reached == found.upload.length)


@router.delete("/{upload_id}", status_code=_NO_CONTENT, response_class=Response, dependencies=_TUS)
def end_upload(call: _Call, upload_id: str) -> Response:
    """End an upload and remove its bytes. An exhibit that it became stays."""
    call = _own(call, upload_id=upload_id)[0]
    uploads.end(call, upload_id)
    return Response(status_code=_NO_CONTENT)


def _own(call: Call, roles: frozenset[Role] = _WRITERS, upload_id: str | None = None) -> tuple[Call, str]:
    """Return the call as it works on uploads, and the party whose uploads they are.

    The holder of a link works without its party, as in a case: its file becomes the merchant's. So that it is
    its own upload is checked here.

    Raises
    ------
    NotAllowedError
        ``access.not_allowed``.
    UploadError
        ``vault.no_such_upload``.
    """
    if call.upload_grant is None:
        call.allow(roles)
        return call, call.principal.party or ""
    if upload_id is not None:
        with call.reading() as session:  # sees the holder's own only
            uploads.progress_of(session, upload_id, call.clock)
    return replace(call, principal=replace(call.principal, party=None)), call.principal.party or ""


def _with_notes(call: Call, document: UploadOut, party: str, order: str) -> UploadOut:
    notes = notes_on_order(order, known=call.knows_order(party, order))
    return document.model_copy(update={"notes": notes})


def _ready(call: Call, upload_id: str, start: int, size: int) -> uploads.UploadProgress:
    with call.reading() as session:
        found = uploads.progress_of(session, upload_id, call.clock)
    found.check_open()
    found.check_part(start, size)
    return found


def _after(call: Call, upload_id: str, *, whole: bool) -> Response:
    if whole:
        found = uploads.finish(call, upload_id)
        found.check_open()
    else:
        with call.reading() as session:
            found = uploads.progress_of(session, upload_id, call.clock)
    return Response(status_code=_NO_CONTENT, headers=_headers(found))


def _headers(found: uploads.UploadProgress) -> dict[str, str]:
    headers = {
        "Upload-Offset": str(found.offset),
        "Upload-Expires": tus.http_date(found.upload.expires_at),
        "Cache-Control": "no-store",
    }
    if found.upload.exhibit_id is not None:
        headers["Bixie-Exhibit"] = found.upload.exhibit_id
    return headers
