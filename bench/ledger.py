"""The part ``ledger``: events a second appended, verified and proven, on SQLite and on PostgreSQL."""

import argparse
import resource
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from tests.services import postgresql

from bench.cases import seeded
from bench.markdown import Table
from bench.run_file import write_run
from bixie.access.principal import Principal, Role
from bixie.access.tenancy import TenantSession, reading, reading_every_tenant, writing
from bixie.assembly.stores import ready_store
from bixie.kit.progress import progress_bar
from bixie.ledger.service import NewEvent, append, checkpoint, prove
from bixie.ledger.verification import verify
from bixie.store.settings import Location
from bixie.store.unit_of_work import Store
from bixie.vault.models import Exhibit

__all__ = ["add_arguments", "ledger", "tables"]

_EVENTS, _QUICK = 1_000_000, 20_000
_BATCH = 1000
_EVENTS_A_ROW = 5
_RECEIVED = datetime(2026, 11, 25, 8, 30, tzinfo=UTC)
_SINGLE, _WRITERS = 400, 4
_PROOFS = 100
_TARGETS = {"append": 300, "verify": 1_000_000 / 120, "proof_ms": 50}
"""Events a second, events a second, milliseconds."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``ledger``."""
    parser.add_argument("--events", type=int, metavar="COUNT", help=f"instead of {_EVENTS:,}")
    parser.add_argument("--quick", action="store_true", dest="ledger_quick", help=f"{_QUICK:,} events")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    parser.add_argument("--json", type=Path, metavar="FILE", dest="ledger_json")


def ledger(options: argparse.Namespace) -> int:
    """Measure and print; 1 when a whole run misses a target, 2 when nothing could be measured."""
    events = options.events or (_QUICK if options.ledger_quick else _EVENTS)
    numbers: dict[str, dict[str, float]] = {}
    for database in options.database or ("sqlite", "postgresql"):
        reason = postgresql.why_not() if database == "postgresql" else None
        if reason:
            print(f"{database} was left out: {reason}")
        elif database == "postgresql":
            with postgresql.running(durable=True) as url:
                numbers[database] = _measure(url, events)
        else:
            numbers[database] = _measure(None, events)
    if not numbers:
        return 2
    print("\n" + tables(numbers)[0].text())
    print(
        f"\nTargets: {_TARGETS['append']} appended a second, {_TARGETS['verify']:,.0f} verified a second, "
        f"a proof in {_TARGETS['proof_ms']} ms."
    )
    write_run(options.ledger_json, "ledger", {"numbers": numbers})
    # A quick run is a look, on machines that do other things as well; only the whole run judges.
    reached = all(_reached(database, one) for database, one in numbers.items())
    return 0 if reached or events < _EVENTS else 1


def _measure(url: str | None, events: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        store = ready_store(Location.find(folder, url, environment={}))
        try:
            return _numbers(store, events)
        finally:
            store.close()


def _peak_kib() -> int:
    # Linux counts ru_maxrss in KiB. mypy checks for Windows, which cannot tell; nothing is measured there.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # type: ignore[attr-defined, no-any-return]


def _numbers(store: Store, events: int) -> dict[str, float]:
    numbers: dict[str, float] = {"events": events}
    numbers["append_one_writer"] = _SINGLE / _seconds(partial(_singly, store, "tenant_one", _SINGLE))
    each = _SINGLE // _WRITERS
    numbers[f"append_{_WRITERS}_writers"] = _SINGLE / _seconds(partial(_together, store, each))
    numbers["append_batches"] = events / _seconds(partial(_fill, store, events))
    numbers["checkpoint_s"] = _seconds(partial(_checkpoint, store))
    before = _peak_kib()
    began, used = time.perf_counter(), time.process_time()
    with progress_bar("verifying", unit="event") as progress, reading_every_tenant(store) as session:
        found = verify(session, progress=progress)
    numbers["verify_s"] = time.perf_counter() - began
    numbers["verify_cpu_s"] = time.process_time() - used
    numbers["verify_per_s"] = found.events / numbers["verify_s"]
    numbers["verified"] = found.events
    numbers["rows"] = found.rows
    # A peak only grows, so this is what verifying needed beyond everything before.
    numbers["verify_mib"] = (_peak_kib() - before) / 1024
    times = [1000 * _seconds(partial(_prove, store, sequence)) for sequence in _some(events)]
    numbers["proof_median_ms"] = statistics.median(times)
    numbers["proof_worst_ms"] = max(times)
    return numbers


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _principal(tenant: str) -> Principal:
    return Principal(tenant, "program_bench", Role.PROGRAM)


def _event(number: int) -> NewEvent:
    data = {"sha256": f"{number:064x}", "sm3": f"{number:064x}", "bytes": number, "media_type": "image/jpeg"}
    return NewEvent("exhibit.kept", f"exhibit_{number}", data)


def _with_rows(session: TenantSession, numbers: range) -> list[NewEvent]:
    """Return events of which every fifth makes an exhibit's row, as receiving a file does."""
    events = []
    for number in numbers:
        if number % _EVENTS_A_ROW:
            events.append(_event(number))
            continue
        row = Exhibit(
            id=f"exhibit_{number:026}", tenant=session.principal.tenant, party="", order_number=f"A-{number}",
            role="claim", name=f"{number}.jpg", sha256=f"{number:064x}", sm3=f"{number:064x}", bytes=number,
            media_type="image/jpeg", state="quarantined", received_at=_RECEIVED,
        )  # fmt: skip
        session.add(row)
        events.append(NewEvent("exhibit.received", row.id, rows=(row,)))
    return events


def _singly(store: Store, tenant: str, count: int) -> None:
    for number in range(count):
        with writing(store, _principal(tenant)) as session:
            append(session, [_event(number)])


def _together(store: Store, each: int) -> None:
    writers = [
        threading.Thread(target=_singly, args=(store, f"tenant_{number}", each)) for number in range(_WRITERS)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()


def _fill(store: Store, count: int) -> None:
    with progress_bar("appending", unit="event") as progress:
        for first in range(0, count, _BATCH):
            batch = range(first, min(first + _BATCH, count))
            with writing(store, _principal("tenant_large")) as session:
                append(session, _with_rows(session, batch))
            progress(batch.stop, count)


def _checkpoint(store: Store) -> None:
    with writing(store, _principal("tenant_large")) as session:
        checkpoint(session)


def _prove(store: Store, sequence: int) -> None:
    with reading(store, _principal("tenant_large")) as session:
        prove(session, sequence)


def _some(events: int) -> list[int]:
    chosen = seeded("ledger proofs").integers(1, events, _PROOFS, endpoint=True)
    return [1, events, *(int(one) for one in chosen)]


def _reached(database: str, numbers: dict[str, float]) -> bool:
    # SQLite has one writer at a time, whose commits wait for the disk: what it appends is the disk's figure.
    appended = numbers[f"append_{_WRITERS}_writers"] >= _TARGETS["append"] or database == "sqlite"
    verified = numbers["verify_per_s"] >= _TARGETS["verify"]
    return appended and verified and numbers["proof_median_ms"] <= _TARGETS["proof_ms"]


def tables(numbers: dict[str, dict[str, float]]) -> list[Table]:
    """Return the table of a run, a column for each database."""
    events = int(next(iter(numbers.values()))["events"])
    rows = {
        f"appended a second, {_SINGLE} transactions of one event, one writer": ("append_one_writer", ".0f"),
        f"the same, {_WRITERS} writers of {_WRITERS} tenants": (f"append_{_WRITERS}_writers", ".0f"),
        f"the same, one writer, {_BATCH} events a transaction": ("append_batches", ".0f"),
        f"checkpoint over {events:,} events, seconds": ("checkpoint_s", ".2f"),
        "verified, events": ("verified", ",.0f"),
        "with rows of exhibits": ("rows", ",.0f"),
        "verified, seconds": ("verify_s", ".1f"),
        "verified, processor seconds here": ("verify_cpu_s", ".1f"),
        "verified a second": ("verify_per_s", ",.0f"),
        "memory that verifying added, MiB": ("verify_mib", ".1f"),
        f"proof of one event, median of {_PROOFS + 2}, ms": ("proof_median_ms", ".1f"),
        "proof of one event, worst, ms": ("proof_worst_ms", ".1f"),
    }
    # A run from before rows were verified has no figure of them.
    lines = [
        [words, *(format(one[key], form) for one in numbers.values())]
        for words, (key, form) in rows.items()
        if all(key in one for one in numbers.values())
    ]
    return [Table(f"The ledger, {events:,} events of one tenant", ["what", *numbers], lines)]
