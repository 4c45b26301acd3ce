"""Puts the service together: rooms' endpoints inside, then the gate, the limit for bodies, the envelope."""

from functools import partial

from fastapi import FastAPI, Request

from bixie.access.call import Call, current_call
from bixie.examinations import api as examinations
from bixie.identity import api as identity
from bixie.imaging.limits import Limits
from bixie.ledger import api as ledger
from bixie.notices import api as notices
from bixie.orders import api as orders
from bixie.orders.file_import import MAX_FILE
from bixie.vault import api as vault
from bixie.vault.retention import api as retention
from bixie.vault.uploads import api as uploads
from bixie.web import document, health, keys_page, refusals, setup, sign_in
from bixie.web.auth_middleware import AuthMiddleware, call_of
from bixie.web.bodies import BodyLimit
from bixie.web.metrics import Metrics
from bixie.web.response_middleware import ResponseMiddleware
from bixie.web.services import Services
from bixie.web.tus import TusAnswers

__all__ = ["create_app", "routes_only"]

_ROOMS = (orders, vault, uploads, retention, examinations, ledger, notices, identity)
_FORM_BYTES = 64 * 1024
"""What a form needs around the file in it."""
_BODY_BYTES = 1024 * 1024
"""A thousand orders; more come as a file."""


def create_app(parts: Services) -> FastAPI:
    """Return the service as an ASGI application.

    Parameters
    ----------
    parts : Services
        What it works with; who made them closes them.
    """
    app = routes_only()
    metrics = Metrics()
    app.include_router(health.router(parts, metrics))
    for pages in (setup, sign_in, keys_page):
        app.include_router(pages.router(parts))
    refusals.install(app)

    def call(request: Request) -> Call:
        return call_of(parts, request)

    app.dependency_overrides[current_call] = call
    # The last one added is the outermost.
    app.add_middleware(AuthMiddleware, parts=parts)
    app.add_middleware(BodyLimit, limit=partial(_body_limit, parts.limits))
    app.add_middleware(TusAnswers, prefix=uploads.router.prefix)
    app.add_middleware(ResponseMiddleware, metrics=metrics, clock=parts.clock)
    return app


def routes_only() -> FastAPI:
    """Return an application that answers nobody, for its description."""
    app = FastAPI(
        title="Bixie",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )
    for room in _ROOMS:
        app.include_router(room.router)
    document.describe(app)
    return app


def _body_limit(limits: Limits, path: str) -> int:
    if path in (vault.router.prefix, f"{orders.router.prefix}/with-files"):
        return max(limits.file_bytes, limits.video_bytes) + _FORM_BYTES
    if path.startswith(f"{uploads.router.prefix}/"):
        return max(limits.file_bytes, limits.video_bytes)
    if path == f"{orders.router.prefix}/import":
        return MAX_FILE + _FORM_BYTES
    return _BODY_BYTES
