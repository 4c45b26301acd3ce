"""Periodic task of uploads: removes those that were not finished in time, for all tenants."""

from datetime import timedelta

from bixie.access.call import Call
from bixie.access.principal import Principal, Role
from bixie.access.tenancy import reading_every_tenant
from bixie.imaging.limits import Limits
from bixie.jobs.periodic import PeriodicTask
from bixie.kit.timestamps import Clock, utc_now
from bixie.store.blobs import Blobs
from bixie.store.unit_of_work import Store
from bixie.vault.uploads.repository import expired
from bixie.vault.uploads.service import end_if_expired

__all__ = ["discard_expired", "periodic_tasks"]

_ACTOR = "program_expiry"
_BATCH = 20


def periodic_tasks(store: Store, blobs: Blobs) -> list[PeriodicTask]:
    """Return the periodic tasks of uploads."""

    def discard() -> None:
        while discard_expired(store, blobs, max_uploads=_BATCH) == _BATCH:
            pass

    return [PeriodicTask("vault.uploads", timedelta(minutes=10), discard)]


def discard_expired(store: Store, blobs: Blobs, *, max_uploads: int = 100, clock: Clock = utc_now) -> int:
    """Remove uploads whose time is over, with their parts.

    Parameters
    ----------
    store : Store
    blobs : Blobs
    max_uploads : int
        Uploads in one call; the next call continues after them.
    clock : callable

    Returns
    -------
    int
        How many were removed; as long as it is `max_uploads`, there may be more.

    Raises
    ------
    StoreError
        When the disk or the database refuses; to be tried again.
    """
    with reading_every_tenant(store) as session:
        found = expired(session, clock(), max_uploads)
    ended = [
        end_if_expired(Call(Principal(tenant, _ACTOR, Role.PROGRAM), store, blobs, Limits(), clock), upload)
        for tenant, upload in found
    ]
    return sum(ended)
