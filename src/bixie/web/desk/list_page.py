"""``/desk``: cases by due time. The first screen has what waits for the shop, the most urgent first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated, TypeVar
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from bixie.access.call import Call
from bixie.access.paging import Page, PageQuery
from bixie.cases import repository
from bixie.cases.access import without_party
from bixie.cases.evidence import verdicts_of
from bixie.cases.listing import CaseListing, Sort, list_cases
from bixie.cases.requests import Asked
from bixie.cases.schemas import CaseSummary
from bixie.cases.words import Service, Side, Status
from bixie.kit.messages import Text, catalogue
from bixie.kit.sanitise import sanitise
from bixie.orders.values import MAX_NUMBER
from bixie.web.desk.sides import CLERKS, zone_of
from bixie.web.services import Services
from bixie.web.visits import visit_of

__all__ = ["router"]

PATH = "/desk"
_ROWS = 30
_VIEWS = ("ours", "open", "closed", "all")
_MIN_PART = 3
"""Characters of an order number from which on a part of it is looked for."""
_MAX_CURSOR = 200
_Word = TypeVar("_Word", bound=StrEnum)
_Field = Annotated[str, Query(max_length=_MAX_CURSOR)]


@dataclass(frozen=True, slots=True)
class Filters:
    """What the clerk wants to see.

    Parameters
    ----------
    view : str
        ``ours`` waits for the shop, ``open`` goes on, ``closed`` does not.
    status, service, number : str
        Empty for all.
    """

    view: str
    status: str
    service: str
    number: str

    @property
    def is_narrowed(self) -> bool:
        """Whether more than the view is asked for."""
        return bool(self.status or self.service or self.number)

    def address(self, **changed: str) -> str:
        """Return the address of the list with something changed."""
        fields = {"view": self.view, "status": self.status, "service": self.service, "q": self.number}
        kept = {name: value for name, value in (fields | changed).items() if value}
        return f"{PATH}?{urlencode(kept)}" if kept else PATH

    def listing(self) -> CaseListing:
        """Return what is asked of the room. Closed cases owe nothing and have no due time."""
        status, number = _one_of(Status, self.status), self.number.strip()
        whole = bool(number) and len(number) < _MIN_PART
        return CaseListing(
            sort=Sort.DUE if self.view in ("ours", "open") else Sort.NEWEST,
            status=Status.CLOSED if self.view == "closed" else status,
            waiting_for=Side.MERCHANT if self.view == "ours" else None,
            order=number if whole else None,
            order_part=number if number and not whole else None,
            service=_one_of(Service, self.service),
        )


def router(services: Services) -> APIRouter:
    """Return the endpoint."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(PATH)
    def desk(
        request: Request,
        *,
        view: _Field = "ours",
        status: _Field = "",
        service: _Field = "",
        q: _Field = "",
        cursor: _Field = "",
    ) -> Response:
        visit = visit_of(request, services, CLERKS)
        number = sanitise(q)[:MAX_NUMBER]
        filters = Filters(view if view in _VIEWS else _VIEWS[0], status, service, number)
        call = visit.call()
        query = PageQuery(cursor=cursor or None, limit=_ROWS)
        found = list_cases(call, filters.listing(), query, Asked(side=None, zone=zone_of(visit)))
        return visit.page(
            "desk/list.html",
            cases=found.items,
            verdicts=_verdicts(call, found),
            next=filters.address(cursor=found.next) if found.next else None,
            is_first=not cursor,
            filters=filters,
            views=_VIEWS,
            statuses=_names("status", [str(one) for one in Status]),
            services=_names("service", [str(one) for one in Service]),
        )

    return routes


def _verdicts(call: Call, found: Page[CaseSummary]) -> dict[str, list[str]]:
    """Return the verdicts on the buyer's pictures, by case, the same one once."""
    inner = replace(call, principal=without_party(call.principal))
    ids = [one.id for one in found.items]
    with inner.reading() as session:
        links = [one for one in repository.exhibits_of_cases(session, ids) if one.side == Side.BUYER]
        verdicts = verdicts_of(session, [one.exhibit_id for one in links])
    by_case: dict[str, list[str]] = {}
    for link in links:
        verdict = verdicts.get(link.exhibit_id, (None, ""))[1]
        if verdict not in by_case.setdefault(link.case_id, []):
            by_case[link.case_id].append(verdict)
    return by_case


def _one_of(words: type[_Word], given: str) -> _Word | None:
    return next((one for one in words if one == given), None)


def _names(kind: str, keys: Sequence[str]) -> list[tuple[str, Text]]:
    words = catalogue("bixie.cases")
    return [(key, words.text(f"{kind}.{key}")) for key in keys]
