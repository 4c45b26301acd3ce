"""What the page of the queue shows: what is mine, what is next, what waits."""

from dataclasses import dataclass

from bixie.access.call import Call
from bixie.access.tenancy import TenantSession
from bixie.cases import repository as cases
from bixie.cases.reviews.api import QueueQuery, list_reviews, page_of_queue
from bixie.cases.reviews.schemas import CountsOut, ReviewItemOut
from bixie.kit.messages import Text, catalogue
from bixie.orders import repository as orders
from bixie.web.console.names import party_names, people_names

__all__ = ["FILTERS", "QueueRow", "QueueView", "queue_view"]

FILTERS = ("all", "unclaimed", "overdue", "appeal")
"""What part of the queue can be looked at."""
_ROWS = 10
_SAID_ALREADY = "appeals"
"""A skill that is the kind of the case."""


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A case of the queue.

    Parameters
    ----------
    item : ReviewItemOut
    order : str or None
        Its number.
    merchant, holder : str
        Their names.
    skills : tuple of Text
        That it asks for.
    """

    item: ReviewItemOut
    order: str | None
    merchant: str
    holder: str
    skills: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class QueueView:
    """The page of the queue."""

    mine: list[QueueRow]
    rows: list[QueueRow]
    counts: CountsOut
    next: str | None
    shown: str


def queue_view(call: Call, shown: str, cursor: str | None) -> QueueView:
    """Return what the page shows.

    Parameters
    ----------
    call : Call
    shown : str
        One of `FILTERS`.
    cursor : str or None
        Of the next page.
    """
    part = {"all": {}, "appeal": {"kind": "appeal"}}.get(shown, {shown: True})
    mine = page_of_queue(call, QueueQuery.model_validate({"mine": True, "limit": _ROWS})).items
    asked = QueueQuery.model_validate({"cursor": cursor, "limit": _ROWS, **part})
    found = list_reviews(call, asked)
    with call.reading() as session:
        return QueueView(_rows(session, mine), _rows(session, found.items), found.counts, found.next, shown)


def _rows(session: TenantSession, items: list[ReviewItemOut]) -> list[QueueRow]:
    merchants = party_names(session, [one.party for one in items])
    holders = people_names(session, [one.held_by.reviewer for one in items if one.held_by])
    rows = {one.case: cases.by_id(session, one.case) for one in items}
    numbers = orders.numbers(session, [row.order_id for row in rows.values() if row is not None])
    words = catalogue("bixie.cases.reviews")
    found = []
    for one in items:
        row = rows[one.case]
        found.append(
            QueueRow(
                one,
                None if row is None else numbers.get(row.order_id),
                merchants[one.party],
                holders.get(one.held_by.reviewer, "") if one.held_by else "",
                tuple(words.text(f"skill.{skill}") for skill in one.skills if skill != _SAID_ALREADY),
            )
        )
    return found
