"""``/``: what is owed today; leads to sign-in, or to set-up while the store is empty.

In the demo, who has taken no role yet gets the demo's page.
"""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from bixie.access.principal import Role
from bixie.access.tenancy import reading_every_tenant
from bixie.identity import repository
from bixie.web import setup, sign_in
from bixie.web.demo.pages import demo_page
from bixie.web.demo.stage import Stage
from bixie.web.pages import page
from bixie.web.services import Services
from bixie.web.today.state import state_of
from bixie.web.today.work import owed_by
from bixie.web.visits import visit_of

__all__ = ["router"]


def router(services: Services, demo: Stage | None) -> APIRouter:
    """Return the endpoint.

    Parameters
    ----------
    services : Services
    demo : Stage or None
        What the page of the demo opens.
    """
    routes = APIRouter(include_in_schema=False)

    @routes.get("/")
    def start(request: Request) -> Response:
        if sign_in.signed_in(request, services) is not None:
            return _today(request, services)
        if demo is not None:
            return demo_page(request, demo)
        with reading_every_tenant(services.store) as session:
            is_set_up = bool(repository.tenants(session, 1))
        return page(request, "today/welcome.html") if is_set_up else RedirectResponse(setup.PATH, 303)

    return routes


def _today(request: Request, services: Services) -> Response:
    visit = visit_of(request, services)
    principal = visit.principal
    looks_after = principal.role is Role.ADMIN and principal.party is None
    state = state_of(visit) if looks_after else None
    return visit.page("today/today.html", owed=owed_by(visit), state=state)
