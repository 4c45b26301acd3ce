"""What all pages share: templates, language, zone, and a policy that admits their own files only."""

from functools import cache, partial
from importlib.resources import files
from typing import Any, get_args
from urllib.parse import urlencode, urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FunctionLoader, StrictUndefined

from bixie.access.principal import Principal
from bixie.kit.due_time import reader_zone
from bixie.kit.errors import BixieError
from bixie.kit.ids import new_id
from bixie.kit.messages import Language, catalogue
from bixie.kit.timestamps import utc_now
from bixie.web.errors import WebError
from bixie.web.problems import prefers_chinese
from bixie.web.ui.assets_api import asset_url
from bixie.web.ui.filters import FILTERS, Reader
from bixie.web.ui.navigation import nearest, places_of

__all__ = [
    "LANGUAGE_COOKIE",
    "ZONE_COOKIE",
    "as_language",
    "check_same_origin",
    "language_of",
    "page",
    "refusal_of",
    "zone_key_of",
]

LANGUAGE_COOKIE = "bixie_language"
ZONE_COOKIE = "bixie_zone"
_CALM_COOKIE = "bixie_calm"
_CALM = ("blur", "grey")
"""How pictures that are hard to look at can be shown."""

_PACKAGE = "bixie.web"
_SHARED = "ui"
_YEAR_SECONDS = 365 * 24 * 60 * 60
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; "
    "img-src 'self' blob: data:; media-src 'self' blob:; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    # Without a referrer a browser sends ``Origin: null`` with the page's own forms.
    "Referrer-Policy": "same-origin",
}
_OWN = frozenset({"same-origin", "none"})


def page(
    request: Request,
    template: str,
    status: int = 200,
    /,
    *,
    principal: Principal | None = None,
    csrf: str | None = None,
    **values: Any,
) -> HTMLResponse:
    """Return a page, in the language of `language_of`; a language that the address asks for is remembered.

    Parameters
    ----------
    request : Request
    template : str
        ``room/name.html`` lies in ``bixie/web/room/templates`` and speaks with the messages of that room;
        without a room it is of this one.
    status : int
    principal : Principal, optional
        Who is signed in: the head offers its places.
    csrf : str, optional
        The token of its session; forms carry it.
    **values
        Variables of the template.
    """
    language = language_of(request)
    room = template.rpartition("/")[0]
    places = () if principal is None else places_of(principal)
    text = (
        _environment()
        .get_template(template)
        .render(
            reader=Reader(language, reader_zone(zone_key_of(request))),
            language="zh-CN" if language == "zh" else "en",
            zone=zone_key_of(request) or "",
            gap="" if language == "zh" else " ",  # after punctuation, which is as wide as a blank in Chinese
            say=partial(_say, language, f"{_PACKAGE}.{room}" if room else _PACKAGE),
            verdict_name=lambda verdict: catalogue("bixie.report").text(f"verdict.{verdict}").in_(language),
            asset=asset_url,
            in_language=partial(_in_language, request),
            once=lambda: new_id("request", utc_now),
            places=places,
            is_demo=getattr(request.app.state, "is_demo", False),
            is_here=nearest(places, request.url.path),
            calm=_calm(request),
            csrf=csrf,
            principal=principal,
            **values,
        )
    )
    response = HTMLResponse(text, status, _HEADERS)
    if as_language(request.query_params.get("lang")):
        response.set_cookie(LANGUAGE_COOKIE, language, max_age=_YEAR_SECONDS, samesite="lax")
    return response


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
    """Return the language that the address asks for, that was chosen before, or that the browser prefers."""
    preferred: Language = "zh" if prefers_chinese(request.scope) else "en"
    asked = as_language(request.query_params.get("lang"))
    return asked or as_language(request.cookies.get(LANGUAGE_COOKIE)) or preferred


def zone_key_of(request: Request) -> str | None:
    """Return the key of the reader's zone, as the browser told it; None before its first page."""
    found = request.cookies.get(ZONE_COOKIE, "").replace("%2F", "/")
    return found or None


def _calm(request: Request) -> str:
    """Return the classes of a body whose pictures are to be blurred or without colour, as was chosen."""
    chosen = request.cookies.get(_CALM_COOKIE, "").split("-")
    return "".join(f" calm-{one}" for one in _CALM if one in chosen)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FunctionLoader(_source),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters.update(FILTERS)
    return environment


def _source(template: str) -> str | None:
    room, _, name = template.rpartition("/")
    folder = files(f"{_PACKAGE}.{room}" if room else _PACKAGE)
    file = folder.joinpath("templates", name)
    return file.read_text(encoding="utf-8") if file.is_file() else None


def _say(language: Language, package: str, key: str, /, **values: object) -> str:
    own = f"{_PACKAGE}.{_SHARED}" if key.startswith(f"{_SHARED}.") else package
    return catalogue(own).text(key, **values).in_(language)


def _in_language(request: Request, language: str) -> str:
    """Return the address of the same page in another language."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
    return "?" + urlencode([*kept, ("lang", language)])
