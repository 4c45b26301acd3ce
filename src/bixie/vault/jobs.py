"""Periodic task of the vault: checks files that were received and left unchecked."""

from datetime import timedelta

from bixie.access.tenancy import reading_every_tenant
from bixie.access.worker import worker_of
from bixie.imaging.limits import Limits
from bixie.jobs.periodic import PeriodicTask, for_each
from bixie.kit.timestamps import utc_now
from bixie.store.blobs import Blobs
from bixie.store.unit_of_work import Store
from bixie.vault import repository
from bixie.vault.checking import check_again

__all__ = ["periodic_tasks"]

_BATCH = 20
_MIN_AGE = timedelta(minutes=2)
"""The process that receives a file checks it at once. An older unchecked file was left by one that ended, or
could not be checked then."""


def periodic_tasks(store: Store, blobs: Blobs, limits: Limits) -> list[PeriodicTask]:
    """Return the periodic tasks for files that were received.

    Parameters
    ----------
    store : Store
    blobs : Blobs
    limits : Limits
        On what a file may be.
    """
    return [PeriodicTask("vault.check", timedelta(minutes=1), lambda: _check(store, blobs, limits))]


def _check(store: Store, blobs: Blobs, limits: Limits) -> None:
    now = utc_now()
    with reading_every_tenant(store) as session:
        unchecked = repository.quarantined(session, now - _MIN_AGE, now, _BATCH)

    def one(found: tuple[str, str]) -> None:
        tenant, exhibit = found
        check_again(store, worker_of(tenant), blobs, exhibit, limits)

    for_each(unchecked, one)
