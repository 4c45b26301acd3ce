"""Claims brought to decisions while servers and workers are killed, and what is there afterwards."""

import json
import os
import subprocess
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from tests.services.worker_runs import replace_one, wait_for, workers

from bench.load.claim_scripts import (
    SCRIPTS,
    ClaimShop,
    Progress,
    Sides,
    bring_to_its_end,
    calls_of,
    script_of,
)
from bench.load.examinations import program as worker_program
from bench.load.kill_run import CLIENTS, free_port, kill_plan, kill_while, server_program
from bench.load.uploading import ready, together
from bench.markdown import Table, rate_text
from bixie.access.principal import Principal
from bixie.access.tenancy import reading
from bixie.cases.models import Case, CaseDecision, CaseMessage
from bixie.jobs.models import Job
from bixie.jobs.models import State as JobState
from bixie.ledger.models import LedgerEvent
from bixie.ledger.rules import event_from_body
from bixie.orders.models import Order
from bixie.remedies.file_gateway import FOLDER
from bixie.remedies.models import Remedy
from bixie.store.settings import DATABASE_URL, Location
from bixie.store.unit_of_work import Store

__all__ = ["CaseKills", "case_kills", "faults", "table"]

_ROOT = Path(__file__).parents[2]
_ENDS_WITH_REMEDY = {"refund", "return_refund"}

Facts = Counter[tuple[str, ...]]
"""What there is about one case, each with how often: the same for what must be there and what is."""


@dataclass(frozen=True, slots=True)
class CaseKills:
    """What has become of claims.

    Parameters
    ----------
    claims, calls : int
        All calls were answered in the end.
    server_kills, worker_kills : int
        While calls were under way; while jobs waited.
    broken : int
        Answers that clients missed because of that; they asked again.
    wrong : int
        Claims with anything missing or too much.
    lost, doubled : int
        Cases, events, duties, messages, decisions, remedies and orders in the gateway's folder that are
        missing; that are there more often than they should be.
    dead : int
        Jobs that were given up.
    remedies : int
        Orders in the gateway's folder.
    events, rows : int
        Of the ledger, verified with every row that it states, every case folded and every file read.
    """

    claims: int
    calls: int
    server_kills: int
    worker_kills: int
    broken: int
    wrong: int
    lost: int
    doubled: int
    dead: int
    remedies: int
    events: int
    rows: int


def case_kills(store: Store, location: Location, claims: int, kills: int) -> CaseKills:
    """Bring so many claims to their end while so many servers and workers are killed; count what is there.

    Raises
    ------
    ValueError
        When the service refuses a call, or ``bixie ledger verify`` finds a fault.
    """
    shop, port, progress = ClaimShop.opened(store, claims), free_port(), Progress()
    serve = server_program(port)
    clients = [shop.sides(store, port) for _ in range(CLIENTS)]

    def send(sides: Sides, claim: int) -> None:
        bring_to_its_end(shop, sides, claim, progress)

    with workers(location, 1, serve) as servers, workers(location, 1, worker_program) as working:
        ready(port)
        killed = kill_while(
            store,
            partial(together, clients, range(claims), send),
            lambda: progress.calls,
            kill_plan(calls_of(claims), kills),
            [
                partial(replace_one, servers, serve(location)),
                partial(replace_one, working, worker_program(location)),
            ],
        )
        wait_for(store)
    wanted, found = _wanted(progress), _found(store, shop.principal, location.folder / FOLDER)
    wrong, lost, doubled = faults(wanted, found)
    with store.reading(Session) as session:
        dead = len(session.scalars(select(Job.id).where(Job.state == JobState.DEAD)).all())
    verified = _verified(location)
    return CaseKills(
        claims=claims,
        calls=progress.calls,
        server_kills=killed[0],
        worker_kills=killed[1],
        broken=sum(sides.broken for sides in clients),
        wrong=wrong,
        lost=lost,
        doubled=doubled,
        dead=dead,
        remedies=sum(count for one in found.values() for fact, count in one.items() if fact[0] == "order"),
        events=verified["events"],
        rows=verified["rows"],
    )


def table(found: dict[str, dict[str, float]]) -> Table:
    """Return the table of a run, a column for each database, with the bounds that its counts prove."""
    rows = {
        "servers killed while calls were under way": "server_kills",
        "workers killed while jobs waited": "worker_kills",
        "calls, all answered in the end": "calls",
        "answers missed and asked for again": "broken",
        "events, duties, messages, decisions, remedies and orders lost": "lost",
        "the same, there more often than they should be": "doubled",
        "jobs given up": "dead",
        "orders in the gateway's folder": "remedies",
        "events of the ledger, verified": "events",
        "rows that they state, compared": "rows",
    }
    lines = [[words, *(f"{one[key]:,.0f}" for one in found.values())] for words, key in rows.items()]
    wrong = [rate_text(int(one["wrong"]), int(one["claims"])) for one in found.values()]
    title = "Claims brought to their end while processes are killed"
    return Table(title, ["what", *found], [["claims with anything lost or doubled", *wrong], *lines])


def faults(wanted: dict[str, Facts], found: dict[str, Facts]) -> tuple[int, int, int]:
    """Return how many cases are not as they must be, and how many facts are missing and too many in all."""
    cases = wanted.keys() | found.keys()
    missing = {case: wanted.get(case, Counter()) - found.get(case, Counter()) for case in cases}
    surplus = {case: found.get(case, Counter()) - wanted.get(case, Counter()) for case in cases}
    for case in sorted(cases):
        if missing[case] or surplus[case]:
            print(case, "misses", dict(missing[case]), "has too much", dict(surplus[case]), file=sys.stderr)
    return (
        sum(bool(missing[case] or surplus[case]) for case in cases),
        sum(each.total() for each in missing.values()),
        sum(each.total() for each in surplus.values()),
    )


def _wanted(progress: Progress) -> dict[str, Facts]:
    """Return by case what must be there."""
    return {case: _facts_of(claim, progress.ruled.get(case)) for claim, case in progress.case.items()}


def _facts_of(claim: int, ruled: str | None) -> Facts:
    """Return what there must be about a claim; what was ruled on it is of the script named `ruled`."""
    script = SCRIPTS[script_of(claim)]
    ending = script if ruled is None else SCRIPTS[ruled]
    texts = [f"{claim}.{number}" for number, step in enumerate(script.steps, 1) if step.says]
    facts: Facts = Counter([("case", f"bench-{claim}", f"{claim}.0"), *(("message", text) for text in texts)])
    facts.update(("event", f"case.{name}") for name in script.events)
    facts.update({("event", "case.message_posted"): len(texts), ("event", "notice.told"): script.told})
    facts.update(("begun", duty.removesuffix("+")) for duty in ending.duties)
    facts.update(("ended", duty) for duty in ending.duties if not duty.endswith("+"))
    if ending.outcome is not None:
        facts["decision", ending.outcome] = 1
    if ending.pays and ending.outcome in _ENDS_WITH_REMEDY:
        facts.update(("event", one) for one in ("case.remedy_ordered", "remedy.ordered", "remedy.sent"))
        facts["begun", "carry_out:platform"] = 1
        facts.update([("remedy", ending.outcome, "sent"), ("order", ending.outcome)])
    return facts


def _found(store: Store, principal: Principal, gateway: Path) -> dict[str, Facts]:
    """Return by case what there is."""
    found: dict[str, Facts] = defaultdict(Counter)
    with reading(store, principal) as session:
        numbers = {order.id: order.number for order in session.scalars(select(Order))}
        for case in session.scalars(select(Case)):
            found[case.id]["case", numbers[case.order_id], str(case.text)] += 1
        for message in session.scalars(select(CaseMessage)):
            found[message.case_id]["message", str(message.text)] += 1
        for decision in session.scalars(select(CaseDecision)):
            found[decision.case_id]["decision", str(decision.outcome["kind"])] += 1
        for remedy in session.scalars(select(Remedy)):
            found[remedy.case_id]["remedy", remedy.kind, remedy.state] += 1
        about_cases = select(LedgerEvent.subject, LedgerEvent.body).where(
            LedgerEvent.subject.startswith("case_", autoescape=True) | LedgerEvent.type.like("remedy.%")
        )
        duties: dict[str, str] = {}
        for subject, body in session.execute(about_cases.order_by(LedgerEvent.sequence)):
            event = event_from_body(body)
            facts = found[event.data.get("case", subject)]
            facts["event", event.type] += 1
            _count_duties(event.data.get("duties", {}), duties, facts)
    for path in gateway.glob("*.json"):
        order = json.loads(path.read_bytes())
        found[order["case"]]["order", order["kind"]] += 1
    return found


def _count_duties(changes: Any, known: dict[str, str], facts: Facts) -> None:
    """Count what an event does to duties; `known` has those that began, by id, in words ``kind:owner``."""
    for duty in changes.get("open", ()):
        known[duty["id"]] = f"{duty['kind']}:{duty['owner']}"
        facts["begun", known[duty["id"]]] += 1
    for duty in changes.get("close", ()):
        facts["ended", known.get(duty["id"], "unknown")] += 1


def _verified(location: Location) -> dict[str, int]:
    url = location.url.render_as_string(hide_password=False)
    place = {"BIXIE_DATA": str(location.folder), DATABASE_URL: url}
    words = [sys.executable, "-m", "bixie", "ledger", "verify", "--files", "--json"]
    done = subprocess.run(words, cwd=_ROOT, env=os.environ | place, capture_output=True, check=False)
    if done.returncode:
        raise ValueError((done.stdout + done.stderr).decode(errors="replace"))
    document: dict[str, int] = json.loads(done.stdout)
    return document
