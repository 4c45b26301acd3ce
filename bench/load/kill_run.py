"""Uploads while servers and workers are killed at random instants, and what is there afterwards."""

import hashlib
import random
import socket
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session
from tests.services.worker_runs import is_left, replace_one, wait_for, workers

from bench.load.examinations import found_in
from bench.load.examinations import program as worker_program
from bench.load.uploading import Client, File, open_shop, ready, small_jpeg, together
from bixie.access.principal import Principal
from bixie.access.tenancy import reading
from bixie.jobs.models import Job
from bixie.jobs.models import State as JobState
from bixie.ledger.models import LedgerEvent
from bixie.store.blobs import Blobs, DiskBlobs
from bixie.store.errors import StoreError
from bixie.store.settings import Location
from bixie.store.unit_of_work import Store
from bixie.vault.claims import EXAMINATION
from bixie.vault.models import Exhibit, State
from bixie.vault.models import Role as ExhibitRole

__all__ = ["CLIENTS", "KillRun", "free_port", "kill_plan", "kill_run", "kill_while", "server_program"]

CLIENTS = 4
"""That send at the same time."""
_WORKERS = 2
_MAX_MOMENT = 0.1
"""Seconds between an answer and the kill that it calls for: as long as an upload takes."""
_ONCE = ("exhibit.received", "exhibit.checked")
_NEVER = "exhibit.received_again"
"""An upload that is sent again with its key has been given once."""


@dataclass(frozen=True, slots=True)
class KillRun:
    """What has become of the uploads.

    Parameters
    ----------
    uploads : int
        All of them were answered in the end.
    server_kills, worker_kills : int
        While uploads were under way; while jobs waited.
    broken : int
        Answers that clients missed because of that; they asked again.
    lost, doubled : int
        Exhibits, custody events, jobs, examinations and reports that are missing or wrong; that are there
        more often than they should be.
    reports : int
    events : int
        Of the ledger, which has been verified.
    """

    uploads: int
    server_kills: int
    worker_kills: int
    broken: int
    lost: int
    doubled: int
    reports: int
    events: int


@dataclass(frozen=True, slots=True)
class _Sent:
    """By the number of an upload: the SHA-256 of its file, and the exhibit that it was answered with."""

    sha256: dict[int, str]
    exhibit: dict[int, str]


def kill_run(store: Store, location: Location, uploads: int, kills: int) -> KillRun:
    """Upload so many files while so many servers and workers are killed; count what is there afterwards.

    Raises
    ------
    LedgerError
        When the ledger does not verify.
    """
    principal, key = open_shop(store)
    port = free_port()
    serve = server_program(port)
    sent = _Sent({}, {})
    clients = [Client(port, key) for _ in range(CLIENTS)]
    with workers(location, 1, serve) as servers:
        ready(port)
        listing = Client(port, key)
        listing.upload_until_answered(File([small_jpeg(0)], "listing", ExhibitRole.LISTING))
        listing.close()
        with workers(location, _WORKERS, worker_program) as working:
            killing = [
                partial(replace_one, servers, serve(location)),
                partial(replace_one, working, worker_program(location)),
            ]
            killed = kill_while(
                store,
                partial(_upload, clients, sent, uploads),
                lambda: len(sent.exhibit),
                kill_plan(uploads, kills),
                killing,
            )
            wait_for(store)
    blobs = DiskBlobs(location.folder / "blobs")
    lost, doubled = _faults(store, blobs, principal, sent)
    found = found_in(store, blobs, principal)
    return KillRun(
        uploads=len(sent.exhibit),
        server_kills=killed[0],
        worker_kills=killed[1],
        broken=sum(client.broken for client in clients),
        lost=lost + found.lost + max(found.claims - found.reports, 0),
        doubled=doubled + found.doubled + max(found.reports - found.claims, 0),
        reports=found.reports,
        events=found.events,
    )


def server_program(port: int) -> Callable[[Location], Sequence[str]]:
    """Return a function that returns the words for ``bixie serve`` at a store."""

    def program(location: Location) -> Sequence[str]:
        url = location.url.render_as_string(hide_password=False)
        return ["bixie", "serve", "--port", str(port), "--data", str(location.folder), "--url", url]

    return program


def free_port() -> int:
    """Return a port that nobody listens at; a server that is killed comes back at the same one."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def kill_plan(answers: int, kills: int) -> list[tuple[int, int]]:
    """Return after how many answers which kind of process is killed, half of them servers (0)."""
    kinds = [number % 2 for number in range(kills)]
    random.shuffle(kinds)
    # Spread over the answers, and none when only the last ones are under way, which may end too soon.
    between = max(answers - CLIENTS, 0) / max(kills, 1)
    return [(int((number + random.random()) * between), kind) for number, kind in enumerate(kinds)]


def kill_while(
    store: Store,
    send: Callable[[], None],
    answered: Callable[[], int],
    plan: Sequence[tuple[int, int]],
    killing: Sequence[Callable[[], None]],
) -> tuple[int, int]:
    """Send, and kill meanwhile.

    Parameters
    ----------
    store : Store
    send : callable
        Returns when everything was answered.
    answered : callable
        Returns how much was.
    plan : sequence of (int, int)
        As `kill_plan` returns it.
    killing : sequence of callable
        Each kills one of its kind, and starts another in its place.

    Returns
    -------
    tuple of (int, int)
        How many servers and workers were killed while there was something to do for them.
    """
    killed = [0, 0]
    with ThreadPoolExecutor(1) as beside:
        sending = beside.submit(send)
        for answers, kind in plan:
            while answered() < answers and not sending.done():
                time.sleep(0.005)
            time.sleep(random.uniform(0, _MAX_MOMENT))
            killed[kind] += is_left(store) if kind else not sending.done()
            killing[kind]()
        sending.result()
    return killed[0], killed[1]


def _upload(clients: Sequence[Client], sent: _Sent, uploads: int) -> None:
    def send(client: Client, file: File) -> None:
        number = int(file.key)
        sent.sha256[number] = hashlib.sha256(b"".join(file.parts)).hexdigest()
        sent.exhibit[number] = client.upload_until_answered(file)

    together(clients, (File([small_jpeg(number)], str(number)) for number in range(1, uploads + 1)), send)


def _faults(store: Store, blobs: Blobs, principal: Principal, sent: _Sent) -> tuple[int, int]:
    """Return how much of what was uploaded is missing or wrong, and how much is there more than once."""
    with reading(store, principal) as session:
        claims = session.scalars(select(Exhibit).where(Exhibit.role == ExhibitRole.CLAIM)).all()
        events = session.execute(select(LedgerEvent.subject, LedgerEvent.type))
        recorded = Counter((subject, kind) for subject, kind in events)
    with store.reading(Session) as session:
        jobs = session.scalars(select(Job).where(Job.kind == EXAMINATION)).all()
    kept = {one.id: one for one in claims if one.state == State.KEPT and _whole(blobs, one)}
    done = Counter(job.key for job in jobs if job.state == JobState.DONE)
    wanted = [(one, event) for one in sent.exhibit.values() for event in _ONCE]
    lost = [
        len(sent.sha256) - len(sent.exhibit),
        sum(
            exhibit not in kept or kept[exhibit].sha256 != sent.sha256[number]
            for number, exhibit in sent.exhibit.items()
        ),
        sum(recorded[one] == 0 for one in wanted),
        sum(done[one] == 0 for one in sent.exhibit.values()),
    ]
    doubled = [
        len(claims) - len(sent.sha256),
        len(sent.exhibit) - len(set(sent.exhibit.values())),
        sum(recorded[one] > 1 for one in wanted),
        sum(recorded[one, _NEVER] for one in sent.exhibit.values()),
        len(jobs) - len({job.key for job in jobs}),
    ]
    return sum(lost), sum(max(count, 0) for count in doubled)


def _whole(blobs: Blobs, exhibit: Exhibit) -> bool:
    try:
        blobs.open(exhibit.tenant, exhibit.sha256).close()
    except StoreError:
        return False
    return True
