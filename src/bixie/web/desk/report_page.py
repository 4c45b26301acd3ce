"""``/reports/{id}``: a whole report of an examination, in a frame of its own."""

from fastapi import APIRouter, Request, Response

from bixie.access.principal import Role
from bixie.examinations import api as examinations
from bixie.web.desk.sides import CLERKS
from bixie.web.services import Services
from bixie.web.visits import visit_of

__all__ = ["router"]


def router(services: Services) -> APIRouter:
    """Return the endpoint."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/reports/{report_id}")
    def show_report(request: Request, report_id: str) -> Response:
        visit = visit_of(request, services, CLERKS | {Role.REVIEWER})
        report = examinations.get_report(visit.call(), report_id)
        return visit.page("desk/report.html", report=report)

    return routes
