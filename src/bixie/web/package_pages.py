"""``POST /cases/{id}/package`` for the pages of a case, and ``/verify``: the verifier inside of packages."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from bixie.access.principal import Role
from bixie.dossier.api import package_answer
from bixie.dossier.inside import verifier
from bixie.web.desk.forms import SentForm
from bixie.web.desk.sides import asked_at_desk
from bixie.web.services import Services
from bixie.web.visits import visit_of

__all__ = ["router"]

_READERS = frozenset({Role.CLERK, Role.ADMIN, Role.REVIEWER})
_VERIFIER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
"""The page is one file that people open from a folder, so its script stands inside; it can reach nothing."""


def router(services: Services) -> APIRouter:
    """Return the endpoints."""
    routes = APIRouter(include_in_schema=False)

    @routes.post("/cases/{case_id}/package")
    def download(request: Request, case_id: str, form: SentForm) -> Response:
        visit = visit_of(request, services, _READERS, csrf=form.csrf)
        call = visit.call()
        return package_answer(call, case_id, asked_at_desk(visit, call, case_id))

    @routes.get("/verify")
    def verify() -> HTMLResponse:
        headers = {"Content-Security-Policy": _VERIFIER_POLICY}
        return HTMLResponse(verifier("verify.html"), headers=headers)

    return routes
