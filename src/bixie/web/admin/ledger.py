"""``/admin/ledger``: checkpoints, verification and witnesses of the tenant's ledger."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from bixie.ledger import api
from bixie.ledger.jobs import ask_to_verify
from bixie.web.admin.frame import Field, admin_page, refused, tenant_visit
from bixie.web.services import Services
from bixie.web.today.state import state_of
from bixie.web.visits import Visit

__all__ = ["router"]

_PATH = "/admin/ledger"
_DONE = ("checkpoint", "verify")


def router(services: Services) -> APIRouter:
    """Return the endpoints."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(_PATH)
    def ledger(request: Request, done: str = "") -> Response:
        return _page(tenant_visit(request, services), done=done if done in _DONE else None)

    @routes.post(f"{_PATH}/checkpoint")
    def make_checkpoint(request: Request, csrf: Field, once: Field = "") -> Response:
        visit = tenant_visit(request, services, csrf)

        def work() -> Response:
            api.add_checkpoint(visit.call(once))
            return RedirectResponse(f"{_PATH}?done=checkpoint", 303)

        return refused(visit, work, lambda status, why: _page(visit, status, refusal=why))

    @routes.post(f"{_PATH}/verify")
    def verify(request: Request, csrf: Field) -> Response:
        visit = tenant_visit(request, services, csrf)
        with visit.call().writing() as session:
            ask_to_verify(session, services.clock)
        return RedirectResponse(f"{_PATH}?done=verify", 303)

    return routes


def _page(
    visit: Visit, status: int = 200, *, done: str | None = None, refusal: str | None = None
) -> Response:
    return admin_page(visit, "ledger.html", status, state=state_of(visit), done=done, refusal=refusal)
