"""``/demo``: explains the invented shops, and takes a visitor into each role with one click.

Stepping into a role needs no password, so it is for browsers of this machine only: the demo listens on
loopback, and a request that names another host or comes from another site is refused.
"""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from bixie.web import sign_in
from bixie.web.demo.stage import Stage
from bixie.web.errors import WebError
from bixie.web.pages import check_same_origin, page
from bixie.web.ui.navigation import home_of

__all__ = ["PATH", "demo_page", "router"]

PATH = "/demo"
_MAX_KEY = 100


def router(stage: Stage) -> APIRouter:
    """Return the endpoints."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(PATH)
    def show(request: Request) -> Response:
        return demo_page(request, stage)

    @routes.post(f"{PATH}/enter")
    def enter(request: Request, actor: Annotated[str, Form(max_length=_MAX_KEY)]) -> Response:
        _check_own(request)
        principal, token = stage.enter(actor)
        return sign_in.redirect_with_session(request, token, home_of(principal))

    @routes.post(f"{PATH}/buyer")
    def be_buyer(request: Request, order: Annotated[str, Form(max_length=_MAX_KEY)]) -> Response:
        _check_own(request)
        return RedirectResponse(stage.buyer_path(order), 303)

    @routes.get(f"{PATH}/enter")
    @routes.get(f"{PATH}/buyer")
    def reload() -> Response:
        """Lead whoever reloads after an error back to the page."""
        return RedirectResponse(PATH, 303)

    return routes


def _check_own(request: Request) -> None:
    if not sign_in.is_on_this_machine(request):
        raise WebError("web.not_on_this_machine", 403)
    check_same_origin(request)


def demo_page(request: Request, stage: Stage) -> Response:
    """Return the page."""
    address = str(request.base_url).rstrip("/")
    actors, buyers = stage.actors(), stage.buyers()
    return page(request, "demo/demo.html", address=address, actors=actors, buyers=buyers)
