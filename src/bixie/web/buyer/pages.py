"""``/c/{link}``: what the link opens, and the way to a new one."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from bixie.cases.api import get_case
from bixie.web.buyer.visits import UsedLinkError, buyer_router, open_visit
from bixie.web.live import Live
from bixie.web.services import Services

__all__ = ["router"]


def router(services: Services, live: Live) -> APIRouter:
    """Return the endpoints."""
    routes = buyer_router(services)

    @routes.get("/{token}")
    def open_page(request: Request, token: str) -> Response:
        visit = open_visit(request, services, token)
        if visit.link.used:
            raise UsedLinkError("identity.link_used")
        if visit.link.case is None:
            return visit.page("buyer/claim.html")
        case = get_case(visit.call(), visit.case, visit.asked)
        return visit.page("buyer/case.html", case=case)

    @routes.get("/{token}/live")
    def watch(request: Request, token: str, seen: Annotated[int, Query(ge=0, le=1_000_000)]) -> Response:
        visit = open_visit(request, services, token)
        return live.watch(visit.call(), visit.case, seen)

    return routes
