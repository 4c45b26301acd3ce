"""``/docs``: every operation of the API with its parameters, body and answers, written by the server."""

from functools import lru_cache
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response

from bixie.web import sign_in
from bixie.web.api_page.operations import Tag, tags_of
from bixie.web.pages import page
from bixie.web.services import Services
from bixie.web.visits import visit_of

__all__ = ["router"]

_PATH = "/docs"


def router(services: Services) -> APIRouter:
    """Return the endpoints; the description needs no sign-in, as the document needs none."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(_PATH)
    def overview(request: Request) -> Response:
        return _page(request, services, None)

    @routes.get(f"{_PATH}/{{tag}}")
    def one_tag(request: Request, tag: str) -> Response:
        return _page(request, services, tag)

    return routes


@lru_cache(maxsize=4)
def _tags(app: FastAPI) -> tuple[Tag, ...]:
    return tuple(tags_of(app.openapi()))


def _page(request: Request, services: Services, name: str | None) -> Response:
    tags = _tags(request.app)
    chosen = next((tag for tag in tags if tag.name == name), None)
    values: dict[str, Any] = {"tags": tags, "chosen": chosen, "here": "docs"}
    status = 404 if name is not None and chosen is None else 200
    if sign_in.signed_in(request, services) is None:
        return page(request, "api_page/docs.html", status, **values)
    return visit_of(request, services).page("api_page/docs.html", status, **values)
