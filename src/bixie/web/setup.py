"""``/setup``: the page behind the link that ``bixie serve`` prints for an empty store.

The token of the link is the only thing that opens it; it is held against its hash by `bixie.identity.setup`.
"""

import hashlib
from base64 import b64encode
from functools import partial
from importlib.resources import files
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bixie.identity.rules import TenantKind
from bixie.identity.setup import use_setup
from bixie.kit.errors import BixieError
from bixie.kit.messages import Language, catalogue
from bixie.web.parts import Parts
from bixie.web.problems import prefers_chinese

__all__ = ["PATH", "router"]

PATH = "/setup"
_PACKAGE = "bixie.web"
_MOST_TOKEN = 100
_STYLE = (files(_PACKAGE) / "templates" / "setup.css").read_text(encoding="utf-8")
_DIGEST = b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_DIGEST}'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)

_pages = Environment(loader=PackageLoader(_PACKAGE), autoescape=True, undefined=StrictUndefined)


def router(parts: Parts) -> APIRouter:
    """Return the endpoints."""
    made = APIRouter(include_in_schema=False)

    @made.get(PATH)
    def form(request: Request, token: str = "") -> Response:
        return _page(request, token=token[:_MOST_TOKEN])

    @made.post(PATH)
    def set_up(
        request: Request,
        *,
        token: Annotated[str, Form(max_length=_MOST_TOKEN)],
        name: Annotated[str, Form()],
        kind: Annotated[TenantKind, Form()],
        login: Annotated[str, Form()],
        password: Annotated[str, Form()],
    ) -> Response:
        try:
            admin = use_setup(
                parts.store, token, name=name, kind=kind, login=login, password=password, clock=parts.clock
            )
        except BixieError as error:
            if error.status >= 500:
                raise
            refusal = error.text.in_(_language(request))
            typed = {"token": token, "name": name, "kind": kind, "login": login}
            return _page(request, error.status, refusal=refusal, **typed)
        return _page(request, done=admin.tenant)

    return made


def _page(request: Request, status: int = 200, **values: Any) -> Response:
    language = _language(request)
    blank = {"token": "", "name": "", "kind": "merchant", "login": "", "refusal": None, "done": None}
    page = _pages.get_template("setup.html").render(
        language="zh-CN" if language == "zh" else "en",
        say=partial(_say, language),
        style=Markup(_STYLE),
        **{**blank, **values},
    )
    return HTMLResponse(page, status, {"Content-Security-Policy": _POLICY})


def _language(request: Request) -> Language:
    return "zh" if prefers_chinese(request.scope) else "en"


def _say(language: Language, key: str) -> str:
    return catalogue(_PACKAGE).text(key).in_(language)
