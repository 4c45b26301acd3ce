"""The part ``duties``: how fast one sweeper handles duties that are all due within a minute."""

import argparse
import time
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import func, select

from bench.load.many_cases import FILED, shop_with_claims
from bench.load.work import on_each_database
from bench.markdown import Table
from bench.run_file import write_run
from bixie.access.principal import Principal
from bixie.access.tenancy import reading, reading_every_tenant, writing
from bixie.cases.jobs import sweep_duties
from bixie.ledger.models import LedgerEvent
from bixie.ledger.service import NewEvent, append
from bixie.ledger.verification import verify
from bixie.notices.reminders import remind_of_duties
from bixie.store.settings import Location
from bixie.store.unit_of_work import Store

__all__ = ["add_arguments", "duties", "tables"]

_DUTIES, _QUICK = 10_000, 300
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
    principal = shop_with_claims(store, count).principal
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
