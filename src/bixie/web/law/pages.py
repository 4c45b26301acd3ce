"""``/law``: asks in plain words what happened, and says what may apply and why, and what to do first.

Nothing is kept: the answers come with the form and go with the page.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from bixie.kit.calendar import CHINA
from bixie.kit.errors import BixieError
from bixie.law import assess, assessment_document, parse_facts
from bixie.web.law.questions import GROUPS, facts_of
from bixie.web.pages import refusal_of
from bixie.web.services import Services
from bixie.web.visits import Visit, visit_of

__all__ = ["router"]

_PATH = "/law"
_MAX_ACTS = 20
_MAX_FIELDS = 1_000
_OPEN = ("possible", "alternative", "depends")


def router(services: Services) -> APIRouter:
    """Return the endpoints."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(_PATH)
    def ask(request: Request) -> Response:
        return _page(visit_of(request, services))

    @routes.post(_PATH)
    def answer(request: Request, typed: Annotated[dict[str, str], Depends(_typed)]) -> Response:
        visit = visit_of(request, services, csrf=typed.get("csrf", ""))
        acts = _count(typed.get("acts", "1"))
        if "more" in typed:
            return _page(visit, typed=typed, acts=min(acts + 1, _MAX_ACTS))
        today = services.clock().astimezone(CHINA).date()
        try:
            found = assess(parse_facts(facts_of(typed, acts), today), today)
        except BixieError as error:
            return _page(visit, 422, typed=typed, acts=acts, refusal=refusal_of(request, error))
        return _page(visit, typed=typed, acts=acts, result=assessment_document(found))

    return routes


async def _typed(request: Request) -> dict[str, str]:
    form = await request.form(max_fields=_MAX_FIELDS)
    return {name: value for name, value in form.items() if isinstance(value, str)}


def _count(text: str) -> int:
    return max(1, min(int(text), _MAX_ACTS)) if text.isascii() and text.isdigit() and len(text) < 4 else 1


def _page(visit: Visit, status: int = 200, **values: Any) -> Response:
    blank = {"typed": {}, "acts": 1, "refusal": None, "result": None}
    return visit.page("law/law.html", status, **{**blank, **values}, groups=GROUPS, open_ones=_OPEN)
