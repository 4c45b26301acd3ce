"""A shop with very many cases, written in batches: through the service it would take ten times as long."""

from datetime import datetime, timedelta
from itertools import islice

from bench.load.duties import FILED, BenchShop, bench_claim, bench_order, bench_shop
from bixie.access.tenancy import TenantSession, writing
from bixie.cases import rules
from bixie.cases.event_parts import DutyChanges
from bixie.cases.events import CaseEvent, Filed
from bixie.cases.filing import file_claim
from bixie.cases.folding import fold
from bixie.cases.models import Case
from bixie.cases.opening import EventBatch, OpenCase, context_at
from bixie.cases.packs.lookup import pack_by
from bixie.cases.state import CaseState, Dated
from bixie.cases.telling import TOLD
from bixie.cases.words import Stage
from bixie.ledger.service import lock
from bixie.orders.repository import by_numbers
from bixie.orders.service import import_orders
from bixie.store.unit_of_work import Store

__all__ = ["shop_with_cases"]

_AT_ONCE = 400
_CASES_OF_ORDER = 4


def shop_with_cases(store: Store, count: int) -> BenchShop:
    """Make a platform with a merchant and so many cases, filed within a month; return it.

    Of four cases one waits for the merchant, one was rejected and waits for the buyer, and two are closed.
    The events, their rows and their order are those of the service; nobody is told of them.
    """
    shop = bench_shop(store)
    with writing(store, shop.principal) as session:
        import_orders(session, [bench_order("bench-first")], lambda: FILED, party=shop.merchant)
        (order,) = by_numbers(session, shop.merchant, ["bench-first"]).values()
        first = file_claim(session, order, shop.buyer, bench_claim(), lambda: FILED)
    filed = first.state.filed.model_copy(update={"duties": DutyChanges()})
    numbers = iter(range(count - 1))
    while some := list(islice(numbers, _AT_ONCE)):
        at = FILED + timedelta(days=30 * some[0] / count)
        with writing(store, shop.principal) as session:
            session.info.pop(TOLD, None)
            orders = _orders(session, shop.merchant, {number // _CASES_OF_ORDER for number in some}, at)
            batch = EventBatch(session, [], at)
            for number in some:
                order_id = orders[f"bench-{number // _CASES_OF_ORDER}"]
                _file(session, batch, first.row, filed.model_copy(update={"order_id": order_id}), number)
            batch.append()
    return shop


def _orders(session: TenantSession, merchant: str, numbers: set[int], at: datetime) -> dict[str, str]:
    names = [f"bench-{number}" for number in sorted(numbers)]
    lock(session)
    import_orders(session, [bench_order(one) for one in names], lambda: at, party=merchant)
    return {name: order.id for name, order in by_numbers(session, merchant, names).items()}


def _file(session: TenantSession, batch: EventBatch, like: Case, filed: Filed, number: int) -> None:
    """Add a case to the batch, and bring it as far as its number says."""
    case = _opened(session, batch, like, filed)
    events: list[CaseEvent] = [rules.file(filed, case.context, silence_accepts=False)]
    if number % 4:
        state = fold(Dated(1, batch.now, event) for event in events)
        events += rules.reject(state, case.context, "no_defect_found")
    if number % 4 > 1:
        events += rules.withdraw(fold(Dated(1, batch.now, event) for event in events))
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
