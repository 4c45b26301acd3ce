"""The page itself: template, style and script, in the language chosen before or preferred by the browser."""

import json
from functools import cache
from importlib.resources import files

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup
from starlette.exceptions import HTTPException

from bixie.imaging.limits import Limits
from bixie.kit.messages import catalogue
from bixie.version import __version__
from bixie.web.pages import LANGUAGE_COOKIE, as_language, language_of

__all__ = ["asset", "check_page"]

_PACKAGE = "bixie.web.check"
_TYPES = {
    "check.css": "text/css",
    "check.js": "text/javascript",
    "files.js": "text/javascript",
    "words.js": "text/javascript",
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; "
    "img-src blob:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {"Content-Security-Policy": _POLICY, "Referrer-Policy": "same-origin"}
_YEAR_SECONDS = 365 * 24 * 60 * 60
_ON_THE_PAGE = ("page.", "js.")
"""Sentences whose keys begin so are given to the script, in both languages."""


def check_page(request: Request, lang: str | None, limits: Limits, csrf: str | None) -> HTMLResponse:
    """Return the page.

    Parameters
    ----------
    request : Request
    lang : str or None
        What the address asks for; a choice is remembered for a year.
    limits : Limits
        On files.
    csrf : str or None
        The token of the session; None where nobody signs in.
    """
    chosen = as_language(lang)
    language = chosen or language_of(request)
    words = _words()
    html = _template().render(
        language=language,
        say=lambda key: words[key][language],
        # `<` would let a sentence end the script element.
        words=Markup(json.dumps(words, ensure_ascii=False).replace("<", "\\u003c")),
        max_bytes=limits.max_file_bytes,
        csrf=csrf,
    )
    answer = HTMLResponse(html, headers=_HEADERS)
    if chosen:
        # The script sets it too, when the language is changed in place.
        answer.set_cookie(LANGUAGE_COOKIE, chosen, max_age=_YEAR_SECONDS, samesite="strict")
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


@cache
def _words() -> dict[str, dict[str, str]]:
    return {
        key: {
            "zh": text.zh.replace("{version}", __version__),
            "en": text.en.replace("{version}", __version__),
        }
        for key, text in catalogue(_PACKAGE).sentences.items()
        if key.startswith(_ON_THE_PAGE)
    }


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
