"""``/packing``: pictures and video of goods as they are sent, taken with a phone at the packing table."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from bixie.access.body_limit import FORM_BYTES, body_limit
from bixie.access.call import Call
from bixie.kit.errors import BixieError
from bixie.kit.sanitise import sanitise
from bixie.orders import api as orders
from bixie.orders.schemas import OrderOut
from bixie.orders.values import MAX_NUMBER
from bixie.vault import api as vault
from bixie.vault.models import GivenRole
from bixie.web.desk.case_view import own_pictures
from bixie.web.desk.forms import SentForm
from bixie.web.desk.sides import CLERKS
from bixie.web.pages import refusal_of
from bixie.web.services import Services
from bixie.web.visits import Visit, visit_of

__all__ = ["router"]

PATH = "/packing"
_ROLES = (GivenRole.PACKING, GivenRole.LISTING)
_Field = Annotated[str, Query(max_length=200)]


def router(services: Services) -> APIRouter:
    """Return the endpoints."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(PATH)
    def packing(request: Request, *, q: _Field = "", role: _Field = "") -> Response:
        visit = visit_of(request, services, CLERKS)
        return _page(visit, sanitise(q).strip()[:MAX_NUMBER], _role(role))

    @routes.post(PATH)
    @body_limit(lambda limits: limits.max_file_bytes + FORM_BYTES)
    def keep(request: Request, form: SentForm) -> Response:
        visit = visit_of(request, services, CLERKS, csrf=form.csrf)
        number, role = form.text("q").strip()[:MAX_NUMBER], _role(form.text("role"))
        try:
            party = _party(visit.call(), number)
            for count, file in enumerate(form.files("file")):
                call = visit.call(f"{form.once}-{count}" if form.once else None)
                vault.add_exhibit(call, file, number, role, fixed_camera=False, party=party)
        except BixieError as error:
            return _page(visit, number, role, refusal=error)
        return RedirectResponse(f"{PATH}?{urlencode({'q': number, 'role': str(role)})}", 303)

    return routes


def _role(given: str) -> GivenRole:
    return next((one for one in _ROLES if one == given), GivenRole.PACKING)


def _order(call: Call, number: str) -> OrderOut | None:
    """Return the order that the pictures belong to; they are kept for a number that no order has yet, too."""
    if not number or not number.isprintable():
        return None
    query = orders.OrdersQuery(number=number, cursor=None, limit=1)
    return next(iter(orders.list_orders(call, query).items), None)


def _party(call: Call, number: str) -> str | None:
    """Return the merchant that staff of the tenant packs for."""
    order = _order(call, number)
    return order.party if order is not None and call.principal.party is None else None


def _page(visit: Visit, number: str, role: GivenRole, refusal: BixieError | None = None) -> Response:
    call = visit.call()
    order = _order(call, number)
    owner = (order.party if order is not None else call.principal.party) or ""
    with call.reading() as session:
        own = own_pictures(session, owner, number) if number else []
    return visit.page(
        "desk/packing.html",
        200 if refusal is None else refusal.status,
        number=number,
        order=order,
        own=own,
        role=str(role),
        max_bytes=call.limits.max_file_bytes,
        # Uploads in parts go to the caller's own party; other files go with the form.
        scripted=owner == (call.principal.party or ""),
        refusal=None if refusal is None else refusal_of(visit.request, refusal),
    )
