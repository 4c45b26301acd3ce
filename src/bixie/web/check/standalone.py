"""The page as a program of its own: on this machine only, without store, account or network."""

from fastapi import FastAPI
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from bixie.kit.timestamps import utc_now
from bixie.web import refusals
from bixie.web.bodies import BodyLimitMiddleware
from bixie.web.check.access import LocalAccess
from bixie.web.check.api import PATH, router
from bixie.web.check.errors import CheckError
from bixie.web.check.runs import Runs
from bixie.web.metrics import Metrics
from bixie.web.problems import problem_of
from bixie.web.response_middleware import ResponseMiddleware
from bixie.web.ui import assets_api

__all__ = ["create_check_app"]

_HTTP_PORT = 80


def create_check_app(runs: Runs, port: int) -> FastAPI:
    """Return the application.

    Parameters
    ----------
    runs : Runs
        Whoever makes them closes them.
    port : int
        On which it is served: calls that name another host or port are refused.
    """
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    pages = router(runs, LocalAccess())
    app.include_router(pages)
    app.include_router(assets_api.router)

    @app.get("/")
    def start() -> Response:
        return RedirectResponse(PATH)

    refusals.install(app)
    app.add_middleware(BodyLimitMiddleware, routers=[pages], limits=runs.limits)
    app.add_middleware(_OnlyThisMachine, port=port)
    app.add_middleware(ResponseMiddleware, metrics=Metrics(), clock=utc_now)
    return app


class _OnlyThisMachine:
    """ASGI middleware: refuse calls to a name that is not this machine's own.

    A page of another site can make a browser call loopback under a name of its own (DNS rebinding).
    """

    def __init__(self, app: ASGIApp, port: int) -> None:
        self._app = app
        names = ("127.0.0.1", "localhost", "[::1]")
        self._hosts = {f"{name}:{port}" for name in names}
        if port == _HTTP_PORT:
            self._hosts.update(names)  # a browser leaves the port out

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and Headers(scope=scope).get("host") not in self._hosts:
            await problem_of(scope, CheckError("check.other_host", 421))(scope, receive, send)
            return
        await self._app(scope, receive, send)
