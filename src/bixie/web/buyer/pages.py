"""``/c/{link}``: the page that the link opens, and what the buyer does there."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from bixie.access.body_limit import FORM_BYTES, body_limit
from bixie.cases.api import get_case
from bixie.cases.claims.loading import claim_options
from bixie.kit.errors import BixieError
from bixie.web.buyer import case_files, claim_pages, personal, requests
from bixie.web.buyer.case_forms import FORMS, act
from bixie.web.buyer.case_view import case_view, of_role, upload_facts
from bixie.web.buyer.claim_form import claim_page
from bixie.web.buyer.fields import Fields
from bixie.web.buyer.visits import BuyerVisit, UsedLinkError, buyer_router, open_visit
from bixie.web.errors import WebError
from bixie.web.live import Live
from bixie.web.pages import refusal_of
from bixie.web.services import Services

__all__ = ["router"]

_DONE = frozenset({*FORMS, "filed", "consent", "erasure"})


def router(services: Services, live: Live) -> APIRouter:
    """Return the endpoints."""
    routes = buyer_router(services)

    @routes.get("/{token}")
    def open_page(request: Request, token: str, done: str = "") -> Response:
        visit = open_visit(request, services, token)
        if visit.link.used:
            raise UsedLinkError("identity.link_used")
        if visit.link.case is None:
            return claim_page(visit)
        return case_page(visit, done=done if done in _DONE else "")

    @routes.get("/{token}/live")
    def watch(request: Request, token: str, seen: Annotated[int, Query(ge=0, le=1_000_000)]) -> Response:
        visit = open_visit(request, services, token)
        return live.watch(visit.call(), visit.case, seen)

    for part in (case_files, claim_pages, personal, requests):
        part.add(routes, services)

    @routes.post("/{token}/{form}")
    @body_limit(lambda limits: limits.max_file_bytes + FORM_BYTES)
    def send(request: Request, token: str, form: str, given: Fields) -> Response:
        visit = open_visit(request, services, token)
        if form not in FORMS:
            raise WebError("web.no_such_page", 404)
        refusal = act(visit, form, given)
        if refusal is None:
            return visit.back(form)
        return case_page(visit, refusal, at=form, typed=given.typed())

    @routes.get("/{token}/{form}")
    def reload(request: Request, token: str, form: str) -> Response:
        """Lead whoever reloads after a refusal back to the page."""
        visit = open_visit(request, services, token)
        if form not in FORMS:
            raise WebError("web.no_such_page", 404)
        return visit.back()

    return routes


def case_page(
    visit: BuyerVisit,
    refusal: BixieError | None = None,
    *,
    at: str = "",
    typed: dict[str, str] | None = None,
    done: str = "",
) -> Response:
    """Return the page of a case, after a refusal with its sentence at the form it is about."""
    case = get_case(visit.call(), visit.case, visit.asked)
    view = case_view(visit, case)
    options = claim_options()
    values: dict[str, Any] = {
        "case": case,
        "view": view,
        "facts": upload_facts(visit),
        "names": {item.position: item.name or item.sku or "–" for item in view.order.items},
        "options": options,
        "time_reasons": [one for one in options.more_time_reasons if "buyer" in one.sides],
        "any_file": of_role(options, "damage"),
        "waybill": of_role(options, "waybill"),
        "at": at,
        "typed": typed or {},
        "done": done,
        "refusal": None if refusal is None else refusal_of(visit.request, refusal),
    }
    return visit.page("buyer/case.html", 200 if refusal is None else refusal.status, **values)
