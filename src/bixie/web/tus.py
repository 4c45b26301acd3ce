"""Adds what the protocol tus requires of every response, errors included, to the uploads' endpoints."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bixie.vault.uploads.tus import VERSION

__all__ = ["TusMiddleware"]

_OVERRIDES = frozenset({"PATCH", "DELETE", "HEAD"})


class TusMiddleware:
    """ASGI middleware: adds the protocol's version, and lets POST replace methods that a client cannot send.

    Parameters
    ----------
    app : ASGI application
    prefix : str
        Of the paths it applies to.
    """

    def __init__(self, app: ASGIApp, prefix: str) -> None:
        self._app = app
        self._prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        path = scope.get("path", "")
        if scope["type"] != "http" or not (path == self._prefix or path.startswith(f"{self._prefix}/")):
            await self._app(scope, receive, send)
            return
        method = Headers(scope=scope).get("x-http-method-override", "").upper()
        if scope["method"] == "POST" and method in _OVERRIDES:
            scope["method"] = method

        async def send_with_version(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Tus-Resumable"] = headers["Tus-Version"] = VERSION
            await send(message)

        await self._app(scope, receive, send_with_version)
