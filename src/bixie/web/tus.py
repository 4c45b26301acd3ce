"""What the protocol tus asks of every answer, refusals included, around the endpoints of uploads."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bixie.vault.uploads.tus import VERSION

__all__ = ["TusAnswers"]

_OVERRIDES = frozenset({"PATCH", "DELETE", "HEAD"})


class TusAnswers:
    """ASGI middleware: names the protocol's version, and lets POST stand for what a client cannot send.

    Parameters
    ----------
    app : ASGI application
    prefix : str
        Of the paths that it is for.
    """

    def __init__(self, app: ASGIApp, prefix: str) -> None:
        self._app = app
        self._prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one call."""
        path = scope.get("path", "")
        if scope["type"] != "http" or not (path == self._prefix or path.startswith(f"{self._prefix}/")):
            await self._app(scope, receive, send)
            return
        meant = Headers(scope=scope).get("x-http-method-override", "").upper()
        if scope["method"] == "POST" and meant in _OVERRIDES:
            scope["method"] = meant

        async def answered(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Tus-Resumable"] = headers["Tus-Version"] = VERSION
            await send(message)

        await self._app(scope, receive, answered)
