"""``/orders/import``: faults of a shop's file are shown by row and column before it is imported."""

from fastapi import APIRouter, Request, Response, UploadFile

from bixie.access.body_limit import FORM_BYTES, body_limit
from bixie.kit.errors import BixieError
from bixie.orders import api as orders
from bixie.orders.file_import import MAX_FILE
from bixie.orders.schemas import ImportOut
from bixie.web.desk.forms import FormFields, SentForm
from bixie.web.desk.orders_page import ORDERS
from bixie.web.desk.sides import CLERKS
from bixie.web.errors import WebError
from bixie.web.pages import refusal_of
from bixie.web.services import Services
from bixie.web.visits import Visit, visit_of

__all__ = ["router"]

PATH = f"{ORDERS}/import"


def router(services: Services) -> APIRouter:
    """Return the endpoints."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(PATH)
    def form(request: Request) -> Response:
        return _page(visit_of(request, services, CLERKS))

    @routes.post(PATH)
    @body_limit(lambda _: MAX_FILE + FORM_BYTES)
    def read_file(request: Request, form: SentForm) -> Response:
        visit = visit_of(request, services, CLERKS, csrf=form.csrf)
        sure = form.text("do") == "import"
        try:
            file = _file_of(form)
            outcome = orders.import_file(visit.call(form.once if sure else None), file, dry_run=not sure)
        except BixieError as error:
            return _page(visit, error.status, refusal=refusal_of(request, error))
        return _page(visit, outcome=outcome, name=file.filename or "")

    return routes


def _file_of(form: FormFields) -> UploadFile:
    files = form.files("file")
    if not files:
        raise WebError("web.invalid", 422, fields="file")
    return files[0]


def _page(
    visit: Visit,
    status: int = 200,
    *,
    refusal: str | None = None,
    outcome: ImportOut | None = None,
    name: str = "",
) -> Response:
    return visit.page("desk/import.html", status, refusal=refusal, outcome=outcome, name=name)
