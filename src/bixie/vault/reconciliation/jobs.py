"""Periodic tasks of reconciliation: find what a crash, a restore or an intruder has left apart.

What is lost without harm is mended: a job is enqueued again, a part that no upload knows is removed. Files
that are missing, or that no row names, are counted; `/metrics` shows the counts.
"""

from datetime import timedelta

from bixie.access.tenancy import reading_every_tenant, writing
from bixie.access.worker import worker_of
from bixie.jobs.periodic import PeriodicTask, for_each
from bixie.jobs.repository import by_key
from bixie.jobs.service import enqueue
from bixie.jobs.task_counts import add_count, set_count
from bixie.kit.timestamps import Clock, utc_now
from bixie.ledger.service import lock
from bixie.store.blobs import TEMPORARY, Blobs
from bixie.store.unit_of_work import Store
from bixie.vault.claims import EXAMINATION
from bixie.vault.errors import FilesMissingError
from bixie.vault.reconciliation import repository
from bixie.vault.reconciliation.service import MIN_FILE_AGE, FileCounts, reconcile_tenant

__all__ = ["enqueue_lost", "periodic_tasks", "reconcile_files", "remove_lost_parts"]

_MIN_CLAIM_AGE = timedelta(minutes=10)
_BATCH = 100


def periodic_tasks(store: Store, blobs: Blobs) -> list[PeriodicTask]:
    """Return the periodic tasks of reconciliation."""
    return [
        PeriodicTask("vault.examinations", timedelta(minutes=10), lambda: _enqueue(store)),
        PeriodicTask("vault.parts", timedelta(hours=6), lambda: _remove_parts(store, blobs)),
        PeriodicTask("vault.files", timedelta(hours=6), lambda: _files(store, blobs)),
    ]


def enqueue_lost(store: Store, clock: Clock = utc_now) -> int:
    """Enqueue the examination of claims' files that have neither a job nor a report; return how many jobs.

    Raises
    ------
    Exception
        The last one that a claim raised, after the others of its batch; the next call goes on.
    """
    made: list[bool] = []
    while True:
        with reading_every_tenant(store) as session:
            found = repository.unexamined(session, EXAMINATION, clock() - _MIN_CLAIM_AGE, _BATCH)
        for_each(found, lambda one: made.append(_enqueue_one(store, *one, clock)))
        if len(found) < _BATCH:
            return sum(made)


def _enqueue_one(store: Store, tenant: str, key: str, clock: Clock) -> bool:
    """Enqueue an examination; return whether no other worker was faster."""
    with writing(store, worker_of(tenant)) as session:
        lock(session)
        if by_key(session, tenant, EXAMINATION, key) is not None:
            return False
        enqueue(session, EXAMINATION, {"exhibit": key}, tenant=tenant, key=key, clock=clock)
    return True


def reconcile_files(store: Store, blobs: Blobs, clock: Clock = utc_now) -> FileCounts:
    """Hold the files of every tenant against its rows, note which are missing, and count both kinds.

    Raises
    ------
    StoreError
        When the disk, the service or the database refuses.
    """
    with reading_every_tenant(store) as session:
        tenants = repository.tenants(session)
    counts: list[FileCounts] = []
    for_each(tenants, lambda tenant: counts.append(reconcile_tenant(store, blobs, tenant, clock)))
    return FileCounts(sum(one.missing for one in counts), sum(one.unnamed for one in counts))


def remove_lost_parts(store: Store, blobs: Blobs, clock: Clock = utc_now) -> int:
    """Remove parts of uploads that no row names, a day after they were stored; return how many.

    Raises
    ------
    StoreError
        When the disk, the service or the database refuses.
    """
    before = clock() - MIN_FILE_AGE
    old = [one.sha256 for one in blobs.listed(TEMPORARY) if one.written_at < before]
    # The rows are read after the files: a part is stored once, so a row that comes later is of a later file.
    with reading_every_tenant(store) as session:
        named = repository.files_of_parts(session)
    lost = [one for one in old if one not in named]
    for one in lost:
        blobs.remove(TEMPORARY, one)
    return len(lost)


def _enqueue(store: Store) -> None:
    count = enqueue_lost(store)
    if count:
        add_count(store, "examinations_enqueued", count, utc_now)


def _remove_parts(store: Store, blobs: Blobs) -> None:
    count = remove_lost_parts(store, blobs)
    if count:
        add_count(store, "parts_removed", count, utc_now)


def _files(store: Store, blobs: Blobs) -> None:
    counts = reconcile_files(store, blobs)
    set_count(store, "files_missing", counts.missing, utc_now)
    set_count(store, "files_unnamed", counts.unnamed, utc_now)
    if counts.missing:
        raise FilesMissingError("vault.files_missing", count=counts.missing)  # the worker reports it once
