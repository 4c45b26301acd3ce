"""Adds a request id and security headers to every response, logs it and counts it.

No exception passes it: an unforeseen one becomes a response without the reason.
"""

import time
from asyncio import CancelledError
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
    # Responses of the API load and run nothing and are never framed; a page sets a policy of its own.
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
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = new_id("request", self._clock)
        scope.setdefault("state", {})["request_id"] = request_id
        status = 0
        started = time.perf_counter()

        async def send_with_headers(message: Message) -> None:
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
                await self._app(scope, receive, send_with_headers)
            except Exception as error:
                logs.log_error(scope, error)
                if status:
                    raise  # part of the response is out: only a broken connection shows that
                response = problem(scope, HTTPStatus.INTERNAL_SERVER_ERROR, "web.internal")
                await response(scope, receive, send_with_headers)
            except CancelledError:
                # The server stops and waits no longer: that is no defect, so nothing above may report one.
                if not status:
                    response = problem(scope, HTTPStatus.SERVICE_UNAVAILABLE, "web.unavailable")
                    await response(scope, receive, send_with_headers)
            finally:
                self._record(scope, request_id, status, time.perf_counter() - started)

    def _record(self, scope: Scope, request_id: str, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in _METHODS else "other"
        route = getattr(scope.get("route"), "path", _UNMATCHED)
        self._metrics.count(method, route, status, seconds)
        logs.log_request(
            {
                "request_id": request_id,
                "method": method,
                "route": route,
                "status": status,
                "ms": round(seconds * 1000, 1),
            }
        )
