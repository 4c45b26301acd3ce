"""From exceptions inside the application to problem documents."""

import json
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from bixie.kit.errors import BixieError
from bixie.kit.ids import new_id
from bixie.kit.reasons import plain_reason
from bixie.kit.sanitise import sanitise
from bixie.kit.timestamps import utc_now
from bixie.store.errors import StoreError
from bixie.web.errors import WebError
from bixie.web.logs import log_error
from bixie.web.pages import page
from bixie.web.problems import FieldOut, problem, problem_of
from bixie.web.response_middleware import HEADERS
from bixie.web.visits import SignInRequiredError

__all__ = ["install", "refuse_connection"]

_MAX_FIELDS = 50
_KEPT = frozenset({"www-authenticate", "retry-after", "allow"})


def install(app: FastAPI) -> None:
    """Make the application respond to every error with a problem document."""
    app.add_exception_handler(BixieError, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(SignInRequiredError, _sign_in)


async def refuse_connection(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request of a connection that is one too many, as an ASGI application; the connection ends."""
    request_id = new_id("request", utc_now)
    scope.setdefault("state", {})["request_id"] = request_id
    response = problem(scope, HTTPStatus.SERVICE_UNAVAILABLE, "web.unavailable")
    response.headers.update({**HEADERS, "X-Request-Id": request_id, "Connection": "close"})
    await response(scope, receive, send)


async def _sign_in(request: Request, error: Exception) -> Response:
    assert isinstance(error, SignInRequiredError)
    return error.response()


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, BixieError)
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log_error(request.scope, error)
    return _shown(request, problem_of(request.scope, error))


def _shown(request: Request, refusal: JSONResponse) -> Response:
    """Return a refusal as a page where a person looks at a page, and as it is for programs."""
    accepted = request.headers.get("accept", "")
    if request.url.path.startswith("/api/") or "text/html" not in accepted:
        return refusal
    document = json.loads(bytes(refusal.body))
    response = page(request, "ui/error.html", refusal.status_code, problem=document)
    kept = {name: value for name, value in refusal.headers.items() if name in _KEPT}
    response.headers.update(kept)
    return response


async def _invalid(request: Request, error: Exception) -> Response:
    """Name the fields; do not repeat their content."""
    assert isinstance(error, RequestValidationError)
    found = [_field(one) for one in error.errors()[:_MAX_FIELDS]]
    names = ", ".join(dict.fromkeys(one.field for one in found))
    refusal = WebError("web.invalid", HTTPStatus.UNPROCESSABLE_ENTITY, fields=names)
    response = problem(
        request.scope,
        refusal.status,
        refusal.code,
        refusal.text,
        fields=[one.model_dump() for one in found],
    )
    return _shown(request, response)


def _field(error: dict[str, Any]) -> FieldOut:
    field = ".".join(sanitise(str(part), 80) for part in error["loc"])
    return FieldOut(field=field, code=str(error["type"]), en=sanitise(str(error["msg"])))


async def _http(request: Request, error: Exception) -> Response:
    """Turn an error of the framework into a problem document."""
    assert isinstance(error, HTTPException)
    refusal = _of_framework(request, error)
    response = problem_of(request.scope, refusal)
    if refusal.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log_error(request.scope, refusal)
    response.headers.update(error.headers or {})
    return _shown(request, response)


def _of_framework(request: Request, error: HTTPException) -> BixieError:
    if isinstance(error.__cause__, OSError):  # the body could not be spooled to disk
        return StoreError("store.files", reason=plain_reason(error.__cause__))
    if isinstance(error.__cause__, BixieError):
        return error.__cause__
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        return WebError("web.method_not_allowed", error.status_code, method=sanitise(request.method, 20))
    if error.status_code == HTTPStatus.NOT_FOUND:
        return WebError("web.no_such_page", error.status_code)
    if error.status_code == HTTPStatus.BAD_REQUEST:
        return WebError("web.bad_request", error.status_code)
    return WebError("web.other", error.status_code, phrase=HTTPStatus(error.status_code).phrase)
