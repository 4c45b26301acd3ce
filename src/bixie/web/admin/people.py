"""``/admin/people``: who works here; invite by a link, change roles, disable, see sign-ins."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from bixie.access.paging import PageQuery
from bixie.access.principal import Role
from bixie.identity import repository
from bixie.identity.audit.service import LAST, newest
from bixie.identity.people import api
from bixie.identity.people.schemas import PersonIn, RoleIn
from bixie.identity.rules import PERSON_ROLES, PartyKind
from bixie.identity.signin.second_factor import turn_off
from bixie.web.admin.audit import lines_of
from bixie.web.admin.frame import Field, admin_page, admin_visit, refused
from bixie.web.services import Services
from bixie.web.shown_once import forget, redirect_showing, shown
from bixie.web.visits import Visit

__all__ = ["merchants_of", "router"]

_ITEMS = 50
_PATH = "/admin/people"
_ONE = f"{_PATH}/{{person_id}}"
_LINK = "invitation"
_MAX_MERCHANTS = 200
_MAX_HISTORY = 50
_OF_A_MERCHANT = (Role.CLERK, Role.ADMIN)


def router(services: Services) -> APIRouter:
    """Return the endpoints."""
    # Long because each endpoint is a function inside: they share `services`.
    routes = APIRouter(include_in_schema=False)

    @routes.get(_PATH)
    def people(request: Request, cursor: str | None = None) -> Response:
        return _list(admin_visit(request, services), cursor=cursor)

    @routes.post(_PATH)
    def invite(
        request: Request,
        *,
        csrf: Field,
        login: Field,
        role: Field,
        name: Field = "",
        party: Field = "",
        once: Field = "",
    ) -> Response:
        visit = admin_visit(request, services, csrf)
        typed = {"login": login, "name": name, "role": role, "party": party}

        def work() -> Response:
            given = PersonIn.model_validate({**typed, "name": name or None, "party": _party(visit, party)})
            made = api.create_person(visit.call(once), given)
            return _invited(visit, made.id, f"{once}i" if once else "")

        return refused(visit, work, lambda status, why: _list(visit, status, refusal=why, typed=typed))

    @routes.get(_ONE)
    def person(request: Request, person_id: str) -> Response:
        return _one(admin_visit(request, services), person_id)

    @routes.post(f"{_ONE}/role")
    def change_role(request: Request, person_id: str, csrf: Field, role: Field) -> Response:
        visit = admin_visit(request, services, csrf)

        def work() -> Response:
            api.change_person(visit.call(), person_id, RoleIn.model_validate({"role": role}))
            return RedirectResponse(f"{_PATH}/{person_id}", 303)

        return refused(visit, work, lambda status, why: _one(visit, person_id, status, refusal=why))

    @routes.post(f"{_ONE}/invitation")
    def invite_again(request: Request, person_id: str, csrf: Field, once: Field = "") -> Response:
        visit = admin_visit(request, services, csrf)
        return refused(
            visit,
            lambda: _invited(visit, person_id, once),
            lambda status, why: _one(visit, person_id, status, refusal=why),
        )

    @routes.post(f"{_ONE}/disable")
    def disable(request: Request, person_id: str, csrf: Field) -> Response:
        visit = admin_visit(request, services, csrf)

        def work() -> Response:
            api.delete_person(visit.call(), person_id)
            return RedirectResponse(f"{_PATH}/{person_id}", 303)

        return refused(visit, work, lambda status, why: _one(visit, person_id, status, refusal=why))

    @routes.post(f"{_ONE}/second-factor")
    def turn_factor_off(request: Request, person_id: str, csrf: Field) -> Response:
        visit = admin_visit(request, services, csrf)

        def work() -> Response:
            with visit.call().writing() as session:
                turn_off(session, person_id, services.clock)
            return RedirectResponse(f"{_PATH}/{person_id}", 303)

        return refused(visit, work, lambda status, why: _one(visit, person_id, status, refusal=why))

    return routes


def merchants_of(visit: Visit) -> Mapping[str, str]:
    """Return the names of the merchants of the platform, by id; none for a merchant's own admin."""
    if visit.principal.party is not None:
        return {}
    with visit.call().reading() as session:
        rows = repository.parties(session, PartyKind.MERCHANT.value, None, _MAX_MERCHANTS)
    return {row.id: row.name or row.reference or row.id for row in rows if row.erased_at is None}


def _party(visit: Visit, party: str) -> str | None:
    return visit.principal.party or party or None


def _invited(visit: Visit, person_id: str, once: str) -> Response:
    link = api.invite_person(visit.call(once), person_id)
    path = f"{_PATH}/{person_id}"
    if link.path is None:  # the same form again: the link was shown the first time
        return RedirectResponse(path, 303)
    address = str(visit.request.base_url).rstrip("/") + link.path
    return redirect_showing(visit.request, path, _LINK, address)


def _list(visit: Visit, status: int = 200, *, cursor: str | None = None, **values: Any) -> Response:
    page = api.list_people(visit.call(), PageQuery(cursor=cursor, limit=_ITEMS))
    roles = _OF_A_MERCHANT if visit.principal.party else PERSON_ROLES
    blank = {"refusal": None, "typed": {"login": "", "name": "", "role": Role.CLERK.value, "party": ""}}
    return admin_page(
        visit,
        "people.html",
        status,
        **{**blank, **values},
        people=page.items,
        next=page.next,
        roles=roles,
        merchants=merchants_of(visit),
    )


def _one(visit: Visit, person_id: str, status: int = 200, *, refusal: str | None = None) -> Response:
    person = api.get_person(visit.call(), person_id)
    with visit.call().reading() as session:
        history = lines_of(newest(session, person_id, LAST, _MAX_HISTORY))
    response = admin_page(
        visit,
        "person.html",
        status,
        person=person,
        history=history,
        refusal=refusal,
        roles=_OF_A_MERCHANT if person.party else PERSON_ROLES,
        merchants=merchants_of(visit),
        is_self=person.id == visit.principal.id,
        link=shown(visit.request, _LINK),
    )
    return forget(visit.request, response)
