"""A worker: claims due jobs, runs them, and requeues what dead workers have left."""

import math
import random
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import lru_cache
from threading import Event

from bixie.jobs import queue
from bixie.jobs.attempts import Jitter, run_job
from bixie.jobs.errors import WorkError
from bixie.jobs.executor import JobExecutor
from bixie.jobs.heartbeat import BEAT_SECONDS, beat
from bixie.jobs.job_types import JobType, by_name
from bixie.jobs.lanes import lanes_for
from bixie.jobs.periodic import PeriodicTask, Scheduler
from bixie.jobs.worker_slots import WorkerSlot, acquire, is_free
from bixie.kit.errors import BixieError
from bixie.kit.timestamps import Clock, utc_now
from bixie.store.errors import StoreError
from bixie.store.unit_of_work import Store

__all__ = ["Worker"]

_POLL_SECONDS = 0.25
_RECOVER_SECONDS = 5.0
"""Between two searches for lost jobs."""

_DELETE_SECONDS = 60 * 60.0
"""Between two searches for done jobs that have been kept long enough."""

_STOP_TIMEOUT_SECONDS = 24 * 60 * 60
"""If you cannot wait, kill the worker; unfinished jobs restart."""


class Worker:
    """Does jobs until it is stopped; one per process.

    Parameters
    ----------
    store : Store
    job_types : iterable of JobType
        Jobs of other types are left to other workers.
    periodic_tasks : iterable of PeriodicTask
        What it repeats meanwhile.
    concurrency : int
        Jobs at the same time, of types without slots of their own.
    clock, jitter : callable
    on_error : callable, optional
        Called with what keeps the worker from working, such as an unreachable database; it goes on trying.
    """

    def __init__(
        self,
        store: Store,
        job_types: Iterable[JobType],
        *,
        periodic_tasks: Iterable[PeriodicTask] = (),
        concurrency: int = 2,
        clock: Clock = utc_now,
        jitter: Jitter = random.random,
        on_error: Callable[[BixieError], None] = lambda _: None,
    ) -> None:
        self._store = store
        self._job_types = by_name(job_types)
        self._lanes = lanes_for(self._job_types.values(), concurrency)
        self._periodic_tasks = tuple(periodic_tasks)
        self._clock = clock
        self._jitter = jitter
        self._on_error = on_error
        self._stopping = False
        self._failing = False
        self._slot_freed = Event()

    def stop(self) -> None:
        """Let `run` end: nothing new is claimed, what is under way is finished. Safe in a signal handler."""
        self._stopping = True  # and no more: a handler must not wait for a lock that its own thread holds

    def run(self) -> None:
        """Do jobs until `stop`.

        Raises
        ------
        WorkError
            ``work.no_place``, ``work.busy`` or ``work.place_lost``.
        StoreError
            When the database cannot be reached at the beginning. Later the worker waits for it.
        """
        slot = acquire(self._store.engine)
        try:
            threads = sum(lane.slots for lane in self._lanes)
            executor = JobExecutor(self._store.engine, slot.number, threads, self._run)
            scheduler = Scheduler(self._periodic_tasks, self._on_error)
            try:
                scheduler.start()
                self._loop(slot, executor)
            finally:
                scheduler.stop()
                executor.close(timeout=_STOP_TIMEOUT_SECONDS)
                with suppress(StoreError):  # without this it counts as alive for another minute
                    beat(self._store, slot.number, self._clock, is_running=False)
        finally:
            slot.release()

    def _loop(self, slot: WorkerSlot, executor: JobExecutor) -> None:
        recovered_at = deleted_at = beaten_at = -math.inf
        while not self._stopping:
            self._slot_freed.clear()
            try:
                if time.monotonic() - recovered_at >= _RECOVER_SECONDS:
                    recovered_at = time.monotonic()
                    self._recover(slot, executor)
                if time.monotonic() - beaten_at >= BEAT_SECONDS:
                    beaten_at = time.monotonic()
                    beat(self._store, slot.number, self._clock)
                if time.monotonic() - deleted_at >= _DELETE_SECONDS:
                    deleted_at = time.monotonic()
                    queue.delete_done(self._store, executor.forget, self._clock)
                for lane in self._lanes:
                    for run in lane.claim(self._store, self._clock):
                        executor.start(run)
                self._failing = False
            except StoreError as error:
                self._report(error)
            # The end of a job wakes the worker, which then claims the next one at once.
            self._slot_freed.wait(_POLL_SECONDS)

    def _recover(self, slot: WorkerSlot, executor: JobExecutor) -> None:
        if not slot.is_held():
            raise WorkError("work.place_lost")
        for lane in self._lanes:
            # A slot stays occupied when DBOS knew the run already, from before the store was restored.
            running = lane.running()
            owners = executor.owners(running)
            for run_id in running:
                if run_id not in owners or not owners[run_id].is_this_process:
                    lane.release(run_id)
        queue.requeue_lost(self._store, self._job_types, self._alive(slot, executor), self._clock)

    def _alive(
        self, slot: WorkerSlot, executor: JobExecutor
    ) -> Callable[[Iterable[str]], Mapping[str, bool]]:
        """Return what tells runs that go on from runs whose worker died."""

        @lru_cache  # asks for the lock of each slot once
        def slot_is_free(number: int) -> bool:
            return is_free(self._store.engine, number)

        def alive(run_ids: Iterable[str]) -> dict[str, bool]:
            owners = executor.owners(run_ids)
            here = {run_id for lane in self._lanes for run_id in lane.running()}
            known = {}
            for run_id, owner in owners.items():
                if not owner.is_this_process:
                    # Another process with the number of this worker's slot was its predecessor.
                    known[run_id] = owner.slot != slot.number and not slot_is_free(owner.slot)
                elif run_id in here:
                    known[run_id] = True
                # Otherwise its thread ended here while the database was away: nobody has it.
            return known

        return alive

    def _report(self, error: BixieError) -> None:
        """Report the first error of a series only, not four a second."""
        if not self._failing:
            self._failing = True
            self._on_error(error)

    def _run(self, job_id: str, number: int) -> None:
        """Do one run; called by the executor, in a thread."""
        try:
            run_job(self._store, self._job_types, job_id, number, clock=self._clock, jitter=self._jitter)
        except StoreError as error:
            self._report(error)  # `requeue_lost` finds the job again
        finally:
            for lane in self._lanes:
                lane.release(queue.run_id(job_id, number))
            self._slot_freed.set()
