"""The routers of administration, together; ``/admin`` leads to the first page."""

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from bixie.web.admin import account, audit, errors, jobs, keys, ledger, people, webhooks
from bixie.web.services import Services

__all__ = ["router"]


def router(services: Services) -> APIRouter:
    """Return the endpoints."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/admin")
    def admin() -> Response:
        return RedirectResponse("/admin/people", 303)

    for room in (people, keys, webhooks, jobs, audit, ledger, errors, account):
        routes.include_router(room.router(services))
    return routes
