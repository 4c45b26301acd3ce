"""``/password``: an invited person sets a password by its link, a signed-in person changes its own.

The link's token is the only way in for who is not signed in. For who is, an open session is not enough: the
present password is asked for, and the code where the second factor is on.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from bixie.access.tenancy import reading
from bixie.identity.service import person_of
from bixie.identity.signin.login import change_password
from bixie.identity.signin.password_links import PAGE, set_password
from bixie.identity.tokens import csrf_token
from bixie.kit.errors import BixieError
from bixie.web import sign_in
from bixie.web.pages import check_same_origin, page, refusal_of
from bixie.web.services import Services

__all__ = ["router"]

_MAX_TOKEN = 2_000
_MAX_FIELD = 1_000
_Field = Annotated[str, Form(max_length=_MAX_FIELD)]


def router(services: Services) -> APIRouter:
    """Return the endpoints."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(PAGE)
    def form(request: Request, token: str = "") -> Response:
        if not token and sign_in.signed_in(request, services) is None:
            return RedirectResponse(sign_in.PATH, 303)
        return _page(request, services, token=token[:_MAX_TOKEN])

    @routes.post(PAGE)
    def save(
        request: Request,
        *,
        password: _Field,
        token: Annotated[str, Form(max_length=_MAX_TOKEN)] = "",
        present: _Field = "",
        code: _Field = "",
        csrf: _Field = "",
    ) -> Response:
        if token:
            check_same_origin(request)
        else:
            sign_in.session_of(request, csrf)
        signed_in = None if token else sign_in.signed_in(request, services)
        try:
            if token:
                set_password(services.store, token, password, services.clock)
            elif signed_in is None:
                return RedirectResponse(sign_in.PATH, 303)
            else:
                with reading(services.store, signed_in[0]) as session:
                    login = person_of(session, signed_in[0].id).login or ""
                attempt = sign_in.attempt_of(request, login, present, code)
                change_password(services.store, signed_in[0].tenant, attempt, password, clock=services.clock)
        except BixieError as error:
            return _page(request, services, error.status, token=token, refusal=refusal_of(request, error))
        return _page(request, services, done=True)

    return routes


def _page(request: Request, services: Services, status: int = 200, **values: Any) -> Response:
    signed_in = sign_in.signed_in(request, services)
    csrf = "" if signed_in is None else csrf_token(signed_in[1])
    return page(
        request,
        "password.html",
        status,
        **{"token": "", "refusal": None, "done": False, "csrf": csrf, **values},
    )
