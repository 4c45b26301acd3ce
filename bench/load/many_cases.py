"""A shop with very many cases, written in batches: through the service it would take ten times as long.

Events, rows and their order are those of the service; nobody is told of them.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import TenantSession, writing
from bixie.cases import rules
from bixie.cases.event_parts import DutyChanges, Item
from bixie.cases.events import CaseEvent, Filed
from bixie.cases.filing import GivenClaim, file_claim
from bixie.cases.folding import fold
from bixie.cases.models import Case
from bixie.cases.opening import EventBatch, OpenCase, context_at
from bixie.cases.packs.lookup import pack_by
from bixie.cases.state import CaseState, Dated
from bixie.cases.telling import TOLD
from bixie.cases.words import Service, Side, Stage
from bixie.identity.rules import PartyKind, TenantKind
from bixie.identity.service import add_party, add_tenant, founder
from bixie.kit.money import Money
from bixie.ledger.service import lock
from bixie.orders.repository import by_numbers
from bixie.orders.schemas import OrderIn
from bixie.orders.service import import_orders
from bixie.store.unit_of_work import Store

if TYPE_CHECKING:
    from bixie.kit.timestamps import Clock

__all__ = ["FILED", "BenchShop", "shop_with_cases", "shop_with_claims"]

FILED = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
_AT_ONCE = 400
_CASES_OF_ORDER = 4
_CLOSED, _REVIEWED = 2, 3
"""Steps that a case has come on: rejected first, then withdrawn by its buyer or brought to the platform."""


class BenchShop(NamedTuple):
    """A platform's program, the ids of a merchant and a buyer, and a case that all others are like."""

    principal: Principal
    merchant: str
    buyer: str
    case: Case
    filed: Filed


def shop_with_claims(store: Store, count: int) -> BenchShop:
    """Make a platform with a merchant and so many claims, filed within a minute; return it."""
    shop = _shop(store)
    _write(store, shop, range(count - 1), lambda number: timedelta(minutes=number / count), lambda _: 0)
    return shop


def shop_with_cases(store: Store, count: int, *, for_reviewers: bool = False) -> BenchShop:
    """Make a platform with a merchant and so many cases, filed within a month; return it.

    Of four cases one waits for the merchant, one was rejected and waits for the buyer, and two are closed;
    or one is closed and one waits for a reviewer.
    """
    shop, last = _shop(store), _REVIEWED if for_reviewers else _CLOSED
    _write(
        store,
        shop,
        range(count - 1),
        lambda number: timedelta(days=30 * number / count),
        lambda number: min(number % 4, last),
    )
    return shop


def _shop(store: Store) -> BenchShop:
    clock: Clock = lambda: FILED  # noqa: E731
    with writing(store, founder(clock)) as session:
        tenant = add_tenant(session, "Bench", TenantKind.PLATFORM, clock)[0].tenant
    principal = Principal(tenant, "program_bench", Role.PROGRAM)
    claim = GivenClaim(
        items=(Item(position=0, count=1),),
        service=Service.REFUND_ONLY,
        reason="damaged",
        received=True,
        amount=Money(minor=1950, currency="CNY"),
    )
    with writing(store, principal) as session:
        merchant, buyer = (
            add_party(session, kind, email=f"{kind}@example.com", clock=clock).id
            for kind in (PartyKind.MERCHANT, PartyKind.BUYER)
        )
        import_orders(session, [_order("bench-first")], clock, party=merchant)
        (order,) = by_numbers(session, merchant, ["bench-first"]).values()
        first = file_claim(session, order, buyer, claim, clock)
    filed = first.state.filed.model_copy(update={"duties": DutyChanges()})
    return BenchShop(principal, merchant, buyer, first.row, filed)


def _order(number: str) -> OrderIn:
    return OrderIn.model_validate({"number": number, "items": [{"name": "Cup", "price": "19.50"}]})


def _write(
    store: Store,
    shop: BenchShop,
    numbers: Sequence[int],
    after: Callable[[int], timedelta],
    steps: Callable[[int], int],
) -> None:
    """Write cases, each filed so long after the first one and brought so many steps on."""
    for first in range(0, len(numbers), _AT_ONCE):
        some = numbers[first : first + _AT_ONCE]
        at = FILED + after(some[0])
        with writing(store, shop.principal) as session:
            session.info.pop(TOLD, None)
            orders = _orders(session, shop.merchant, {number // _CASES_OF_ORDER for number in some}, at)
            batch = EventBatch(session, [], at)
            for number in some:
                _file(session, batch, shop, orders[number // _CASES_OF_ORDER], steps(number))
            batch.append()


def _orders(session: TenantSession, merchant: str, numbers: set[int], at: datetime) -> dict[int, str]:
    names = {number: f"bench-{number}" for number in sorted(numbers)}
    lock(session)
    import_orders(session, [_order(one) for one in names.values()], lambda: at, party=merchant)
    found = by_numbers(session, merchant, list(names.values()))
    return {number: found[name].id for number, name in names.items()}


def _file(session: TenantSession, batch: EventBatch, shop: BenchShop, order_id: str, steps: int) -> None:
    filed = shop.filed.model_copy(update={"order_id": order_id})
    case = _opened(session, batch, shop.case, filed)
    events: list[CaseEvent] = [rules.file(filed, case.context, silence_accepts=False)]
    if steps:
        state = fold(Dated(1, batch.now, event) for event in events)
        events += rules.reject(state, case.context, "no_defect_found")
    if steps >= _CLOSED:
        state = fold(Dated(1, batch.now, event) for event in events)
        asks = steps == _REVIEWED
        events += (
            rules.escalate(state, case.context, Side.BUYER) if asks else rules.withdraw(state, case.context)
        )
    case.record(events)


def _opened(session: TenantSession, batch: EventBatch, like: Case, filed: Filed) -> OpenCase:
    pack = pack_by(session, filed.pack)
    context = context_at(pack, lambda: batch.now)
    values = {name: getattr(like, name) for name in Case.__table__.columns.keys()}  # noqa: SIM118
    own = {"id": context.new_id("case"), "order_id": filed.order_id, "filed_at": context.now, "sequence": 0}
    row = Case(**values | own)
    session.add(row)
    state = CaseState(filed, context.now, Stage.AFTER_SALES, filed.amount_minor)
    return OpenCase(session, row, state, pack, context, batch)
