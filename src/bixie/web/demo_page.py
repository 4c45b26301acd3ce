"""``/`` of the demo: says what this is and how to look at its cases."""

from fastapi import APIRouter, Request, Response

from bixie.web.pages import page
from bixie.web.services import Services

__all__ = ["router"]


def router(services: Services) -> APIRouter:
    """Return the endpoint."""
    del services
    routes = APIRouter(include_in_schema=False)

    @routes.get("/")
    def start(request: Request) -> Response:
        return page(request, "demo.html", address=str(request.base_url).rstrip("/"))

    return routes
