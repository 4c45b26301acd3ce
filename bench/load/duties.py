"""The part ``duties``: how fast one sweeper handles duties that are all due within a minute."""

import argparse
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select

from bench.load.work import on_each_database
from bench.markdown import Table
from bench.run_file import write_run
from bixie.access.principal import Principal, Role
from bixie.access.tenancy import TenantSession, reading, reading_every_tenant, writing
from bixie.cases.event_parts import Item
from bixie.cases.filing import GivenClaim, file_claim
from bixie.cases.jobs import sweep_duties
from bixie.cases.words import Service
from bixie.identity.rules import PartyKind, TenantKind
from bixie.identity.service import add_party, add_tenant, founder
from bixie.kit.money import Money
from bixie.ledger.models import LedgerEvent
from bixie.ledger.service import NewEvent, append
from bixie.ledger.verification import verify
from bixie.notices.reminders import remind_of_duties
from bixie.orders.repository import by_numbers
from bixie.orders.schemas import OrderIn
from bixie.orders.service import import_orders
from bixie.store.settings import Location
from bixie.store.unit_of_work import Store

if TYPE_CHECKING:
    from bixie.kit.timestamps import Clock

__all__ = [
    "FILED",
    "add_arguments",
    "bench_claim",
    "bench_order",
    "bench_shop",
    "duties",
    "shop_with_claims",
    "tables",
]

_DUTIES, _QUICK = 10_000, 300
_AT_ONCE = 100
FILED = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
_REMINDED, _OVER = FILED + timedelta(hours=25), FILED + timedelta(days=10)
_TARGET_S = 60


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``duties``."""
    parser.add_argument("--duties", type=int, metavar="COUNT", help=f"instead of {_DUTIES:,}")
    parser.add_argument("--quick", action="store_true", dest="duties_quick", help=f"{_QUICK} duties")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    parser.add_argument("--json", type=Path, metavar="FILE", dest="duties_json")


_FOR_EACH = {"case.duty_reminded": 1, "case.duty_timed_out": 1, "case.escalated": 1, "notice.told": 3}
"""Events that each duty leads to. One notice reminds; both sides are told that the platform steps in."""


def duties(options: argparse.Namespace) -> int:
    """Measure and print; 1 when a duty was missed or done twice, or a whole run is slow; 2 without one."""
    count = options.duties or (_QUICK if options.duties_quick else _DUTIES)
    found = on_each_database(options.database, partial(_measure, count))
    if not found:
        return 2
    print("\n" + tables(found)[0].text())
    print(f"\nTarget: {_DUTIES:,} in {_TARGET_S} s.")
    write_run(options.duties_json, "duties", {"numbers": found})
    wrong = any(one["missed"] or one["twice"] for one in found.values())
    slow = any(max(one["remind_s"], one["end_s"]) > _TARGET_S for one in found.values())
    return 1 if wrong or (count >= _DUTIES and slow) else 0


def tables(found: dict[str, dict[str, float]]) -> list[Table]:
    """Return the table of a run, a column for each database."""
    rows = {
        "duties due within a minute": ("duties", ",.0f"),
        "seconds to remind of all, with a message and an e-mail each": ("remind_s", ".1f"),
        "seconds to end all, each followed by what was announced": ("end_s", ".1f"),
        "reminded a second": ("remind_per_s", ".0f"),
        "ended a second": ("end_per_s", ".0f"),
        "bare events appended a second on this machine, two to a transaction": ("bare_per_s", ".0f"),
        "missed": ("missed", ".0f"),
        "done twice": ("twice", ".0f"),
    }
    lines = [
        [words, *(format(one[key], form) for one in found.values())] for words, (key, form) in rows.items()
    ]
    return [Table("", ["what", *found], lines)]


def _measure(count: int, store: Store, location: Location) -> dict[str, float]:
    del location
    principal = shop_with_claims(store, count)
    numbers: dict[str, float] = {"duties": count, "bare_per_s": _bare(store, principal, count)}
    before = _counts(store, principal)
    numbers["remind_s"] = _seconds(store, _REMINDED)
    numbers["end_s"] = _seconds(store, _OVER)
    _seconds(store, _OVER + timedelta(minutes=1))  # what is done is not done again
    done = {name: number - before.get(name, 0) for name, number in _counts(store, principal).items()}
    more = {name: done.get(name, 0) - each * count for name, each in _FOR_EACH.items()}
    numbers["missed"] = sum(max(0, -one) for one in more.values())
    numbers["twice"] = sum(max(0, one) for one in more.values())
    numbers["remind_per_s"], numbers["end_per_s"] = count / numbers["remind_s"], count / numbers["end_s"]
    with reading_every_tenant(store) as session:
        numbers["events"] = verify(session).events  # raises where the ledger or a row was changed
    return numbers


def _seconds(store: Store, at: datetime) -> float:
    begin = time.perf_counter()
    sweep_duties(store, remind_of_duties, lambda: at)
    return time.perf_counter() - begin


def _bare(store: Store, principal: Principal, count: int) -> float:
    """Return how many events a second the machine appends without a case, for comparison."""
    begin = time.perf_counter()
    for number in range(count // 20):
        with writing(store, principal) as session:
            append(session, [NewEvent("bench.bare", f"bench_{number}_{one}") for one in range(2)])
    return 2 * (count // 20) / (time.perf_counter() - begin)


def _counts(store: Store, principal: Principal) -> dict[str, int]:
    wanted = select(LedgerEvent.type, func.count()).group_by(LedgerEvent.type)
    with reading(store, principal) as session:
        return {row[0]: row[1] for row in session.execute(wanted)}


class BenchShop(NamedTuple):
    """A platform's program, a merchant and a buyer.

    Parameters
    ----------
    principal : Principal
    merchant, buyer : str
        Ids of the parties.
    """

    principal: Principal
    merchant: str
    buyer: str


def bench_shop(store: Store) -> BenchShop:
    """Make a platform with a merchant and a buyer."""
    clock: Clock = lambda: FILED  # noqa: E731
    with writing(store, founder(clock)) as session:
        tenant = add_tenant(session, "Bench", TenantKind.PLATFORM, clock)[0].tenant
    principal = Principal(tenant, "program_bench", Role.PROGRAM)
    with writing(store, principal) as session:
        merchant, buyer = (
            add_party(session, kind, email=f"{kind}@example.com", clock=clock).id
            for kind in (PartyKind.MERCHANT, PartyKind.BUYER)
        )
    return BenchShop(principal, merchant, buyer)


def bench_order(number: str) -> OrderIn:
    """Return an order of one cup."""
    return OrderIn.model_validate({"number": number, "items": [{"name": "Cup", "price": "19.50"}]})


def bench_claim() -> GivenClaim:
    """Return a claim for the money of a cup."""
    return GivenClaim(
        items=(Item(position=0, count=1),),
        service=Service.REFUND_ONLY,
        reason="damaged",
        received=True,
        amount=Money(minor=1950, currency="CNY"),
    )


def shop_with_claims(store: Store, count: int) -> Principal:
    """Make a platform with a merchant and so many claims, filed within a minute; return its program."""
    shop = bench_shop(store)
    for first in range(0, count, _AT_ONCE):
        numbers = [f"bench-{number}" for number in range(first, min(first + _AT_ONCE, count))]
        with writing(store, shop.principal) as session:
            _file(session, shop, numbers, FILED + timedelta(minutes=first / count))
    return shop.principal


def _file(session: TenantSession, shop: BenchShop, numbers: list[str], at: datetime) -> None:
    import_orders(session, [bench_order(one) for one in numbers], lambda: at, party=shop.merchant)
    for order in by_numbers(session, shop.merchant, numbers).values():
        file_claim(session, order, shop.buyer, bench_claim(), lambda: at)
