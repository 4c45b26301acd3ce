"""The queries of orders."""

from collections.abc import Collection, Sequence

from sqlalchemy import func, select

from bixie.access.sequence import Place, page_after
from bixie.access.tenancy import TenantSession
from bixie.orders.models import Order

__all__ = [
    "by_id",
    "by_number",
    "by_numbers",
    "count",
    "ids_by_number",
    "ids_by_part",
    "numbers",
    "page",
    "with_number",
]

_AT_ONCE = 500
"""Numbers in one query; databases limit its parameters."""


def by_id(session: TenantSession, id_: str) -> Order | None:
    """Return an order by its id."""
    return session.scalars(select(Order).where(Order.id == id_)).one_or_none()


def by_number(session: TenantSession, party: str, number: str) -> Order | None:
    """Return an order of a party; an empty text means the tenant itself."""
    wanted = select(Order).where(Order.party == party, Order.number == number)
    return session.scalars(wanted).one_or_none()


def by_numbers(session: TenantSession, party: str, numbers: Sequence[str]) -> dict[str, Order]:
    """Return the existing orders of a party, by number; an empty text means the tenant itself."""
    found: dict[str, Order] = {}
    for first in range(0, len(numbers), _AT_ONCE):
        some = numbers[first : first + _AT_ONCE]
        wanted = select(Order).where(Order.party == party, Order.number.in_(some))
        found |= {order.number: order for order in session.scalars(wanted)}
    return found


def numbers(session: TenantSession, ids: Collection[str]) -> dict[str, str]:
    """Return the numbers of orders by id."""
    if not ids:
        return {}  # SQLite would go through all orders to find none
    wanted = select(Order.id, Order.number).where(Order.id.in_(ids))
    return {row.id: row.number for row in session.execute(wanted)}


def with_number(session: TenantSession, number: str, limit: int | None = 2) -> Sequence[Order]:
    """Return orders with a number, of whichever party."""
    return session.scalars(select(Order).where(Order.number == number).limit(limit)).all()


def ids_by_number(session: TenantSession, number: str) -> set[str]:
    """Return the ids of the orders with a number, of whichever party."""
    return set(session.scalars(select(Order.id).where(Order.number == number)))


def ids_by_part(session: TenantSession, part: str, limit: int) -> set[str]:
    """Return the ids of the first orders, by number, whose number holds a text, in either case."""
    wanted = select(Order.id).where(Order.number.icontains(part, autoescape=True))
    return set(session.scalars(wanted.order_by(Order.number, Order.id).limit(limit)))


def count(session: TenantSession) -> int:
    """Return how many orders the tenant has."""
    return session.scalars(select(func.count()).select_from(Order)).one()


def page(
    session: TenantSession, after: Place | None, limit: int, number: str | None = None
) -> Sequence[Order]:
    """Return the next orders in the order they were added; with a number, only those that have it."""
    wanted = select(Order) if number is None else select(Order).where(Order.number == number)
    return session.scalars(page_after(wanted, Order, after, limit)).all()
