"""``/known``: which pictures of goods the shop has on record, since when and from whom."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from bixie.access.paging import PageQuery
from bixie.access.sequence import place_of
from bixie.access.tenancy import TenantSession
from bixie.identity import repository as identity
from bixie.kit.sanitise import sanitise
from bixie.ledger import repository as ledger
from bixie.ledger.rules import event_from_body
from bixie.orders.values import MAX_NUMBER
from bixie.vault import repository as vault
from bixie.vault.models import Exhibit, Role
from bixie.vault.service import RECEIVED
from bixie.web.desk.case_view import own_picture
from bixie.web.desk.sides import CLERKS
from bixie.web.services import Services
from bixie.web.visits import visit_of

__all__ = ["router"]

PATH = "/known"
_ROWS = 48
_ROLES = (Role.LISTING, Role.PACKING)
_Field = Annotated[str, Query(max_length=200)]


def router(services: Services) -> APIRouter:
    """Return the endpoint."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(PATH)
    def known(request: Request, *, q: _Field = "", role: _Field = "", cursor: _Field = "") -> Response:
        visit = visit_of(request, services, CLERKS)
        number = sanitise(q).strip()[:MAX_NUMBER]
        wanted = next((one for one in _ROLES if one == role), Role.LISTING)
        call = visit.call()
        window = call.window(f"known.{wanted}", PageQuery(cursor=cursor or None, limit=_ROWS))
        with call.reading() as session:
            rows = vault.page(
                session, window.after_place, window.rows, number or None, wanted, newest_first=True
            )
            names = _names(session, rows[: window.limit])
            found = window.page(
                rows, lambda row: (own_picture(row), row.order_number, names.get(row.id, "")), place_of
            )
        return visit.page(
            "desk/known.html",
            pictures=found.items,
            next=found.next,
            number=number,
            role=str(wanted),
            roles=[str(one) for one in _ROLES],
        )

    return routes


def _names(session: TenantSession, rows: Sequence[Exhibit]) -> dict[str, str]:
    """Return who handed files in, by file, as the ledger has it: a person's name, or a key's label."""
    events = ledger.events_about_any(session, [row.id for row in rows], [RECEIVED])
    actors = {event.subject: event_from_body(event.body).actor for event in events}
    people = identity.people_by_id(session, set(actors.values()))
    keys = identity.keys_by_id(session, set(actors.values()))
    names = {id_: one.name or one.login or id_ for id_, one in people.items()}
    names |= {id_: one.label or id_ for id_, one in keys.items()}
    return {file: names[actor] for file, actor in actors.items() if actor in names}
