"""``/desk/cases/{id}``: what is asked and until when, the evidence, and what the merchant can answer."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from bixie.cases.challenge import new_code_word
from bixie.kit.errors import BixieError
from bixie.web.desk.case_view import case_view
from bixie.web.desk.sides import CLERKS, asked_at_desk
from bixie.web.desk.typed import Typed
from bixie.web.pages import refusal_of
from bixie.web.services import Services
from bixie.web.visits import Visit, visit_of

__all__ = ["CASES", "case_answer", "router"]

CASES = "/desk/cases"


def router(services: Services) -> APIRouter:
    """Return the endpoint."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(f"{CASES}/{{case_id}}")
    def show_case(
        request: Request,
        case_id: str,
        *,
        level: int | None = None,
        done: Annotated[str, Query(max_length=40)] = "",
    ) -> Response:
        return case_answer(visit_of(request, services, CLERKS), case_id, level=level, done=done)

    return routes


def case_answer(
    visit: Visit,
    case_id: str,
    *,
    level: int | None = None,
    done: str = "",
    refusal: BixieError | None = None,
    typed: Typed | None = None,
) -> Response:
    """Return the page of a case; after a refusal with what was typed, and with its sentence above."""
    call = visit.call()
    view = case_view(call, case_id, asked_at_desk(visit, call, case_id), level=level, typed=typed)
    return visit.page(
        "desk/case.html",
        200 if refusal is None else refusal.status,
        view=view,
        done=done if done in _SAID else "",
        refusal=None if refusal is None else refusal_of(visit.request, refusal),
        code_word=new_code_word(),
    )


_SAID = frozenset(
    {
        *("accept", "reject", "negotiate", "supplement", "appeal", "messages", "challenge"),
        *("upload", "more-time", "inspection", "send-back", "draft"),
    }
)
"""What the page says once it is done, by the action."""
