"""The page itself: template, style and script, in the language chosen before or preferred by the browser."""

import json
from functools import cache
from importlib.resources import files
from typing import get_args

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup
from starlette.exceptions import HTTPException

from bixie.kit.messages import Language, catalogue
from bixie.version import __version__
from bixie.web.problems import prefers_chinese

__all__ = ["asset", "check_page"]

_PACKAGE = "bixie.web.check"
_TYPES = {"check.css": "text/css", "check.js": "text/javascript"}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; "
    "img-src blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {"Content-Security-Policy": _POLICY, "Referrer-Policy": "same-origin"}
_COOKIE = "bixie_language"
_YEAR_SECONDS = 365 * 24 * 60 * 60
_SCRIPT_WORDS = "js."
"""Sentences whose keys begin so are given to the script."""


def check_page(request: Request, lang: str | None) -> HTMLResponse:
    """Return the page.

    Parameters
    ----------
    request : Request
    lang : str or None
        What the address asks for; a choice is remembered for a year.
    """
    chosen = _language(lang)
    preferred: Language = "zh" if prefers_chinese(request.scope) else "en"
    language = chosen or _language(request.cookies.get(_COOKIE)) or preferred
    sentences = catalogue(_PACKAGE).sentences
    # `<` would let a sentence end the script element.
    words = {key: text.in_(language) for key, text in sentences.items() if key.startswith(_SCRIPT_WORDS)}
    html = _template().render(
        language=language,
        say=lambda key: sentences[key].in_(language),
        words=Markup(json.dumps(words, ensure_ascii=False).replace("<", "\\u003c")),
        version=__version__,
    )
    answer = HTMLResponse(html, headers=_HEADERS)
    if chosen:
        answer.set_cookie(_COOKIE, chosen, max_age=_YEAR_SECONDS, samesite="strict", httponly=True)
    return answer


def asset(name: str) -> Response:
    """Return style or script.

    Raises
    ------
    HTTPException
        404 for anything else.
    """
    if name not in _TYPES:
        raise HTTPException(404)
    return Response(_read(name), media_type=_TYPES[name], headers={"Cache-Control": "no-cache"})


def _language(asked: str | None) -> Language | None:
    return next((language for language in get_args(Language) if language == asked), None)


@cache
def _read(name: str) -> bytes:
    return files(_PACKAGE).joinpath("assets", name).read_bytes()


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader(_PACKAGE, "assets"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    return environment.get_template("check.html")
