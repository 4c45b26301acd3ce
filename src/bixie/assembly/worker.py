"""Puts a worker together: a store from settings, and the jobs and periodic tasks of every domain."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bixie.assembly.jobs import job_types, periodic_tasks
from bixie.assembly.stores import ready_store
from bixie.jobs.worker import Worker
from bixie.kit.errors import BixieError
from bixie.store.settings import Location

__all__ = ["build_worker"]


@contextmanager
def build_worker(
    location: Location, concurrency: int = 2, on_error: Callable[[BixieError], None] = lambda _: None
) -> Iterator[Worker]:
    """Open a store, created or migrated if necessary, and yield its worker; the store is closed at the end.

    Parameters
    ----------
    location : Location
        Of the store.
    concurrency : int
        Jobs at the same time.
    on_error : callable
        Called with what keeps the worker from working, such as a database that is away; the worker keeps
        trying.

    Raises
    ------
    SettingError
        If something that the environment sets cannot be used.
    StoreError
        If the store cannot be reached, or was made by a newer version.
    """
    store = ready_store(location)
    try:
        yield Worker(
            store,
            job_types(store, location),
            periodic_tasks=periodic_tasks(store, location),
            concurrency=concurrency,
            on_error=on_error,
        )
    finally:
        store.close()
