"""The slots of a worker: how many jobs of which types it runs at the same time, and which run now."""

from collections.abc import Iterable
from threading import Lock

from bixie.jobs.job_types import JobType
from bixie.jobs.queue import Run, claim_due, claim_due_fairly
from bixie.kit.timestamps import Clock
from bixie.store.unit_of_work import Store

__all__ = ["Lane", "lanes_for"]


class Lane:
    """Slots that some job types share.

    Parameters
    ----------
    kinds : iterable of str
        Names of the job types.
    slots : int
        Jobs at the same time.
    one_per_tenant : bool
        Run at most one job of each tenant at a time, and serve the tenants in turn.
    """

    def __init__(self, kinds: Iterable[str], slots: int, *, one_per_tenant: bool) -> None:
        self.slots = slots
        self._kinds = frozenset(kinds)
        self._one_per_tenant = one_per_tenant
        self._lock = Lock()
        self._running: dict[str, str] = {}  # id of a run: its tenant
        self._served: dict[str, None] = {}  # tenants, the one served last at the end

    def claim(self, store: Store, clock: Clock) -> list[Run]:
        """Claim due jobs for the free slots, and occupy these."""
        with self._lock:
            free, busy, served = self.slots - len(self._running), set(self._running.values()), [*self._served]
        if free <= 0 or not self._kinds:
            return []
        if self._one_per_tenant:
            claimed = claim_due_fairly(store, self._kinds, free, clock, served=served, busy=busy)
        else:
            claimed = claim_due(store, self._kinds, free, clock)
        with self._lock:
            for run in claimed:
                self._running[run.id] = run.tenant
                self._served.pop(run.tenant, None)
                self._served[run.tenant] = None
        return claimed

    def running(self) -> set[str]:
        """Return the ids of the runs that occupy slots."""
        with self._lock:
            return set(self._running)

    def release(self, run_id: str) -> None:
        """Free the slot of a run, if it has one here."""
        with self._lock:
            self._running.pop(run_id, None)


def lanes_for(job_types: Iterable[JobType], concurrency: int) -> list[Lane]:
    """Return a lane for each type with slots of its own, and one that the others share.

    Parameters
    ----------
    job_types : iterable of JobType
    concurrency : int
        Slots of the shared lane.
    """
    listed = list(job_types)
    shared = Lane((one.name for one in listed if one.own_slots is None), concurrency, one_per_tenant=False)
    own = [Lane([one.name], one.own_slots, one_per_tenant=True) for one in listed if one.own_slots]
    return [shared, *own]
