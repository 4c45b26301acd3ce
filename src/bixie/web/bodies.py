"""Reads no more of a body than its endpoint accepts; one that declares a larger size is not read at all."""

from collections.abc import Iterable
from http import HTTPStatus

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bixie.access.body_limit import DEFAULT_BYTES, body_limit_of
from bixie.imaging.limits import Limits
from bixie.web.errors import WebError
from bixie.web.problems import problem_of

__all__ = ["BodyLimitMiddleware"]


class BodyLimitMiddleware:
    """ASGI middleware: refuses bodies that are larger than the endpoint of their path accepts.

    Parameters
    ----------
    app : ASGI application
    routers : iterable of APIRouter
        Their endpoints state limits with `bixie.access.body_limit.body_limit`.
    limits : Limits
        On files.
    """

    def __init__(self, app: ASGIApp, routers: Iterable[APIRouter], limits: Limits) -> None:
        self._app = app
        self._limits = [
            (route.path_regex, body_limit_of(route.endpoint)(limits))
            for router in routers
            for route in router.routes
            if isinstance(route, APIRoute)
        ]

    def _limit(self, path: str) -> int:
        # Methods of one path share the largest limit: a request is refused before anything routes it.
        stated = (limit for regex, limit in self._limits if regex.match(path))
        return max(stated, default=DEFAULT_BYTES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limit(scope["path"])
        refusal = WebError("web.too_large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE, limit=limit)
        declared = Headers(scope=scope).get("content-length", "0")
        if not (declared.isascii() and declared.isdigit()) or int(declared) > limit:
            await problem_of(scope, refusal)(scope, receive, send)
            return
        size = 0

        async def limited() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > limit:
                raise refusal
            return message

        await self._app(scope, limited, send)
