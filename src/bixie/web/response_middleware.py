"""What every answer comes in: a request id, security headers, a line in the log, a place in the metrics.

Nothing that goes wrong further in passes it: what nobody foresaw becomes an answer without its reason.
"""

import time
from http import HTTPStatus

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bixie.kit.ids import new_id
from bixie.kit.timestamps import Clock
from bixie.web import logs
from bixie.web.metrics import Metrics
from bixie.web.problems import problem

__all__ = ["HEADERS", "ResponseMiddleware"]

HEADERS = {
    # An API's answers load nothing, run nothing and are framed by nobody; a page sets a policy of its own.
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Strict-Transport-Security": "max-age=31536000",
    "Cache-Control": "no-store",
}
_UNMATCHED = "unmatched"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class ResponseMiddleware:
    """ASGI middleware around everything else.

    Parameters
    ----------
    app : ASGI application
    metrics : Metrics
    clock : callable
    """

    def __init__(self, app: ASGIApp, metrics: Metrics, clock: Clock) -> None:
        self._app = app
        self._metrics = metrics
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one call."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = new_id("request", self._clock)
        scope.setdefault("state", {})["request_id"] = request_id
        status = 0
        began = time.perf_counter()

        async def enveloped(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        with self._metrics.in_progress.track_inprogress():
            try:
                await self._app(scope, receive, enveloped)
            except Exception as error:
                logs.note(scope, error)
                if status:
                    raise  # half an answer is out: only breaking the connection tells that it is not whole
                answer = problem(scope, HTTPStatus.INTERNAL_SERVER_ERROR, "web.internal")
                await answer(scope, receive, enveloped)
            finally:
                self._done(scope, request_id, status, time.perf_counter() - began)

    def _done(self, scope: Scope, request_id: str, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in _METHODS else "other"
        route = getattr(scope.get("route"), "path", _UNMATCHED)
        self._metrics.count(method, route, status, seconds)
        logs.request_done(
            {
                "request_id": request_id,
                "method": method,
                "route": route,
                "status": status,
                "ms": round(seconds * 1000, 1),
            }
        )
