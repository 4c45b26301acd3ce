"""Periodic task of access: deletes stored answers whose time is over."""

from datetime import timedelta

from bixie.access import repository
from bixie.access.idempotency import KEPT_FOR
from bixie.access.tenancy import reading_every_tenant, writing
from bixie.access.worker import worker_of
from bixie.jobs.periodic import PeriodicTask, for_each
from bixie.kit.timestamps import Clock, utc_now
from bixie.store.unit_of_work import Store

__all__ = ["delete_old_answers", "periodic_tasks"]


def periodic_tasks(store: Store) -> list[PeriodicTask]:
    """Return the periodic tasks of access."""
    return [PeriodicTask("access.answers", timedelta(hours=6), lambda: delete_old_answers(store))]


def delete_old_answers(store: Store, clock: Clock = utc_now) -> None:
    """Delete answers that are kept for long enough, also of tenants that send no further request.

    Raises
    ------
    StoreError
        When the database refuses.
    """
    before = clock() - KEPT_FOR
    with reading_every_tenant(store) as session:
        tenants = repository.tenants_with_answers(session, before)

    def one(tenant: str) -> None:
        with writing(store, worker_of(tenant)) as session:
            repository.delete_answers(session, before)

    for_each(tenants, one)
