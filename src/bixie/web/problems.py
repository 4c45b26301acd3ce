"""Every refusal as ``application/problem+json``: a stable code for programs, sentences for people.

An internal error (status 500 and above) is reported without its reason; the log has it.

References
----------
RFC 9457.
"""

from http import HTTPStatus
from typing import Any

from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.datastructures import Headers
from starlette.types import Scope

from bixie.kit.errors import BixieError
from bixie.kit.messages import Text, catalogue
from bixie.orders.schemas import ProblemOut

__all__ = ["MEDIA_TYPE", "FieldOut", "ProblemDocument", "prefers_chinese", "problem", "problem_of"]

MEDIA_TYPE = "application/problem+json"
_PACKAGE = "bixie.web"
_RETRY_AFTER = "5"


class FieldOut(BaseModel):
    """One invalid field; a room that knows more says it in Chinese as well, as `zh`."""

    model_config = ConfigDict(extra="allow")

    field: str = Field(examples=["body.order"])
    code: str = Field(examples=["missing"])
    en: str


class ProblemDocument(BaseModel):
    """Why a request was refused; an error may add members of its own."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str = Field(description="`zh` if the request prefers Chinese, otherwise `en`")
    code: str = Field(description="stable; programs compare this")
    en: str
    zh: str
    request_id: str
    fields: list[FieldOut] | None = None
    problems: list[ProblemOut] | None = None


def problem_of(scope: Scope, error: BixieError) -> JSONResponse:
    """Return the response to a request that a room refused."""
    text = error.text
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        text = _internal_text(scope, error.status)
    return problem(scope, error.status, error.code, text, **error.members())


def problem(scope: Scope, status: int, code: str, text: Text | None = None, **more: Any) -> JSONResponse:
    """Return a problem document as a response.

    Parameters
    ----------
    scope : dict
        Of the request.
    status : int
    code : str
    text : Text, optional
        The sentence for people; that of an internal error by default.
    **more
        Further members of the document.
    """
    text = text or _internal_text(scope, status)
    document = ProblemDocument(
        type="about:blank",
        title=_phrase(status),
        status=status,
        detail=text.zh if prefers_chinese(scope) else text.en,
        code=code,
        en=text.en,
        zh=text.zh,
        request_id=_request_id(scope),
        **more,
    )
    headers = {}
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = _RETRY_AFTER
    # Members that do not apply are left out; a null inside one of them says something.
    content = {name: value for name, value in document.model_dump().items() if value is not None}
    return JSONResponse(content, status, headers, MEDIA_TYPE)


def _phrase(status: int) -> str:
    """Return the title of a status; a protocol on top of HTTP may define its own status."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Refused"


def _internal_text(scope: Scope, status: int) -> Text:
    temporary = status == HTTPStatus.SERVICE_UNAVAILABLE
    key = "web.unavailable" if temporary else "web.internal"
    return catalogue(_PACKAGE).text(key, **({} if temporary else {"request_id": _request_id(scope)}))


def _request_id(scope: Scope) -> str:
    return str(scope["state"]["request_id"])


def prefers_chinese(scope: Scope) -> bool:
    """Return whether a request prefers Chinese."""
    return Headers(scope=scope).get("accept-language", "").strip().lower().startswith("zh")
