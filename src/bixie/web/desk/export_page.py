"""``/desk/cases/{id}/export``: pictures and a statement for the shop's platform, within its limits."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from bixie.access.body_limit import body_limit
from bixie.access.call import Call
from bixie.cases.access import case_call
from bixie.kit.errors import BixieError
from bixie.vault.service import found, open_for
from bixie.web.desk.case_page import CASES
from bixie.web.desk.case_view import CaseView, case_view
from bixie.web.desk.export_limits import ExportLimits, export_limits, fitting
from bixie.web.desk.forms import FormFields, SentForm
from bixie.web.desk.sides import CLERKS, asked_at_desk
from bixie.web.errors import WebError
from bixie.web.pages import language_of, refusal_of
from bixie.web.services import Services
from bixie.web.visits import Visit, visit_of

__all__ = ["router"]

_BODY = 64 * 1024 * 1024
_PURPOSE = "export"
_JPEG = b"\xff\xd8\xff"
_MAX_STATEMENT = 10_000
_ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp"}


@dataclass(frozen=True, slots=True)
class _Choice:
    """A picture that can be exported, with what draws its outline."""

    id: str
    name: str
    url: str
    outline: dict[str, Any] | None


def router(services: Services) -> APIRouter:
    """Return the endpoints."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(f"{CASES}/{{case_id}}/export")
    def choose(
        request: Request, case_id: str, *, platform: Annotated[str, Query(max_length=40)] = ""
    ) -> Response:
        visit = visit_of(request, services, CLERKS)
        return _page(visit, case_id, _limits(platform))

    @routes.post(f"{CASES}/{{case_id}}/export")
    @body_limit(lambda _: _BODY)
    def export(request: Request, case_id: str, form: SentForm) -> Response:
        visit = visit_of(request, services, CLERKS, csrf=form.csrf)
        limits = _limits(form.text("platform"))
        try:
            content = _packed(visit, case_id, form, limits)
        except BixieError as error:
            if error.status == 404:
                raise
            return _page(visit, case_id, limits, refusal=error, statement=form.text("statement"))
        name = f'attachment; filename="{case_id}-{limits.key}.zip"'
        return Response(content, media_type="application/zip", headers={"Content-Disposition": name})

    return routes


def _limits(key: str) -> ExportLimits:
    return next((one for one in export_limits() if one.key == key), export_limits()[0])


def _packed(visit: Visit, case_id: str, form: FormFields, limits: ExportLimits) -> bytes:
    """Return the archive: chosen pictures, as the page prepared them or as they are, and the statement."""
    chosen = list(dict.fromkeys(form.texts("picture")))  # one picture a thousand times would fill the memory
    if limits.pictures is not None and len(chosen) > limits.pictures:
        raise WebError("web.export.too_many", 422, maximum=limits.pictures)
    call = visit.call()
    view = case_view(call, case_id, asked_at_desk(visit, call, case_id))
    inner, _ = case_call(call, case_id, view.asked.side)
    offered = {one.id for one in _choices(view, visit)}
    prepared = {file.filename: file.file.read() for file in form.files("prepared")}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number, exhibit in enumerate(one for one in chosen if one in offered):
            data, ending = _picture(inner, exhibit, prepared.get(f"{exhibit}.jpg"), limits)
            archive.writestr(f"{number + 1}.{ending}", data)
        statement = form.text("statement").replace("\r\n", "\n")[:_MAX_STATEMENT]
        archive.writestr("statement.txt", fitting(statement, limits))
    return packed.getvalue()


def _picture(call: Call, exhibit_id: str, prepared: bytes | None, limits: ExportLimits) -> tuple[bytes, str]:
    if prepared is not None and prepared.startswith(_JPEG) and limits.takes("image/jpeg", len(prepared)):
        return prepared, "jpg"
    with call.reading() as session:
        exhibit = found(session, exhibit_id)
    if not limits.takes(exhibit.media_type, exhibit.bytes):
        raise WebError("web.export.does_not_fit", 422)
    with open_for(call.store, call.principal, call.blobs, exhibit_id, _PURPOSE, clock=call.clock) as content:
        return content.read(), _ENDINGS.get(exhibit.media_type, "bin")


def _choices(view: CaseView, visit: Visit) -> Sequence[_Choice]:
    """Return the pictures of the case and of the order, the first ones with what was found in them."""
    language = language_of(visit.request)
    made = []
    for one in view.pictures:
        if one.kind != "picture":
            continue
        found = one.examined
        outline = None
        if found is not None and found.regions and found.width:
            known = f"/api/v1/exhibits/{found.known}/content" if found.known else None
            outline = {"regions": found.regions, "width": found.width, "known": known}
        made.append(_Choice(one.file.id, one.file.role_name.model_dump()[language], one.url, outline))
    return [*made, *(_Choice(one.id, one.name, one.url, None) for one in view.own if one.kind == "picture")]


def _page(
    visit: Visit,
    case_id: str,
    limits: ExportLimits,
    *,
    refusal: BixieError | None = None,
    statement: str | None = None,
) -> Response:
    call = visit.call()
    view = case_view(call, case_id, asked_at_desk(visit, call, case_id))
    choices = _choices(view, visit)
    return visit.page(
        "desk/export.html",
        200 if refusal is None else refusal.status,
        view=view,
        limits=limits,
        platforms=export_limits(),
        choices=choices,
        outlines={one.id: {"url": one.url, "outline": one.outline} for one in choices},
        statement=statement,
        refusal=None if refusal is None else refusal_of(visit.request, refusal),
    )
