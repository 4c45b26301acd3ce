"""A shop whose lists are long: orders with lines, exhibits without bytes, reports."""

from dataclasses import dataclass
from datetime import UTC, datetime

from bixie.access.principal import Principal
from bixie.access.tenancy import writing
from bixie.examinations.models import Examination
from bixie.kit.ids import new_id
from bixie.ledger.service import NewEvent, append
from bixie.orders.schemas import OrderIn
from bixie.orders.service import import_orders
from bixie.store.unit_of_work import Store
from bixie.vault.models import DocumentLink, Exhibit, Relation

__all__ = ["Filled", "fill"]

_AT_ONCE = 2_000
_AT = datetime(2026, 11, 25, 8, 30, tzinfo=UTC)
_ROLES = ("listing", "claim")


@dataclass(frozen=True, slots=True)
class Filled:
    """What a shop was filled with.

    Parameters
    ----------
    exhibits : int
    number : str
        Of an order in the middle, with exhibits.
    exhibit : str
        One with a report.
    """

    exhibits: int
    number: str
    exhibit: str


def fill(store: Store, principal: Principal, orders: int) -> Filled:
    """Add orders of two items and a parcel; of every tenth order two exhibits, and a report about one."""
    for first in range(0, orders, _AT_ONCE):
        with writing(store, principal) as session:
            numbers = range(first, min(first + _AT_ONCE, orders))
            import_orders(session, [_order(number) for number in numbers])
    exhibits = 0
    for first in range(0, orders, 10 * _AT_ONCE):
        numbers = range(first, min(first + 10 * _AT_ONCE, orders), 10)
        rows = [_exhibit(principal, number, role) for number in numbers for role in _ROLES]
        reports = [_report(row) for row in rows if row.role == "claim"]
        links = [_link(one) for one in reports]
        with writing(store, principal) as session:
            session.add_all([*rows, *reports, *links])
            kept = [NewEvent("exhibit.received", row.id, {}, {}, (row,)) for row in rows]
            examined = [
                NewEvent("exhibit.examined", link.exhibit_id, {}, {}, (one, link))
                for one, link in zip(reports, links, strict=True)
            ]
            append(session, [*kept, *examined])
        exhibits += len(rows)
    return Filled(exhibits, _number(numbers[len(numbers) // 2]), reports[len(reports) // 2].exhibit_id)


def _number(number: int) -> str:
    return f"40{number:017}"


def _order(number: int) -> OrderIn:
    items = [
        {"sku": f"A{number % 97}", "name": "茶杯", "category": "餐具", "quantity": 1, "price": "19.90"},
        {"sku": "B1", "name": "茶盘", "quantity": 2},
    ]
    parcel = {"carrier": "SF", "tracking_number": f"SF{number}", "delivered_at": "2026-11-05T08:00:00+08:00"}
    return OrderIn.model_validate(
        {
            "number": _number(number),
            "ordered_at": "2026-11-01T08:00:00+08:00",
            "items": items,
            "deliveries": [parcel],
        }
    )


def _exhibit(principal: Principal, number: int, role: str) -> Exhibit:
    return Exhibit(
        id=new_id("exhibit"),
        tenant=principal.tenant,
        party="",
        order_number=_number(number),
        role=role,
        name="photo.jpg",
        sha256=f"{number:064x}",
        sm3=f"{number:064x}",
        bytes=1,
        media_type="image/jpeg",
        state="kept",
        received_at=_AT,
    )


def _report(about: Exhibit) -> Examination:
    return Examination(
        id=new_id("examination"),
        tenant=about.tenant,
        party=about.party,
        exhibit_id=about.id,
        report_id=new_id("exhibit"),
        verdict="inconclusive",
        exhibits=[{"exhibit": about.id, "verdict": "inconclusive"}],
        version="0",
        examined_at=_AT,
    )


def _link(report: Examination) -> DocumentLink:
    return DocumentLink(
        tenant=report.tenant,
        party=report.party,
        document_id=report.report_id,
        exhibit_id=report.exhibit_id,
        relation=str(Relation.ABOUT),
    )
