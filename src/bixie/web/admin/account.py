"""``/account``: one's own second factor; a code from the telephone turns it on, a full login turns it off."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from bixie.identity.errors import CredentialError
from bixie.identity.repository import tenant_of_session
from bixie.identity.service import person_of
from bixie.identity.signin.login import turn_off_second_factor
from bixie.identity.signin.second_factor import begin, confirm
from bixie.web.admin.frame import Field, admin_page, refused
from bixie.web.services import Services
from bixie.web.shown_once import forget, redirect_showing, shown
from bixie.web.sign_in import attempt_of
from bixie.web.visits import Visit, visit_of

__all__ = ["router"]

_PATH = "/account"
_ADDRESS, _CODES = "otpauth", "recovery"


def router(services: Services) -> APIRouter:
    """Return the endpoints."""
    # Long because each endpoint is a function inside: they share `services`.
    routes = APIRouter(include_in_schema=False)

    @routes.get(_PATH)
    def account(request: Request) -> Response:
        return _page(visit_of(request, services))

    @routes.post(f"{_PATH}/second-factor")
    def start(request: Request, csrf: Field) -> Response:
        visit = visit_of(request, services, csrf=csrf)

        def work() -> Response:
            with visit.call().writing() as session:
                tenant = tenant_of_session(session)
                address = begin(session, tenant.name if tenant else "Bixie", clock=services.clock)
            return redirect_showing(request, _PATH, _ADDRESS, address)

        return refused(visit, work, lambda status, why: _page(visit, status, refusal=why))

    @routes.post(f"{_PATH}/second-factor/confirm")
    def turn_on(request: Request, csrf: Field, code: Field) -> Response:
        visit = visit_of(request, services, csrf=csrf)

        def work() -> Response:
            with visit.call().writing() as session:
                codes = confirm(session, code, services.clock)
            return redirect_showing(request, _PATH, _CODES, "\n".join(codes))

        return refused(visit, work, lambda status, why: _page(visit, status, refusal=why, begun=True))

    @routes.post(f"{_PATH}/second-factor/off")
    def turn_off(request: Request, csrf: Field, password: Field, code: Field) -> Response:
        visit = visit_of(request, services, csrf=csrf)

        def work() -> Response:
            with visit.call().reading() as session:
                login = person_of(session, visit.principal.id).login
            if login is None:
                raise CredentialError("identity.login_refused")
            attempt = attempt_of(request, login, password, code)
            turn_off_second_factor(services.store, visit.principal.tenant, attempt, clock=services.clock)
            return RedirectResponse(_PATH, 303)

        return refused(visit, work, lambda status, why: _page(visit, status, refusal=why))

    return routes


def _page(visit: Visit, status: int = 200, **values: Any) -> Response:
    with visit.call().reading() as session:
        person = person_of(session, visit.principal.id)
    blank = {"refusal": None, "begun": False}
    response = admin_page(
        visit,
        "account.html",
        status,
        **{**blank, **values},
        person=person,
        address=shown(visit.request, _ADDRESS),
        codes=shown(visit.request, _CODES),
    )
    return forget(visit.request, response)
