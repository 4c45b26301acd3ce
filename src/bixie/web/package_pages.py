"""``/cases/{id}/documents``: papers and package of a case; ``/verify``: the verifier inside of packages."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from bixie.access.principal import Role
from bixie.cases.access import case_call
from bixie.cases.words import Side
from bixie.dossier.api import package_answer
from bixie.dossier.documents.pdf import can_write_pdf
from bixie.dossier.documents.service import offered_papers
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

    @routes.get("/cases/{case_id}/documents")
    def show(request: Request, case_id: str) -> Response:
        visit = visit_of(request, services, _READERS)
        call = visit.call()
        inner, side = case_call(call, case_id, asked_at_desk(visit, call, case_id).side)
        papers = offered_papers(
            inner.store, inner.principal, inner.blobs, case_id, side=side, clock=inner.clock
        )
        back = "/console" if side is Side.PLATFORM else "/desk"
        shown = {"papers": papers, "pdf": can_write_pdf(), "side": side, "back": back}
        return visit.page("dossier.html", case_id=case_id, **shown)

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
