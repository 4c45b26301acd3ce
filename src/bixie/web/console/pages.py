"""``/console``: the queue of reviewers and a case on one screen."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from bixie.cases.requests import Asked
from bixie.cases.reviews.api import claim_next_review
from bixie.remedies.by_hand import by_hand
from bixie.web.console import actions
from bixie.web.console.actions import PATH, REVIEWERS
from bixie.web.console.case_page import case_page
from bixie.web.console.forms import SentForm
from bixie.web.console.queue_view import FILTERS, queue_view
from bixie.web.pages import zone_key_of
from bixie.web.services import Services
from bixie.web.visits import visit_of

__all__ = ["router"]


def router(services: Services) -> APIRouter:
    """Return the endpoints."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(PATH)
    def queue(
        request: Request,
        show: Literal["all", "unclaimed", "overdue", "appeal"] = "all",
        cursor: str | None = None,
        nothing: bool = False,
    ) -> Response:
        visit = visit_of(request, services, REVIEWERS)
        view = queue_view(visit.call(), show, cursor)
        others = by_hand(visit.call(), Asked(side=None, zone=zone_key_of(request)))
        more = {"filters": FILTERS, "nothing": nothing, "by_hand": others}
        return visit.page("console/queue.html", view=view, **more)

    @routes.post(f"{PATH}/next")
    def take_next(request: Request, form: Annotated[SentForm, Form()]) -> Response:
        visit = visit_of(request, services, REVIEWERS, csrf=form.csrf)
        taken = claim_next_review(visit.call(form.once))
        path = f"{PATH}?nothing=true" if taken.item is None else f"{PATH}/cases/{taken.item.case}"
        return RedirectResponse(path, 303)

    @routes.get(f"{PATH}/cases/{{case_id}}")
    def case(request: Request, case_id: str, level: int | None = None) -> Response:
        return case_page(visit_of(request, services, REVIEWERS), case_id, level=level)

    routes.include_router(actions.router(services))
    return routes
