"""Puts a worker together: a store from settings, and the jobs and periodic tasks of every domain."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bixie.assembly.jobs import job_types, periodic_tasks
from bixie.assembly.stores import store_to_change
from bixie.imaging.children import CHILDREN
from bixie.jobs.worker import Worker
from bixie.kit.errors import BixieError
from bixie.store.settings import Location

__all__ = ["build_worker"]


@contextmanager
def build_worker(
    location: Location,
    concurrency: int = 2,
    on_error: Callable[[BixieError], None] = lambda _: None,
    *,
    new: bool = False,
    on_new: Callable[[str], None] = lambda _: None,
) -> Iterator[Worker]:
    """Open a store, migrated if necessary, and yield its worker; the store is closed at the end.

    Parameters
    ----------
    location : Location
        Of the store.
    concurrency : int
        Jobs at the same time.
    on_error : callable
        Called with what keeps the worker from working, such as a database that is away; the worker keeps
        trying.
    new : bool
        Create the store if there is none.
    on_new : callable
        Called with the place of a store that was created.

    Raises
    ------
    SettingError
        If something that the environment sets cannot be used.
    StoreError
        ``store.not_made`` if there is none and `new` is false; also if it cannot be reached, or was made by
        a newer version.
    """
    store = store_to_change(location, new=new, on_new=on_new)
    CHILDREN.grow(concurrency)
    try:
        yield Worker(
            store,
            job_types(store, location),
            periodic_tasks=periodic_tasks(store, location),
            concurrency=concurrency,
            on_error=on_error,
        )
    finally:
        CHILDREN.close()
        store.close()
