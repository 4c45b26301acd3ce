"""``/keys``: a signed-in admin adds and revokes keys of programs."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import reading, writing
from bixie.identity import repository
from bixie.identity.errors import NotThereError
from bixie.identity.rules import may_manage
from bixie.identity.schemas import KeyOut
from bixie.identity.service import add_key, revoke_key
from bixie.identity.tokens import csrf_token
from bixie.kit.errors import BixieError
from bixie.kit.ids import is_id
from bixie.web import sign_in
from bixie.web.pages import page, refusal_of
from bixie.web.services import Services

__all__ = ["router"]

_PATH = "/keys"
_MAX_FIELD = 1_000
_MAX_LISTED = 200
_Field = Annotated[str, Form(max_length=_MAX_FIELD)]
_OFFERED = (Role.API_KEY, Role.CLERK, Role.ADMIN)


def router(services: Services) -> APIRouter:
    """Return the endpoints."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(_PATH)
    def keys(request: Request) -> Response:
        return _page(request, services)

    @routes.post(_PATH)
    def make_key(
        request: Request,
        *,
        csrf: _Field,
        label: _Field,
        role: Annotated[Role, Form()],
    ) -> Response:
        sign_in.session_of(request, csrf)
        signed_in = sign_in.signed_in(request, services)
        if signed_in is None:
            return RedirectResponse(sign_in.PATH, 303)
        try:
            with writing(services.store, signed_in[0]) as session:
                new = add_key(session, role, label=label, party=signed_in[0].party, clock=services.clock)
        except BixieError as error:
            return _page(request, services, error.status, refusal=refusal_of(request, error), label=label)
        return _page(request, services, new=new.text)

    @routes.post(f"{_PATH}/{{key_id}}/revoke")
    def revoke(request: Request, key_id: str, *, csrf: _Field) -> Response:
        sign_in.session_of(request, csrf)
        signed_in = sign_in.signed_in(request, services)
        if signed_in is None:
            return RedirectResponse(sign_in.PATH, 303)
        if not is_id("key", key_id):
            raise NotThereError("identity.no_such_key")
        with writing(services.store, signed_in[0]) as session:
            revoke_key(session, key_id, services.clock)
        return RedirectResponse(_PATH, 303)

    return routes


def _page(request: Request, services: Services, status: int = 200, **values: Any) -> Response:
    signed_in = sign_in.signed_in(request, services)
    if signed_in is None:
        return RedirectResponse(sign_in.PATH, 303)
    principal, token = signed_in
    variables = {"refusal": None, "label": "", "new": None, **values}
    listed = _listed(services, principal) if may_manage(principal, principal.party) else None
    return page(
        request, "keys.html", status, csrf=csrf_token(token), keys=listed, roles=_OFFERED, **variables
    )


def _listed(services: Services, principal: Principal) -> list[KeyOut]:
    with reading(services.store, principal) as session:
        return [KeyOut.of(key) for key in repository.keys(session, principal.party, None, _MAX_LISTED)]
