"""Periodic task of retention: erases what was kept for long enough."""

from datetime import timedelta

from bixie.access.tenancy import reading_every_tenant
from bixie.access.worker import worker_of
from bixie.jobs.periodic import PeriodicTask, for_each
from bixie.store.blobs import Blobs
from bixie.store.unit_of_work import Store
from bixie.vault.retention import repository
from bixie.vault.retention.erasure import erase_expired

__all__ = ["periodic_tasks"]


def periodic_tasks(store: Store, blobs: Blobs) -> list[PeriodicTask]:
    """Return the periodic tasks of retention."""
    return [PeriodicTask("vault.erase", timedelta(hours=1), lambda: _erase(store, blobs))]


def _erase(store: Store, blobs: Blobs) -> None:
    with reading_every_tenant(store) as session:
        tenants = repository.tenants_to_erase(session)

    def one(tenant: str) -> None:
        for _ in erase_expired(store, worker_of(tenant), blobs):
            pass

    for_each(tenants, one)
