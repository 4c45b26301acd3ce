"""Every refusal as ``application/problem+json``: a stable code for programs, sentences for people.

What goes wrong inside (status 500 and above) is told without its reason; the log has that.

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
    """One field that is not as it must be."""

    field: str = Field(examples=["body.order"])
    code: str = Field(examples=["missing"])
    en: str


class ProblemDocument(BaseModel):
    """Why a request was refused; an error may add members of its own."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str = Field(description="`zh` where the call prefers Chinese, otherwise `en`")
    code: str = Field(description="stable; what programs compare")
    en: str
    zh: str
    request_id: str
    fields: list[FieldOut] | None = None
    problems: list[ProblemOut] | None = None


def problem_of(scope: Scope, error: BixieError) -> JSONResponse:
    """Return the response to a request that a room refused."""
    text = error.text
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        text = _inside(scope, error.status)
    return problem(scope, error.status, error.code, text, **error.members())


def problem(scope: Scope, status: int, code: str, text: Text | None = None, **more: Any) -> JSONResponse:
    """Return a problem document as an answer.

    Parameters
    ----------
    scope : dict
        Of the call.
    status : int
    code : str
    text : Text, optional
        The sentence for people; what the web says inside of status 500 when not given.
    **more
        Further members of the document.
    """
    text = text or _inside(scope, status)
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
    return JSONResponse(document.model_dump(exclude_none=True), status, headers, MEDIA_TYPE)


def _phrase(status: int) -> str:
    """Return the title of a status; a protocol on top of HTTP may have one that HTTP knows nothing of."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Refused"


def _inside(scope: Scope, status: int) -> Text:
    known = status == HTTPStatus.SERVICE_UNAVAILABLE
    key = "web.unavailable" if known else "web.internal"
    return catalogue(_PACKAGE).text(key, **({} if known else {"request_id": _request_id(scope)}))


def _request_id(scope: Scope) -> str:
    return str(scope["state"]["request_id"])


def prefers_chinese(scope: Scope) -> bool:
    """Return whether who calls asks for Chinese before anything else."""
    return Headers(scope=scope).get("accept-language", "").strip().lower().startswith("zh")
