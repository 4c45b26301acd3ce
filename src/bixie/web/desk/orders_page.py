"""``/orders``: the shop's orders by number; one order with its goods, parcels, pictures and cases."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from bixie.access.paging import PageQuery
from bixie.cases.links_api import ClaimLinkIn, LinkOut, make_claim_link
from bixie.cases.listing import CaseListing, Sort, list_cases
from bixie.cases.requests import Asked
from bixie.kit.errors import BixieError
from bixie.kit.sanitise import sanitise
from bixie.orders import api as orders
from bixie.orders.schemas import OrderOut
from bixie.orders.values import MAX_NUMBER
from bixie.web.desk.case_view import own_pictures
from bixie.web.desk.forms import SentForm
from bixie.web.desk.sides import CLERKS, zone_of
from bixie.web.pages import refusal_of
from bixie.web.services import Services
from bixie.web.visits import Visit, visit_of

__all__ = ["ORDERS", "order_answer", "router"]

ORDERS = "/orders"
_ROWS = 50
_MAX_CASES = 50
_Field = Annotated[str, Query(max_length=200)]


def router(services: Services) -> APIRouter:
    """Return the endpoints."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(ORDERS)
    def list_orders(request: Request, *, q: _Field = "", cursor: _Field = "") -> Response:
        visit = visit_of(request, services, CLERKS)
        number = sanitise(q).strip()[:MAX_NUMBER]
        query = orders.OrdersQuery(number=number or None, cursor=cursor or None, limit=_ROWS)
        found = orders.list_orders(visit.call(), query)
        return visit.page("desk/orders.html", orders=found.items, next=found.next, number=number)

    @routes.get(f"{ORDERS}/{{order_id}}")
    def show_order(request: Request, order_id: str) -> Response:
        visit = visit_of(request, services, CLERKS)
        return order_answer(visit, orders.get_order(visit.call(), order_id))

    @routes.post(f"{ORDERS}/{{order_id}}/link")
    def make_link(request: Request, order_id: str, form: SentForm) -> Response:
        visit = visit_of(request, services, CLERKS, csrf=form.csrf)
        order = orders.get_order(visit.call(), order_id)
        wanted = ClaimLinkIn(buyer=None, expires_at=None)
        try:
            link = make_claim_link(visit.call(form.once), order.number, wanted, order.party)
        except BixieError as error:
            return order_answer(visit, order, refusal=error)
        return order_answer(visit, order, link=link)

    return routes


def order_answer(
    visit: Visit, order: OrderOut, *, link: LinkOut | None = None, refusal: BixieError | None = None
) -> Response:
    """Return the page of an order, with the link that was just made for its buyer, or why none was."""
    call = visit.call()
    query = PageQuery(cursor=None, limit=_MAX_CASES)
    listing = CaseListing(sort=Sort.NEWEST, order=order.number)
    cases = list_cases(call, listing, query, Asked(side=None, zone=zone_of(visit))).items
    with call.reading() as session:
        own = own_pictures(session, order.party or "", order.number)
    return visit.page(
        "desk/order.html",
        200 if refusal is None else refusal.status,
        order=order,
        own=own,
        cases=[one for one in cases if one.claim.order_id == order.id],
        may_make_link=visit.principal.party is None,
        link=link,
        address=str(visit.request.base_url).rstrip("/"),
        refusal=None if refusal is None else refusal_of(visit.request, refusal),
    )
