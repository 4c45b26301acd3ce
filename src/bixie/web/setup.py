"""``/setup``: the page behind the link that ``bixie serve`` prints for an empty store.

Only the token of the link opens it; `bixie.identity.signin.setup` compares the hash. A link that was used or
has expired is refused before the form is filled in. Afterwards the administrator is signed in.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response

from bixie.identity.errors import LinkError
from bixie.identity.rules import TenantKind
from bixie.identity.signin.login import log_in
from bixie.identity.signin.setup import check_setup, use_setup
from bixie.kit.errors import BixieError
from bixie.web import sign_in
from bixie.web.pages import page, refusal_of
from bixie.web.services import Services

__all__ = ["PATH", "router"]

PATH = "/setup"
_MAX_TOKEN = 100
_MAX_FIELD = 1_000


def router(services: Services) -> APIRouter:
    """Return the endpoints."""
    # Long because each endpoint is a function inside: they share `services`.
    routes = APIRouter(include_in_schema=False)

    @routes.get(PATH)
    def form(request: Request, token: str = "") -> Response:
        if token:
            try:
                check_setup(services.store, token[:_MAX_TOKEN], services.clock)
            except LinkError as error:
                return _page(request, error.status, unusable=refusal_of(request, error))
        return _page(request, token=token[:_MAX_TOKEN])

    @routes.post(PATH)
    def set_up(
        request: Request,
        *,
        token: Annotated[str, Form(max_length=_MAX_TOKEN)],
        name: Annotated[str, Form(max_length=_MAX_FIELD)],
        kind: Annotated[TenantKind, Form()],
        login: Annotated[str, Form(max_length=_MAX_FIELD)],
        password: Annotated[str, Form(max_length=_MAX_FIELD)],
    ) -> Response:
        try:
            admin = use_setup(
                services.store,
                token,
                name=name,
                kind=kind,
                login=login,
                password=password,
                clock=services.clock,
            )
        except LinkError as error:
            return _page(request, error.status, unusable=refusal_of(request, error))
        except BixieError as error:
            typed = {"token": token, "name": name, "kind": kind, "login": login}
            return _page(request, error.status, refusal=refusal_of(request, error), **typed)
        attempt = sign_in.attempt_of(request, login, password, "")
        got = log_in(services.store, admin.tenant, attempt, clock=services.clock)
        return sign_in.redirect_with_cookies(request, got, sign_in.HOME)

    return routes


def _page(request: Request, status: int = 200, **values: Any) -> Response:
    blank = {"token": "", "name": "", "kind": "merchant", "login": "", "refusal": None, "unusable": None}
    return page(request, "setup.html", status, **{**blank, **values})
