"""Lists of cases for the API and for pages: which cases, in which order, each as its reader sees it."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bixie.access.call import Call
from bixie.access.errors import AccessError
from bixie.access.paging import Page, PageQuery, Window
from bixie.access.sequence import place_of
from bixie.access.tenancy import TenantSession
from bixie.cases import repository
from bixie.cases.access import without_party
from bixie.cases.answer import summaries
from bixie.cases.models import Case
from bixie.cases.repository import CaseFilter, DuePlace, due_place
from bixie.cases.requests import SIDES, Asked, reader
from bixie.cases.schemas import CaseSummary
from bixie.cases.words import DutyKind, Service, Side, Status
from bixie.kit.timestamps import parse_timestamp
from bixie.orders import repository as orders

__all__ = ["CaseListing", "Sort", "list_cases"]


_MAX_ORDERS = 200
"""So many orders are looked at by a part of their numbers: whoever finds more types more of it."""


class Sort(StrEnum):
    """The order of a list of cases."""

    FILED = "filed"
    """The oldest first."""
    NEWEST = "newest"
    DUE = "due"
    """The most urgent first; without closed cases, which owe nothing."""


@dataclass(frozen=True, slots=True)
class CaseListing:
    """What a list of cases is to have, and in which order.

    Parameters
    ----------
    sort : Sort
    status : Status or None
    waiting_for : Side or None
        The side that owes what is due next.
    party : str or None
        Merchant. A principal of a party sees its own cases whatever is asked.
    order : str or None
        Number of the order.
    order_part : str or None
        Text in the number of the order. A buyer, who has no orders of its own, gives the whole number.
    service : Service or None
    duty : DutyKind or None
        That somebody owes.
    """

    sort: Sort = Sort.FILED
    status: Status | None = None
    waiting_for: Side | None = None
    party: str | None = None
    order: str | None = None
    order_part: str | None = None
    service: Service | None = None
    duty: DutyKind | None = None


def list_cases(call: Call, listing: CaseListing, query: PageQuery, asked: Asked) -> Page[CaseSummary]:
    """Return a page of cases, each as the caller's side sees it.

    Parameters
    ----------
    call : Call
    listing : CaseListing
    query : PageQuery
        Cursor and most items.
    asked : Asked
        The side that the caller acts for, and the zone in which due times are explained.

    Raises
    ------
    AccessError
        ``access.bad_cursor`` for a cursor of another order.
    NotAllowedError
        ``access.not_allowed``.
    """
    call.allow(SIDES)
    by_ledger = listing.sort is Sort.FILED
    window = call.window("cases" if by_ledger else f"cases.{listing.sort}", query)
    inner = replace(call, principal=without_party(call.principal))
    wanted = CaseFilter(
        status=listing.status,
        waiting_for=listing.waiting_for,
        party=listing.party,
        order_ids=_order_ids(call, inner, listing),
        service=listing.service,
        duty=listing.duty,
    )
    with call.reading() as session:
        rows = _rows(session, window, listing.sort, wanted)
    with inner.reading() as session:
        made = summaries(session, [(row, reader(call, row, asked)) for row in rows[: window.limit]])
    by_id = {one.id: one for one in made}
    place: Callable[[Case], object] = due_place if listing.sort is Sort.DUE else place_of
    return window.page(rows, lambda row: by_id[row.id], place)


def _rows(session: TenantSession, window: Window, sort: Sort, wanted: CaseFilter) -> Sequence[Case]:
    if sort is Sort.DUE:
        return repository.page_by_due(session, _due_after(window), window.rows, wanted)
    newest = sort is Sort.NEWEST
    return repository.page(session, window.after_place, window.rows, wanted, newest_first=newest)


def _order_ids(call: Call, inner: Call, listing: CaseListing) -> Collection[str] | None:
    """Return the ids of the orders that are asked for; None for all orders.

    Several merchants may have a number, and a buyer has no orders of its own. That the caller sees its own
    cases only is held by the session that lists them.
    """
    if listing.order is None and listing.order_part is None:
        return None
    found = []
    with inner.reading() as session:
        for number in (listing.order, listing.order_part):
            if number is not None:
                found.append(orders.ids_by_number(session, number))
    if listing.order_part is not None:
        with call.reading() as session:
            found[-1] |= orders.ids_by_part(session, listing.order_part, _MAX_ORDERS)
    return set.intersection(*found)


def _due_after(window: Window) -> DuePlace | None:
    if window.after is None:
        return None
    deadline, _, case_id = window.after.partition("~")
    try:
        return DuePlace(parse_timestamp(deadline), case_id)
    except ValueError as error:
        raise AccessError("access.bad_cursor") from error
