"""No more of a body is read than a call may need; a body that says it is larger is not read at all."""

from collections.abc import Callable
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bixie.web.errors import WebError
from bixie.web.problems import problem_of

__all__ = ["BodyLimit"]


class BodyLimit:
    """ASGI middleware.

    Parameters
    ----------
    app : ASGI application
    limit : callable
        Answers with the most bytes for a path.
    """

    def __init__(self, app: ASGIApp, limit: Callable[[str], int]) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one call."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limit(scope["path"])
        refusal = WebError("web.too_large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE, limit=limit)
        said = Headers(scope=scope).get("content-length", "0")
        if not (said.isascii() and said.isdigit()) or int(said) > limit:
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
