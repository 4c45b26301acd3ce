"""Periodic task of retention: erases what was kept for long enough."""

import logging
from datetime import timedelta

from bixie.access.tenancy import reading, reading_every_tenant
from bixie.access.worker import worker_of
from bixie.jobs.periodic import PeriodicTask, for_each
from bixie.kit.timestamps import Clock, utc_now
from bixie.store.blobs import Blobs
from bixie.store.unit_of_work import Store
from bixie.vault.retention import repository
from bixie.vault.retention.erasure import clock_is_borne_out, discard, erase_expired, expired

__all__ = ["periodic_tasks"]

_log = logging.getLogger(__name__)


def periodic_tasks(store: Store, blobs: Blobs, clock: Clock = utc_now) -> list[PeriodicTask]:
    """Return the periodic tasks of retention."""
    return [PeriodicTask("vault.erase", timedelta(hours=1), lambda: _erase(store, blobs, clock))]


def _erase(store: Store, blobs: Blobs, clock: Clock) -> None:
    with reading_every_tenant(store) as session:
        tenants = repository.tenants_to_erase(session)

    def one(tenant: str) -> None:
        principal = worker_of(tenant)
        with reading(store, principal) as session:
            doubtful = expired(session, 1, clock) and not clock_is_borne_out(session, clock)
        if doubtful:
            _log.warning(
                "nothing was erased for its age: the clock may have jumped ahead; bixie vault expire"
            )
            discard(store, principal, blobs, clock)
            return
        for _ in erase_expired(store, principal, blobs, clock):
            pass

    for_each(tenants, one)
