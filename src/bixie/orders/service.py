"""Imports orders: adds new ones, updates changed ones, and appends a ledger event for each."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import BaseModel

from bixie.access.tenancy import TenantSession
from bixie.kit.ids import new_id
from bixie.kit.timestamps import Clock, utc_now
from bixie.ledger.service import NewEvent, append, lock
from bixie.orders import repository
from bixie.orders.models import Item, Order, Parcel
from bixie.orders.schemas import DeliveryIn, ItemIn, OrderIn

__all__ = ["Outcome", "import_orders"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Counts of an import, or of a dry run.

    Parameters
    ----------
    added, changed, unchanged : int
    """

    added: int
    changed: int
    unchanged: int


def import_orders(
    session: TenantSession,
    given: Sequence[OrderIn],
    clock: Clock = utc_now,
    *,
    party: str = "",
    dry_run: bool = False,
) -> Outcome:
    """Import orders; repeating an import changes nothing.

    Parameters
    ----------
    session : TenantSession
    given : sequence of OrderIn
        With different numbers, as `read_orders` returns them.
    clock : callable
    party : str
        Owner of the orders; empty for the tenant itself.
    dry_run : bool
        Only count the changes.
    """
    if not dry_run:
        lock(session)  # two imports of one file at the same time add each order once
    there = repository.by_numbers(session, party, [order.number for order in given])
    added = [order for order in given if order.number not in there]
    changed = [order for order in given if order.number in there and not _same(there[order.number], order)]
    outcome = Outcome(len(added), len(changed), len(given) - len(added) - len(changed))
    if dry_run:
        return outcome
    # Changed ones first: replacing their lines flushes, and new orders get their ledger numbers before that.
    events = [
        _event("order.changed", _replace(session, there[order.number], order), order) for order in changed
    ]
    events += [_event("order.added", _add(session, order, party, clock), order) for order in added]
    if events:
        append(session, events, clock)
    return outcome


def _add(session: TenantSession, given: OrderIn, party: str, clock: Clock) -> Order:
    order = Order(
        id=new_id("order", clock),
        tenant=session.principal.tenant,
        party=party,
        number=given.number,
        ordered_at=given.ordered_at,
        imported_at=clock(),
    )
    order.items = _items(order, given.items)
    order.deliveries = _deliveries(order, given.deliveries)
    session.add(order)
    return order


def _replace(session: TenantSession, order: Order, given: OrderIn) -> Order:
    """Update an order; facts that the newer file does not mention are kept."""
    order.ordered_at = given.ordered_at or order.ordered_at
    if given.items:
        order.items = []
    if given.deliveries:
        order.deliveries = []
    session.flush()  # delete the old rows before new ones take their positions
    order.items += _items(order, given.items)
    order.deliveries += _deliveries(order, given.deliveries)
    return order


def _items(order: Order, given: Sequence[ItemIn]) -> list[Item]:
    return [
        Item(
            tenant=order.tenant,
            position=position,
            sku=one.sku,
            name=one.name,
            category=one.category,
            quantity=one.quantity,
            price=one.price,
        )
        for position, one in enumerate(given)
    ]


def _deliveries(order: Order, given: Sequence[DeliveryIn]) -> list[Parcel]:
    return [
        Parcel(
            tenant=order.tenant,
            position=position,
            carrier=one.carrier,
            tracking_number=one.tracking_number,
            delivered_at=one.delivered_at,
        )
        for position, one in enumerate(given)
    ]


def _same(order: Order, given: OrderIn) -> bool:
    return (
        (given.ordered_at is None or order.ordered_at == given.ordered_at)
        and (not given.items or _values(ItemIn, order.items) == _values(ItemIn, given.items))
        and (
            not given.deliveries
            or _values(DeliveryIn, order.deliveries) == _values(DeliveryIn, given.deliveries)
        )
    )


def _values(model: type[BaseModel], lines: Sequence[object]) -> list[tuple[object, ...]]:
    """Return the values of lines from a file or from the database, to compare them."""
    return [tuple(getattr(line, name) for name in model.model_fields) for line in lines]


def _event(kind: str, order: Order, given: OrderIn) -> NewEvent:
    facts = {"items": len(given.items), "deliveries": len(given.deliveries)}
    return NewEvent(kind, order.id, facts, {"number": order.number}, (order,))
