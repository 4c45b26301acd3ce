"""What the pages share: templates, language, and a policy that admits their own style only."""

import hashlib
from base64 import b64encode
from functools import partial
from importlib.resources import files
from typing import Any, get_args
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bixie.kit.errors import BixieError
from bixie.kit.messages import Language, catalogue
from bixie.web.errors import WebError
from bixie.web.problems import prefers_chinese

__all__ = ["LANGUAGE_COOKIE", "as_language", "check_same_origin", "language_of", "page", "refusal_of"]

LANGUAGE_COOKIE = "bixie_language"

_PACKAGE = "bixie.web"
_STYLE = (files(_PACKAGE) / "templates" / "page.css").read_text(encoding="utf-8")
_DIGEST = b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_DIGEST}'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    # Without a referrer a browser sends ``Origin: null`` with the page's own forms.
    "Referrer-Policy": "same-origin",
}
_OWN = frozenset({"same-origin", "none"})

_templates = Environment(loader=PackageLoader(_PACKAGE), autoescape=True, undefined=StrictUndefined)


def page(request: Request, template: str, status: int = 200, /, **values: Any) -> HTMLResponse:
    """Return a page, in the language of `language_of`.

    Parameters
    ----------
    request : Request
    template : str
    status : int
    **values
        Variables of the template.
    """
    language = language_of(request)
    text = _templates.get_template(template).render(
        language="zh-CN" if language == "zh" else "en",
        say=partial(_say, language),
        style=Markup(_STYLE),
        **values,
    )
    return HTMLResponse(text, status, _HEADERS)


def refusal_of(request: Request, error: BixieError) -> str:
    """Return the sentence about invalid input; an internal error is raised."""
    if error.status >= 500:
        raise error
    return error.text.in_(language_of(request))


def check_same_origin(request: Request) -> None:
    """Refuse a form that another site sends.

    Raises
    ------
    WebError
        ``web.other_site``.

    References
    ----------
    OWASP, Cross-Site Request Forgery Prevention; W3C, Fetch Metadata Request Headers.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    foreign = origin is not None and _host(origin) != request.headers.get("host")
    if foreign or (site is not None and site not in _OWN):
        raise WebError("web.other_site", 403)


def _host(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:  # invalid brackets
        return ""


def as_language(text: str | None) -> Language | None:
    """Return the language that a text names; None for anything else."""
    return next((language for language in get_args(Language) if language == text), None)


def language_of(request: Request) -> Language:
    """Return the language that was chosen on a page, or else the one that the browser prefers."""
    preferred: Language = "zh" if prefers_chinese(request.scope) else "en"
    return as_language(request.cookies.get(LANGUAGE_COOKIE)) or preferred


def _say(language: Language, key: str) -> str:
    return catalogue(_PACKAGE).text(key).in_(language)
