"""``/login`` and ``/logout``: a person signs in with name and password and gets a session.

The session is a cookie that scripts cannot read and other sites cannot send; each form carries a token as
well. `bixie.identity.signin.login` throttles attempts.
"""

import ipaddress
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from bixie.access.principal import Principal
from bixie.access.tenancy import reading_every_tenant
from bixie.identity import repository
from bixie.identity.authentication import authenticate_session, end_session
from bixie.identity.errors import CredentialError
from bixie.identity.signin.login import LoggedIn, Login, log_in
from bixie.identity.tokens import is_csrf_token
from bixie.kit.errors import BixieError
from bixie.web.errors import WebError
from bixie.web.pages import check_same_origin, page, refusal_of
from bixie.web.services import Services

__all__ = [
    "HOME",
    "PATH",
    "attempt_of",
    "cookie_attributes",
    "is_on_this_machine",
    "redirect_with_cookies",
    "redirect_with_session",
    "router",
    "session_of",
    "signed_in",
]

PATH = "/login"
HOME = "/"
_MAX_FIELD = 1_000
_SESSION, _DEVICE = "bixie-session", "bixie-device"
_NO_TENANT = "tenant_none"
"""A tenant that does not exist: signing in to it is refused and takes as long as for others."""
_DEVICE_SECONDS = 180 * 24 * 60 * 60


def router(services: Services) -> APIRouter:
    """Return the endpoints."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(PATH)
    def form(request: Request, back: Annotated[str, Query(alias="next")] = HOME) -> Response:
        return _page(request, services, next=_own_path(back))

    @routes.post(PATH)
    def sign_in(
        request: Request,
        *,
        login: Annotated[str, Form(max_length=_MAX_FIELD)],
        password: Annotated[str, Form(max_length=_MAX_FIELD)],
        code: Annotated[str, Form(max_length=_MAX_FIELD)] = "",
        tenant: Annotated[str, Form(max_length=_MAX_FIELD)] = "",
        back: Annotated[str, Form(alias="next", max_length=_MAX_FIELD)] = HOME,
    ) -> Response:
        check_same_origin(request)
        if not tenant.isprintable():
            tenant = _NO_TENANT
        attempt = attempt_of(request, login, password, code)
        try:
            got = log_in(
                services.store, tenant.strip() or _only_tenant(services), attempt, clock=services.clock
            )
        except BixieError as error:
            refusal = refusal_of(request, error)
            typed = {"login": login, "tenant": tenant, "next": _own_path(back)}
            return _page(request, services, error.status, refusal=refusal, **typed)
        return redirect_with_cookies(request, got, _own_path(back))

    @routes.post("/logout")
    def sign_out(request: Request, *, csrf: Annotated[str, Form(max_length=_MAX_FIELD)]) -> Response:
        end_session(services.store, session_of(request, csrf), services.clock)
        response = RedirectResponse(PATH, 303)
        response.delete_cookie(_name(request, _SESSION), **cookie_attributes(request))
        return response

    return routes


def signed_in(request: Request, services: Services) -> tuple[Principal, str] | None:
    """Return the principal and token of the request's session; None without a valid one."""
    token = _cookie(request, _SESSION)
    if token is None:
        return None
    try:
        return authenticate_session(services.store, token, services.clock), token
    except CredentialError:
        return None


def attempt_of(request: Request, login: str, password: str, code: str) -> Login:
    """Return an attempt to sign in, with what the request says about where it comes from."""
    return Login(
        login, password, _source(request), device=_cookie(request, _DEVICE), code=code.strip() or None
    )


def session_of(request: Request, csrf: str) -> str:
    """Return the token of the session that sent a form.

    Raises
    ------
    WebError
        ``web.other_site`` for a form that no page of this session sent.
    """
    check_same_origin(request)
    token = _cookie(request, _SESSION)
    if token is None or not is_csrf_token(csrf, token):
        raise WebError("web.other_site", 403)
    return token


def _page(request: Request, services: Services, status: int = 200, **values: Any) -> Response:
    several = _only_tenant(services) == _NO_TENANT
    blank = {"refusal": None, "login": "", "tenant": "", "next": HOME, "several": several}
    return page(request, "login.html", status, **{**blank, **values})


def _own_path(path: str) -> str:
    """Return a path of this service; a link must not lead elsewhere after signing in."""
    is_own = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if is_own else HOME


def redirect_with_session(request: Request, token: str, path: str) -> Response:
    """Lead a browser on, with the token of a session that has begun."""
    response = RedirectResponse(path, 303)
    response.set_cookie(_name(request, _SESSION), token, **cookie_attributes(request))
    return response


def redirect_with_cookies(request: Request, got: LoggedIn, path: str) -> Response:
    """Lead a browser on with what a login gave: session and device."""
    response = redirect_with_session(request, got.session, path)
    device = _name(request, _DEVICE)
    response.set_cookie(device, got.device, max_age=_DEVICE_SECONDS, **cookie_attributes(request))
    return response


def cookie_attributes(request: Request) -> dict[str, Any]:
    """Return what every cookie of a session is set with."""
    return {"httponly": True, "samesite": "strict", "secure": _secure(request), "path": "/"}


def _only_tenant(services: Services) -> str:
    """Return the tenant if there is only one, so that its people need not know its id."""
    with reading_every_tenant(services.store) as session:
        found = repository.tenants(session, 2)
    return found[0] if len(found) == 1 else _NO_TENANT


def _source(request: Request) -> str:
    return request.client.host if request.client else ""


def _cookie(request: Request, name: str) -> str | None:
    return request.cookies.get(_name(request, name))


def _name(request: Request, name: str) -> str:
    # With the prefix, browsers accept the cookie from this host by TLS only.
    return f"__Host-{name}" if _secure(request) else name


def _secure(request: Request) -> bool:
    """Return whether cookies are sent by TLS only: always, unless the browser runs on this machine."""
    return not is_on_this_machine(request)


def is_on_this_machine(request: Request) -> bool:
    """Return whether the browser calls this service by a name of its own machine."""
    host = request.url.hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
