"""``/keys``: an admin adds and revokes keys of programs. The text of a new key is shown once."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from bixie.access.paging import PageQuery
from bixie.access.principal import Role
from bixie.identity import api
from bixie.identity.schemas import KeyIn
from bixie.web.admin.frame import Field, admin_page, admin_visit, refused
from bixie.web.admin.people import merchants_of
from bixie.web.services import Services
from bixie.web.shown_once import forget, redirect_showing, shown
from bixie.web.visits import Visit

__all__ = ["router"]

_ITEMS = 50
_PATH = "/keys"
_NEW = "key"
_AGAIN = f"{_PATH}?made=again"
_OFFERED = (Role.API_KEY, Role.CLERK, Role.REVIEWER, Role.ADMIN)
_OF_A_MERCHANT = (Role.API_KEY, Role.CLERK, Role.ADMIN)


def router(services: Services) -> APIRouter:
    """Return the endpoints."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(_PATH)
    def keys(request: Request, cursor: str | None = None, made: str = "") -> Response:
        return _page(admin_visit(request, services), cursor=cursor, made_again=made == "again")

    @routes.post(_PATH)
    def make_key(
        request: Request,
        *,
        csrf: Field,
        label: Field,
        role: Field,
        party: Field = "",
        expires_at: Field = "",
        once: Field = "",
    ) -> Response:
        visit = admin_visit(request, services, csrf)
        typed = {"label": label, "role": role, "party": party, "expires_at": expires_at}

        def work() -> Response:
            owner = visit.principal.party or party or None
            given = KeyIn.model_validate({**typed, "party": owner, "expires_at": expires_at or None})
            new = api.create_key(visit.call(once), given)
            if new.key is None:  # the same form again: the text was shown the first time
                return RedirectResponse(_AGAIN, 303)
            return redirect_showing(request, _PATH, _NEW, new.key)

        return refused(visit, work, lambda status, why: _page(visit, status, refusal=why, typed=typed))

    @routes.post(f"{_PATH}/{{key_id}}/revoke")
    def revoke(request: Request, key_id: str, csrf: Field) -> Response:
        visit = admin_visit(request, services, csrf)
        api.delete_key(visit.call(), key_id)
        return RedirectResponse(_PATH, 303)

    return routes


def _page(visit: Visit, status: int = 200, *, cursor: str | None = None, **values: Any) -> Response:
    page = api.list_keys(visit.call(), PageQuery(cursor=cursor, limit=_ITEMS))
    typed = {"label": "", "role": Role.API_KEY.value, "party": "", "expires_at": ""}
    blank = {"refusal": None, "made_again": False, "typed": typed}
    response = admin_page(
        visit,
        "keys.html",
        status,
        **{**blank, **values},
        keys=page.items,
        next=page.next,
        roles=_OF_A_MERCHANT if visit.principal.party else _OFFERED,
        merchants=merchants_of(visit),
        new=shown(visit.request, _NEW),
    )
    return forget(visit.request, response)
