"""A worker: takes what is due, has it carried out, looks after what dead workers have left."""

import math
import random
import time
from collections.abc import Callable, Iterable
from threading import Event, Lock

from bixie.jobs import relay, worker_slots
from bixie.jobs.errors import WorkError
from bixie.jobs.executor import JobExecutor, run_id
from bixie.jobs.job_types import JobType, by_name
from bixie.jobs.periodic import PeriodicTask, Scheduler
from bixie.jobs.running import Chance, run_job
from bixie.kit.errors import BixieError
from bixie.kit.timestamps import Clock, utc_now
from bixie.store.errors import StoreError
from bixie.store.unit_of_work import Store

__all__ = ["Worker"]

_POLL_SECONDS = 0.25
_CARE_SECONDS = 5.0
"""Between two looks at what other workers have left, and at what has got lost."""

_PRUNE_SECONDS = 60 * 60.0
"""Between two looks at which done jobs have been kept for long enough."""

_PATIENCE_SECONDS = 24 * 60 * 60
"""Whoever stops a worker and cannot wait kills it, and nothing is lost."""


class Worker:
    """Does jobs until it is told to stop; one per process.

    Parameters
    ----------
    store : Store
    kinds : iterable of JobType
        Jobs of other kinds are left to other workers.
    periodic_tasks : iterable of PeriodicTask
        What it does again and again meanwhile.
    concurrency : int
        Jobs at the same time.
    clock, chance : callable
    trouble : callable, optional
        Told of what keeps the worker from working, such as a database that is away; it goes on trying.
    """

    def __init__(
        self,
        store: Store,
        kinds: Iterable[JobType],
        *,
        periodic_tasks: Iterable[PeriodicTask] = (),
        concurrency: int = 2,
        clock: Clock = utc_now,
        chance: Chance = random.random,
        trouble: Callable[[BixieError], None] = lambda _: None,
    ) -> None:
        self._store = store
        self._kinds = by_name(kinds)
        self._periodic_tasks = tuple(periodic_tasks)
        self._concurrency = concurrency
        self._clock = clock
        self._chance = chance
        self._trouble = trouble
        self._stopping = False
        self._in_trouble = False
        self._freed = Event()
        self._lock = Lock()
        self._begun: set[str] = set()

    def stop(self) -> None:
        """Let `run` end: nothing new is taken, what goes on is finished. For signal handlers too."""
        self._stopping = True  # and no more: a handler must not wait for a lock that its own thread holds

    def run(self) -> None:
        """Do jobs until `stop`.

        Raises
        ------
        WorkError
            ``work.no_place``, ``work.busy`` or ``work.place_lost``.
        StoreError
            When the database cannot be reached at the beginning. Later it is waited for.
        """
        place = worker_slots.take(self._store.engine)
        try:
            carrier = JobExecutor(self._store.engine, place.number, self._concurrency, self._do)
            rounds = Scheduler(self._periodic_tasks, self._trouble)
            try:
                rounds.start()
                self._work(place, carrier)
            finally:
                rounds.stop()
                carrier.close(patience=_PATIENCE_SECONDS)
        finally:
            place.leave()

    def _work(self, place: worker_slots.WorkerSlot, carrier: JobExecutor) -> None:
        cared_at = time.monotonic()
        pruned_at = -math.inf
        while not self._stopping:
            self._freed.clear()
            try:
                if time.monotonic() - cared_at >= _CARE_SECONDS:
                    cared_at = time.monotonic()
                    self._care(place, carrier)
                if time.monotonic() - pruned_at >= _PRUNE_SECONDS:
                    pruned_at = time.monotonic()
                    relay.prune(self._store, carrier.forget, self._clock)
                full = self._take(carrier)
                self._in_trouble = False
            except StoreError as error:
                self._tell(error)
                full = False
            # A job that ends wakes the worker, so that a full one goes on at once.
            if not full or self._free() <= 0:
                self._freed.wait(_POLL_SECONDS)

    def _take(self, carrier: JobExecutor) -> bool:
        """Take and begin what there is room for; return whether there may be more."""
        room = self._free()
        if room <= 0:
            return True
        taken = relay.take(self._store, self._kinds, room, self._clock)
        for job_id, run in taken:
            with self._lock:
                self._begun.add(run_id(job_id, run))
            carrier.begin(job_id, run)
        return len(taken) == room

    def _care(self, place: worker_slots.WorkerSlot, carrier: JobExecutor) -> None:
        if not place.held():
            raise WorkError("work.place_lost")
        for number in carrier.places_with_runs() - {place.number}:
            left = worker_slots.hold(self._store.engine, number)
            if left is not None:  # nobody lives there; and nobody moves in while its runs are taken up
                try:
                    carrier.take_up(number)
                finally:
                    left.leave()
        relay.requeue_lost(self._store, carrier.unfinished, self._clock)
        with self._lock:
            begun = set(self._begun)
        going_on = {run for run, goes_on in carrier.unfinished(begun).items() if goes_on}
        with self._lock:
            self._begun -= begun - going_on  # those that another worker had begun before never end here

    def _tell(self, error: BixieError) -> None:
        """Tell of trouble once, not four times a second until it is over."""
        if not self._in_trouble:
            self._in_trouble = True
            self._trouble(error)

    def _free(self) -> int:
        with self._lock:
            return self._concurrency - len(self._begun)

    def _do(self, job_id: str, run: int) -> None:
        """Do one run; called by the carrier, in a thread of its own."""
        with self._lock:
            self._begun.add(run_id(job_id, run))  # one that a dead worker has left, it may be
        try:
            run_job(self._store, self._kinds, job_id, run, clock=self._clock, chance=self._chance)
        except StoreError as error:
            self._tell(error)  # the job is found again by `relay.requeue_lost`
        finally:
            with self._lock:
                self._begun.discard(run_id(job_id, run))
            self._freed.set()
