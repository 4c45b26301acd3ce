"""Workers as processes: started, killed at random instants, and what their jobs have left behind."""

import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from tests.services import counting_worker

from bixie.access.tenancy import reading, reading_every_tenant, writing
from bixie.jobs.models import Job
from bixie.jobs.service import enqueue
from bixie.ledger.models import LedgerEvent
from bixie.ledger.verification import verify
from bixie.store.settings import Location
from bixie.store.unit_of_work import Store
from bixie.vault.models import Exhibit
from bixie.vault.models import State as FileState

__all__ = [
    "Outcome",
    "enqueue_counting",
    "is_left",
    "kill_workers",
    "outcome",
    "replace_one",
    "wait_for",
    "workers",
]

_ROOT = Path(__file__).parents[2]
_WORKERS = 2
_MAX_LIFE = 3.0
"""Seconds that a worker has before it is killed; it needs about one to begin."""
_TOO_LONG = 600


Program = Callable[[Location], Sequence[str]]
"""The words after ``python -m`` that start a worker at a store."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What has become of the jobs.

    Parameters
    ----------
    jobs : int
        Those that were asked for, and those that their effects asked for.
    done : int
    lost, doubled : int
        Jobs whose effect is missing, or there more than once.
    events : int
        Of the ledger, which has been verified.
    """

    jobs: int
    done: int
    lost: int
    doubled: int
    events: int


def enqueue_counting(store: Store, count: int, milliseconds: int) -> None:
    """Ask for jobs that take up to so many milliseconds; each asks for another one when it is done."""
    with writing(store, counting_worker.PRINCIPAL) as session:
        for _ in range(count):
            payload = random.randint(0, milliseconds)
            enqueue(session, counting_worker.FIRST, payload, tenant=counting_worker.PRINCIPAL.tenant)


def counting(location: Location) -> Sequence[str]:
    """Return the words for a worker of `tests.services.counting_worker`."""
    return [
        "tests.services.counting_worker",
        str(location.folder),
        location.url.render_as_string(hide_password=False),
    ]


@contextmanager
def workers(
    location: Location, count: int, program: Program = counting
) -> Iterator[list[subprocess.Popen[str]]]:
    """Start so many workers; they are stopped when the block ends."""
    running = [_start(program(location)) for _ in range(count)]
    try:
        yield running
        for process in running:
            process.terminate()
        for process in running:
            process.wait(_TOO_LONG)
    finally:
        for process in running:
            process.kill()
            process.wait()
            if process.stdout:
                process.stdout.close()


def _start(words: Sequence[str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", *words],
        cwd=_ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def kill_workers(store: Store, location: Location, kills: int, program: Program = counting) -> int:
    """Kill workers at random instants, start others in their place, and let these finish the work.

    Returns
    -------
    int
        How many were killed while there was work left.
    """
    killed = 0
    with workers(location, _WORKERS, program) as running:
        for _ in range(kills):
            time.sleep(random.uniform(0, _MAX_LIFE / _WORKERS))
            killed += is_left(store)
            replace_one(running, program(location))
        wait_for(store)
    return killed


def replace_one(running: "list[subprocess.Popen[str]]", words: Sequence[str]) -> None:
    """Kill one of the processes at random and start another in its place."""
    victim = running.pop(random.randrange(len(running)))
    victim.kill()
    victim.wait()
    if victim.stdout:
        victim.stdout.close()
    running.append(_start(words))


def is_left(store: Store) -> bool:
    """Return whether a job waits."""
    return _states(store)["waiting"] > 0


def wait_for(store: Store, seconds: float = _TOO_LONG) -> None:
    """Wait until no job waits any more, and no file that a killed server left unchecked.

    Raises
    ------
    TimeoutError
        After so many seconds.
    """
    give_up = time.monotonic() + seconds
    while _is_unchecked(store) or is_left(store):
        if time.monotonic() > give_up:
            raise TimeoutError
        time.sleep(0.1)


def _is_unchecked(store: Store) -> bool:
    with reading_every_tenant(store) as session:
        found = session.scalar(select(Exhibit.id).where(Exhibit.state == FileState.QUARANTINED).limit(1))
    return found is not None


def outcome(store: Store) -> Outcome:
    """Count what the jobs have left behind."""
    states = _states(store)
    with reading(store, counting_worker.PRINCIPAL) as session:
        ids = session.scalars(select(Job.id).where(Job.kind != counting_worker.FAILS)).all()
        effects = Counter(
            session.scalars(select(LedgerEvent.subject).where(LedgerEvent.type == counting_worker.COUNTED))
        )
    with reading_every_tenant(store) as session:
        verified = verify(session)
    return Outcome(
        jobs=len(ids),
        done=states["done"],
        lost=sum(effects[one] == 0 for one in ids),
        doubled=sum(count > 1 for count in effects.values()),
        events=verified.events,
    )


def _states(store: Store) -> Counter[str]:
    with store.reading(Session) as session:
        rows = session.execute(select(Job.state, func.count().label("count")).group_by(Job.state))
        return Counter({state: number for state, number in rows})  # noqa: C416 - rows are no pairs to dict()
