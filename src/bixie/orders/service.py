"""Imports orders: adds new ones, updates changed ones, and appends a ledger event for each.

Many are imported in chunks, each a transaction: on SQLite a transaction locks out all other writers.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

from pydantic import BaseModel

from bixie.access.idempotency import Step
from bixie.access.tenancy import TenantSession
from bixie.kit.canonical_json import Json
from bixie.kit.ids import new_id
from bixie.kit.timestamps import Clock, utc_now
from bixie.ledger.recorded import Recorded
from bixie.ledger.service import NewEvent, append, lock
from bixie.orders import repository
from bixie.orders.errors import InterruptedImportError
from bixie.orders.models import Item, Order, Parcel
from bixie.orders.schemas import DeliveryIn, ItemIn, OrderIn
from bixie.store.errors import StoreError

__all__ = ["Outcome", "count_changes", "import_in_chunks", "import_orders"]

_CHUNK = 50
"""Orders; so many are looked up, compared and written together."""
_CHUNKS_SECONDS = 0.1
"""A transaction takes more chunks until then: a slow machine locks others out no longer than a fast one."""


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

    def plus(self, other: "Outcome") -> "Outcome":
        """Return the counts of both."""
        return Outcome(
            self.added + other.added, self.changed + other.changed, self.unchanged + other.unchanged
        )


def import_in_chunks(
    do: Callable[[Step], Json], given: Sequence[OrderIn], clock: Clock = utc_now, *, party: str = ""
) -> Outcome:
    """Import orders, each chunk in a transaction of its own; repeating an import changes nothing.

    Parameters
    ----------
    do : callable
        Does steps, each in a transaction, and returns the last one's answer: `Call.once_in_steps`.
    given : sequence of OrderIn
        With different numbers, as `read_orders` returns them.
    clock : callable
    party : str
        Owner of the orders; empty for the tenant itself.

    Raises
    ------
    InterruptedImportError
        ``orders.interrupted``: the database refuses a chunk; the chunks before it stay.
    StoreError
        When the database refuses the first one.
    """
    imported = Outcome(0, 0, 0)

    def step(session: TenantSession, done: Json) -> tuple[Json, bool]:
        nonlocal imported
        imported, first = _reached(done)
        until, outcome = time.monotonic() + _CHUNKS_SECONDS, imported
        while True:
            chunk = given[first : first + _CHUNK]
            outcome = outcome.plus(import_orders(session, chunk, clock, party=party))
            first += len(chunk)
            if first >= len(given) or time.monotonic() >= until:
                return {"next": first, **asdict(outcome)}, first >= len(given)

    try:
        return _reached(do(step))[0]
    except StoreError as error:
        counts = asdict(imported)
        if any(counts.values()):
            raise InterruptedImportError(counts, error.text) from error
        raise


def _reached(done: Json) -> tuple[Outcome, int]:
    """Return what was imported in earlier chunks, and the index of the order that is next."""
    counts = dict(done) if isinstance(done, dict) else {"next": 0, "added": 0, "changed": 0, "unchanged": 0}
    first = counts.pop("next")
    return Outcome(**counts), first


def count_changes(session: TenantSession, given: Sequence[OrderIn], *, party: str = "") -> Outcome:
    """Return what an import would do."""
    outcome = Outcome(0, 0, 0)
    for first in range(0, len(given), _CHUNK):
        chunk = given[first : first + _CHUNK]
        there = repository.by_numbers(session, party, [order.number for order in chunk])
        added, changed = _differing(there, chunk)
        unchanged = len(chunk) - len(added) - len(changed)
        outcome = outcome.plus(Outcome(len(added), len(changed), unchanged))
        session.expunge_all()  # the rows of a large file need not be in memory together
    return outcome


def import_orders(
    session: TenantSession, given: Sequence[OrderIn], clock: Clock = utc_now, *, party: str = ""
) -> Outcome:
    """Import orders in one transaction, all or none; repeating an import changes nothing.

    Parameters
    ----------
    session : TenantSession
    given : sequence of OrderIn
        With different numbers, as `read_orders` returns them.
    clock : callable
    party : str
        Owner of the orders; empty for the tenant itself.
    """
    lock(session)  # two imports of one file at the same time add each order once
    there = repository.by_numbers(session, party, [order.number for order in given])
    added, changed = _differing(there, given)
    # Changed ones first: replacing their lines flushes, and new orders get their ledger numbers before that.
    events = [
        _event("order.changed", there[order.number].id, _replace(session, there[order.number], order), order)
        for order in changed
    ]
    for order in added:
        made = _add(session, order, party, clock)
        events.append(_event("order.added", made.id, _rows_of(made), order))
    if events:
        append(session, events, clock)
    return Outcome(len(added), len(changed), len(given) - len(added) - len(changed))


def _differing(there: Mapping[str, Order], given: Sequence[OrderIn]) -> tuple[list[OrderIn], list[OrderIn]]:
    """Return the orders that are new, and those that change what is there."""
    added = [order for order in given if order.number not in there]
    changed = [order for order in given if order.number in there and not _same(there[order.number], order)]
    return added, changed


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


def _replace(session: TenantSession, order: Order, given: OrderIn) -> list[Recorded]:
    """Update an order, and return its rows, deleted ones too; facts that the newer file omits are kept."""
    fewer = [
        *(order.items[len(given.items) :] if given.items else ()),
        *(order.deliveries[len(given.deliveries) :] if given.deliveries else ()),
    ]
    order.ordered_at = given.ordered_at or order.ordered_at
    if given.items:
        order.items = []
    if given.deliveries:
        order.deliveries = []
    session.flush()  # delete the old rows before new ones take their positions
    order.items += _items(order, given.items)
    order.deliveries += _deliveries(order, given.deliveries)
    return [*_rows_of(order), *fewer]


def _items(order: Order, given: Sequence[ItemIn]) -> list[Item]:
    return [
        Item(
            tenant=order.tenant,
            order_id=order.id,
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
            order_id=order.id,
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


def _rows_of(order: Order) -> list[Recorded]:
    return [order, *order.items, *order.deliveries]


def _event(kind: str, order_id: str, rows: Sequence[Recorded], given: OrderIn) -> NewEvent:
    facts = {"items": len(given.items), "deliveries": len(given.deliveries)}
    return NewEvent(kind, order_id, facts, rows=rows)
